#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the shell tests share: the program, a folder of their own, assertions.
# shellcheck shell=sh disable=SC2034
set -u
FP=${FLEETPRINT:-$PWD/build/asan/fleetprint}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export FLEETPRINT_DB="$work/fleet.db" FLEETPRINT_TODAY=2026-11-21
bad=0

fail() {
    echo "FAIL: $*"
    bad=1
}
# status WANT COMMAND... runs it, keeps what it prints in $work/out and $work/err
status() {
    want=$1
    shift
    "$@" >"$work/out" 2>"$work/err"
    got=$?
    if [ "$got" != "$want" ]; then
        fail "status $got instead of $want: $*"
        sed 's/^/    /' "$work/err" | head -n 20
    fi
}
# says FILE PATTERN: the file ($work/out, $work/err) has a line that matches
says() {
    grep -qE -- "$2" "$work/$1" || {
        fail "$1 does not say: $2"
        sed 's/^/    /' "$work/$1" | head -n 10
    }
}
silent_on() {
    grep -qE -- "$2" "$work/$1" && fail "$1 should not say: $2"
    return 0
}
# json FILE EXPRESSION: the Python expression over d (the document) is true
json() {
    python3 - "$1" "$2" <<'P' || fail "not so: $2"
import json, math, sys
d = json.load(open(sys.argv[1]))
if not eval(sys.argv[2]):
    print("    false:", sys.argv[2])
    sys.exit(1)
P
}
# content DB: every row of the inventory as sorted text, without numbers of rows,
# imports and times, so that two databases of the same content compare equal
content() {
    python3 - "$1" <<'P'
import sqlite3, sys
db = sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True)
for text in (
    "SELECT 'site', name, country, timezone, pue, grid_g, note FROM site",
    """SELECT 'machine', m.tag, m.units, m.category, m.chassis, m.acquisition,
       p.manufacturer, p.name, m.cpu_count, m.cpu_cores, m.manufactured_on,
       m.acquired_on, m.in_service_on, m.warranty_end, m.exit_on, m.power_w,
       m.idle_w, m.max_w, m.energy_kwh_year, m.price_eur, m.mass_kg,
       m.fabrication_kg, m.fabrication_source, j.name, m.virtual,
       m.unknown_kinds, m.name, m.serial, m.uuid, m.note, m.assumed
       FROM machine m LEFT JOIN product p ON p.id = m.product_id
       LEFT JOIN project j ON j.id = m.project_id""",
    """SELECT 'state', m.tag, s.valid_from, s.valid_to, s.status, t.name
       FROM machine_state s JOIN machine m ON m.id = s.machine_id
       JOIN site t ON t.id = s.site_id""",
    """SELECT 'part', m.tag, s.kind, s.model, s.capacity, s.cores, s.die_mm2,
       s.mass_kg, s.total, p.units, p.serial FROM part p
       JOIN part_spec s ON s.id = p.spec_id
       JOIN machine m ON m.id = p.machine_id""",
    """SELECT 'difference', m.tag, d.field, d.stored, d.offered, d.source,
       d.state FROM difference d JOIN machine m ON m.id = d.machine_id""",
    """SELECT 'owner', m.tag, o.field, o.owner, o.source FROM machine_owner o
       JOIN machine m ON m.id = o.machine_id""",
    """SELECT 'alias', m.tag, a.kind, a.value FROM machine_alias a
       JOIN machine m ON m.id = a.machine_id""",
    """SELECT 'event', m.tag, e.kind, e.effective_on, e.detail FROM event e
       JOIN machine m ON m.id = e.machine_id""",
):
    for row in sorted(map(repr, db.execute(text))):
        print(row)
P
}
# ask SQL: the answer of one query, a row a line, columns parted by '|'
ask() {
    python3 - "$FLEETPRINT_DB" "$1" <<'P'
import sqlite3, sys
db = sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True)
for row in db.execute(sys.argv[2]):
    print("|".join("" if v is None else str(v) for v in row))
P
}
# is WHAT GOT WANT
is() {
    [ "$2" = "$3" ] || fail "$1: got '$2', want '$3'"
}
finish() {
    exit "$bad"
}
