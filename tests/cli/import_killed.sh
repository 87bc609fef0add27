#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# An import that is killed leaves nothing, and the next one is whole; progress is
# told on a terminal only.
. tests/cli/lib.sh

printf 'tag,ram_modules,site\nK,4x32,lyon\n' >"$work/one.csv"
status 0 "$FP" import "$work/one.csv"
content "$FLEETPRINT_DB" >"$work/before"
python3 - "$work/big.csv" <<'P'
import sys
with open(sys.argv[1], "w") as f:
    f.write("tag,name,manufacturer,model,serial,ram_modules,ssd,power_w\n")
    for i in range(30000):
        f.write(f"T{i},n{i},Dell,R{i % 50},S{i},4x32,2x960GB,{i % 400}\n")
P
# Killed while it writes: when the log of the database has begun to grow, and
# at two later sizes.
for size in 1 1000000 3000000; do
    python3 - "$FP" "$work/big.csv" "$FLEETPRINT_DB-wal" "$size" <<'P' || fail "kill at $size"
import os, signal, subprocess, sys
program, big, log, size = sys.argv[1:4] + [int(sys.argv[4])]
p = subprocess.Popen([program, "import", big], stderr=subprocess.DEVNULL)
while p.poll() is None:
    if os.path.exists(log) and os.path.getsize(log) >= size:
        p.send_signal(signal.SIGKILL)
        break
assert p.wait() == -signal.SIGKILL, "it ended by itself: %s" % p.returncode
P
    content "$FLEETPRINT_DB" >"$work/after"
    cmp -s "$work/before" "$work/after" || fail "killed at $size: something is left"
    status 0 "$FP" check
    is 'imports' "$(ask 'SELECT count(*) FROM import')" 1
done
status 0 "$FP" import "$work/big.csv"
is 'whole' "$(ask 'SELECT count(*) FROM machine')" 30001

# Progress: none into a file, some on a terminal, which it clears at the end.
silent_on err '[0-9] %'
python3 - "$FP" "$work/big.csv" <<'P' || fail 'progress on a terminal'
import os, pty, re, subprocess, sys
end, there = pty.openpty()
p = subprocess.Popen([sys.argv[1], "import", sys.argv[2]], stderr=there,
                     stdout=subprocess.PIPE)
os.close(there)
text = b""
while True:
    try:
        some = os.read(end, 65536)
    except OSError:  # the other side is closed
        break
    if not some:
        break
    text += some
assert p.wait() == 0 and p.stdout.read() == b""
shown = [int(n) for n in re.findall(rb"\rbig.csv: (\d+) %", text)]
assert len(shown) >= 5 and shown == sorted(shown) and shown[-1] <= 100, shown
assert b"\r\x1b[K" in text and b"0 added, 0 changed, 30000 unchanged" in text, text[-300:]
P
finish
