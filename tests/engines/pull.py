# SPDX-License-Identifier: Apache-2.0
"""Exporters, a BMC and the grid services played by a server of the standard
library; its bodies are real ones where there are such."""
import base64
import json
import os
import shutil
import sys
import time

from engine import Program, expect, folder
from played import Server, readings

SAMPLES = os.path.join(os.path.dirname(__file__), "../../../shared/samples")
KEY = "s3cr3t-of-the-test"


def sample(path):
    with open(os.path.join(SAMPLES, path), "rb") as f:
        return f.read()


def exporters(server, at):
    """Two pulls of one exporter: a reading of each meter, one run, one range of
    sequence numbers; nothing of a rule that a better one replaces."""
    program = Program(at)
    program.machines(["node7"])
    text = sample("energy_prometheus/ceems_rapl_ipmi.prom")
    server.answers["/metrics"] = lambda h, u: (200, text)
    program.run("energy", "target", "add", "node7", server.base + "/metrics")
    for n in (1, 2):
        pulled = program.json("energy", "pull")
        # Two sockets, two memories, DCMI; the chassis stand behind DCMI.
        expect(pulled["accepted"] == 5 and pulled["unlinked"] == 0, n, pulled)
    rows = readings(program, "node7")
    expect(len(rows) == 10 and [r[2] for r in rows] == list(range(1, 11)), rows)
    values = {r[0]: r[3] for r in rows}
    expect(values["ceems_rapl_package_joules_total/0/intel-rapl:0"] ==
           258218293244, values)
    expect(values["ceems_ipmi_dcmi_current_watts"] == 49000000, values)
    expect(not any("redfish" in k for k in values), values)
    expect(program.rows("SELECT first, last FROM feed_seq") == [(1, 10)],
           program.rows("SELECT * FROM feed_seq"))
    # The user's rule in place of the program's.
    program.run("energy", "map", "set", "ceems_ipmi_dcmi_current_watts", "off")
    program.run("energy", "map", "set", "ceems_x", "node gauge", status=1)
    pulled = program.json("energy", "pull", "node7")
    expect(pulled["accepted"] == 6, "two chassis now", pulled)
    own = [r for r in program.json("energy", "map", "list") if r["own"]]
    expect([r["metric"] for r in own] == ["ceems_ipmi_dcmi_current_watts"], own)
    program.run("energy", "map", "reset", "ceems_ipmi_dcmi_current_watts")
    # Two supplies add up, where both are known; a total beats them.
    server.answers["/metrics"] = lambda h, u: (
        200, b'ipmi_power_watts{name="PS1 In"} 101\n'
             b'ipmi_power_watts{name="PS2 In"} 99.5\n'
             b'ipmi_power_watts{name="Disk"} NaN\n')
    program.run("energy", "target", "add", "psu", server.base + "/metrics")
    program.run("energy", "pull", "psu")
    expect(readings(program, "psu") ==
           [("ipmi_power_watts", "node", 1, 200500000)],
           readings(program, "psu"))
    for first, second in ((b"101", b"NaN"), (b"NaN", b"101")):
        server.answers["/metrics"] = lambda h, u: (
            200, b'ipmi_power_watts{name="PS1 In"} ' + first +
                 b'\nipmi_power_watts{name="PS2 In"} ' + second + b"\n")
        done = program.run("energy", "pull", "psu", status=1)
        expect("ipmi_power_watts: one of the parts that are added has no value" in done.stderr, done.stderr)
        expect(len(readings(program, "psu")) == 1, "one supply is not the machine")
    server.answers["/metrics"] = lambda h, u: (
        200, b'ipmi_power_watts{name="PS1 In"} NaN\n'
             b'ipmi_power_watts{name="PS2 In"} 101\n'
             b'ipmi_power_watts{name="Total Power"} 205\n')
    program.run("energy", "pull", "psu")
    expect(readings(program, "psu")[1:] ==
           [("ipmi_power_watts/Total Power", "node", 2, 205000000)],
           readings(program, "psu"))
    # A card whose counter is blank is taken by its power.
    server.answers["/metrics"] = lambda h, u: (
        200, b'DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{UUID="GPU-a"} 7\n'
             b'DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{UUID="GPU-b"} 9223372036854775794\n'
             b'DCGM_FI_DEV_POWER_USAGE{UUID="GPU-a"} 100\n'
             b'DCGM_FI_DEV_POWER_USAGE{UUID="GPU-b"} 90\n')
    program.run("energy", "target", "add", "cards", server.base + "/metrics")
    program.run("energy", "pull", "cards")
    expect(readings(program, "cards") ==
           [("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION/GPU-a", "gpu", 1, 7000),
            ("DCGM_FI_DEV_POWER_USAGE/GPU-b", "gpu", 2, 90000000)],
           readings(program, "cards"))
    # A counter that goes blank is bridged when it is back: its power would be a second
    # card. Where it is said to be gone its power is taken.
    ago = int(time.time()) - 7200
    for minute in (0, 1):
        server.answers["/metrics"] = lambda h, u: (
            200, b'DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{UUID="GPU-a"} %d %d000\n' % (9 + minute, ago + 60 * minute))
        program.run("energy", "pull", "cards")
    program.run("energy", "fold")
    server.answers["/metrics"] = lambda h, u: (
        200, b'DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{UUID="GPU-a"} 9223372036854775794\n'
             b'DCGM_FI_DEV_POWER_USAGE{UUID="GPU-a"} 100\n'
             b'DCGM_FI_DEV_POWER_USAGE{UUID="GPU-b"} 91\n')
    program.run("energy", "pull", "cards")
    expect(readings(program, "cards")[4:] ==
           [("DCGM_FI_DEV_POWER_USAGE/GPU-b", "gpu", 5, 91000000)],
           readings(program, "cards"))
    program.run("energy", "meter", "gone", "cards", "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION/GPU-a")
    program.run("energy", "pull", "cards")
    expect([r[0] for r in readings(program, "cards")[5:]] ==
           ["DCGM_FI_DEV_POWER_USAGE/GPU-a", "DCGM_FI_DEV_POWER_USAGE/GPU-b"],
           readings(program, "cards"))
    # A bad line makes a scrape bad, and says which.
    server.answers["/metrics"] = lambda h, u: (200, b"x 1\ny{a=} 2\n")
    done = program.run("energy", "pull", "node7", status=1)
    expect("node7: line 2: " in done.stderr, done.stderr)
    program.run("energy", "target", "remove", "node7")
    program.run("energy", "target", "remove", "node7", status=1)
    program.run("energy", "target", "add", "x", "http://a:b@c/", status=1)
    return program


def audited(server, at):
    """One entry a pull that took something, one where a source finds its machine, one a fold; none of what failed."""
    os.mkdir(os.path.join(at, "audit"))
    program = Program(os.path.join(at, "audit"))
    program.run("init")
    rows = lambda: program.rows("SELECT action, detail FROM audit WHERE action IN ('energy.pull', 'energy.link', 'fold')")
    server.answers["/metrics"] = lambda h, u: (200, b"node_rapl_package_joules_total{index=\"0\"} 10\nkepler_x 1\n")
    program.run("energy", "target", "add", "late", server.base + "/metrics")
    program.run("energy", "pull")
    one = ("energy.pull", "all: 1 targets, 0 failed; 1 readings taken, 0 refused; 0 of engines into 0 months")
    expect(rows() == [one], rows())
    program.machines(["late"])
    server.answers["/metrics"] = lambda h, u: (200, b"node_rapl_package_joules_total{index=\"0\"} 11\n")
    program.run("energy", "pull", "late")
    link, two = ("energy.link", "late"), (one[0], one[1].replace("all:", "late:"))
    expect(rows() == [one, link, two], rows())
    server.answers["/metrics"] = lambda h, u: (500, b"")
    program.run("energy", "pull", status=1)
    program.run("energy", "fold", "--keep", "35")
    expect(rows() == [one, link, two, ("fold", "readings kept 35 days")], rows())
    who = {a for (a,) in program.rows("SELECT DISTINCT actor FROM audit")}
    expect(len(who) == 1 and who.pop().startswith("cli:"), who)


def bmc(server, program, at):
    """221 W of a real answer; the secret is sent as asked and stands nowhere."""
    power = sample("energy_redfish_power/hp_power.json")
    want = "Basic " + base64.b64encode(f"root:{KEY}".encode()).decode()

    def answer(handler, _):
        given = handler.headers.get("Authorization")
        return (200, power) if given == want else (401, b"{}")

    server.answers["/redfish"] = answer
    key = os.path.join(at, "bmc.key")
    url = server.base + "/redfish/v1/Chassis/1/Power"
    with open(key, "w", encoding="ascii") as f:
        f.write(f"root:{KEY}\n")
    program.run("energy", "target", "add", "bmc7", url, "--kind", "redfish",
                "--machine", "node7", "--key-file", key, "--auth", "basic")
    pulled = program.json("energy", "pull", "bmc7")
    expect(pulled["accepted"] == 1, pulled)
    expect(readings(program, "bmc7") ==
           [("redfish/power", "node", 1, 221000000)], readings(program, "bmc7"))
    with open(key, "w", encoding="ascii") as f:
        f.write("root:other\n")
    done = program.run("energy", "pull", "bmc7", status=1)
    expect("401" in done.stderr and "key file" in done.stderr, done.stderr)
    with open(key, "w", encoding="ascii") as f:
        f.write(f"root:{KEY}\n")
    off = json.loads(power)
    off["PowerControl"][0] = {"PowerConsumedWatts": None}
    server.answers["/redfish"] = lambda h, u: (200, json.dumps(off).encode())
    done = program.run("energy", "pull", "bmc7", status=1)
    expect("gives no power" in done.stderr, done.stderr)
    expect(len(readings(program, "bmc7")) == 1, "off is no 0")
    with open(program.db, "rb") as f:
        expect(KEY.encode() not in f.read(), "the secret is in the database")


def tenant(server, program):
    """An engine behind a path, of several tenants; a queue of questions."""
    def values(handler, url):
        if handler.headers.get("X-Scope-OrgID") != "lab":
            return 401, b"{}"
        names = ["up", "node_rapl_package_joules_total"]
        data = names if "__name__" in url.path else ["node7:9100"]
        return 200, json.dumps({"status": "success", "data": data}).encode()

    def query(handler, _):
        text = handler.body["query"][0]
        expect(text.startswith('{__name__=~"node_rapl_package_joules_total",'
                               'instance=~"node7:9100"}['), text)
        series = {"metric": {"__name__": "node_rapl_package_joules_total",
                             "instance": "node7:9100", "index": "0"},
                  "values": [[1767225600, "10.5"], [1767229200, "3610.5"]]}
        return 200, json.dumps({"status": "success", "data": {
            "resultType": "matrix", "result": [series]}}).encode()

    server.answers["/tenants/api/v1/label"] = values
    server.answers["/tenants/api/v1/query"] = query
    program.run("energy", "target", "add", "mimir", server.base + "/tenants/",
                "--kind", "prometheus", "--tenant", "lab")
    got = program.json("energy", "pull", "mimir", "--from", "2026-01", "--to",
                       "2026-01")
    expect(got["points"] == 2 and got["months"] == 1, got)
    # Of the engine alone: the exporters' two pulls may lie in two seconds.
    rows = program.rows(
        "SELECT e.sum_uj, e.covered_s FROM energy_month e JOIN meter m ON "
        "m.id = e.meter_id JOIN feed_source s ON s.id = m.source_id "
        "WHERE s.name LIKE 'mimir/%'")
    expect(rows == [(3600000000, 3600)], rows)


def grid(server, at):
    """Real bodies; the hours are means by hand: RTE 13 g, Electricity Maps 19,
    half hours of the UK by the rules of their importers."""
    os.mkdir(os.path.join(at, "grid"))
    program = Program(os.path.join(at, "grid"))
    rte = sample("grid_rte_api/api-sample.json")
    server.asked.clear()
    server.answers["/api/explore"] = lambda h, u: (
        200, rte if "national-tr" in u.path else b"[]")
    got = program.json("grid", "pull", "rte", "--from", "2024-07-03", "--to",
                       "2024-07-04", "--url", server.base)
    expect(got["added"] > 0, got)
    paths = [a[0] for a in server.asked]
    expect(len(paths) == 2 and "cons-def" in paths[0], paths)
    where = server.asked[1][1]["where"][0]
    expect("2024-07-03T00:00:00Z" in where and "2024-07-04T00:00:00Z" in where,
           where)
    hour = program.rows("SELECT g_per_kwh FROM grid_hour ORDER BY hour LIMIT 1")
    expect(hour == [(13.0,)], hour)
    audit = program.rows("SELECT action, detail FROM audit")
    expect(len(audit) == 1, "a grid pull is audited", audit)
    again = program.json("grid", "pull", "rte", "--from", "2024-07-03", "--to",
                         "2024-07-04", "--url", server.base)
    expect(again["added"] == 0 and again["changed"] == 0, again)
    program.run("grid", "pull", "rte", "--zone", "DE", "--url", server.base,
                status=1)

    maps = sample("grid_electricitymaps_api/api-sample.json")
    key = os.path.join(at, "em.key")
    with open(key, "w", encoding="ascii") as f:
        f.write(KEY + "\n")
    server.asked.clear()
    server.answers["/v3/"] = lambda h, u: (
        (200, maps) if h.headers.get("auth-token") == KEY else (401, b"{}"))
    args = ("grid", "pull", "electricitymaps", "--zone", "FR", "--from",
            "2024-07-01", "--to", "2024-07-06", "--url", server.base)
    program.run(*args, status=2)
    got = program.json(*args, "--key-file", key)
    expect(got["added"] == 24, got)
    expect(server.asked[0][1]["zone"] == ["FR"] and
           server.asked[0][1]["start"] == ["2024-07-01T00:00:00Z"],
           server.asked)
    expect(all(KEY not in a[0] + str(a[1]) for a in server.asked), "in a URL")
    # Ten days a request.
    server.asked.clear()
    program.run(*args[:6], "2024-06-01", *args[7:], "--key-file", key)
    expect(len(server.asked) == 4, [a[1] for a in server.asked])

    uk = {"data": [{"from": f"2026-01-01T{h:02d}:{m:02d}Z",
                    "to": f"2026-01-01T{h + (m > 0):02d}:{30 - m:02d}Z",
                    "intensity": {"forecast": 100 + h, "actual": 90 + h,
                                  "index": "low"}}
                   for h in range(3) for m in (0, 30)]}
    server.asked.clear()
    server.answers["/intensity"] = lambda h, u: (200, json.dumps(uk).encode())
    got = program.json("grid", "pull", "uk", "--from", "2026-01-01", "--to",
                       "2026-01-02", "--url", server.base)
    expect(got["added"] == 3, got)
    expect(server.asked[0][0] == "/intensity/2026-01-01T00:00Z/2026-01-02T00:00Z",
           server.asked)
    # A service that is down changes nothing.
    server.answers["/intensity"] = lambda h, u: (503, b"")
    done = program.run("grid", "pull", "uk", "--from", "2026-01-05", "--to",
                       "2026-01-06", "--url", server.base, status=1)
    expect("503" in done.stderr, done.stderr)


def main():
    at = folder()
    server = Server()
    try:
        program = exporters(server, at)
        audited(server, at)
        bmc(server, program, at)
        tenant(server, program)
        grid(server, at)
        print("pulls of exporters, a BMC and three services")
    finally:
        server.shutdown()
        shutil.rmtree(at, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
