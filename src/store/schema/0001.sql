-- SPDX-License-Identifier: Apache-2.0
-- Schema 1. Dates are ISO text of the precision known (2019, 2019-07,
-- 2019-07-16). NULL means unknown, never zero. Words are checked by OR, not by
-- IN: SQLite builds the set of an IN anew for each row, a third of an import.
-- Columns read by the yearly report stand first in their tables, since SQLite
-- decodes rows left to right.

CREATE TABLE site (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 200),
    country TEXT CHECK (length(country) = 3),    -- ISO 3166-1 alpha-3
    timezone TEXT NOT NULL DEFAULT 'UTC',        -- IANA name
    pue REAL CHECK (pue >= 1.0 AND pue <= 10.0), -- 12-month; NULL: 1.0, flagged
    wue REAL CHECK (wue >= 0.0),                 -- litre per kWh of IT
    grid_g REAL CHECK (grid_g >= 0.0 AND grid_g <= 5000.0), -- g CO2e per kWh
    grid_kind TEXT CHECK (
        grid_kind = 'life_cycle' OR grid_kind = 'direct' OR
        grid_kind = 'unstated'),
    grid_source TEXT,  -- required with grid_g
    grid_year INTEGER CHECK (grid_year BETWEEN 1990 AND 2200), -- year grid_g describes
    note TEXT,
    CHECK ((grid_g IS NULL) = (grid_kind IS NULL)),
    CHECK (grid_g IS NULL OR grid_source IS NOT NULL)
) STRICT;

CREATE TABLE project (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 200)
) STRICT;

-- A maker and model as written; thousands of machines share a few hundred.
CREATE TABLE product (
    id INTEGER PRIMARY KEY,
    manufacturer TEXT NOT NULL, -- '' when not known
    name TEXT NOT NULL,         -- '' when not known
    UNIQUE (manufacturer, name)
) STRICT;

-- One inventory line: a machine, or `units` alike units counted as one row (a
-- lot). A lot of a part kind (category 'part') is not a machine.
CREATE TABLE machine (
    id INTEGER PRIMARY KEY,
    units INTEGER NOT NULL DEFAULT 1 CHECK (units BETWEEN 1 AND 10000000),
    category TEXT NOT NULL CHECK (
        category = 'server' OR category = 'gpu_node' OR
        category = 'storage' OR category = 'workstation' OR
        category = 'desktop' OR category = 'laptop' OR
        category = 'screen' OR category = 'switch' OR category = 'sbc' OR
        category = 'other' OR category = 'part'),
    chassis TEXT CHECK (
        chassis = 'rack' OR chassis = 'blade' OR chassis = 'tower' OR
        chassis = 'desktop' OR chassis = 'laptop' OR chassis = 'open' OR
        chassis = 'none'),
    acquisition TEXT CHECK (
        acquisition = 'new' OR acquisition = 'second_hand' OR
        acquisition = 'donated'),
    product_id INTEGER REFERENCES product (id),
    cpu_count INTEGER CHECK (cpu_count BETWEEN 0 AND 1024),   -- sockets of one unit
    cpu_cores INTEGER CHECK (cpu_cores BETWEEN 0 AND 1000000), -- cores of one unit
    manufactured_on TEXT,
    acquired_on TEXT,
    in_service_on TEXT,
    warranty_end TEXT,
    exit_on TEXT,                -- date of the retired/given/recycled state
    power_w REAL CHECK (power_w >= 0),           -- constant mean power, one unit
    idle_w REAL CHECK (idle_w >= 0),
    max_w REAL CHECK (max_w >= 0),
    energy_kwh_year REAL CHECK (energy_kwh_year >= 0), -- one unit, full year
    price_eur REAL CHECK (price_eur >= 0),       -- paid, one unit
    mass_kg REAL CHECK (mass_kg >= 0),
    fabrication_kg REAL CHECK (fabrication_kg >= 0), -- stated, one unit
    fabrication_source TEXT,
    project_id INTEGER REFERENCES project (id),
    virtual INTEGER CHECK (virtual IN (0, 1)),   -- guests have no fabrication
    unknown_kinds INTEGER NOT NULL DEFAULT 0,    -- bit per part kind whose presence is not known
    tag TEXT NOT NULL UNIQUE CHECK (length(tag) BETWEEN 1 AND 200),
    name TEXT,
    serial TEXT,
    uuid TEXT,
    note TEXT,
    source TEXT NOT NULL,        -- format that brought it ('csv', 'grid5000')
    CHECK (fabrication_kg IS NULL OR fabrication_source IS NOT NULL)
) STRICT;
CREATE INDEX machine_uuid ON machine (uuid) WHERE uuid IS NOT NULL;
CREATE INDEX machine_serial ON machine (serial) WHERE serial IS NOT NULL;
CREATE INDEX machine_name ON machine (name) WHERE name IS NOT NULL;

-- Where a line was and in which status, so that any past day can be asked.
-- valid_from '' is since ever; valid_to NULL is still so.
CREATE TABLE machine_state (
    machine_id INTEGER NOT NULL REFERENCES machine (id) ON DELETE CASCADE,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    status TEXT NOT NULL CHECK (
        status = 'received' OR status = 'untested' OR
        status = 'in_service' OR status = 'stock' OR status = 'spare' OR
        status = 'loaned' OR status = 'heritage' OR status = 'retired' OR
        status = 'given' OR status = 'recycled' OR status = 'refused'),
    site_id INTEGER NOT NULL REFERENCES site (id),
    PRIMARY KEY (machine_id, valid_from)
) STRICT, WITHOUT ROWID;

-- A part as described; alike parts share one row.
CREATE TABLE part_spec (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (
        kind = 'cpu' OR kind = 'gpu' OR kind = 'ram' OR kind = 'hdd' OR
        kind = 'ssd' OR kind = 'tape' OR kind = 'board' OR
        kind = 'psu' OR kind = 'chassis' OR kind = 'nic' OR
        kind = 'screen' OR kind = 'switch' OR kind = 'other'),
    model TEXT NOT NULL DEFAULT '',  -- '' when not known
    capacity REAL NOT NULL DEFAULT -1, -- ram GiB a module, hdd/ssd/tape GB, screen inch; -1 unknown
    cores INTEGER NOT NULL DEFAULT -1, -- of one CPU; -1 unknown
    die_mm2 REAL NOT NULL DEFAULT -1,  -- stated die of one CPU or GPU; -1 unknown
    mass_kg REAL NOT NULL DEFAULT -1,  -- of one power supply; -1 unknown
    total INTEGER NOT NULL DEFAULT 0 CHECK (total IN (0, 1)), -- ram: capacity is
        -- the sum over modules of unknown number
    UNIQUE (kind, model, capacity, cores, die_mm2, mass_kg, total)
) STRICT;

-- Parts of one unit of a line, in clustered order for the yearly scan.
CREATE TABLE part (
    machine_id INTEGER NOT NULL REFERENCES machine (id) ON DELETE CASCADE,
    part_no INTEGER NOT NULL CHECK (part_no >= 1),
    spec_id INTEGER NOT NULL REFERENCES part_spec (id),
    units INTEGER NOT NULL CHECK (units BETWEEN 1 AND 10000000),
    serial TEXT,
    PRIMARY KEY (machine_id, part_no)
) STRICT, WITHOUT ROWID;

-- Life ledger, append-only; corrections are new events.
CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    machine_id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (
        kind = 'received' OR kind = 'installed' OR kind = 'moved' OR
        kind = 'upgraded' OR kind = 'repaired' OR kind = 'failed' OR
        kind = 'retired' OR kind = 'given' OR kind = 'recycled' OR
        kind = 'recalculated' OR kind = 'seen'),
    effective_on TEXT NOT NULL, -- '' when not known
    recorded_at INTEGER NOT NULL, -- UTC seconds
    import_id INTEGER REFERENCES import (id),
    detail TEXT
) STRICT;
CREATE INDEX event_machine ON event (machine_id);

-- One row for each import, for the history and for undo.
CREATE TABLE import (
    id INTEGER PRIMARY KEY,
    started_at INTEGER NOT NULL, -- UTC seconds
    file TEXT NOT NULL,          -- base name, not the path
    format TEXT NOT NULL,
    sha256 TEXT,                 -- of a regular file
    added INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    same INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Factor sets that this database's reports were made with.
CREATE TABLE factor_set (
    id TEXT NOT NULL,
    version TEXT NOT NULL,
    sha256 TEXT NOT NULL, -- of the set's files
    licence TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Who changed what: the actor is 'cli:USER' or, later, a login of the site.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL, -- UTC seconds
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    detail TEXT
) STRICT;
