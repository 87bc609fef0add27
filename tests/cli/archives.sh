#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Zip and tar archives: read as the folder that they hold, whole or not at all,
# and nothing of them is left on the disk.
. tests/cli/lib.sh
tree=../shared/samples/redfish_tree/Intel

export TMPDIR="$work/tmp"
mkdir "$TMPDIR" "$work/in" "$work/more"
python3 - "$tree" "$work" <<'P'
import io, os, sys, tarfile, zipfile
tree, work = sys.argv[1:]
files = [os.path.join(d, f) for d, _, names in os.walk(tree) for f in sorted(names)]
with zipfile.ZipFile(work + "/in/Intel.zip", "w", zipfile.ZIP_DEFLATED) as z:
    for f in files:
        z.write(f, os.path.relpath(f, tree))
with tarfile.open(work + "/in/Intel.tar", "w") as t:
    t.add(tree, ".")
with tarfile.open(work + "/in/Intel.tgz", "w:gz") as t:
    t.add(tree, "Intel")
fleet = "tag,category,cpu_count\na,server,2\nb,server,1\n"
sites = "name,country\nlyon,FRA\n"
with zipfile.ZipFile(work + "/more/fleet.zip", "w") as z:
    z.writestr("fleet.csv", fleet)
    z.writestr("sites.csv", sites)
    z.writestr("README.md", "words")
def tar(name, *members):
    with tarfile.open(work + "/" + name, "w") as t:
        for m, body in members:
            i = tarfile.TarInfo(m)
            if body is None:
                i.type, i.linkname = tarfile.SYMTYPE, work
            else:
                i.size = len(body)
            t.addfile(i, io.BytesIO(body or b""))
tar("outside.tar", ("x/../../out.csv", fleet.encode()))
tar("link.tar", ("away", None), ("away/out.csv", fleet.encode()))
tar("twice.tar", ("fleet.csv", b"tag,category\nold,server\n"), ("fleet.csv", fleet.encode()))
tar("under.tar", ("a.csv", fleet.encode()), ("a.csv/b.csv", fleet.encode()))
tar("photos.tar", ("photo.png", b"\x89PNG\r\n\x1a\n"))
with zipfile.ZipFile(work + "/nested.zip", "w") as z:
    z.write(work + "/more/fleet.zip", "fleet.zip")
with zipfile.ZipFile(work + "/bomb.zip", "w", zipfile.ZIP_DEFLATED) as z:
    for i in range(3):
        z.writestr("%d.json" % i, b"[" * (40 << 20))
whole = open(work + "/in/Intel.zip", "rb").read()
open(work + "/cut.zip", "wb").write(whole[:len(whole) // 2])
P

# The same machines as those of the folder.
machines='import json, sys; print(json.dumps(json.load(sys.stdin)["machines"], sort_keys=True))'
status 0 "$FP" import --dry-run --json "$tree"
python3 -c "$machines" <"$work/out" >"$work/want"
for kind in zip tar tgz; do
    status 0 "$FP" import --dry-run --json "$work/in/Intel.$kind"
    python3 -c "$machines" <"$work/out" >"$work/got"
    cmp -s "$work/want" "$work/got" || fail "a $kind archive is read in another way"
done
status 0 "$FP" import --dry-run --json - <"$work/in/Intel.zip"
python3 -c "$machines" <"$work/out" >"$work/got"
cmp -s "$work/want" "$work/got" || fail 'an archive on standard input is read in another way'

# One after another they are the same machines; a folder may hold archives.
status 0 "$FP" import "$work/in"
is 'machines of one tree' "$(ask 'SELECT count(*) FROM machine')" \
    "$(python3 -c 'import json, sys; print(len(json.load(open(sys.argv[1]))))' "$work/want")"
status 0 "$FP" import --as csv "$work/more/fleet.zip"
is 'two machines of a zip' "$(ask "SELECT count(*) FROM machine WHERE tag IN ('a', 'b')")" 2
is 'its site' "$(ask "SELECT country FROM site WHERE name = 'lyon'")" FRA
status 0 "$FP" import --dry-run "$work/twice.tar"
silent_on out 'old'

# What is no good is refused whole.
content "$FLEETPRINT_DB" >"$work/before"
status 1 "$FP" import "$work/outside.tar"
says err "outside.tar: an archive with the member 'x/../../out.csv', which lies outside it"
status 1 "$FP" import "$work/under.tar"
says err "under.tar: cannot create the folder '.*a\.csv'"
status 1 env TMPDIR="$work/nowhere" "$FP" import "$work/twice.tar"
says err "cannot make a temporary folder '.*nowhere/fleetprint-.*No such file"
status 1 "$FP" import "$work/photos.tar"
says err "'photos.tar' is none of the formats"
status 1 "$FP" import "$work/nested.zip"
says err 'fleet.zip: a zip archive: unpack it'
status 1 "$FP" import "$work/bomb.zip"
says err 'grows more than 200 times'
status 1 "$FP" import "$work/cut.zip"
says err 'cut.zip: damaged archive'
content "$FLEETPRINT_DB" >"$work/after"
cmp -s "$work/before" "$work/after" || fail 'a refused archive changed something'
status 0 "$FP" import --dry-run "$work/link.tar"
[ -e "$work/out.csv" ] && fail 'a member was written through a link'
is 'nothing is left of them' "$(ls "$TMPDIR")" ''
finish
