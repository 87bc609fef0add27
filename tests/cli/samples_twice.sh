#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every inventory sample twice: the second time adds and changes nothing, and all
# of them together, in either order, stay the same machines.
. tests/cli/lib.sh

samples=../shared/samples
[ -d "$samples" ] || finish
files=
for f in "$samples"/ansible_facts/*.json "$samples"/dmidecode/*.txt \
    "$samples"/glpi_json/*.json "$samples"/glpi_xml/*.xml \
    "$samples"/hwloc_xml/*.xml "$samples"/lshw_json/laptop*.json \
    "$samples"/nvidia_smi_xml/*.xml "$samples"/redfish_json/*_systems.json \
    "$samples"/redfish_tree "$samples"/rocm_smi_json/*.json \
    "$samples"/slurm/nodes.json "$samples"/snipeit/assets-sample.csv; do
    files="$files $f"
    rm -f "$FLEETPRINT_DB"*
    status 0 "$FP" import "$f"
    content "$FLEETPRINT_DB" >"$work/once"
    status 0 "$FP" import "$f"
    silent_on err '[1-9][0-9]* (added|changed)'
    content "$FLEETPRINT_DB" >"$work/twice"
    cmp -s "$work/once" "$work/twice" || fail "$f: the second import changed something"
done
machines() {
    ask "SELECT coalesce(serial, '') || ' ' || coalesce(upper(uuid), '') || ' ' ||
        coalesce(name, '') FROM machine ORDER BY 1"
}
rm -f "$FLEETPRINT_DB"*
# shellcheck disable=SC2086
status 0 "$FP" import $files
machines >"$work/forward"
reverse=
for f in $files; do
    reverse="$f $reverse"
done
rm -f "$FLEETPRINT_DB"*
# shellcheck disable=SC2086
status 0 "$FP" import $reverse
machines >"$work/backward"
cmp -s "$work/forward" "$work/backward" ||
    fail "another order, other machines: $(diff "$work/forward" "$work/backward")"
# Two of Dell's and HP's share a host name, four of dmidecode's the serial 4242.
is 'tpa-hostname' "$(grep -c 'tpa-hostname$' "$work/forward")" 2
is 'serial 4242' "$(grep -c '^4242 ' "$work/forward")" 2
finish
