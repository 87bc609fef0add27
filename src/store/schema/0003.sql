-- SPDX-License-Identifier: Apache-2.0
-- Schema 3: who owns a field, differences that wait for a decision, other names
-- of a machine, and what an import changed, so that it can be taken back.

ALTER TABLE machine ADD COLUMN assumed INTEGER NOT NULL DEFAULT 0; -- bits: 1
    -- category, 2 status, 4 site that no source stated: any may set it
ALTER TABLE import ADD COLUMN undone_at INTEGER; -- UTC seconds; NULL: it stands
ALTER TABLE import ADD COLUMN differences INTEGER NOT NULL DEFAULT 0; -- raised

-- Fields whose owner or source is not the one of their line: machine.source
-- 'csv' and 'typed' are human, the agent's 'agent', every other one 'import'.
CREATE TABLE machine_owner (
    machine_id INTEGER NOT NULL REFERENCES machine (id) ON DELETE CASCADE,
    field TEXT NOT NULL,         -- 'serial', 'power_w', a part kind: 'gpu'
    owner TEXT NOT NULL CHECK (
        owner = 'human' OR owner = 'import' OR owner = 'agent'),
    source TEXT NOT NULL,        -- format that brought the value
    PRIMARY KEY (machine_id, field)
) STRICT, WITHOUT ROWID;

-- A value that a machine source offers where a human's stands.
CREATE TABLE difference (
    id INTEGER PRIMARY KEY,
    machine_id INTEGER NOT NULL REFERENCES machine (id) ON DELETE CASCADE,
    field TEXT NOT NULL,
    stored TEXT,                 -- NULL: nothing
    offered TEXT NOT NULL,       -- for people; of scalars the value itself
    parts TEXT,                  -- offered parts of a kind, as JSON
    source TEXT NOT NULL,        -- format that offers it, or 'merge'
    raised_at INTEGER NOT NULL,  -- UTC seconds
    state TEXT NOT NULL DEFAULT 'open' CHECK (
        state = 'open' OR state = 'accepted' OR state = 'refused'),
    resolved_at INTEGER          -- UTC seconds
) STRICT;
CREATE INDEX difference_machine ON difference (machine_id, field);

-- Other identities of a line, from records that were merged into it.
CREATE TABLE machine_alias (
    kind TEXT NOT NULL CHECK (
        kind = 'tag' OR kind = 'name' OR kind = 'serial' OR kind = 'uuid'),
    value TEXT NOT NULL,
    machine_id INTEGER NOT NULL REFERENCES machine (id) ON DELETE CASCADE,
    PRIMARY KEY (kind, value, machine_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX machine_alias_machine ON machine_alias (machine_id);

-- What the last imports and edits touched. Without an image the lines or sites
-- id to upto were added; with one a line or site was changed and looked so.
CREATE TABLE import_undo (
    import_id INTEGER NOT NULL REFERENCES import (id) ON DELETE CASCADE,
    what TEXT NOT NULL CHECK (what = 'line' OR what = 'site'),
    id INTEGER NOT NULL,
    upto INTEGER NOT NULL CHECK (upto >= id),
    image TEXT,                  -- JSON
    PRIMARY KEY (import_id, what, id)
) STRICT, WITHOUT ROWID;
