#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Each preset of the column mapper on a file as its system exports it; counts and
# values are read from the files by hand.
. tests/cli/lib.sh

# preset NAME FORMAT FILE: the dry run recognises it by its header alone
preset() {
    rm -f "$FLEETPRINT_DB"*
    status 0 "$FP" import --dry-run --json "$3"
    json "$work/out" "(d['preset'], d['format'], d['rejected']) == ('$1', '$2', [])"
    status 0 "$FP" import "$3"
    says err "columns read by the preset '$1'; --map own or another map"
}
parts='SELECT m.tag, s.kind, p.units, s.model, s.capacity FROM part p
    JOIN part_spec s ON s.id = p.spec_id JOIN machine m ON m.id = p.machine_id
    ORDER BY m.id, s.kind, s.model'
states="SELECT m.tag, s.status, s.valid_from, coalesce(s.valid_to, ''), t.name,
    t.country FROM machine_state s JOIN machine m ON m.id = s.machine_id
    JOIN site t ON t.id = s.site_id ORDER BY m.id, s.valid_from"

# ---- GLPI, French: several values a cell, MiB without unit, days first -------
cat >"$work/glpi.csv" <<'X'
"Nom";"Statut";"Fabricant";"Numéro de série";"Type";"Modèle";"Lieu";"Composants - Processeur";"Composants - Mémoire";"Composants - Type de disque dur";"Composants - Taille du disque dur";"Composants - Carte graphique";"Informations financières et administratives - Date d'achat";"Informations financières et administratives - Valeur";"Utilisateur";"Commentaires"
"srv1";"En production";"Dell";"ABC1";"Serveur";"PowerEdge R640";"Lyon";"Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz
Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz";"32768
32768
32768
32768";"MZ7LH960
ST4000NM0035";"915715
3815447";"Matrox G200eR2";"16/07/2019";"1 500,00";"dupont";"salle froide"
"pc1";"En stock";"HP";"ABC2";"Ordinateur portable";"EliteBook 840 G5";"Lyon";"Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz";"8192";"SSD 860 EVO";"256060";"";"2018-03-01";"";"durand";""
"vm1";"En production";"VMware, Inc.";"VMware-56";"VM";"VMware Virtual Platform";"Lyon";"";"4096";"";"";"";"";"";"";""
X
preset glpi glpi-csv "$work/glpi.csv"
is 'glpi machines' "$(ask "SELECT m.tag, m.category, p.name, m.serial, m.cpu_count,
    m.acquired_on, m.price_eur, m.virtual, m.note FROM machine m JOIN product p
    ON p.id = m.product_id ORDER BY m.id")" \
    'srv1|server|PowerEdge R640|ABC1|2|2019-07-16|1500.0||Commentaires: salle froide
pc1|laptop|EliteBook 840 G5|ABC2||2018-03-01|||
vm1|server|VMware Virtual Platform|VMware-56||||1|'
# 915715 MiB and 256060 MB are both what the makers sell: 960 and 256 GB.
is 'glpi parts' "$(ask "$parts")" 'srv1|cpu|2|Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz|-1.0
srv1|hdd|1|ST4000NM0035|4000.0
srv1|ram|4||32.0
srv1|ssd|1|MZ7LH960|960.0
pc1|cpu|1|Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz|-1.0
pc1|ram|1||8.0
pc1|ssd|1|SSD 860 EVO|256.0
vm1|ram|1||4.0'
is 'glpi states' "$(ask "$states")" 'srv1|in_service|2019-07-16||Lyon|
pc1|stock|2018-03-01||Lyon|
vm1|in_service|||Lyon|'
is 'nobody by name' "$(ask "SELECT count(*) FROM machine WHERE note LIKE '%dupont%'")" 0
# A BMC's card is none: known to be none on srv1, not known on the others.
is 'cards' "$(ask "SELECT count(DISTINCT unknown_kinds) FROM machine
    WHERE tag IN ('srv1', 'pc1')")" 2

# ---- GLPI, English, with an inventory number ----------------------------------
cat >"$work/glpi_en.csv" <<'X'
"Name","Status","Manufacturer","Serial number","Inventory number","Type","Model","Location","Components - Processor","Components - Memory (MiB)","Last inventory date"
"srv1","In use","Dell","ABC1","I-1","Server","PowerEdge R640","Lyon","Intel Xeon Gold 6130","32768","2024-01-01"
X
preset glpi glpi-csv "$work/glpi_en.csv"
is 'glpi en' "$(ask 'SELECT tag, name, serial, note FROM machine')" 'I-1|srv1|ABC1|'

# ---- NetBox: fields, older fields, the table as shown, virtual machines --------
cat >"$work/devices.csv" <<'X'
name,status,tenant,site,location,rack,role,manufacturer,device_type,serial,asset_tag,position,face,comments,id,primary_ip4
web1,active,IT,lyon,room1,R1,Server,Dell,PowerEdge R640,CLFV7M2,A100,10,front,hello,1,10.0.0.1
sw1,active,IT,lyon,room1,R1,Access switch,Cisco,C9300,FOC123,A101,11,front,,2,
new1,planned,IT,lyon,,,Server,HPE,DL360,MXQ1,,,,,3,
X
preset netbox netbox "$work/devices.csv"
is 'netbox' "$(ask "SELECT m.tag, m.name, m.category, m.serial, p.manufacturer,
    p.name, m.note FROM machine m JOIN product p ON p.id = m.product_id
    ORDER BY m.id")" \
    'A100|web1|server|CLFV7M2|Dell|PowerEdge R640|tenant: IT; location: room1; rack: R1; position: 10; face: front; comments: hello
A101|sw1|switch|FOC123|Cisco|C9300|tenant: IT; location: room1; rack: R1; position: 11; face: front
new1|new1|server|MXQ1|HPE|DL360|tenant: IT'
is 'netbox states' "$(ask "$states")" 'A100|in_service|||lyon|
A101|in_service|||lyon|
new1|received|||lyon|'
printf '%s\n' 'name,device_role,tenant,manufacturer,device_type,serial,asset_tag,status,site,rack' \
    'web1,Server,IT,Dell,PowerEdge R640,CLFV7M2,A100,Active,lyon,R1' >"$work/old.csv"
preset netbox-old netbox "$work/old.csv"
is 'netbox-old' "$(ask 'SELECT tag, category, serial FROM machine')" 'A100|server|CLFV7M2'
printf '%s\n' 'Name,Status,Tenant,Site,Rack,Role,Manufacturer,Type,IP Address' \
    'web1,Active,IT,Lyon,R1,Server,Dell,PowerEdge R640,10.0.0.1/24' >"$work/view.csv"
preset netbox-view netbox "$work/view.csv"
is 'netbox-view' "$(ask 'SELECT tag, category, note FROM machine')" \
    'web1|server|Tenant: IT; Rack: R1'
printf '%s\n' 'name,status,cluster,vcpus,memory,disk,role,primary_ip4' \
    'vm1,active,c1,4.00,8192,100,web,10.0.0.9' >"$work/vms.csv"
preset netbox-vm netbox "$work/vms.csv"
is 'netbox-vm' "$(ask 'SELECT tag, virtual FROM machine')" 'vm1|1'

# ---- Snipe-IT: months first, money with its sign ---------------------------------
cat >"$work/snipe.csv" <<'X'
Asset Name,Asset Tag,Serial,Model,Model No.,Category,Manufacturer,Status,Location,Purchase Date,Purchase Cost,Warranty Expires,Checked Out To: Name,Notes
web1,S-1,CLFV7M2,PowerEdge R640,R640,Server,Dell,Deployed,Lyon,7/16/2019,"$1,500.00",07/16/2022,Jean Dupont,ok
pc1,S-2,XX2,Latitude 7490,,Laptops,Dell,Ready to Deploy,Lyon,1/23/23,900,,,
X
preset snipeit snipeit "$work/snipe.csv"
is 'snipeit' "$(ask 'SELECT tag, name, category, acquired_on, price_eur, warranty_end,
    note FROM machine ORDER BY id')" \
    'S-1|web1|server|2019-07-16|1500.0|2022-07-16|Model No.: R640; Notes: ok
S-2|pc1|laptop|2023-01-23|900.0||'
is 'snipeit states' "$(ask "$states")" 'S-1|in_service|2019-07-16||Lyon|
S-2|stock|2023-01-23||Lyon|'
# The sample of its authors: every row, against Python's reading of it.
sample=../shared/samples/snipeit/assets-sample.csv
if [ -e "$sample" ]; then
    preset snipeit snipeit "$sample"
    ask 'SELECT tag, acquired_on, price_eur FROM machine ORDER BY tag' >"$work/got"
    python3 - "$sample" >"$work/want" <<'P'
import csv, sys
for r in sorted(csv.DictReader(open(sys.argv[1], encoding="utf-8-sig")),
                key=lambda r: r["Asset Tag"]):
    m, d, y = map(int, r["Purchase Date"].split("/"))
    print("%s|20%02d-%02d-%02d|%s" % (r["Asset Tag"], y, m, d, float(r["Purchase Cost"])))
P
    is 'rows of the sample' "$(wc -l <"$work/want" | tr -d ' ')" 22
    cmp -s "$work/got" "$work/want" || fail 'the sample of Snipe-IT'
fi

# ---- G4IT and NumEcoEval: quantities, countries, decimal comma -------------------
cat >"$work/g4it.csv" <<'X'
nomEquipementPhysique;modele;quantite;nomCourtDatacenter;dateAchat;dateRetrait;type;statut;paysDUtilisation;consoElecAnnuelle;utilisateur;nomSourceDonnee;nbCoeur
physicalEq_1;blade-server--28;1;dc1;2020-06-01;2025-06-01;Server;Retired;France;1500,5;u1;src;24
physicalEq_2;laptop-3;10;;2021-01-15;;Laptop;In use;Germany;;u2;src;
;monitor-24;5;;2020-01-01;;Monitor;;France;70;;;
X
preset g4it csv "$work/g4it.csv"
is 'g4it' "$(ask 'SELECT tag, units, category, energy_kwh_year, cpu_cores, note
    FROM machine ORDER BY id')" \
    'physicalEq_1|1|server|1500.5|24|nomSourceDonnee: src
physicalEq_2|10|laptop|||nomSourceDonnee: src
g4it: monitor-24 #1|5|screen|70.0||'
is 'g4it states' "$(ask "$states")" 'physicalEq_1|in_service|2020-06-01|2025-06-01|dc1|FRA
physicalEq_1|retired|2025-06-01||dc1|FRA
physicalEq_2|in_service|2021-01-15||Germany|DEU
g4it: monitor-24 #1|in_service|2020-01-01||France|FRA'

# ---- EcoDiag: one line an item, numbered by model ---------------------------------
printf '%s\n' 'Modele,Fabricant,Type' 'Latitude 7490,Dell,laptop' \
    'Latitude 7490,DELl,laptop' 'PowerEdge R640,Dell,server' >"$work/exemple.csv"
preset ecodiag csv "$work/exemple.csv"
is 'ecodiag' "$(ask 'SELECT tag, category FROM machine ORDER BY id')" \
    'exemple: Dell Latitude 7490 #1|laptop
exemple: DELl Latitude 7490 #2|laptop
exemple: Dell PowerEdge R640 #1|server'
status 0 "$FP" import "$work/exemple.csv"
says err '0 added, 0 changed, 3 unchanged'

# ---- the own template, also where a preset would take it --------------------------
printf '%s\n' 'tag,name,category,manufacturer,model,asset_tag,company' \
    'T1,t,server,Dell,R640,S-9,ACME' >"$work/own.csv"
status 0 "$FP" import --dry-run --json "$work/own.csv"
json "$work/out" '(d["format"], d.get("preset"), d["machines"][0]["tag"]) == ("csv", None, "T1")'
finish
