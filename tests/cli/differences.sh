#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What a person typed no machine overwrites: a difference is raised once,
# listed, and accepted or refused.
. tests/cli/lib.sh

# memory 2 x 32 GiB, one processor of 16 cores; $1: power supply of so many W
lshw() {
    cat <<X
<?xml version="1.0"?>
<list>
<node id="node1" class="system" handle="DMI:0100">
 <product>PowerEdge R640</product><vendor>Dell Inc.</vendor>
 <serial>CLFV7M2</serial>
 <configuration>
  <setting id="uuid" value="4c4c4544-004c-4610-8056-c3c04f374d32"/>
 </configuration>
 <node id="memory" class="memory"><description>System Memory</description>
  <node id="bank:0" class="memory"><size units="bytes">34359738368</size></node>
  <node id="bank:1" class="memory"><size units="bytes">34359738368</size></node>
 </node>
 <node id="cpu:0" class="processor">
  <product>Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz</product>
  <size units="Hz">2100000000</size>
  <configuration><setting id="cores" value="$1"/></configuration>
 </node>
</node>
</list>
X
}
lshw 16 >"$work/node1.xml"
printf 'tag,name,manufacturer,model,serial,ram_modules,cpu_cores,power_w\n%s\n' \
    'N1,node1,Dell,PowerEdge R640,CLFV7M2,4x32,24,150' >"$work/f.csv"
ram="SELECT p.units FROM part p JOIN part_spec s ON s.id = p.spec_id
     WHERE s.kind = 'ram'"

status 0 "$FP" import "$work/f.csv"
status 0 "$FP" import "$work/node1.xml"
says err '2 values differ from what people typed'
is 'typed memory' "$(ask "$ram")" 4
is 'typed cores' "$(ask 'SELECT cpu_cores FROM machine')" 24
is 'what was not typed' "$(ask 'SELECT uuid, cpu_count FROM machine')" \
    '4c4c4544-004c-4610-8056-c3c04f374d32|1'
is 'owners' "$(ask "SELECT field, owner, source FROM machine_owner
    WHERE field IN ('ram', 'cpu_cores', 'uuid') ORDER BY field")" \
    'uuid|import|lshw-xml'
status 0 "$FP" machine differences --json
json "$work/out" '[(x["tag"], x["field"], x["stored"], x["offered"], x["source"],
    x["state"]) for x in sorted(d, key=lambda x: x["field"])] == [
    ("N1", "cpu_cores", "24", "16", "lshw-xml", "open"),
    ("N1", "ram", "4x 32 GiB", "2x 32 GiB", "lshw-xml", "open")]'

# Not raised twice.
status 0 "$FP" import "$work/node1.xml"
silent_on err 'differ'
is 'differences' "$(ask 'SELECT count(*) FROM difference')" 2

# A source that changes its mind renews its offer.
lshw 20 >"$work/node1.xml"
status 0 "$FP" import "$work/node1.xml"
is 'renewed' "$(ask "SELECT offered FROM difference WHERE field = 'cpu_cores'")" 20
is 'differences' "$(ask 'SELECT count(*) FROM difference')" 2

# A trial changes nothing; refused stays refused, whatever comes again.
id() {
    ask "SELECT id FROM difference WHERE field = '$1'"
}
content "$FLEETPRINT_DB" >"$work/before"
status 0 "$FP" machine differences --refuse "$(id cpu_cores)" -n
content "$FLEETPRINT_DB" >"$work/after"
cmp -s "$work/before" "$work/after" || fail 'a trial changed something'
status 0 "$FP" machine differences --refuse "$(id cpu_cores)"
status 0 "$FP" import "$work/node1.xml"
is 'refused' "$(ask 'SELECT field, state FROM difference ORDER BY field')" \
    "cpu_cores|refused
ram|open"
is 'typed cores' "$(ask 'SELECT cpu_cores FROM machine')" 24
status 1 "$FP" machine differences --refuse "$(id cpu_cores)"
says err 'is refused already'
status 1 "$FP" machine differences --accept 99
says err 'no difference has the number 99'
status 2 "$FP" machine differences --accept 1 --refuse 2
status 2 "$FP" machine differences --accept x

# Accepted: the value is the source's then, and follows it.
status 0 "$FP" machine differences N1 --accept-all
is 'accepted memory' "$(ask "$ram")" 2
is 'owner' "$(ask "SELECT owner, source FROM machine_owner WHERE field = 'ram'")" \
    'import|lshw-xml'
is 'event' "$(ask 'SELECT kind, detail FROM event ORDER BY id DESC LIMIT 1')" \
    'upgraded|accepted from lshw-xml: ram'
sed 's/bank:1/bank:1x/;s/34359738368/17179869184/' "$work/node1.xml" >"$work/less.xml"
status 0 "$FP" import "$work/less.xml"
silent_on err 'differ'
is 'two modules of 16 GiB' "$(ask "SELECT s.capacity * p.units FROM part p
    JOIN part_spec s ON s.id = p.spec_id WHERE s.kind = 'ram'")" 32.0
status 0 "$FP" machine differences
says err 'no differences wait'

# The person types it again: the file of the person is right again.
status 0 "$FP" import "$work/f.csv"
is 'typed again' "$(ask "$ram")" 4
is 'cores stay' "$(ask 'SELECT cpu_cores FROM machine')" 24

# One who agrees with what was offered settles it.
status 0 "$FP" import "$work/less.xml"
is 'raised anew' "$(ask "SELECT state FROM difference WHERE field = 'ram'
    ORDER BY id DESC LIMIT 1")" open
status 0 "$FP" machine set N1 ram_modules=2x16
is 'settled' "$(ask "SELECT count(*) FROM difference WHERE state = 'open'")" 0
finish
