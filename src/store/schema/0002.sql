-- SPDX-License-Identifier: Apache-2.0
-- Schema 2: factor sets that the user brings, product footprints, factors, and
-- the carbon intensity of electricity by year and by hour. Every row keeps its
-- set, version and source. NULL means unknown, never zero.

-- A set as it stands now; factor_set keeps each version it ever had.
CREATE TABLE user_set (
    id TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 40),
    version TEXT NOT NULL,   -- of its last change; '' while it is being taken in
    title TEXT NOT NULL,
    licence TEXT NOT NULL,
    source TEXT NOT NULL,
    preferred INTEGER NOT NULL DEFAULT 0 CHECK (preferred IN (0, 1)), -- 1: its
        -- rows go before those of the sets that the program ships
    rows INTEGER NOT NULL DEFAULT 0 CHECK (rows >= 0),
    sha256 TEXT NOT NULL DEFAULT '', -- over its rows in the order of their keys
    taken_at INTEGER NOT NULL        -- UTC seconds of its last change
) STRICT, WITHOUT ROWID;

-- A maker's footprint of a product, per unit over the whole life that the sheet
-- assumes. The shares are part of total_kg.
CREATE TABLE product_footprint (
    set_id TEXT NOT NULL REFERENCES user_set (id),
    maker TEXT NOT NULL CHECK (length(maker) BETWEEN 1 AND 200),
    model TEXT NOT NULL CHECK (length(model) BETWEEN 1 AND 200),
    variant TEXT NOT NULL,   -- tells configurations apart; '' when there is one
    version TEXT NOT NULL,   -- of the set when this row last changed
    category TEXT NOT NULL CHECK (
        category = 'server' OR category = 'gpu_node' OR
        category = 'storage' OR category = 'workstation' OR
        category = 'desktop' OR category = 'laptop' OR
        category = 'screen' OR category = 'switch' OR category = 'sbc' OR
        category = 'other'),
    total_kg REAL NOT NULL CHECK (total_kg > 0.0 AND total_kg <= 1e6), -- kg CO2e
    low_kg REAL CHECK (low_kg <= total_kg),     -- range of total_kg as stated
    high_kg REAL CHECK (high_kg >= total_kg),
    use_kg REAL CHECK (use_kg >= 0.0 AND use_kg <= total_kg),
    manufacture_kg REAL CHECK (manufacture_kg >= 0.0),
    transport_kg REAL CHECK (transport_kg >= 0.0),
    end_of_life_kg REAL,     -- a credit for recycling is negative
    adp_kg_sb REAL,          -- kg Sb eq
    pe_mj REAL,              -- MJ of primary energy
    err_frac REAL CHECK (err_frac > 0.0 AND err_frac <= 10.0), -- one relative
        -- standard deviation of total_kg
    life_y REAL CHECK (life_y > 0.0 AND life_y <= 50.0), -- years
    mass_kg REAL CHECK (mass_kg > 0.0),
    report_on TEXT,          -- date of the sheet, of the precision known
    region TEXT,             -- of use
    disks TEXT,              -- of the sold configuration: 'x2 480GB SSD'
    memory TEXT,             -- of the sold configuration, GB
    note TEXT,
    source TEXT NOT NULL,    -- address of the sheet
    PRIMARY KEY (set_id, maker, model, variant)
) STRICT, WITHOUT ROWID;

-- A factor of a component, a category or anything else, for lists and for "why
-- this number"; assessments use the sets of the program.
CREATE TABLE factor (
    set_id TEXT NOT NULL REFERENCES user_set (id),
    key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
    version TEXT NOT NULL,   -- of the set when this row last changed
    name TEXT,
    unit TEXT NOT NULL,      -- of gwp: 'kg/unit', 'kg/kWh'
    gwp REAL,                -- kg CO2e a unit; negative for what is avoided
    gwp_low REAL,
    gwp_high REAL,
    adp REAL,                -- kg Sb eq a unit
    adp_low REAL,
    adp_high REAL,
    pe REAL,                 -- MJ a unit
    pe_low REAL,
    pe_high REAL,
    boundary INTEGER NOT NULL CHECK (boundary BETWEEN 0 AND 15), -- bits: 1
        -- manufacture, 2 transport, 4 use, 8 end of life; 0 not stated
    life_y REAL CHECK (life_y > 0.0),  -- years
    region TEXT,             -- where it holds
    note TEXT,
    source TEXT NOT NULL,
    PRIMARY KEY (set_id, key)
) STRICT, WITHOUT ROWID;

-- A zone of the grid in one set and of one kind.
CREATE TABLE grid_series (
    id INTEGER PRIMARY KEY,
    zone TEXT NOT NULL CHECK (length(zone) BETWEEN 1 AND 100), -- ISO 3166-1
        -- alpha-3, or the source's own name
    kind TEXT NOT NULL CHECK (
        kind = 'life_cycle' OR kind = 'direct' OR kind = 'unstated' OR
        kind = 'marginal'),  -- marginal values are never used for a footprint
    set_id TEXT NOT NULL REFERENCES user_set (id),
    basis TEXT NOT NULL CHECK (
        basis = 'generation' OR basis = 'consumption' OR basis = 'unstated'),
    zone_name TEXT,          -- for people
    source TEXT NOT NULL,
    licence TEXT NOT NULL,
    UNIQUE (zone, kind, set_id)
) STRICT;

CREATE TABLE grid_year (
    series_id INTEGER NOT NULL REFERENCES grid_series (id),
    year INTEGER NOT NULL CHECK (year BETWEEN 1990 AND 2200),
    g_per_kwh REAL NOT NULL CHECK (g_per_kwh >= 0.0 AND g_per_kwh <= 5000.0),
    estimated INTEGER NOT NULL CHECK (estimated IN (0, 1)),
    version TEXT NOT NULL,   -- of the set when this row last changed
    PRIMARY KEY (series_id, year)
) STRICT, WITHOUT ROWID;

-- Mean of one UTC hour over the part of it that is known.
CREATE TABLE grid_hour (
    series_id INTEGER NOT NULL REFERENCES grid_series (id),
    hour INTEGER NOT NULL CHECK (hour BETWEEN 175320 AND 2025000), -- hours since
        -- 1970-01-01 00:00 UTC
    g_per_kwh REAL NOT NULL CHECK (g_per_kwh >= 0.0 AND g_per_kwh <= 5000.0),
    slots INTEGER NOT NULL CHECK (slots BETWEEN 1 AND 4095), -- bit k: minutes 5k
        -- to 5k + 5 are known; 4095 the whole hour
    step_s INTEGER NOT NULL CHECK (step_s BETWEEN 300 AND 86400), -- longest
        -- interval that it comes from
    estimated INTEGER NOT NULL CHECK (estimated IN (0, 1)),
    version TEXT NOT NULL,   -- of the set when this row last changed
    PRIMARY KEY (series_id, hour)
) STRICT, WITHOUT ROWID;
