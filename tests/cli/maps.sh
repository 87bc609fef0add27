#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The column mapper by command: guess, look, save, use; maps of one's own.
. tests/cli/lib.sh

cat >"$work/lab.csv" <<'X'
Hostname;Marque;Modele PC;N° de série;CPU;RAM (Go);Disque SSD;Date achat;Prix HT;Salle;Locataire
pc-01;Dell;Latitude 7490;AAA1;Intel Core i5-8250U;16;1x512GB;16/07/2019;1 200,50 €;B12;dupont
pc-02;HP;EliteBook 840;AAA2;Intel Core i5-8350U;8;1x256GB;2020;900;B12;durand
X
# Guessed: shown with the first values beside each title, nothing imported.
status 0 "$FP" import --guess "$work/lab.csv"
for line in 'Hostname = name +# pc-01 \| pc-02' 'Marque = manufacturer' \
    'Modele PC = model' 'N° de série = serial' 'CPU = cpu_model' \
    'RAM \(Go\) = ram_gib +# 16 \| 8' 'Disque SSD = ssd' \
    'Date achat = acquired_on' 'Prix HT = price_eur' 'Salle = site'; do
    says out "^$line"
done
[ -e "$FLEETPRINT_DB" ] && fail 'a guess made a database'

# Saved under a name, listed, shown without this file's values.
status 0 "$FP" import --guess --save-map lab "$work/lab.csv"
says err 'saved; next: fleetprint import --map lab FILE'
status 0 "$FP" import maps
says out '^lab +saved here'
status 0 "$FP" --json import maps
json "$work/out" '[m["name"] for m in d] == ["own", "ecodiag", "g4it", "glpi",
    "netbox-old", "netbox-view", "netbox-vm", "netbox", "snipeit-old",
    "snipeit", "lab"]'
status 0 "$FP" import maps lab
says out '^Hostname = name$'
silent_on out 'pc-01|dupont'

# Used: the same file, and another one of the same header.
status 0 "$FP" import --map lab "$work/lab.csv"
is 'machines' "$(ask 'SELECT m.tag, p.manufacturer, p.name, m.serial,
    m.acquired_on, m.price_eur, m.category FROM machine m JOIN product p
    ON p.id = m.product_id ORDER BY m.id')" \
    'pc-01|Dell|Latitude 7490|AAA1|2019-07-16|1200.5|laptop
pc-02|HP|EliteBook 840|AAA2|2020|900.0|laptop'
is 'parts' "$(ask "SELECT m.tag, s.kind, p.units, s.capacity FROM part p JOIN
    part_spec s ON s.id = p.spec_id JOIN machine m ON m.id = p.machine_id
    WHERE s.kind <> 'cpu' ORDER BY m.id, s.kind")" 'pc-01|ram|1|16.0
pc-01|ssd|1|512.0
pc-02|ram|1|8.0
pc-02|ssd|1|256.0'
is 'site' "$(ask 'SELECT name FROM site')" B12

# Mended by hand: a file of one's own, drops a column, tells units and dates.
cat >"$work/my.map" <<'X'
# months first; memory in MiB; who has it is nobody's business
@dates mdy
@memory MiB
@disks GB
"Name = or tag" = tag
Mem = ram_gib
"Disk*" = disk
Size = disk_size
Bought = acquired_on
Owner = -
Free = note
X
cat >"$work/other.csv" <<'X'
Name = or tag,Mem,Disk model,Size,Bought,Owner,Free
M1,16384,ST4000NM0035,4000,7/4/2019,jean,yes
X
status 0 "$FP" import --map "$work/my.map" --save-map mine "$work/other.csv"
is 'mapped' "$(ask "SELECT acquired_on, note FROM machine WHERE tag = 'M1'")" \
    '2019-07-04|Free: yes'
is 'mapped parts' "$(ask "SELECT s.kind, p.units, s.capacity FROM part p JOIN
    part_spec s ON s.id = p.spec_id JOIN machine m ON m.id = p.machine_id
    WHERE m.tag = 'M1' ORDER BY s.kind")" 'hdd|1|4000.0
ram|1|16.0'
status 0 "$FP" import --map mine "$work/other.csv"
says err '0 added, 0 changed, 1 unchanged'
status 1 "$FP" import --map MINE "$work/other.csv"

# A refused row keeps the header of its file, and comes in through the map.
sed 's,7/4/2019,13/40/2019,;s/^M1/M2/' "$work/other.csv" >"$work/bad.csv"
status 3 "$FP" import -k --map mine --rejects "$work/rej.csv" "$work/bad.csv"
says err "column 'Bought': value '13/40/2019'"
says rej.csv '^Name = or tag,Mem,Disk model,Size,Bought,Owner,Free,rejected_reason'
sed 's,13/40/2019,12/24/2019,' "$work/rej.csv" >"$work/mended.csv"
status 0 "$FP" import --map mine "$work/mended.csv"
is 'mended' "$(ask "SELECT acquired_on FROM machine WHERE tag = 'M2'")" 2019-12-24

# What cannot be.
status 1 "$FP" import --map nosuch "$work/lab.csv"
says err "no map is called 'nosuch'"
status 1 "$FP" import --guess --save-map glpi "$work/lab.csv"
says err "'glpi' is a preset of the program"
status 2 "$FP" import --guess "$work/lab.csv" "$work/other.csv"
status 2 "$FP" import --save-map x "$work/lab.csv"
status 2 "$FP" import --map glpi --save-map x "$work/lab.csv"
status 2 "$FP" import --map lab --save-map x "$work/lab.csv"
says err 'goes with --map FILE or --guess'
status 0 "$FP" import --map "$work/my.map" --save-map trial -n "$work/other.csv"
status 1 "$FP" import maps trial # a trial saves nothing
status 2 "$FP" import --map lab --as csv "$work/lab.csv"
status 1 "$FP" import --map glpi "$work/lab.csv"
says err "the map 'glpi' finds no tag, name, serial or uuid"
status 1 "$FP" import maps nosuch
printf 'Hostname = name\nfoo = bar\n' >"$work/bad.map"
status 1 "$FP" import --map "$work/bad.map" "$work/lab.csv"
says err "bad.map': line 2: 'bar' is no field"
printf '@dates ymd\nA = name\n' >"$work/bad.map"
status 1 "$FP" import --map "$work/bad.map" "$work/lab.csv"
says err 'line 1: @dates: expected dmy or mdy'
: >"$work/bad.map"
status 1 "$FP" import --map "$work/bad.map" "$work/lab.csv"
says err "has no line 'Title = field'"
finish
