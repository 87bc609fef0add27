#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# import of several files, folders, standard input and compressed files at once:
# one transaction, all or nothing.
. tests/cli/lib.sh

row() {
    printf 'tag,name,category,ram_modules,power_w\n%s,%s,server,%s,%s\n' "$@"
}
row A a 4x32 100 >"$work/a.csv"
row B b 2x16 200 >"$work/b.csv"
row C c 1x8 300 | gzip >"$work/c.csv.gz"
mkdir "$work/folder" "$work/folder/more"
row D d 1x8 400 >"$work/folder/d.csv"
row E e 1x8 500 | gzip >"$work/folder/more/e.csv.gz"
printf 'name,country\nlyon,FRA\n' >"$work/folder/sites.csv"
printf 'not an inventory\n' >"$work/folder/notes.dat"
printf '<?xml version="1.0"?>
<REQUEST><CONTENT><HARDWARE><NAME>f</NAME><UUID>4c4c4544-0042-3510-8056-b4c04f4a4e32</UUID></HARDWARE>
<BIOS><SMANUFACTURER>Dell</SMANUFACTURER><SMODEL>R640</SMODEL><SSN>F1</SSN></BIOS>
<CPUS><CORES>8</CORES><TYPE>Xeon Silver 4110</TYPE></CPUS>
</CONTENT><DEVICEID>f</DEVICEID><QUERY>INVENTORY</QUERY></REQUEST>\n' >"$work/f.xml"
# As OCS keeps what it is sent: zlib, without the header of gzip.
python3 -c 'import sys, zlib
sys.stdout.buffer.write(zlib.compress(open(sys.argv[1], "rb").read()))' \
    "$work/f.xml" >"$work/f.ocs"

row G g 1x8 700 | gzip >"$work/g.gz"
status 0 "$FP" --json import "$work/a.csv" "$work/b.csv" "$work/c.csv.gz" \
    "$work/folder" "$work/f.ocs" - <"$work/g.gz"
json "$work/out" '(d["files"], d["added"], d["import"]) == (6, 7, 1)'
is 'machines' "$(ask 'SELECT tag, power_w FROM machine ORDER BY tag')" 'A|100.0
B|200.0
C|300.0
D|400.0
E|500.0
G|700.0
f|'
is 'the compressed one' "$(ask "SELECT m.uuid, m.serial, m.cpu_count, p.name FROM
    machine m JOIN product p ON p.id = m.product_id WHERE m.tag = 'f'")" \
    '4c4c4544-0042-3510-8056-b4c04f4a4e32|F1|1|R640'
is 'one import' "$(ask 'SELECT count(*) FROM import')" 1
is 'sites' "$(ask "SELECT name, country FROM site WHERE name = 'lyon'")" 'lyon|FRA'
content "$FLEETPRINT_DB" >"$work/first"

# Again, by other ways in: nothing changes.
gzip -dc "$work/c.csv.gz" >"$work/c.csv"
row G g 1x8 700 >"$work/g.csv"
"$FP" import - <"$work/g.csv" 2>"$work/err" || fail 'a file as standard input'
says err '0 added, 0 changed, 1 unchanged'
# shellcheck disable=SC2002
cat "$work/g.gz" | "$FP" import - 2>"$work/err" || fail 'a pipe'
says err '0 added, 0 changed, 1 unchanged'
status 0 "$FP" import "$work/folder" "$work/f.xml" "$work/c.csv" "$work/b.csv" "$work/a.csv"
silent_on err '[1-9][0-9]* (added|changed)'
content "$FLEETPRINT_DB" >"$work/again"
cmp -s "$work/first" "$work/again" || fail 'a second import changed something'

# All or nothing: a fault in the last of three files.
rm -f "$FLEETPRINT_DB"*
printf 'tag,power_w\nX,1\nY,abc\n' >"$work/bad.csv"
status 1 "$FP" import "$work/a.csv" "$work/folder" "$work/bad.csv"
says err "bad.csv: line 3: column 'power_w': value 'abc'"
says err '1 rows refused, nothing imported'
is 'nothing' "$(ask 'SELECT (SELECT count(*) FROM machine) + (SELECT count(*) FROM
    site) + (SELECT count(*) FROM import) + (SELECT count(*) FROM audit)')" 0
status 3 "$FP" import --keep-going "$work/a.csv" "$work/folder" "$work/bad.csv"
is 'all but one' "$(ask 'SELECT group_concat(tag) FROM (SELECT tag FROM machine
    ORDER BY tag)')" 'A,D,E,X'
status 1 "$FP" import "$work/b.csv" "$work/nosuch.csv"
says err "no file or folder '.*nosuch.csv'"
is 'still' "$(ask 'SELECT count(*) FROM machine')" 4

# Damaged, cut and made to burst.
head -c 40 "$work/c.csv.gz" >"$work/cut.csv.gz"
status 1 "$FP" import "$work/cut.csv.gz"
says err 'cut.csv.gz: compressed data that is cut short'
head -c 60 "$work/f.ocs" >"$work/cut.ocs"
status 1 "$FP" import "$work/cut.ocs"
says err 'cut.ocs: compressed data that is cut short'
{
    head -c 30 "$work/c.csv.gz"
    printf 'garbage garbage garbage garbage'
} >"$work/torn.gz"
status 1 "$FP" import "$work/torn.gz"
says err 'torn.gz: (damaged compressed data|compressed data that is cut short)'
for kind in gzip zlib; do
    python3 - "$kind" >"$work/bomb" <<'P'
import sys, zlib
z = zlib.compressobj(9, zlib.DEFLATED, 31 if sys.argv[1] == "gzip" else 15)
for _ in range(80):
    sys.stdout.buffer.write(z.compress(b"\0" * (1 << 20)))
sys.stdout.buffer.write(z.flush())
P
    status 1 "$FP" import "$work/bomb"
    says err 'bomb: compressed data that grows more than 200 times'
done
ls "${TMPDIR:-/tmp}"/fleetprint-?????? >/dev/null 2>&1 &&
    fail 'a temporary folder is left behind'
# A text that only begins like zlib is a text.
printf 'x^y,tag,name\n1,T,t\n' >"$work/text.csv"
status 0 "$FP" import "$work/text.csv"
is 'text' "$(ask "SELECT name FROM machine WHERE tag = 'T'")" t

# --site: of rows that name none; a slip of the finger makes no site.
status 0 "$FP" site set paris --country FRA
row S s 1x8 1 >"$work/s.csv"
status 1 "$FP" import --site nosuch "$work/s.csv"
says err "no site is called 'nosuch', there is default, lyon, paris; 'fleetprint site set' adds one"
is 'sites' "$(ask 'SELECT group_concat(name) FROM (SELECT name FROM site ORDER BY name)')" \
    'default,lyon,paris'
status 0 "$FP" import --site paris "$work/s.csv"
is 'there' "$(ask "SELECT t.name FROM machine_state s JOIN site t ON t.id =
    s.site_id JOIN machine m ON m.id = s.machine_id WHERE m.tag = 'S'")" paris
# A file of sites in the same import makes it; so does the first import of all.
mkdir "$work/grenoble"
printf 'name,country\ngrenoble,FRA\n' >"$work/grenoble/sites.csv"
row H h 1x8 1 >"$work/grenoble/h.csv"
status 0 "$FP" import --site grenoble "$work/grenoble"
rm -f "$FLEETPRINT_DB"*
status 0 "$FP" import --site first "$work/s.csv"
is 'the first site' "$(ask 'SELECT name FROM site')" first
status 1 "$FP" import --site second "$work/a.csv"
is 'no machine of it' "$(ask 'SELECT group_concat(tag) FROM machine')" S
finish
