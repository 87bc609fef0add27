# SPDX-License-Identifier: Apache-2.0
"""kill -9 during ingest, and now and then a plain stop: every acknowledged batch is
there, each row once, none in part. usage: kill.py [kills, default 20]"""
import random
import sys
import threading
import time

from fleet import COUNTER, GAUGE, Site, batch, check, finish, now_ns

KILLS = int(sys.argv[1]) if len(sys.argv) > 1 else 20
CLIENTS, N = 4, 21
seed = random.randrange(1 << 30)
print("seed", seed)
random.seed(seed)
s = Site()
nodes = [s.token("k%d" % i) for i in range(CLIENTS)]
start_ns = now_ns() - 7200 * 10**9
# By client: the batch that comes next, and how many were acknowledged.
sent, acknowledged = [0] * CLIENTS, [0] * CLIENTS


def client(i, stop):
    """Sends until the server is gone. What was not acknowledged goes once more."""
    try:
        c = s.connect(5)
        while not stop.is_set():
            k = acknowledged[i]
            sent[i] = k + 1
            a = s.energy(batch("run", k * N + 1, N, [COUNTER, GAUGE], start_ns), nodes[i],
                         connection=c)
            if a.status == 503 and b"going down" in a.body:
                return
            if not check(a.status == 200, "status", a.status, a.body):
                return
            d = a.json()
            check(d["accepted"] + d["duplicate"] == N and d["accepted"] in (0, N), "torn", d)
            acknowledged[i] = k + 1
    except OSError:
        pass
    except Exception as e:  # http.client's own kinds of a closed connection
        check("http.client" in type(e).__module__, "client", repr(e))


def look():
    """Between max(acknowledged) and sent, without holes, every row once."""
    rows = dict((name, (n, low, high, numbers)) for name, n, low, high, numbers in s.sql(
        "SELECT f.name, count(*), min(r.seq), max(r.seq), count(DISTINCT r.seq) FROM reading r "
        "JOIN feed_run u ON u.id = r.run_id JOIN feed_source f ON f.id = u.source_id GROUP BY 1"))
    ranges = dict((name, (n, last)) for name, n, last in s.sql(
        "SELECT f.name, count(*), max(q.last) FROM feed_seq q JOIN feed_run u ON u.id = q.run_id "
        "JOIN feed_source f ON f.id = u.source_id GROUP BY 1"))
    for i in range(CLIENTS):
        n, low, high, numbers = rows.get("k%d" % i, (0, 0, 0, 0))
        check(n % N == 0, "part of a batch", i, n)
        check(n == numbers == high and (n == 0 or low == 1), "holes", i, n, numbers, high)
        check(acknowledged[i] * N <= n <= sent[i] * N, "lost", i, n, acknowledged[i], sent[i])
        check(n == 0 or ranges["k%d" % i] == (1, n), "ranges", i, ranges.get("k%d" % i))


begun = time.monotonic()
for kill in range(KILLS):
    s.start()
    stop = threading.Event()
    threads = [threading.Thread(target=client, args=(i, stop)) for i in range(CLIENTS)]
    for t in threads:
        t.start()
    time.sleep(random.uniform(0.01, 0.3))  # the moment is what is tried
    if kill % 5 == 4:
        s.stop()  # in the middle of it, too
    else:
        s.kill()
    stop.set()
    for t in threads:
        t.join()
    look()
s.run("check")
check(s.sql("PRAGMA integrity_check") == [("ok",)], "integrity")
check(s.sql("PRAGMA foreign_key_check") == [], "foreign keys")
check(sum(acknowledged) > KILLS, "too few batches", acknowledged)
print("%d kills, %d batches acknowledged, %.1f s" % (
    KILLS, sum(acknowledged), time.monotonic() - begun))
s.close()
finish()
