#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# import --keep-going --rejects: refused rows of any format go into a file that is
# mended and imported again.
. tests/cli/lib.sh

# ---- CSV: rows as they stood, with a reason --------------------------------
cat >"$work/bad.csv" <<'X'
tag;name;power_w;acquired_on;retired_on;hdd;colour
A;"a; ""one""";abc;2020-01-01;;4x4TB;red
B;b;12,5;2020-01-01;2019-01-01;;
C;c;100;2020-01-01;;?;
C;c2;100;;;;
D;d;100;31/02/2020;;;
X
status 1 "$FP" import --rejects "$work/none.csv" "$work/bad.csv"
says err '4 rows refused, nothing imported'
is 'all or nothing' "$(ask 'SELECT count(*) FROM machine')" 0
status 3 "$FP" import --keep-going --rejects "$work/rej.csv" "$work/bad.csv"
says err "^bad.csv: line 2: column 'power_w': value 'abc': not a number"
says err "^bad.csv: line 3: column 'retired_on': value '2019-01-01': before acquired_on"
says err "^bad.csv: line 5: column 'tag': value 'C': this tag stands on line 4"
says err "^bad.csv: line 6: column 'acquired_on': value '31/02/2020': "
silent_on err "''"
is 'the good one' "$(ask 'SELECT group_concat(tag) FROM machine')" C
cmp -s "$work/rej.csv" "$work/none.csv" || fail 'with and without --keep-going differ'
is 'header' "$(head -n 1 "$work/rej.csv" | tr -d '\r')" \
    'tag;name;power_w;acquired_on;retired_on;hdd;colour;rejected_reason'
is 'rows' "$(wc -l <"$work/rej.csv" | tr -d ' ')" 5
says rej.csv '^A;"a; ""one""";abc;2020-01-01;;4x4TB;red;"column .power_w.'

# Imported again as they are they are refused again, for the same reasons; but
# the second C, the only one of that file, is C under another name.
status 3 "$FP" import --keep-going --rejects "$work/again.csv" "$work/rej.csv"
sed -e 's/bad.csv/rej.csv/' "$work/rej.csv" | grep -v 'this tag' >"$work/want"
grep -v 'this tag' "$work/again.csv" | cmp -s - "$work/want" ||
    fail 'rows refused twice are not the same'
# Mended, they come in whole.
sed -e 's/;abc;/;120;/;s/2019-01-01/2021-01-01/;s/^C;/E;/;s,31/02,28/02,' \
    "$work/rej.csv" >"$work/mended.csv"
status 0 "$FP" import "$work/mended.csv"
is 'mended' "$(ask 'SELECT tag, name, power_w, exit_on, note FROM machine
    ORDER BY tag')" 'A|a; "one"|120.0||colour: red
B|b|12.5|2021-01-01|
C|c2|100.0||
D|d|100.0||
E|c2|100.0||'
is 'disks of A' "$(ask "SELECT p.units, s.capacity FROM part p JOIN part_spec s
    ON s.id = p.spec_id")" '4|4000.0'

# ---- JSON and XML: records as rows of the template --------------------------
# Two machines of one name; a record that has only the name means neither.
rm -f "$FLEETPRINT_DB"*
for i in 1 2; do
    printf '<?xml version="1.0"?>\n<list><node id="node1" class="system">
 <vendor>Maker%s</vendor><product>P%s</product><serial>S%s</serial>
</node></list>\n' $i $i $i >"$work/$i.xml"
done
status 0 "$FP" import "$work/1.xml" "$work/2.xml"
is 'two' "$(ask 'SELECT group_concat(tag) FROM (SELECT tag FROM machine ORDER BY id)')" \
    'node1,node1-S2'
cat >"$work/nodes.json" <<'X'
{"nodes": [
 {"name": "node1", "sockets": 2, "cores": 16, "real_memory": 131072,
  "gres": "gpu:t4:2"},
 {"name": "node2", "sockets": 2, "cores": 16, "real_memory": 131072},
 {"sockets": 1}]}
X
cat >"$work/host.xml" <<'X'
<?xml version="1.0"?>
<list><node id="node1" class="system">
 <node id="memory" class="memory"><description>System Memory</description>
  <node id="bank:0" class="memory"><size units="bytes">34359738368</size></node>
 </node>
 <node id="disk" class="disk"><product>ST4000NM0035</product>
  <serial>D1</serial><size units="bytes">4000787030016</size></node>
</node></list>
X
status 3 "$FP" import -k --rejects "$work/rej.csv" "$work/nodes.json" "$work/host.xml"
says err "^nodes.json: record 1: .*2 machines are called 'node1'"
says err "^nodes.json: record 3: "
says err "^host.xml: .*2 machines are called 'node1'"
is 'node2 came in' "$(ask "SELECT count(*) FROM machine WHERE name = 'node2'")" 1
# What is known of each stands in the columns of the template; "?" is not known.
python3 - "$work/rej.csv" "$work/mended.csv" <<'P' || fail 'rows of records'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], newline="")))
assert len(rows) == 3, rows
node, nameless, host = rows
assert (node["name"], node["cpu_count"], node["cpu_cores"]) == ("node1", "2", "32"), node
assert node["ram_gib"] == "128" and node["gpu"] == "2xt4", node
assert node["hdd"] == node["ssd"] == "?", node
assert nameless["hdd"] == nameless["gpu"] == nameless["screen"] == "?", nameless
assert nameless["note"] == "nodes.json: record 3", nameless
assert host["name"] == "node1" and host["ram_modules"] == "1x32", host
assert host["hdd"].startswith("1x4000GB") and host["ssd"] == "", host
assert all("node1" in r["rejected_reason"] for r in (node, host))
node["tag"] = "node1"        # the first of the two
host["tag"] = "node1-S2"
nameless["name"] = "node3"
with open(sys.argv[2], "w", newline="") as f:
    w = csv.DictWriter(f, rows[0].keys())
    w.writeheader()
    w.writerows(rows)
P
status 0 "$FP" import "$work/mended.csv"
is 'machines' "$(ask 'SELECT group_concat(tag) FROM (SELECT tag FROM machine ORDER BY id)')" \
    'node1,node1-S2,node2,node3'
is 'parts' "$(ask "SELECT m.tag, s.kind, p.units, s.capacity FROM part p
    JOIN part_spec s ON s.id = p.spec_id JOIN machine m ON m.id = p.machine_id
    WHERE s.kind IN ('ram', 'hdd', 'gpu') AND m.tag LIKE 'node1%'
    ORDER BY m.tag, s.kind")" 'node1|gpu|2|-1.0
node1|ram|1|128.0
node1-S2|hdd|1|4000.0
node1-S2|ram|1|32.0'

# ---- another header goes into a file of its own ------------------------------
rm -f "$FLEETPRINT_DB"*
printf 'tag,power_w\nA,x\n' >"$work/1.csv"
printf 'tag,price_eur\nB,y\n' >"$work/2.csv"
status 3 "$FP" import -k --rejects "$work/r.csv" "$work/1.csv" "$work/2.csv"
is 'first' "$(head -n 1 "$work/r.csv" | tr -d '\r')" 'tag,power_w,rejected_reason'
is 'second' "$(head -n 1 "$work/r-2.csv" | tr -d '\r')" 'tag,price_eur,rejected_reason'

# ---- a file that is no good, among others ------------------------------------
printf '<?xml version="1.0"?>\n<list>\n<node id="x" class="system">\n' >"$work/cut.xml"
printf 'tag,power_w\nF,5\n' >"$work/good.csv"
status 1 "$FP" import "$work/good.csv" "$work/cut.xml"
is 'nothing' "$(ask 'SELECT count(*) FROM machine')" 0
status 3 "$FP" import -k "$work/cut.xml" "$work/good.csv"
says err '^cut.xml: '
is 'the other one' "$(ask 'SELECT group_concat(tag) FROM machine')" F
status 1 "$FP" import -k "$work/cut.xml"
status 1 "$FP" import -k "$work/cut.xml" "$work/cut.xml"
says err 'none of the 2 files could be read'
status 1 "$FP" import -k --rejects /nosuch/folder/r.csv "$work/good.csv"
says err "cannot write '/nosuch/folder/r.csv'"

# ---- --dry-run --json names place, column and value --------------------------
status 3 "$FP" import --dry-run --json "$work/bad.csv"
json "$work/out" '[(r["row"], r["column"], r["value"]) for r in d["rejected"]] == [
    (2, "power_w", "abc"), (3, "retired_on", "2019-01-01"), (5, "tag", "C"),
    (6, "acquired_on", "31/02/2020")]'
status 1 "$FP" import --dry-run --json "$work/cut.xml"
json "$work/out" '[(r["row"], r["column"], r["value"]) for r in d["rejected"]] == [
    (3, None, None)] and d["rejected"][0]["reason"].startswith("cut.xml: line 3")'
finish
