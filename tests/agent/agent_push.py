# SPDX-License-Identifier: Apache-2.0
"""The daemon against a server: batches, outages, restarts, refusals, enrolment."""
import re

from world import *

QUICK = ("--interval", "50ms", "--batch", "200ms", "--model", "no")


def tree(t, energy=1000000):
    t.zone("intel-rapl:0", "package-0", energy)
    t.zone("intel-rapl:0:0", "dram", 5)
    t.zone("intel-rapl:0:1", "core", 5)
    t.put("sys/class/powercap/intel-rapl:1/name", "package-1")
    t.put("proc/sys/kernel/random/boot_id", "0f8fad5b-d9cb-469f-a165-70867728950e")


def rows(batches):
    """Every sample by its run and seq: no key may stand for two readings."""
    seen = {}
    for b in batches:
        for seq, *rest in b["samples"]:
            key = (b["run"], seq)
            check(seen.get(key, rest) == rest, "one key for two readings", key)
            seen[key] = rest
    return seen


def whole(batches):
    """Per run the sequence numbers are 1..n without a hole."""
    runs = {}
    for run, seq in rows(batches):
        runs.setdefault(run, []).append(seq)
    for run, seqs in runs.items():
        same(sorted(seqs), list(range(1, len(seqs) + 1)), f"sequence of {run}")
    return runs


def batches_as_documented():
    with Folder() as t:
        tree(t)
        s = Server()
        before = time.time_ns()
        d = Daemon(s.url, t.path, t, *QUICK)
        s.wait(lambda s: len(s.batches) >= 3, "three batches")
        log = d.stop()
        after = time.time_ns()
        s.close()
        b = s.batches[0]
        check(re.fullmatch("[0-9a-f]{32}", b["run"]), "run", b["run"])
        same(b["boot"], "0f8fad5b-d9cb-469f-a165-70867728950e", "boot")
        check(b["agent"].startswith("fleetprint-agent/"), "agent", b["agent"])
        same(b["meters"],
             [{"id": "rapl/package-0", "scope": "package", "kind": "counter", "unit": "uJ", "range": 262143328850},
              {"id": "rapl/dram-0", "scope": "dram", "kind": "counter", "unit": "uJ", "range": 262143328850}],
             "meters: package and dram, no core")
        missing = {m["id"]: m["reason"] for m in b["missing"]}
        same(missing["rapl/package-1"], "energy_uj: No such file or directory", "missing with its reason")
        for key, (t_ns, meter, value) in rows(s.batches).items():
            check(isinstance(t_ns, str) and before <= int(t_ns) <= after, "time as text, now", t_ns)
            same(value, [1000000, 5][meter], "value")
        whole(s.batches)
        path, head = s.heads[0]
        same(path, "/api/v1/energy", "path")
        same((head["Authorization"], head["Content-Encoding"], head["Content-Type"]),
             (f"Bearer {TOKEN}", "gzip", "application/json"), "headers")
        check(TOKEN not in log, "the token is in no log")
        same(spooled(t), [], "the spool is empty at the end")


def outage_with_a_restart_inside():
    with Folder() as t:
        tree(t)
        s = Server()
        d = Daemon(s.url, t.path, t, *QUICK)
        s.wait(lambda s: len(s.batches) >= 1, "a batch before the outage")
        port = s.port
        s.status = 503
        wait_for(lambda: len(spooled(t)) >= 3, "a spool that grows")
        d.stop()  # SIGTERM in the outage: the last readings are flushed to disk
        left = len(spooled(t))
        check(left >= 3, "they wait on disk", left)
        s.close()  # now nobody listens at all
        d = Daemon(f"http://127.0.0.1:{port}", t.path, t, *QUICK)
        wait_for(lambda: len(spooled(t)) >= left + 2, "more batches of a new run")
        d.stop(kill=True)  # and a crash
        t.put("spool/0000000000009999.json.gz.1-0.tmp", "half a batch")
        got = s.batches
        s = Server(port)
        s.batches = got
        d = Daemon(s.url, t.path, t, *QUICK)
        s.wait(lambda s: len({b["run"] for b in s.batches}) == 3, "batches of three runs")
        wait_for(lambda: len(spooled(t)) <= 1, "the spool drained")
        d.stop()
        s.close()
        runs = whole(s.batches)
        same(len(runs), 3, "three starts, three runs")
        order = list(dict.fromkeys(b["run"] for b in s.batches))
        began = [min(int(row[0]) for (run, _), row in rows(s.batches).items() if run == r) for r in order]
        same(began, sorted(began), "the runs come in their order")
        check(not os.path.exists(t.at("spool/0000000000009999.json.gz.1-0.tmp")), "halves are removed")
        for run in order:
            firsts = [b["samples"][0][0] for b in s.batches if b["run"] == run and b["samples"]]
            same(firsts, sorted(firsts), "oldest first")


def full_spool_keeps_the_oldest():
    with Folder() as t:
        tree(t)
        s = Server()
        s.status = 503
        # room for some batches alone: the least that may be set
        d = Daemon(s.url, t.path, t, "--interval", "1ms", "--batch", "200ms", "--model", "no", "--spool-max", "64K")
        line = d.wait_log("batch-lost")
        check("oldest batches are kept" in line, "it says so", line)
        kept = spooled(t)
        size = sum(os.path.getsize(t.at("spool/" + n)) for n in kept)
        check(size <= 64 * 1024, "bounded", size)
        first = gzip.decompress(open(t.at("spool/" + kept[0]), "rb").read())
        same(json.loads(first)["samples"][0][0], 1, "the oldest is there")
        d.stop()
        check(set(kept) <= set(spooled(t)), "none of them was dropped")
        s.close()


def refused_for_good():
    with Folder() as t:
        tree(t)
        s = Server()
        codes = [400, 413, 200]
        s.status = lambda _: codes.pop(0) if len(codes) > 1 else 200
        d = Daemon(s.url, t.path, t, *QUICK)
        s.wait(lambda s: len(s.batches) >= 2, "batches behind the refused ones")
        log = d.stop()
        s.close()
        names = sorted(os.listdir(t.at("spool/refused")))
        same(len(names), 4, "two batches and their reasons")
        text = open(t.at("spool/refused/" + names[1])).read()
        same(text, 'status 400: the test "says" so\n', "the server's reason")
        check("batch-refused" in log and "status=413" in log, "it is in the log", log)
        aside = json.loads(gzip.decompress(open(t.at("spool/refused/" + names[0]), "rb").read()))
        same(aside["samples"][0][0], 1, "the batch itself")


def later_and_locked():
    with Folder() as t:
        tree(t)
        s = Server()
        codes = [429, 408, 500]
        s.status = lambda _: codes.pop(0) if codes else 200
        s.retry_after = 1
        start = time.monotonic()
        d = Daemon(s.url, t.path, t, *QUICK)
        s.wait(lambda s: len(s.batches) >= 1, "a batch after 429, 408 and 500")
        # 1 s (Retry-After), then 2 s and 4 s, each a quarter less at the most: 1 + 1.5 + 3
        check(time.monotonic() - start >= 5.4, "it waits", time.monotonic() - start)
        d.stop()
        whole(s.batches)
        s.close()
    with Folder() as t:
        tree(t)
        s = Server()
        s.status = 403
        d = Daemon(s.url, t.path, t, *QUICK)
        d.wait_log("push-waits")
        wait_for(lambda: len(spooled(t)) >= 2, "a spool that grows")
        same(len(s.heads), 1, "a token that does not open is not tried again at once")
        d.stop()
        check(len(spooled(t)) >= 2, "the readings are kept")
        check(not os.path.exists(t.at("spool/refused")), "and not set aside")
        s.close()


def enrolment():
    with Folder() as t:
        tree(t)
        s = Server()
        s.status = lambda _: 200 if s.enrols else 401
        t.put("key", "fpe_" + "k" * 43)
        d = Daemon(s.url, t.path, t, *QUICK, "--enrol-file", t.at("key"), "--node", "node12", token=False)
        s.wait(lambda s: len(s.batches) >= 1, "a batch after enrolment")
        d.stop()
        auth, body = s.enrols[0]
        same(auth, "Bearer fpe_" + "k" * 43, "the key asks")
        check(re.fullmatch("fpn_[A-Za-z0-9_-]{43}", body["token"]), "a token of its own", body["token"])
        same(body["node"], "node12", "name")
        path = t.at("spool/token")
        same(open(path).read(), body["token"] + "\n", "it is kept")
        same(os.stat(path).st_mode & 0o777, 0o600, "for nobody else")
        same([h["Authorization"] for p, h in s.heads if p == "/api/v1/energy"][-1], "Bearer " + body["token"],
             "and sends with it")
        n = len(s.enrols)
        d = Daemon(s.url, t.path, t, *QUICK, "--enrol-file", t.at("key"), "--node", "node12", token=False)
        s.wait(lambda s: len({b["run"] for b in s.batches}) >= 2, "a batch of the next start")
        d.stop()
        same(len(s.enrols), n, "the key is not needed again")
        same(open(path).read(), body["token"] + "\n", "same token")
        s.close()


def diskless():
    """The token of a node that keeps nothing is the same at each start, and another node's another."""
    tokens = []
    for uuid in ("4c4c4544-0051-3510-8052-b4c04f4a3332", "4c4c4544-0051-3510-8052-b4c04f4a3332",
                 "4c4c4544-0051-3510-8052-b4c04f4a3333"):
        with Folder() as t:
            tree(t)
            t.put("sys/class/dmi/id/product_uuid", uuid)
            s = Server()
            s.status = lambda _: 401
            s.enrol_status = 202
            t.put("key", "fpe_" + "k" * 43)
            d = Daemon(s.url, t.path, t, *QUICK, "--enrol-file", t.at("key"), "--node", "node12", "--diskless", "yes",
                       token=False)
            s.wait(lambda s: s.enrols, "a node that asks")
            d.wait_log("state=pending")
            d.stop()
            s.close()
            tokens.append(s.enrols[0][1]["token"])
            check(not os.path.exists(t.at("spool/token")), "nothing is kept")
    same(tokens[0], tokens[1], "the same node")
    check(tokens[0] != tokens[2], "another node")
    check(re.fullmatch("fpn_[A-Za-z0-9_-]{43}", tokens[0]), "shape", tokens[0])


def a_sensor_that_fails_on_the_way():
    with Folder() as t:
        tree(t)
        s = Server()
        d = Daemon(s.url, t.path, t, *QUICK)
        s.wait(lambda s: len(s.batches) >= 1, "a batch")
        os.remove(t.at("sys/class/powercap/intel-rapl:0/energy_uj"))
        s.wait(lambda s: any(m["id"] == "rapl/package-0" for m in s.batches[-1]["missing"]), "the reason")
        n = len(s.batches)
        s.wait(lambda s: len(s.batches) > n + 1, "later batches")
        d.stop()
        s.close()
        check(all(row[2] == 1 for row in s.batches[n]["samples"]), "no sample of it, and no 0")
        whole(s.batches)


def slow_samples_still_count_wraps():
    """At an hour between samples a small counter is read before it can wrap unseen."""
    with Folder() as t:
        # 1 J of range at 1000 W wraps each ms; 500 J at 1.5 x 100 W in 3.3 s: read each 1.67 s
        t.zone("intel-rapl:0", "package-0", 5, limit=500000000, constraint_0_max_power_uw=100000000)
        s = Server()
        d = Daemon(s.url, t.path, t, "--interval", "1h", "--batch", "500ms", "--model", "no")
        s.wait(lambda s: sum(len(b["samples"]) for b in s.batches) >= 3, "samples between the hours", 20)
        d.stop()
        s.close()
        times = [int(r[1]) for b in s.batches for r in b["samples"]]
        gap = (times[1] - times[0]) / 1e9
        check(1.6 <= gap <= 20, "half of the time of a wrap", gap)  # a busy machine may be late


def an_end_in_time():
    """SIGTERM with a long spool and a slow server: it ends within some seconds, and the rest stays on disk."""
    with Folder() as t:
        tree(t)
        s = Server()
        s.status = 503
        d = Daemon(s.url, t.path, t, *QUICK)
        wait_for(lambda: len(spooled(t)) >= 8, "a spool of eight")
        d.stop()
        s.status, s.slow_s = 200, 2
        d = Daemon(s.url, t.path, t, "--interval", "1h", "--batch", "1h", "--model", "no")
        s.wait(lambda s: s.batches, "the first answer")
        start = time.monotonic()
        d.stop()
        took = time.monotonic() - start
        # five seconds for the last tries, and the one under way may end
        check(took < 10, "the end takes", took)
        check(spooled(t), "what was not sent is kept")
        s.close()


def certificates():
    """Over https the token goes to the server whose certificate is trusted, and to no other."""
    with Folder() as t:
        tree(t)
        s = Server(tls="tests/agent/tls.pem")
        d = Daemon(s.url, t.path, t, *QUICK)
        line = d.wait_log("push-waits")
        check("certificate" in line, "an unknown certificate is refused", line)
        d.stop()
        same(s.heads, [], "nothing was sent")
        d = Daemon(s.url, t.path, t, *QUICK, "--ca-file", "tests/agent/tls.pem")
        s.wait(lambda s: s.batches, "a batch to a server that is trusted")
        d.stop()
        d = Daemon(s.url.replace("127.0.0.1", "localhost"), t.path, t, *QUICK, "--ca-file", "tests/agent/tls.pem")
        line = d.wait_log("push-waits")
        check("localhost" in line, "a name that is not the certificate's", line)
        d.stop()
        s.close()


def settings():
    with Folder() as t:
        tree(t)
        base = ["daemon", "--config", "/dev/null", "--sysroot", t.path, "--spool", t.at("spool")]
        _, err = agent(*base, status=1)
        check("no server" in err, "no server", err)
        _, err = agent(*base, "--server", "http://example.org:8420", status=1)
        check("in clear" in err, "no token in clear over a network", err)
        _, err = agent(*base, "--token", "secret", status=2)
        check("no option" in err, "a token is no argument", err)
        _, err = agent(*base, "--interval", "2h", status=2)
        check("no time from 1ms to 1h" in err, "two hours", err)
        conf = t.put("agent.conf", "# ours\ninterval = 5s\nserver=https://carbon.example:8420\n\nnvml = no")
        agent("once", "--config", conf, "--sysroot", t.path, "--interval", "20ms")
        conf = t.put("agent.conf", "interval = 5s\ncolour = blue")
        _, err = agent("once", "--config", conf, status=1)
        check("agent.conf: line 2: no setting 'colour'" in err, "line of the error", err)
        _, err = agent("once", "--config", t.at("none.conf"), status=1)
        check("cannot open" in err, "a file that was asked for", err)
        out, _ = agent("--help")
        check("--enrol-file FILE" in out and "inventory" in out, "help", out)
        _, err = agent("--config", "/dev/null", "--sysroot", t.path, "--spool", t.at("spool"), status=1)
        check("no server" in err, "options alone are the daemon's", err)
        _, err = agent("dance", status=2)
        check("no command 'dance'" in err, "no such command", err)


main(batches_as_documented, outage_with_a_restart_inside, full_spool_keeps_the_oldest, refused_for_good,
     later_and_locked, enrolment, diskless, a_sensor_that_fails_on_the_way, slow_samples_still_count_wraps, an_end_in_time, certificates,
     settings)
