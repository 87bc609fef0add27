-- SPDX-License-Identifier: Apache-2.0
-- Schema 6: what is pulled and from where, and the stretches that files gave.

-- Exporters, BMCs and engines that are asked for energy.
CREATE TABLE pull_target (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 80),
    kind TEXT NOT NULL CHECK (
        kind = 'metrics' OR kind = 'redfish' OR kind = 'prometheus'),
    url TEXT NOT NULL,
    machine_id INTEGER REFERENCES machine (id) ON DELETE SET NULL, -- measured
    label TEXT,                  -- of an engine's series: names the machine
    matchers TEXT,               -- of an engine's series: job="node"
    auth TEXT CHECK (auth = 'bearer' OR auth = 'basic'),
    key_file TEXT,               -- where the secret is; never the secret
    ca_file TEXT,                -- PEM in place of the system's
    tenant TEXT,                 -- of an engine of several: X-Scope-OrgID
    since TEXT,                  -- of an engine: first month to read, 2025-01
    next_seq INTEGER NOT NULL DEFAULT 1, -- of the readings of its next pull
    tried_at INTEGER,            -- UTC seconds
    ok_at INTEGER,               -- UTC seconds
    error TEXT                   -- of the last pull; NULL: it went well
) STRICT;

-- Rules of metrics in place of the program's.
CREATE TABLE pull_metric (
    metric TEXT PRIMARY KEY,
    rules TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What an engine gave of a meter's month: its first and last reading, and what
-- the month is up to the last one. The delta to the next reading after it may
-- belong to this month in part.
CREATE TABLE pull_month (
    meter_id INTEGER NOT NULL REFERENCES meter (id) ON DELETE CASCADE,
    month INTEGER NOT NULL,      -- year * 12 + month - 1, UTC
    first_ns INTEGER NOT NULL,
    first_value INTEGER NOT NULL,
    last_ns INTEGER NOT NULL,
    last_value INTEGER NOT NULL,
    base_uj INTEGER NOT NULL,    -- exact, up to the last reading
    base_ns INTEGER NOT NULL,    -- covered, up to the last reading
    base_flags INTEGER NOT NULL,
    period_ns INTEGER NOT NULL,  -- usual time between readings
    PRIMARY KEY (meter_id, month)
) STRICT, WITHOUT ROWID;

-- Stretches of time that files gave, for ever: none is taken twice.
CREATE TABLE file_interval (
    source_id INTEGER NOT NULL REFERENCES feed_source (id) ON DELETE CASCADE,
    meter TEXT NOT NULL,
    to_ns INTEGER NOT NULL,
    from_ns INTEGER NOT NULL CHECK (from_ns < to_ns),
    uj INTEGER NOT NULL CHECK (uj >= 0),
    key TEXT,                    -- the file's own name of it: a job, a run
    PRIMARY KEY (source_id, meter, to_ns)
) STRICT, WITHOUT ROWID;
