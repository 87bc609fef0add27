#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# machine add, set, move, retire, give and history: the register by hand, its
# days and statuses.
. tests/cli/lib.sh

states() {
    ask "SELECT s.status || ' ' || t.name || ' ' || s.valid_from || '>' ||
        coalesce(s.valid_to, '') FROM machine_state s JOIN site t
        ON t.id = s.site_id JOIN machine m ON m.id = s.machine_id
        WHERE m.tag = '$1' ORDER BY s.valid_from"
}

# add: the columns of the template, in either language
status 0 "$FP" machine add N1 category=server manufacturer=Dell \
    model='PowerEdge R640' ram_modules=12x32 cpu_model='Xeon Gold 6130' \
    cpu_count=2 gpu='2x Tesla T4' acquired_on=2019-07-16 prix_eur=1500
is 'added' "$(ask 'SELECT tag, category, cpu_count, acquired_on, price_eur, source
    FROM machine')" 'N1|server|2|2019-07-16|1500.0|typed'
is 'parts' "$(ask "SELECT s.kind, p.units, s.capacity, s.model FROM part p JOIN
    part_spec s ON s.id = p.spec_id ORDER BY s.kind")" "cpu|2|-1.0|Xeon Gold 6130
gpu|2|-1.0|Tesla T4
ram|12|32.0|"
status 1 "$FP" machine add N1 category=server
says err "it is there already, as 'N1'"
status 1 "$FP" machine add N2 category=server power_w=abc
says err "power_w 'abc'"
status 2 "$FP" machine add N2 colour=red
says err "no field is called 'colour'"
status 2 "$FP" machine add N2 power_w
says err 'expected field=value'
status 2 "$FP" machine set N1 power_w=1 power_w=2
says err 'stands there twice'
status 1 "$FP" machine add N2 category=server site=nosuch
says err "no site is called 'nosuch'"
is 'only one' "$(ask 'SELECT count(*) FROM machine')" 1

# set, and "?" for what is not known after all
status 0 "$FP" machine set N1 power_w=150 note='a, "quoted" note'
is 'set' "$(ask 'SELECT power_w, note FROM machine')" '150.0|a, "quoted" note'
status 0 "$FP" --json machine set N1 power_w=160 gpu= -n
json "$work/out" '(d["result"], d["dry_run"], sorted(d["changed"]), "import" in d) == (
    "changed", True, ["gpu", "power_w"], False)'
is 'a trial' "$(ask 'SELECT power_w FROM machine')" 150.0
status 0 "$FP" machine set N1 power_w=150
says err 'N1: nothing to change'
status 0 "$FP" machine set N1 'power_w=?' 'gpu=?' 'price_eur=?' 'acquired_on=?'
is 'unknown' "$(ask 'SELECT power_w, price_eur, acquired_on FROM machine')" '||'
is 'parts' "$(ask "SELECT group_concat(s.kind) FROM part p JOIN part_spec s ON
    s.id = p.spec_id")" 'cpu,ram'
# The bit of cards: none is not the same as not known.
status 0 "$FP" machine set N1 gpu=
unknown=$(ask 'SELECT unknown_kinds FROM machine')
status 0 "$FP" machine set N1 'gpu=?'
[ "$(ask 'SELECT unknown_kinds FROM machine')" -gt "$unknown" ] ||
    fail "no cards and unknown cards look the same"
status 0 "$FP" machine set N1 'model=?'
is 'the maker stays' "$(ask 'SELECT p.manufacturer, p.name FROM machine m JOIN
    product p ON p.id = m.product_id')" 'Dell|'
status 0 "$FP" machine set N1 'manufacturer=?'
is 'neither' "$(ask "SELECT count(*) FROM machine m JOIN product p ON p.id =
    m.product_id WHERE p.manufacturer || p.name <> ''")" 0
status 1 "$FP" machine set N1 'category=?'
says err 'cannot be unknown'
status 1 "$FP" machine set nosuch power_w=1
says err "nosuch"
# Another tag; the old one is free.
status 0 "$FP" machine set N1 tag=M1
is 'tag' "$(ask 'SELECT tag FROM machine')" M1
status 0 "$FP" machine add N1 category=server
status 1 "$FP" machine set N1 tag=M1
says err "belongs to another one"

# move: site and status from a day on
status 0 "$FP" site set lyon --country FRA
status 0 "$FP" site set paris --country FRA
status 0 "$FP" machine add S1 category=server site=lyon status=in_service \
    acquired_on=2020-01-10
is 'since it came' "$(states S1)" 'in_service lyon 2020-01-10>'
status 0 "$FP" machine move S1 --site paris --on 2024-03-01
status 0 "$FP" machine move S1 --status spare # today
is 'moved' "$(states S1)" "in_service lyon 2020-01-10>2024-03-01
in_service paris 2024-03-01>2026-11-21
spare paris 2026-11-21>"
status 1 "$FP" machine move S1 --status in_service --on 2023-01-01
says err 'it is spare since 2026-11-21, expected that day or a later one'
status 1 "$FP" machine move S1 --site nosuch
says err "no site is called 'nosuch'"
status 2 "$FP" machine move S1
says err 'expected --site, --status or both'
status 2 "$FP" machine move S1 --site lyon --on yesterday
status 1 "$FP" machine move S1 --status broken
is 'still' "$(ask "SELECT count(*) FROM machine_state s JOIN machine m ON m.id =
    s.machine_id WHERE m.tag = 'S1'")" 3

# retire and give
status 0 "$FP" machine retire S1 --on 2026-12-31
is 'retired' "$(states S1 | tail -n 2)" "spare paris 2026-11-21>2026-12-31
retired paris 2026-12-31>"
is 'exit' "$(ask "SELECT exit_on FROM machine WHERE tag = 'S1'")" 2026-12-31
status 2 "$FP" machine retire N1 --as sold
says err 'expected retired, recycled or refused'
status 0 "$FP" machine retire N1 --as recycled --on 2026-06
is 'recycled in a month' "$(states N1 | tail -n 1)" 'recycled default 2026-06>'
status 0 "$FP" machine give M1 --to 'Lycée Ampère' --on 2026-07-01
is 'given' "$(states M1 | tail -n 1)" 'given default 2026-07-01>'
# Back again: it has not gone.
status 0 "$FP" machine move M1 --status stock --on 2026-08-01
is 'back' "$(ask "SELECT coalesce(exit_on, '-') FROM machine WHERE tag = 'M1'")" -
is 'back since' "$(states M1 | tail -n 1)" 'stock default 2026-08-01>'

# history: the oldest first, who has it now included
status 0 "$FP" machine history M1
says out 'received'
says out '2026-07-01 +given .*to Lycée Ampère'
says out '2026-08-01 +moved'
status 0 "$FP" --json machine history S1
json "$work/out" '[(e["kind"], e["on"]) for e in d] == [("received", "2020-01-10"),
    ("moved", "2024-03-01"), ("moved", "2026-11-21"), ("retired", "2026-12-31")]'
status 1 "$FP" machine history nosuch

# machine list: a column that is none is a mistake of usage
for column in tag name product category status acquired; do
    status 0 "$FP" machine list --sort "$column"
done
status 2 "$FP" machine list --sort X
says err "--sort 'X': expected tag, name"
status 2 "$FP" machine list --json --sort X
[ -s "$work/out" ] && fail 'half an answer'

# Each edit can be taken back.
status 0 "$FP" import undo "$(ask "SELECT max(id) FROM import WHERE file =
    'machine move M1'")"
is 'given again' "$(states M1 | tail -n 1)" 'given default 2026-07-01>'
status 0 "$FP" check
finish
