# SPDX-License-Identifier: Apache-2.0
"""A disk that is full, a file that cannot be written, a queue that is full:
refused cleanly, pages go on, nothing acknowledged is lost, and it recovers."""
import json
import os
import resource
import sqlite3
import threading
import time

from fleet import Site, batch, check, finish, now_ns

NOBODY = 65534


def full(s):
    """No file may grow past a limit: what the disk does when it is full."""
    token = s.token("d")
    size = os.path.getsize(s.db)
    limit = size + (2 << 20)

    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

    s.start(preexec=limited)
    start, k, n, status = now_ns() - 86400 * 10**9, 0, 2000, 200
    c = s.connect()
    while status == 200 and k < 200:
        a = s.energy(batch("d", k * n + 1, n, start_ns=start), token, connection=c)
        status = a.status
        k += status == 200
    check(status == 503 and k > 1, "a full disk", status, k)
    check(a.headers["Retry-After"] and a.json()["title"] == "cannot-write", a.body)
    check(s.folder.encode() not in a.body, "the inside was told")
    for _ in range(3):
        again = s.energy(batch("d", k * n + 1, n, start_ns=start), token)
        check(again.status in (200, 503), "again", again.status)
        if again.status == 200:
            k += 1
    check(s.ask("GET", "/machines").status == 200, "a page on a full disk")
    check(s.ask("GET", "/livez").status == 200, "livez")
    check(any("ingest-failed" in line for line in s.log), "nothing in the log")
    # Room again, in the same process: the same batch is taken.
    resource.prlimit(s.process.pid, resource.RLIMIT_FSIZE,
                     (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    a = s.energy(batch("d", k * n + 1, n, start_ns=start), token)
    check(a.status == 200 and a.json()["accepted"] == n, a.status, a.body)
    k += 1
    s.stop()
    check(s.sql("SELECT count(*), max(seq) FROM reading") == [(k * n, k * n)], k * n)
    s.run("check")


def read_only(s):
    """Served from a folder that cannot be written: pages work, feeds are told to wait."""
    token = s.token("r")
    root = os.geteuid() == 0

    def nobody():
        if root:  # who could write everything
            os.setgid(NOBODY)
            os.setuid(NOBODY)

    if root:
        os.chown(s.folder, NOBODY, NOBODY)
        os.chown(s.db, NOBODY, NOBODY)
    os.chmod(s.db, 0o400)
    os.chmod(s.folder, 0o500)
    try:
        s.start(preexec=nobody)
        for path in ("/", "/machines", "/readyz", "/livez"):
            check(s.ask("GET", path).status == 200, path)
        a = s.energy(batch("r", 1, 1), token)
        check(a.status == 503 and a.headers["Retry-After"], "ingest", a.status, a.body)
        check(s.energy(batch("r", 1, 1), "fpn_" + "A" * 43).status == 401, "a token")
        s.stop()
    finally:
        os.chmod(s.folder, 0o700)
        os.chmod(s.db, 0o600)


def full_queue(s):
    """While another program writes, the queue fills; beyond its bound 503 comes at once."""
    tokens = [s.token("q%d" % i) for i in range(32)]
    s.start()
    start = now_ns() - 86400 * 10**9
    bodies = json.dumps(batch("q", 1, 20000, start_ns=start))
    for t in tokens:  # known, so that nothing else waits
        check(s.energy(batch("w", 1, 1), t).status == 200, "warm")
    other = sqlite3.connect(s.db, isolation_level=None, timeout=30)
    other.execute("BEGIN IMMEDIATE")
    got = []

    def client(t):
        begun = time.monotonic()
        a = s.energy(bodies, t)
        got.append((a.status, time.monotonic() - begun, a.headers["Retry-After"]))

    threads = [threading.Thread(target=client, args=(t,)) for t in tokens]
    for t in threads:
        t.start()
    end = time.monotonic() + 10
    while not any(g[0] == 503 for g in got) and time.monotonic() < end:
        time.sleep(0.01)
    check(s.ask("GET", "/machines").status == 200, "a page while the queue is full")
    other.execute("ROLLBACK")
    other.close()
    for t in threads:
        t.join()
    taken = sum(g[0] == 200 for g in got)
    check({g[0] for g in got} == {200, 503}, "statuses", sorted(got))
    check(all(g[2] for g in got if g[0] == 503), "Retry-After")
    check(s.sql("SELECT count(*) FROM reading r JOIN feed_run f ON f.id = r.run_id "
                "WHERE f.run = 'q'") == [(taken * 20000,)], "rows", taken)
    s.stop()


for test in (full, read_only, full_queue):
    print(test.__name__, flush=True)
    s = Site()
    test(s)
    s.close()
s = Site()
for bad in ("nowhere", "127.0.0.1", "127.0.0.1:99999", "example.org:1"):
    s.run("serve", "--listen", bad, status=2)
s.close()
finish()
