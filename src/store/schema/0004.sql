-- SPDX-License-Identifier: Apache-2.0
-- Schema 4: senders of energy, their meters and readings, the hourly ledger.

-- Where readings come from: a node's agent, a target that is pulled, a file.
CREATE TABLE feed_source (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind = 'node' OR kind = 'pull' OR kind = 'file'),
    name TEXT NOT NULL UNIQUE,   -- for people; host name of a node
    machine_id INTEGER REFERENCES machine (id) ON DELETE SET NULL,
    state TEXT NOT NULL DEFAULT 'approved' CHECK (
        state = 'pending' OR state = 'approved' OR state = 'revoked'),
    agent TEXT,                  -- program and version, as sent
    created_at INTEGER NOT NULL, -- UTC seconds
    seen_at INTEGER,             -- UTC seconds of the last batch, to the minute
    conflicts INTEGER NOT NULL DEFAULT 0, -- rows of a known key, other content
    refused INTEGER NOT NULL DEFAULT 0    -- rows that broke a rule
) STRICT;
CREATE INDEX feed_source_machine ON feed_source (machine_id);

-- Bearer tokens, as hashes: of one source, or a site's enrolment key.
CREATE TABLE token (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,   -- BLAKE2b-256 of the token
    kind TEXT NOT NULL CHECK (
        kind = 'node' OR kind = 'enrol' OR kind = 'scrape'),
    source_id INTEGER REFERENCES feed_source (id) ON DELETE CASCADE,
    site_id INTEGER REFERENCES site (id) ON DELETE CASCADE,
    note TEXT,
    created_at INTEGER NOT NULL, -- UTC seconds
    expires_at INTEGER,          -- UTC seconds; NULL: never
    used_at INTEGER,             -- UTC seconds, to the hour
    revoked_at INTEGER           -- UTC seconds; NULL: it holds
) STRICT;

CREATE TABLE meter (
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES feed_source (id) ON DELETE CASCADE,
    key TEXT NOT NULL,           -- the sender's id of it
    scope TEXT NOT NULL,         -- enum wire_scope
    kind TEXT NOT NULL CHECK (
        kind = 'counter' OR kind = 'gauge' OR kind = 'interval'),
    unit TEXT NOT NULL,          -- as sent
    range_uj INTEGER,            -- of a counter that wraps
    max_w REAL,                  -- highest plausible power
    modelled INTEGER NOT NULL DEFAULT 0,
    hold INTEGER NOT NULL DEFAULT 0, -- 1: gauge as previous-value hold
    UNIQUE (source_id, key)
) STRICT;

-- Sensors that a sender could not read at its last batch.
CREATE TABLE meter_missing (
    source_id INTEGER NOT NULL REFERENCES feed_source (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (source_id, key)
) STRICT, WITHOUT ROWID;

-- Machines behind one meter, where it is not its source's machine alone.
CREATE TABLE meter_machine (
    meter_id INTEGER NOT NULL REFERENCES meter (id) ON DELETE CASCADE,
    machine_id INTEGER NOT NULL REFERENCES machine (id) ON DELETE CASCADE,
    PRIMARY KEY (meter_id, machine_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX meter_machine_machine ON meter_machine (machine_id);

-- A start of a sender, and the sequence numbers it was heard with, for ever.
CREATE TABLE feed_run (
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES feed_source (id) ON DELETE CASCADE,
    run TEXT NOT NULL,
    boot TEXT,
    skew_ns INTEGER,             -- least t_recv - t_node seen
    shift_ns INTEGER NOT NULL DEFAULT 0, -- from node clock to bins
    UNIQUE (source_id, run)
) STRICT;
CREATE TABLE feed_seq (
    run_id INTEGER NOT NULL REFERENCES feed_run (id) ON DELETE CASCADE,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL CHECK (last >= first),
    PRIMARY KEY (run_id, first)
) STRICT, WITHOUT ROWID;
-- Nominal time between readings of a meter in a run, from a time on.
CREATE TABLE feed_period (
    run_id INTEGER NOT NULL REFERENCES feed_run (id) ON DELETE CASCADE,
    meter_id INTEGER NOT NULL REFERENCES meter (id) ON DELETE CASCADE,
    from_ns INTEGER NOT NULL,
    period_ns INTEGER NOT NULL CHECK (period_ns > 0),
    PRIMARY KEY (run_id, meter_id, from_ns)
) STRICT, WITHOUT ROWID;

-- Raw readings, kept a set time, in order of time: that is what makes many
-- writers cheap. No reference to meter or run: the insert is the hot loop.
CREATE TABLE reading (
    t_ns INTEGER NOT NULL,       -- UTC; of the node, or corrected by its skew
    meter_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    value INTEGER NOT NULL,      -- uJ or uW
    from_ns INTEGER,             -- start of an interval
    node_ns INTEGER,             -- node clock where it is not t_ns
    PRIMARY KEY (t_ns, meter_id, run_id, seq)
) STRICT, WITHOUT ROWID;
-- Where a reading stands whose time was corrected.
CREATE TABLE reading_moved (
    run_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    t_ns INTEGER NOT NULL,
    PRIMARY KEY (run_id, seq)
) STRICT, WITHOUT ROWID;

-- A meter's month, for ever. Rows by id: in the leaves of a table two of them
-- fit a page, while a WITHOUT ROWID table would spill each.
CREATE TABLE energy_month (
    id INTEGER PRIMARY KEY,
    meter_id INTEGER NOT NULL REFERENCES meter (id) ON DELETE CASCADE,
    month INTEGER NOT NULL,      -- year * 12 + month - 1, UTC
    sum_uj INTEGER NOT NULL,     -- exact
    covered_s INTEGER NOT NULL,
    flags INTEGER NOT NULL DEFAULT 0,
    hours BLOB NOT NULL,         -- joules and seconds covered by hour
    UNIQUE (meter_id, month)
) STRICT;
CREATE INDEX energy_month_month ON energy_month (month);
-- What rounding took from the hours of a month, while readings last: uJ, ns and
-- flags by hour.
CREATE TABLE ledger_fine (
    month_id INTEGER PRIMARY KEY REFERENCES energy_month (id) ON DELETE CASCADE,
    fine BLOB NOT NULL
) STRICT;

-- How far the ledger is: one row.
CREATE TABLE ledger_mark (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    folded_ns INTEGER NOT NULL,  -- before it: in months, or in ledger_due
    purged_ns INTEGER NOT NULL,  -- readings before it are gone
    folds INTEGER NOT NULL       -- times that ledger_due was worked off
) STRICT;
INSERT INTO ledger_mark VALUES (1, 0, 0, 0);
-- The last reading of a meter that is in a month: the next delta starts there.
CREATE TABLE ledger_meter (
    meter_id INTEGER PRIMARY KEY REFERENCES meter (id) ON DELETE CASCADE,
    t_ns INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    value INTEGER NOT NULL,
    first_ns INTEGER NOT NULL,   -- of its first reading ever
    closed_ns INTEGER NOT NULL DEFAULT 0 -- before it nothing changes any more
) STRICT;
-- Meters with readings below the mark that are in no month yet, and from when
-- on: late ones, and all of them while a fold is under way.
CREATE TABLE ledger_due (
    meter_id INTEGER PRIMARY KEY REFERENCES meter (id) ON DELETE CASCADE,
    from_ns INTEGER NOT NULL
) STRICT;
-- What readings alone do not tell of a month.
CREATE TABLE ledger_odd (
    meter_id INTEGER NOT NULL REFERENCES meter (id) ON DELETE CASCADE,
    month INTEGER NOT NULL,
    late INTEGER NOT NULL DEFAULT 0,      -- rows for hours folded already
    conflicts INTEGER NOT NULL DEFAULT 0, -- rows of a known key, other content
    closed INTEGER NOT NULL DEFAULT 0,    -- rows for hours closed already
    PRIMARY KEY (meter_id, month)
) STRICT, WITHOUT ROWID;
