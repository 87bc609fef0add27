#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A database of an older schema, one cut short, and one in a folder that cannot
# be written.
. tests/cli/lib.sh
old() {
    rm -f "$FLEETPRINT_DB"*
    python3 - "$FLEETPRINT_DB" <<'P'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.executescript(open("src/store/schema/0001.sql").read())
db.execute("PRAGMA application_id = 0x666C7074")
db.execute("PRAGMA user_version = 1")
db.commit()
P
}
version() {
    python3 -c 'import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute("PRAGMA user_version").fetchone()[0])' \
        "$FLEETPRINT_DB"
}

# what reads brings it up to date, also what needs no database
for words in 'factor list' 'grid list FRA' 'machine list' 'report year 2025'; do
    old
    # shellcheck disable=SC2086
    status 0 "$FP" $words
    [ "$(version)" -gt 1 ] || fail "$words left schema $(version)"
done
old
status 0 "$FP" init
says err 'schema'
status 1 "$FP" init
says err 'exists already'

# its making was cut short
rm -f "$FLEETPRINT_DB"*
: >"$FLEETPRINT_DB"
status 0 "$FP" init
status 0 "$FP" check

# not ours: left alone
rm -f "$FLEETPRINT_DB"*
python3 -c 'import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("CREATE TABLE t(a)")
db.commit()' "$FLEETPRINT_DB"
status 1 "$FP" init
says err 'not one of this program'

# a copy on a disk that cannot be written is read all the same; root writes
# wherever the file system lets it
mkdir "$work/a #1%?b"
FLEETPRINT_DB="$work/a #1%?b/fleet.db"
printf 'tag,category,cpu_model\nA1,server,Xeon Gold 6130\n' >"$work/f.csv"
status 0 "$FP" import "$work/f.csv"
chmod 444 "$FLEETPRINT_DB"
chmod 555 "$work/a #1%?b"
reader=''
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null &&
    setpriv --reuid=65534 --regid=65534 --clear-groups "$FP" --version \
        >/dev/null 2>&1; then
    reader='setpriv --reuid=65534 --regid=65534 --clear-groups'
    chmod 755 "$work"
fi
for words in check 'machine list' 'report year 2025 --json'; do
    # shellcheck disable=SC2086
    status 0 $reader "$FP" $words
done
if [ -n "$reader" ] || [ "$(id -u)" != 0 ]; then
    # shellcheck disable=SC2086
    status 1 $reader "$FP" site set lyon --country FRA
    says err 'cannot be written'
fi
chmod 755 "$work/a #1%?b"
finish
