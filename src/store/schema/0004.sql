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
    seen_at INTEGER              -- UTC seconds of the last accepted batch
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
    max_w REAL,
    modelled INTEGER NOT NULL DEFAULT 0,
    hold INTEGER NOT NULL DEFAULT 0, -- 1: gauge as previous-value hold
    missing_reason TEXT,         -- why it could not be read; NULL: it can
    UNIQUE (source_id, key)
) STRICT;

-- Machines behind one meter, where it is not its source's machine alone.
CREATE TABLE meter_machine (
    meter_id INTEGER NOT NULL REFERENCES meter (id) ON DELETE CASCADE,
    machine_id INTEGER NOT NULL REFERENCES machine (id) ON DELETE CASCADE,
    PRIMARY KEY (meter_id, machine_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX meter_machine_machine ON meter_machine (machine_id);

-- A start of a sender, and the sequence numbers accepted from it, for ever.
CREATE TABLE feed_run (
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES feed_source (id) ON DELETE CASCADE,
    run TEXT NOT NULL,
    boot TEXT,
    UNIQUE (source_id, run)
) STRICT;
CREATE TABLE feed_seq (
    run_id INTEGER NOT NULL REFERENCES feed_run (id) ON DELETE CASCADE,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL CHECK (last >= first),
    PRIMARY KEY (run_id, first)
) STRICT, WITHOUT ROWID;

-- Raw readings, kept a set time. In order of arrival they append: that is what
-- makes many writers cheap.
CREATE TABLE reading (
    t_ns INTEGER NOT NULL,       -- node clock
    meter_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    value INTEGER NOT NULL,      -- uJ or uW
    from_ns INTEGER,             -- start of an interval
    recv_ns INTEGER,             -- only where it is used in place of t_ns
    PRIMARY KEY (t_ns, meter_id, run_id, seq)
) STRICT, WITHOUT ROWID;

-- A meter's month, for ever.
CREATE TABLE energy_month (
    meter_id INTEGER NOT NULL REFERENCES meter (id) ON DELETE CASCADE,
    month INTEGER NOT NULL,      -- year * 12 + month - 1, UTC
    sum_uj INTEGER NOT NULL,     -- exact
    covered_s INTEGER NOT NULL,
    hours BLOB NOT NULL,         -- joules and seconds covered by hour
    flags INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (meter_id, month)
) STRICT, WITHOUT ROWID;
CREATE INDEX energy_month_month ON energy_month (month);
