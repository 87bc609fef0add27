# SPDX-License-Identifier: Apache-2.0
"""Enrolment, OTLP, rates: what else docs/feeds.md promises."""
import base64
import json
import os
import threading
import time

from fleet import COUNTER, Site, batch, check, finish, now_ns


def draw():
    return "fpn_" + base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")


def enrolment(s):
    key, own = s.token("--enrol", "default"), draw()

    def ask(node, token, by=key):
        return s.ask("POST", "/api/v1/enrol",
                     json.dumps({"node": node, "token": token, "agent": "a/1"}), by)

    check(ask("e1", own, None).status == 401, "without a key")
    check(ask("e1", own, s.token("x")).status == 403, "with a node's token")
    for node, token in (("", own), ("x" * 121, own), ("a\nb", own), ("e1", "fpn_short"),
                        ("e1", key), (None, own), ("e1", None)):
        check(ask(node, token).status == 400, "bad enrolment", node, token)
    for _ in range(2):
        a = ask("e1", own)
        check(a.status == 202 and a.json() == {"state": "pending", "retry_s": 60}, a.body)
    a = s.energy(batch("r", 1, 1), own)
    check(a.status == 403 and a.json()["title"] == "pending", a.status, a.body)
    check(ask("e1", draw()).status == 409, "another token for a name that waits")
    check(ask("e2", own).status == 409, "a token of another node")
    s.run("token", "approve", "nobody", status=1)
    s.run("token", "approve", "e1")
    a = ask("e1", own)
    check(a.status == 200 and a.json() == {"state": "approved"}, a.body)
    check(s.energy(batch("r", 1, 1), own).status == 200, "an approved node")
    check(ask("e1", draw()).status == 409, "another token for a name that is let in")
    # Refused while it waits; lets itself in no more with that token.
    refused = draw()
    check(ask("e3", refused).status == 202, "e3")
    listed = {t["node"]: t for t in json.loads(s.run("--json", "token", "list").stdout)}
    check(listed["e3"]["state"] == "pending" and listed["e3"]["site"] == "default", listed["e3"])
    s.run("token", "revoke", str(listed["e3"]["id"]))
    check(ask("e3", refused).status == 403, "a refused node")
    check(s.energy(batch("r", 1, 1), refused).status in (401, 403), "a refused node sends")
    s.run("token", "approve", "e3", status=1)
    # Starting over: the old token is revoked, a new one waits again.
    s.run("token", "revoke", str(listed["e1"]["id"]))
    fresh = draw()
    check(ask("e1", fresh).status == 202, "a node that starts over")
    check(s.energy(batch("r2", 1, 1), fresh).status == 403, "before it is let in again")
    s.run("token", "approve", "e1")
    check(s.energy(batch("r2", 1, 1), fresh).status == 200, "after it")
    check(s.energy(batch("r2", 2, 1), own).status == 401, "its old token")
    s.run("token", "revoke", str([t for t in json.loads(s.run(
        "--json", "token", "list").stdout) if t["kind"] == "enrol"][0]["id"]))
    check(ask("e4", draw()).status == 401, "a revoked key")


def otlp_body(host, t, start, energy, power=None, **more):
    def point(value, **attributes):
        return {"timeUnixNano": str(t), "startTimeUnixNano": str(start), **value, "attributes": [
            {"key": k, "value": {"stringValue": v}} for k, v in attributes.items()]}

    metrics = [{"name": "hw.energy", "unit": "J", "sum": {
        "aggregationTemporality": 2, "isMonotonic": True,
        "dataPoints": [point({"asInt": str(energy)}, **{"hw.id": "0", "hw.type": "cpu"}),
                       point({"asDouble": 0.25}, **{"hw.id": "1", "hw.type": "gpu"})]}},
        {"name": "system.cpu.time", "sum": {"dataPoints": [point({"asDouble": 1.5})]}}]
    if power is not None:
        metrics.append({"name": "hw.host.power", "unit": "W", "gauge": {
            "dataPoints": [point({"asDouble": power})]}})
    metrics += more.get("metrics", [])
    return {"resourceMetrics": [{"resource": {"attributes": [
        {"key": "host.name", "value": {"stringValue": host}}]},
        "scopeMetrics": [{"metrics": metrics}]}]}


def otlp(s):
    token = s.token("o1")
    t = now_ns() - 60 * 10**9

    def send(body, headers=None):
        return s.ask("POST", "/v1/metrics", json.dumps(body), token,
                     {"Content-Type": "application/json", **(headers or {})})

    def rows():
        return s.sql("SELECT m.key, m.scope, m.kind, r.value, r.from_ns FROM reading r "
                     "JOIN meter m ON m.id = r.meter_id JOIN feed_source f ON f.id = m.source_id "
                     "WHERE f.name = 'o1' ORDER BY r.t_ns, m.key")

    one = otlp_body("o1", t, t - 10**9, 9007199254740)
    for _ in range(3):
        a = send(one)
        check(a.status == 200 and a.json() == {}, a.status, a.body)
    check(rows() == [("hw.energy/cpu/0", "package", "counter", 9007199254740000000, None),
                     ("hw.energy/gpu/1", "gpu", "counter", 250000, None)], rows())
    # A host wins over its parts.
    check(send(otlp_body("o1.example.org", t + 10**10, t - 10**9, 9007199254750, 231.5)).status
          == 200, "host")
    check(rows()[2:] == [("hw.host.power", "node", "gauge", 231500000, None)], rows())
    delta = {"name": "hw.host.energy", "unit": "J", "sum": {
        "aggregationTemporality": 1, "isMonotonic": True, "dataPoints": [
            {"timeUnixNano": str(t + 3 * 10**10), "startTimeUnixNano": str(t + 2 * 10**10),
             "asDouble": 12.5},
            {"timeUnixNano": str(t + 4 * 10**10), "asDouble": 1},
            {"timeUnixNano": str(t + 5 * 10**10), "startTimeUnixNano": str(t + 4 * 10**10),
             "asDouble": -3}]}}
    a = send(otlp_body("o1", t + 3 * 10**10, t, 1, 5, metrics=[delta]))
    check(a.status == 200 and a.json()["partialSuccess"]["rejectedDataPoints"] == "2", a.body)
    check(rows()[3:] == [("hw.host.energy", "node", "interval", 12500000, t + 2 * 10**10)],
          rows()[3:])
    check(send(otlp_body("o2", t, t, 1)).status == 403, "another host")
    check(send({}).status == 200, "nothing")
    check(send([]).status == 400, "no object")
    check(s.ask("POST", "/v1/metrics", b"\x0a\x00", token,
                {"Content-Type": "application/x-protobuf"}).status == 415, "protobuf")
    check(s.ask("POST", "/v1/metrics", "{}").status == 401, "without a token")


def folding(s):
    """Hours that have closed are in the ledger after a start."""
    token = s.token("f1")
    hour = 3600
    now_s = now_ns() // 10**9
    t = (now_s // hour - 3) * hour
    body = {"run": "f", "boot": "b", "meters": [COUNTER],
            "samples": [[i + 1, (t + i * 60) * 10**9, 0, i * 60 * 10**8]
                        for i in range((now_s - t) // 60 + 1)]}
    check(s.energy(body, token).status == 200, "readings")
    s.stop()
    early = (time.time() - 120) // hour * hour - t
    s.start()
    rows, end = [], time.monotonic() + 30
    while not rows and time.monotonic() < end:  # it is done behind the answers
        rows = s.sql("SELECT sum(sum_uj), sum(covered_s) FROM energy_month WHERE meter_id IN "
                     "(SELECT m.id FROM meter m JOIN feed_source f ON f.id = m.source_id "
                     "WHERE f.name = 'f1') HAVING count(*)")
    late = (time.time() - 120) // hour * hour - t
    # 100 W over two or three hours, up to the last sample of the last one.
    check(rows in ([((x - 60) * 10**8, x - 60)] for x in (early, late)), rows, early, late)


def rates(s):
    """100 a second of one address; who has a good token is not kept out."""
    good = s.token("good")
    s.energy(batch("g", 1, 1), good)
    seen = {}
    lock = threading.Lock()

    def hammer():
        c = s.connect()
        for _ in range(60):
            a = s.energy("{}", "fpn_" + "B" * 43, connection=c)
            with lock:
                seen[a.status] = seen.get(a.status, 0) + 1
                if a.status == 429:
                    check(a.headers["Retry-After"] == "1", "Retry-After")

    threads = [threading.Thread(target=hammer) for _ in range(4)]
    start = time.monotonic()
    for x in threads:
        x.start()
    for x in threads:
        x.join()
    most = 100 + 100 * (time.monotonic() - start) + 4
    check(set(seen) <= {401, 429} and seen.get(401, 0) <= most, seen, most)
    check(s.energy(batch("g", 2, 1), good).status == 200, "a good token after that")
    time_s, n = time.monotonic(), 0
    c = s.connect()
    statuses = []
    while n < 250 and (not statuses or statuses[-1] != 429):
        statuses.append(s.ask("POST", "/v1/server/", "{}", connection=c).status)
        n += 1
    took = time.monotonic() - time_s
    check(statuses.count(429) == 1 or took > 1.2, "estimates", n, took)
    check(len(statuses) >= 100, "too few estimates", len(statuses))


s = Site().start()
for test in (enrolment, otlp, folding, rates):
    print(test.__name__, flush=True)
    test(s)
s.close()
finish()
