-- SPDX-License-Identifier: Apache-2.0
-- Schema 5: how machines without a meter draw, and what a site states of its
-- electricity by month and year. NULL means unknown, never zero.

-- When machines are on: teaching rooms, offices.
CREATE TABLE power_calendar (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 80),
    hours TEXT NOT NULL CHECK (  -- by local hour of the week from Monday 00:00:
        length(hours) = 168 AND hours NOT GLOB '*[^01]*') -- 1 on, 0 off
) STRICT;

-- Days on which it is off whatever the hour: holidays. ISO dates, both in it.
CREATE TABLE power_closed (
    calendar_id INTEGER NOT NULL REFERENCES power_calendar (id) ON DELETE CASCADE,
    from_on TEXT NOT NULL CHECK (length(from_on) = 10),
    to_on TEXT NOT NULL CHECK (length(to_on) = 10 AND to_on >= from_on),
    PRIMARY KEY (calendar_id, from_on)
) STRICT, WITHOUT ROWID;

-- The power model of one machine, or of the machines of a category that have
-- neither one of their own nor a stated constant.
CREATE TABLE power_model (
    id INTEGER PRIMARY KEY,
    machine_id INTEGER UNIQUE REFERENCES machine (id) ON DELETE CASCADE,
    category TEXT UNIQUE CHECK (
        category = 'server' OR category = 'gpu_node' OR
        category = 'storage' OR category = 'workstation' OR
        category = 'desktop' OR category = 'laptop' OR
        category = 'screen' OR category = 'switch' OR category = 'sbc' OR
        category = 'other'),
    kind TEXT NOT NULL CHECK (
        kind = 'own' OR kind = 'constant' OR kind = 'linear' OR
        kind = 'fan' OR kind = 'tdp' OR kind = 'spec' OR kind = 'log'),
        -- own: by its record, idle and full power or its parts
    n1 REAL, n2 REAL, n3 REAL, n4 REAL, n5 REAL, n6 REAL, n7 REAL, n8 REAL,
    n9 REAL, n10 REAL, n11 REAL, -- watts of a constant; idle and full; TDP; the
        -- eleven points from rest to full; a b c d of the logarithm
    load REAL CHECK (load BETWEEN 0.0 AND 1.0), -- mean while on; NULL: assumed
    loads TEXT,                  -- 168 loads, 0..1, by local hour of the week
    calendar_id INTEGER REFERENCES power_calendar (id), -- NULL: always on
    standby_w REAL CHECK (standby_w >= 0.0), -- while off; NULL: nothing
    memory_frac REAL CHECK (memory_frac BETWEEN 0.0 AND 1.0), -- of it in use:
        -- memory by modules; NULL: by its size
    source TEXT,
    CHECK ((machine_id IS NULL) <> (category IS NULL))
) STRICT;

CREATE TABLE site_pue (
    site_id INTEGER NOT NULL REFERENCES site (id) ON DELETE CASCADE,
    month INTEGER NOT NULL,      -- year * 12 + month - 1, of the site's clock
    pue REAL NOT NULL CHECK (pue >= 1.0 AND pue <= 10.0),
    PRIMARY KEY (site_id, month)
) STRICT, WITHOUT ROWID;

-- Zone of the grid where it is not the site's country.
CREATE TABLE site_zone (
    site_id INTEGER PRIMARY KEY REFERENCES site (id) ON DELETE CASCADE,
    zone TEXT NOT NULL CHECK (length(zone) BETWEEN 1 AND 100)
) STRICT;

-- Contracts and certificates of a site and year.
CREATE TABLE market_instrument (
    id INTEGER PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES site (id) ON DELETE CASCADE,
    year INTEGER NOT NULL CHECK (year BETWEEN 1990 AND 2200),
    mwh REAL NOT NULL CHECK (mwh > 0.0 AND mwh <= 1e9),
    g_per_kwh REAL NOT NULL CHECK (g_per_kwh >= 0.0 AND g_per_kwh <= 5000.0),
    source TEXT NOT NULL CHECK (length(source) BETWEEN 1 AND 400)
) STRICT;
CREATE INDEX market_instrument_site ON market_instrument (site_id, year);

-- What the rest of a site's electricity is taken to be, market-based.
CREATE TABLE market_residual (
    site_id INTEGER NOT NULL REFERENCES site (id) ON DELETE CASCADE,
    year INTEGER NOT NULL CHECK (year BETWEEN 1990 AND 2200),
    g_per_kwh REAL NOT NULL CHECK (g_per_kwh >= 0.0 AND g_per_kwh <= 5000.0),
    source TEXT NOT NULL CHECK (length(source) BETWEEN 1 AND 400),
    PRIMARY KEY (site_id, year)
) STRICT, WITHOUT ROWID;

-- Changes whenever a month of the ledger does, which no audit tells: two
-- connections that see the same number see the same months.
CREATE TABLE ledger_version (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    changes INTEGER NOT NULL
) STRICT;
INSERT INTO ledger_version VALUES (1, 0);
CREATE TRIGGER energy_month_added AFTER INSERT ON energy_month BEGIN
    UPDATE ledger_version SET changes = changes + 1;
END;
CREATE TRIGGER energy_month_changed AFTER UPDATE ON energy_month BEGIN
    UPDATE ledger_version SET changes = changes + 1;
END;
CREATE TRIGGER energy_month_gone AFTER DELETE ON energy_month BEGIN
    UPDATE ledger_version SET changes = changes + 1;
END;
