#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# import undo: what an import added goes, what it changed is as it was; what was
# touched since is not lost by it.
. tests/cli/lib.sh

status 1 "$FP" import undo # no database yet
head='tag,name,manufacturer,model,serial,site,status,ram_modules,power_w,project,note'
{
    echo "$head"
    echo 'A,a,Dell,R640,S1,lyon,in_service,4x32,150,physics,first'
    echo 'B,b,Dell,R640,S2,lyon,spare,2x16,?,,'
} >"$work/1.csv"
status 0 "$FP" site set lyon --country FRA --pue 1.3
status 1 "$FP" import undo
says err 'there is no import to take back'
status 0 "$FP" import "$work/1.csv"
content "$FLEETPRINT_DB" >"$work/one"

# The second adds, changes every kind of thing, and sets a site.
mkdir "$work/two"
{
    echo "$head"
    echo 'A,a2,Dell Inc.,R740,S1,paris,retired,8x32,200,chemistry,second'
    echo 'C,c,HPE,DL360,S3,paris,stock,2x16,,,'
    echo 'D,d,HPE,DL360,S4,paris,stock,2x16,,,'
} >"$work/two/fleet.csv"
printf 'name,country,pue\nlyon,FRA,1.5\nparis,FRA,1.4\n' >"$work/two/sites.csv"
status 0 "$FP" import "$work/two"
is 'added' "$(ask 'SELECT group_concat(tag) FROM (SELECT tag FROM machine ORDER BY tag)')" 'A,B,C,D'

# A trial, then for good.
content "$FLEETPRINT_DB" >"$work/both"
status 0 "$FP" --json import undo -n
json "$work/out" 'd["removed"] == 2 and d["restored"] == 1 and d["dry_run"]'
content "$FLEETPRINT_DB" >"$work/after"
cmp -s "$work/both" "$work/after" || fail 'a trial changed something'
status 0 "$FP" import undo
says err '2 lines removed, 1 as they were before'
content "$FLEETPRINT_DB" | grep -v "^('event'" >"$work/after"
grep -v "^('event'" "$work/one" | diff - "$work/after" >"$work/d" ||
    fail "not as before: $(cat "$work/d")"
# The ledger keeps what happened, and says that it was taken back.
is 'ledger' "$(ask "SELECT e.kind, e.detail FROM event e JOIN machine m ON m.id
    = e.machine_id WHERE m.tag = 'A' ORDER BY e.id DESC LIMIT 1")" \
    'recalculated|import 3 (two) taken back'
status 0 "$FP" import list
says out '^ +3 .*taken back$'
status 1 "$FP" import undo 3
says err 'taken back already'
status 1 "$FP" import undo 77
says err "no import has the number 77; 'import list' lists them"
status 2 "$FP" import undo x

# The same import again, an edit after it: the edit comes first.
status 0 "$FP" import "$work/two"
status 0 "$FP" machine set C power_w=99
status 1 "$FP" import undo
says err "import 5 \\(machine set C\\) touched line 'C' after it; take that back first: 'fleetprint import undo 5'"
is 'nothing is lost' "$(ask "SELECT power_w FROM machine WHERE tag = 'C'")" 99.0
status 0 "$FP" import undo 5
is 'the edit is gone' "$(ask "SELECT power_w FROM machine WHERE tag = 'C'")" ''
status 0 "$FP" import undo
content "$FLEETPRINT_DB" | grep -v "^('event'" | diff - "$work/after" >"$work/d" ||
    fail "not as before the second time: $(cat "$work/d")"

# Undone to the first file: nothing is left but the site that was set by hand.
status 0 "$FP" import undo
is 'machines' "$(ask 'SELECT count(*) FROM machine')" 0
is 'sites' "$(ask 'SELECT name, pue FROM site')" 'lyon|1.3'
status 0 "$FP" check
finish
