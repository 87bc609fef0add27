# SPDX-License-Identifier: Apache-2.0
"""POST /api/v1/energy as docs/feeds.md has it: tokens, sending again, conflicts,
gzip, limits, 64-bit values, many senders at once."""
import gzip
import json
import os
import socket
import threading
import time

from fleet import (COUNTER, GAUGE, INTERVAL, Site, batch, check, finish, now_ns, zipped)


def answered(a, **want):
    if not check(a.status == 200, "status", a.status, a.body):
        return
    d = a.json()
    for key, value in want.items():
        check(d[key] == value, key, d[key], "instead of", value, d)


def tokens(s):
    node, other = s.token("n1"), s.token("n2")
    scrape, enrol = s.token("--scrape"), s.token("--enrol", "default")
    one = batch("t1", 1, 3)
    for bad in (None, "x", node[:-1], node + "A", "fpn_" + "A" * 43, node.upper()):
        a = s.energy(one, bad)
        check(a.status == 401, "token", bad, a.status)
        check(a.headers["WWW-Authenticate"] == "Bearer", "WWW-Authenticate")
        check(a.headers["Content-Type"] == "application/problem+json", "type")
        check(a.json()["status"] == 401, "problem", a.body)
    check(s.ask("POST", "/api/v1/energy", "{}", headers={"Authorization": "Basic eDp5"}).status
          == 401, "basic")
    for wrong in (scrape, enrol):
        check(s.energy(one, wrong).status == 403, "another kind of token")
    answered(s.energy(one, node), accepted=3, duplicate=0, rejected=[], last_seq=3)
    # Another node's row of the same run and number is another row.
    answered(s.energy(one, other), accepted=3)
    # The batch may name its own node, with its domain, and no other.
    for name, status in (("n1", 200), ("N1", 200), ("n1.example.org", 200), ("n2", 403),
                         ("n12", 403)):
        a = s.energy({**batch("t2", 1, 1), "node": name}, node)
        check(a.status == status, name, a.status, a.body)
    listed = json.loads(s.run("--json", "token", "list").stdout)
    mine = [t for t in listed if t["node"] == "n1"][0]
    check(mine["state"] == "good" and mine["used_at"] and mine["seen_at"], mine)
    s.run("token", "revoke", str(mine["id"]))
    check(s.energy(batch("t1", 4, 1), node).status == 401, "a revoked token was taken")
    answered(s.energy(batch("t1", 4, 1), other), accepted=1)
    s.run("token", "revoke", "999", status=1)
    text = open(s.db, "rb").read() + open(s.db + "-wal", "rb").read()
    check(node.encode() not in text and node[4:].encode() not in text, "a token in the clear")
    check(not any(node[4:20] in line for line in s.log), "a token in the log")


def again(s):
    node = s.token("again")
    one = batch("r", 1, 50, meters=[COUNTER, GAUGE])
    answered(s.energy(one, node), accepted=50, duplicate=0, conflict=0, refused=0)
    for _ in range(3):
        answered(s.energy(one, node), accepted=0, duplicate=50, last_seq=50)
    # Cut differently: partly there already.
    part = {**one, "samples": one["samples"][40:] + batch(
        "r", 51, 5, start_ns=one["samples"][0][1] - 10**9)["samples"]}
    answered(s.energy(part, node), accepted=5, duplicate=10, last_seq=55)
    # The same number with another value: the first stays.
    other = json.loads(json.dumps(one))
    other["samples"][7][3] += 1
    answered(s.energy(other, node), accepted=0, duplicate=49, conflict=1, refused=1)
    a = s.energy(other, node).json()
    check(a["rejected"][0]["seq"] == 8 and a["rejected"][0]["reason"], a)
    rows = s.sql("SELECT count(*), sum(seq) FROM reading r JOIN feed_run f ON f.id = r.run_id "
                 "WHERE f.run = 'r'")
    check(rows == [(55, 55 * 56 // 2)], rows)
    value = s.sql("SELECT value FROM reading JOIN feed_run f ON f.id = run_id "
                  "WHERE f.run = 'r' AND seq = 8")
    check(value == [(8 * 1000 if 8 % 2 == 0 else 8 * 10**9,)], value)
    # A meter does not change what it is.
    changed = batch("r", 60, 1, meters=[{**COUNTER, "unit": "J"}])
    check(s.energy(changed, node).status == 400, "a meter of another unit")


def values(s):
    node = s.token("values")
    t = now_ns() - 60 * 10**9
    body = {"run": "v", "meters": [
        {**COUNTER, "unit": "uJ"}, {**GAUGE, "unit": "W"}, INTERVAL], "samples": [
        [1, t, 0, "9223372036854775806"], [2, t + 1, 0, "9007199254740993"],
        [3, t + 2, 0, 0], [4, t + 3, 1, 231.5], [5, str(t + 4), "1", "0.0000015"],
        [6, t + 5, 2, "1.5", t - 10**9], [7, t + 6, 0, "9223372036854775808"],
        [8, t + 7, 1, -1], [9, t + 8, 1, None], [10, t + 9, 9, 1], [11, t + 10, 1, 5]]}
    a = s.energy(body, node)
    answered(a, accepted=7, refused=4, last_seq=11)
    told = {r["seq"]: r["reason"] for r in a.json()["rejected"]}
    check(told == {7: "the value is too large", 8: "the value is negative",
                   9: "the value is not a number", 10: "no meter of that number"}, told)
    rows = dict(s.sql("SELECT seq, value FROM reading JOIN feed_run f ON f.id = run_id "
                      "WHERE f.run = 'v'"))
    check(rows == {1: 9223372036854775806, 2: 9007199254740993, 3: 0, 4: 231500000, 5: 2,
                   6: 5400000000, 11: 5000000}, rows)
    # Refused rows are no holes: one range of numbers.
    ranges = s.sql("SELECT first, last FROM feed_seq JOIN feed_run f ON f.id = run_id "
                   "WHERE f.run = 'v'")
    check(ranges == [(1, 11)], ranges)
    nan = '{"run":"v2","meters":[%s],"samples":[[1,%d,0,NaN],[2,%d,0,1]]}' % (
        json.dumps(COUNTER), t, t)
    answered(s.energy(nan, node), accepted=1, refused=1)
    answered(s.energy({"run": "v3", "meters": [], "samples": []}, node), accepted=0, last_seq=0)


def bodies(s):
    node = s.token("bodies")
    whole = json.dumps(batch("b", 1, 20))
    before = s.sql("SELECT count(*) FROM reading")
    for cut in (0, 1, len(whole) // 2, len(whole) - 1):
        a = s.energy(whole[:cut], node)
        check(a.status == 400 and "line 1" in (a.json()["where"] or ""), cut, a.body)
    for bad in ("[]", "{}", "null", whole.replace("]", "}", 1), whole.replace("counter", "count"),
                whole.replace("boot-1", "\\u0000"), whole + "x"):
        a = s.energy(bad, node)
        check(a.status == 400 and a.json()["detail"], bad[:60], a.status, a.body)
    check(s.energy(b"\xff" + whole.encode(), node).status == 400, "bad UTF-8")
    check(s.sql("SELECT count(*) FROM reading") == before, "rows of refused bodies")
    gz = {"Content-Encoding": "gzip"}
    answered(s.energy(zipped(batch("b", 1, 20)), node, headers=gz), accepted=20)
    for bad in (b"", b"x", zipped(batch("b", 1, 2))[:-1], whole.encode()):
        check(s.energy(bad, node, headers=gz).status == 400, "bad gzip", bad[:10])
    bomb = gzip.compress(b" " * (100 << 20))
    start = time.monotonic()
    a = s.energy(bomb, node, headers=gz)
    check(a.status == 413, "a bomb", a.status)
    check(time.monotonic() - start < 5, "a bomb was unpacked")
    for coding in ("br", "deflate"):
        a = s.energy(whole, node, headers={"Content-Encoding": coding})
        check(a.status == 415, coding, a.status)
    a = s.energy(whole, node, headers={"Content-Type": "text/csv"})
    check(a.status == 415, "text/csv", a.status)
    # 8 MiB, and one byte more.
    limit = 8 << 20
    padded = json.dumps(batch("b2", 1, 1))
    padded = padded[:-1] + " " * (limit - len(padded)) + "}"
    big = batch("b3", 1, 1)
    big["samples"] = [[i, i * 10**9, 0, 1] for i in range(1, 20002)]
    check(s.energy(big, node).status == 413, "20,001 samples")
    check(s.energy(padded + " ", node).status == 413, "8 MiB and a byte")
    packed = gzip.compress(b"[" * (limit + 1))
    check(s.energy(packed, node, headers=gz).status == 413, "8 MiB and a byte unpacked")
    a = s.ask("GET", "/api/v1/energy", token=node)
    check(a.status == 405 and a.headers["Allow"] == "POST", "GET", a.status)


def clocks(s):
    """Feed-Clock: where the sender's clock is 20 years back, an hour ahead, late; or no clock at all."""
    node = s.token("clocks")
    at = lambda run: s.sql("SELECT r.t_ns, r.node_ns FROM reading r JOIN feed_run f ON f.id = r.run_id "
                           "WHERE f.run = ? AND seq = 1", run)
    for k, off in enumerate((-20 * 365 * 86400, 3600, 5 * 86400)):
        sent = now_ns()
        clock = sent + off * 10**9
        one = {**batch(f"k{k}", 1, 3, start_ns=clock - 7201 * 10**9), "boot": f"k{k}"}
        a = s.energy(one, node, headers={"Feed-Clock": f"k{k} {clock}"})
        answered(a, accepted=3, refused=0)
        got, was = at(f"k{k}")[0]
        check(0 <= got - (sent - 7200 * 10**9) < 60 * 10**9, "read two hours before it was sent", off, got - sent)
        check(was == clock - 7200 * 10**9, "the node's own time", was)
    late = {**batch("k3", 1, 1, start_ns=now_ns() - 7200 * 10**9), "boot": "k3"}
    answered(s.energy(late, node, headers={"Feed-Clock": f"k3 {now_ns()}"}), accepted=1)
    check(at("k3")[0] == (late["samples"][0][1], None), "late, and where it was read")
    for bad in ("k3", "k3 ", " 5", "k3 x", "k3 0", "k3 -5", f"k3 {2**63}", "k" * 65 + " 5", "k3  5 5"):
        a = s.energy(late, node, headers={"Feed-Clock": bad})
        check(a.status == 400 and "Feed-Clock" in a.json()["detail"], "a Feed-Clock of", bad, a.status, a.body)


def broken_clients(s):
    """Connections that end in the middle leave nothing behind."""
    node = s.token("broken")
    body = json.dumps(batch("k", 1, 10)).encode()
    head = ("POST /api/v1/energy HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
            "Content-Length: %d\r\n\r\n" % (node, len(body))).encode()
    for cut in (10, len(head), len(head) + len(body) // 2, len(head) + len(body)):
        with socket.create_connection(("127.0.0.1", s.port)) as c:
            c.sendall((head + body)[:cut])
    answered(s.energy(batch("k2", 1, 1), node), accepted=1)
    # Sent whole without waiting: it is taken or not, never half.
    n = s.sql("SELECT count(*) FROM reading JOIN feed_run f ON f.id = run_id WHERE f.run = 'k'")
    check(n in ([(0,)], [(10,)]), "a torn batch", n)


def many(s):
    """16 clients, 40 batches each, every third sent twice."""
    clients, rounds, n = 16, 40, 50
    nodes = [s.token("many-%d" % i) for i in range(clients)]
    start = now_ns() - 7200 * 10**9
    sums = [[0, 0] for _ in nodes]

    def client(i):
        c = s.connect()
        for k in range(rounds):
            body = json.dumps(batch("m", k * n + 1, n, meters=[COUNTER, GAUGE], start_ns=start))
            for _ in range(2 if k % 3 == 0 else 1):
                a = s.energy(body, nodes[i], connection=c)
                if check(a.status == 200, "client", i, a.status, a.body):
                    sums[i][0] += a.json()["accepted"]
                    sums[i][1] += a.json()["duplicate"]

    threads = [threading.Thread(target=client, args=(i,)) for i in range(clients)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    twice = n * len(range(0, rounds, 3))
    check(all(x == [rounds * n, twice] for x in sums), sums)
    rows = s.sql("SELECT f.source_id, count(*), sum(seq), sum(value) FROM reading r "
                 "JOIN feed_run f ON f.id = r.run_id WHERE f.run = 'm' GROUP BY 1")
    total = rounds * n
    value = sum(q % 997 * 1000 * (1 if q % 2 == 0 else 10**6) for q in range(1, total + 1))
    check(len(rows) == clients and all(
        r[1:] == (total, total * (total + 1) // 2, value) for r in rows), rows[:3])


def refusals(s, scrape):
    a = s.ask("GET", "/metrics", token=scrape)
    text = a.body.decode()
    check(a.status == 200, "metrics", a.status, text, s.log[-5:])
    return {x.split('"')[1]: int(x.rsplit(" ", 1)[1]) for x in text.splitlines()
            if x.startswith('fleetprint_ingest_rejected_total{reason="')}


def counted(s):
    """Each whole request that is refused counts once, under its reason."""
    node, scrape = s.token("counted"), s.token("--scrape")
    one = json.dumps(batch("c", 1, 1))
    large = one[:-1] + " " * (8 << 20) + "}"
    for body, headers, reason in (
            (large, {}, "too-large"),
            (gzip.compress(large.encode()), {"Content-Encoding": "gzip"}, "too-large"),
            ("[" * 100, {}, "too-large"),
            (one, {"Content-Encoding": "br"}, "invalid"),
            (one, {"Content-Type": "text/csv"}, "invalid"),
            (one[:-3], {}, "invalid"),
            (one.replace('"uJ"', '"BTU"'), {}, "invalid"),
            (one[:-1] + ',"node":"other"}', {}, "denied")):
        before = refusals(s, scrape)
        a = s.energy(body, node, headers=headers)
        after = refusals(s, scrape)
        before[reason] += 1
        check(a.status >= 400 and after == before, reason, a.status, headers, after)
    before = refusals(s, scrape)
    sent_and_cut_off(s, node)
    after = refusals(s, scrape)
    before["too-large"] += 1
    check(after == before, "cut off", after)
    answered(s.energy(one, node), accepted=1)


def sent_and_cut_off(s, token):
    """Chunks without an end: the connection is closed after some 16 MiB."""
    with socket.create_connection(("127.0.0.1", s.port), timeout=60) as c:
        c.sendall(f"POST /api/v1/energy HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
                  "Transfer-Encoding: chunked\r\n\r\n".encode())
        chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
        sent = 0
        try:
            while sent < 64 << 20:
                c.sendall(chunk)
                sent += 65536
        except OSError:
            pass
        check(16 << 20 <= sent < 64 << 20, "cut off after", sent)


def metrics(s):
    scrape = s.token("--scrape")
    check(s.ask("GET", "/metrics").status == 401, "metrics without a token")
    check(s.ask("GET", "/metrics", token=s.token("m")).status == 403, "a node's token")
    a = s.ask("GET", "/metrics", token=scrape)
    check(a.status == 200 and a.headers["Content-Type"].startswith("text/plain; version=0.0.4"),
          a.status)
    lines = dict(x.rsplit(" ", 1) for x in a.body.decode().splitlines() if x[0] != "#")
    got = {k: int(v) for k, v in lines.items() if k.startswith("fleetprint_ingest_samples")}
    rows = s.sql("SELECT count(*) FROM reading")[0][0]
    check(got['fleetprint_ingest_samples_total{result="accepted"}'] == rows, got, rows)
    # Twice in again(), twice where tokens() sends one number at three times.
    check(got['fleetprint_ingest_samples_total{result="conflict"}'] == 4, got)
    check(lines["fleetprint_ingest_queue_depth"] == "0", "queue")
    check(int(lines['fleetprint_ingest_rejected_total{reason="token"}']) >= 7, "refused")
    check(lines['fleetprint_ingest_commit_seconds_bucket{le="+Inf"}']
          == lines["fleetprint_ingest_commit_seconds_count"], "histogram")
    # The figures are the server's own: a database that cannot be read hides none of them.
    os.rename(s.db, s.db + ".away")
    a = s.ask("GET", "/metrics", token=scrape)
    os.rename(s.db + ".away", s.db)
    away = dict(x.rsplit(" ", 1) for x in a.body.decode().splitlines() if x[0] != "#")
    check(a.status == 200 and all(away.get(k) == v for k, v in lines.items() if "samples_total" in k),
          "metrics without a database", a.status, a.body)
    ready = s.ask("GET", "/readyz").body.decode().splitlines()
    check(ready[0] == "ok" and ready[2] == "backup_age_seconds unknown", ready)
    s.run("backup", s.db + ".copy")
    ready = dict(x.split() for x in s.ask("GET", "/readyz").body.decode().splitlines()[1:])
    check(int(ready["backup_age_seconds"]) < 60 and int(ready["disk_free_bytes"]) > 0, ready)


s = Site().start()
for test in (tokens, again, values, bodies, clocks, broken_clients, many, counted, metrics):
    print(test.__name__, flush=True)
    test(s)
s.close()
finish()
