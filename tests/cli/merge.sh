#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# machine merge: two records of one machine become one, that later imports find
# under either identity; undo makes them two again.
. tests/cli/lib.sh

printf 'tag,name,manufacturer,model,serial,ram_modules,gpu,price_eur,note\n%s\n' \
    'N1,,Dell,PowerEdge R640,CLFV7M2,4x32,?,900,"bought used"' >"$work/a.csv"
cat >"$work/nodes.json" <<'X'
{"nodes": [{"name": "node1", "hostname": "node1", "sockets": 2, "cores": 16,
  "threads": 2, "cpus": 64, "real_memory": 128000, "gres": "gpu:t4:1",
  "state": "IDLE"}]}
X
status 0 "$FP" import "$work/a.csv" "$work/nodes.json"
status 0 "$FP" machine set node1 power_w=150 site=default
is 'two records' "$(ask 'SELECT group_concat(tag) FROM machine')" 'N1,node1'
status 0 "$FP" power set node1 --kind constant --numbers 150
# A sender, an exporter, an outlet of its own, one of both, power models.
sqlite3 "$FLEETPRINT_DB" "INSERT INTO feed_source (kind, name, machine_id, created_at)
    SELECT 'node', 'node1', id, 0 FROM machine WHERE tag = 'node1';
    INSERT INTO feed_source (id, kind, name, created_at) VALUES (50, 'pull', 'pdu', 0);
    INSERT INTO meter (id, source_id, key, scope, kind, unit) VALUES
        (7, 50, '7', 'outlet', 'counter', 'J'), (8, 50, '8', 'outlet', 'counter', 'J');
    INSERT INTO meter_machine SELECT 7, id FROM machine WHERE tag = 'node1';
    INSERT INTO meter_machine SELECT 8, id FROM machine;
    INSERT INTO pull_target (name, kind, url, machine_id)
    SELECT 'x', 'redfish', 'http://x', id FROM machine WHERE tag = 'node1'"
measured() {
    ask "SELECT 'source', s.name, m.tag FROM feed_source s JOIN machine m ON m.id = s.machine_id
        UNION ALL SELECT 'target', p.name, m.tag FROM pull_target p JOIN machine m
        ON m.id = p.machine_id
        UNION ALL SELECT 'meter', x.meter_id, m.tag FROM meter_machine x JOIN machine m
        ON m.id = x.machine_id
        UNION ALL SELECT 'model', p.kind || ' ' || p.n1 || ' ' || coalesce(p.n2, '-') || ' ' ||
        coalesce(p.n11, '-') || ' ' || coalesce(p.load, '-') || ' ' || coalesce(length(p.loads), '-')
        || ' ' || coalesce(p.standby_w, '-') || ' ' || coalesce(p.memory_frac, '-') || ' ' ||
        coalesce(c.name, '-') || ' ' || coalesce(p.source, '-'), m.tag FROM power_model p
        JOIN machine m ON m.id = p.machine_id LEFT JOIN power_calendar c ON c.id = p.calendar_id
        ORDER BY 1, 2, 3"
}
measured >"$work/measured"
is 'who measures what' "$(wc -l <"$work/measured")" 6
content "$FLEETPRINT_DB" >"$work/two"

# A trial says what would come of it and changes nothing.
status 0 "$FP" machine merge N1 node1 -n
content "$FLEETPRINT_DB" >"$work/after"
cmp -s "$work/two" "$work/after" || fail 'a trial changed something'
status 1 "$FP" machine merge N1 N1
says err 'expected two records'
status 1 "$FP" machine merge N1 nosuch
status 2 "$FP" machine merge N1

status 0 "$FP" --json machine merge N1 node1
json "$work/out" 'd["kept"] == "N1" and d["dropped"] == "node1"'
is 'one record' "$(ask 'SELECT tag, name, serial, price_eur, power_w, cpu_count,
    cpu_cores, note FROM machine')" \
    'N1|node1|CLFV7M2|900.0|150.0|2|32|bought used; memory as the system sees it, likely 128 GiB'
# The four typed modules stand; the card was not known, now it is.
is 'parts' "$(ask "SELECT s.kind, p.units, s.model FROM part p JOIN part_spec s
    ON s.id = p.spec_id ORDER BY s.kind")" "cpu|2|
gpu|1|t4
ram|4|"
is 'what measures and models it' "$(ask 'SELECT m.tag, s.name, p.kind
    FROM machine m JOIN feed_source s ON s.machine_id = m.id
    JOIN power_model p ON p.machine_id = m.id')" 'N1|node1|constant'
is 'its meters and its exporter' "$(ask 'SELECT (SELECT group_concat(meter_id) FROM
    (SELECT meter_id FROM meter_machine WHERE machine_id = m.id ORDER BY 1)),
    (SELECT name FROM pull_target WHERE machine_id = m.id) FROM machine m')" '7,8|x'
is 'other names' "$(ask "SELECT kind, value FROM machine_alias ORDER BY kind")" \
    "name|node1
tag|node1"
# Both lives are told, and the merge itself.
is 'events' "$(ask "SELECT count(*) FROM event WHERE machine_id =
    (SELECT id FROM machine)")" 4
status 0 "$FP" machine history N1
says out "merged with 'node1'"

# Later imports find it by what it was called, and by its serial.
status 0 "$FP" import "$work/nodes.json"
says err '0 added'
cat >"$work/asset.csv" <<'X'
name,manufacturer,model,serial,warranty_end
node1.cluster.fr,Dell Inc.,PowerEdge R640,CLFV7M2,2027-06
X
status 0 "$FP" import "$work/asset.csv"
says err '0 added, 1 changed'
is 'one machine' "$(ask 'SELECT count(*), max(warranty_end) FROM machine')" \
    '1|2027-06'
status 0 "$FP" machine set node1 max_w=300 # the old tag names it still
is 'by its old tag' "$(ask 'SELECT max_w FROM machine')" 300.0

# What touched it since is named, then the merge is taken back whole.
merge=$(ask "SELECT id FROM import WHERE file LIKE 'machine merge%'")
status 1 "$FP" import undo "$merge"
says err "after it; take that back first: 'fleetprint import undo"
status 0 "$FP" import undo "$((merge + 3))"
status 0 "$FP" import undo "$((merge + 2))"
status 0 "$FP" import undo "$merge"
content "$FLEETPRINT_DB" | grep -v "^('event'" >"$work/after"
grep -v "^('event'" "$work/two" | diff - "$work/after" >"$work/d" ||
    fail "not as before the merge: $(cat "$work/d")"
is 'each has its own life again' "$(ask "SELECT m.tag, count(*) FROM event e
    JOIN machine m ON m.id = e.machine_id WHERE e.kind = 'received'
    GROUP BY m.tag")" "N1|1
node1|1"
measured | diff "$work/measured" - >"$work/d" ||
    fail "what measures them is not as before: $(cat "$work/d")"

# Both have a model: that of the kept one holds, the other comes back whole.
status 0 "$FP" calendar set office --hours 'mon-fri 08:00-18:00'
status 0 "$FP" power set node1 --kind linear --numbers '40.1 180.7' --profile "$(
    awk 'BEGIN { for (i = 0; i < 168; i++) printf "%s0.%03d", i ? " " : "", i }')" \
    --calendar office --standby-w 3.3 --source 'measured by hand'
loads=$(ask "SELECT loads FROM power_model WHERE kind = 'linear'")
is 'a load of each hour of the week' "$(echo "$loads" | wc -w)" 168
status 0 "$FP" power set N1 --kind fan --numbers '50 200' --load 0.3
measured >"$work/measured"
status 0 "$FP" machine merge N1 node1
is 'one model' "$(ask 'SELECT kind FROM power_model')" fan
# What came to the kept one since stays there.
sqlite3 "$FLEETPRINT_DB" "INSERT INTO feed_source (kind, name, machine_id, created_at)
    SELECT 'pull', 'later', id, 0 FROM machine"
status 0 "$FP" import undo "$(ask 'SELECT max(id) FROM import')"
measured | diff "$work/measured" - >"$work/d"
is 'parted again' "$(grep '^[<>]' "$work/d")" '> source|later|N1'
is 'its loads' "$(ask "SELECT loads FROM power_model WHERE kind = 'linear'")" "$loads"

# Two typed values that differ: neither is lost.
status 0 "$FP" machine set node1 price_eur=700
status 0 "$FP" machine merge N1 node1
is 'the kept one stands' "$(ask 'SELECT price_eur FROM machine')" 900.0
is 'the other is offered' "$(ask "SELECT field, stored, offered, source FROM
    difference WHERE state = 'open'")" 'price_eur|900|700|merge'

# Lots are no machines.
status 0 "$FP" machine add screens category=screen quantity=12
status 1 "$FP" machine merge N1 screens
says err "'screens' is a lot"

# ---- joined by themselves: a number here, a name there, then both --------------
cat >"$work/dmi.txt" <<'X'
# dmidecode 3.2
Handle 0x0100, DMI type 1, 27 bytes
System Information
	Manufacturer: Dell Inc.
	Product Name: PowerEdge R640
	Serial Number: CLFV7M2
	UUID: 4C4C4544-004C-4610-8056-C3C04F374D32

Handle 0x1100, DMI type 17, 84 bytes
Memory Device
	Size: 32 GB
	Type: DDR4
X
cat >"$work/host.xml" <<'X'
<?xml version="1.0"?>
<list><node id="node1" class="system">
 <vendor>Dell Inc.</vendor><product>PowerEdge R640</product><serial>CLFV7M2</serial>
</node></list>
X
rows() {
    content "$FLEETPRINT_DB" | grep -v "^('event'"
}
for order in 'dmi.txt nodes.json' 'nodes.json dmi.txt'; do
    rm -f "$FLEETPRINT_DB"*
    for f in $order; do
        status 0 "$FP" import "$work/$f"
    done
    is 'a number and a name' "$(ask 'SELECT tag FROM machine ORDER BY tag')" 'CLFV7M2
node1'
    rows >"$work/two"
    sqlite3 "$FLEETPRINT_DB" "INSERT INTO feed_source (kind, name, machine_id, created_at)
        SELECT 'node', 'agent of ' || tag, id, 0 FROM machine"
    measured >"$work/measured"
    status 0 "$FP" import "$work/host.xml"
    is 'both senders' "$(ask 'SELECT count(*) FROM feed_source s JOIN machine m
        ON m.id = s.machine_id')" 2
    is 'one machine' "$(ask 'SELECT tag, name, serial, cpu_count FROM machine')" \
        'node1|node1|CLFV7M2|2'
    is 'its memory' "$(ask "SELECT p.units, s.capacity FROM part p JOIN part_spec s
        ON s.id = p.spec_id WHERE s.kind = 'ram'")" '1|32.0'
    is 'no differences' "$(ask 'SELECT count(*) FROM difference')" 0
    status 0 "$FP" import "$work/nodes.json" "$work/dmi.txt" "$work/host.xml"
    silent_on err '[1-9][0-9]* (added|changed)'
    status 0 "$FP" machine history CLFV7M2 # its old tag names it
    says out "merged with 'CLFV7M2'"
    # Taken back, they are two again.
    status 0 "$FP" import undo "$(ask "SELECT max(id) FROM import WHERE changed > 0")"
    rows | diff "$work/two" - >"$work/d" || fail "not as before: $(cat "$work/d")"
    measured | diff "$work/measured" - >"$work/d" || fail "senders: $(cat "$work/d")"
done
# The same where the last import brings both files.
rm -f "$FLEETPRINT_DB"*
status 0 "$FP" import "$work/dmi.txt"
rows >"$work/one"
status 0 "$FP" import "$work/nodes.json" "$work/host.xml"
is 'one machine' "$(ask 'SELECT tag FROM machine')" node1
status 0 "$FP" import undo
rows | diff "$work/one" - >"$work/d" || fail "not as before: $(cat "$work/d")"
status 0 "$FP" check

# What a person typed of the named one stands, also where it is joined.
rm -f "$FLEETPRINT_DB"*
printf 'name,category,ram_modules\nnode1,server,4x32\n' >"$work/typed.csv"
status 0 "$FP" import "$work/typed.csv"
status 0 "$FP" import "$work/dmi.txt"
status 0 "$FP" import "$work/host.xml"
is 'typed' "$(ask "SELECT m.tag, m.serial, p.units FROM part p JOIN part_spec s
    ON s.id = p.spec_id JOIN machine m ON m.id = p.machine_id
    WHERE s.kind = 'ram'")" 'node1|CLFV7M2|4'
is 'offered' "$(ask "SELECT field, offered, source FROM difference")" \
    'ram|1x 32 GiB|dmidecode'
finish
