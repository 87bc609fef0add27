# SPDX-License-Identifier: Apache-2.0
"""BMCs of which only the address is known: the power of the machine is found from the service root, in
a bounded number of requests, and of several chassis none is added to another."""
import json
import os
import shutil
import sys

from engine import Program, expect, folder
from played import Server, readings

SAMPLES = os.path.join(os.path.dirname(__file__), "../../../shared/samples")


def link(path):
    return {"@odata.id": path}


def collection(*paths):
    return {"Members": [link(p) for p in paths], "Members@odata.count": len(paths)}


def root(chassis="/redfish/v1/Chassis"):
    return {"@odata.id": "/redfish/v1/", "RedfishVersion": "1.6.0", "Systems": link("/redfish/v1/Systems"),
            "Chassis": link(chassis)}


def chassis(name, inside=None, computer=False, **links):
    path = "/redfish/v1/Chassis/" + name
    c = {"@odata.id": path, "Links": {}, **{k: link(v) for k, v in links.items()}}
    if inside:
        c["Links"]["ContainedBy"] = link("/redfish/v1/Chassis/" + inside)
    if computer:
        c["Links"]["ComputerSystems"] = [link("/redfish/v1/Systems/1")]
    return path, c


class Bmc:
    """Resources by path; what is not there is 404, the root without its slash a redirect, as BMCs do."""

    def __init__(self, server, tree):
        self.tree, self.asked = tree, []
        server.answers.clear()
        server.answers["/"] = self.answer

    def answer(self, handler, url):
        self.asked.append(url.path)
        if url.path == "/redfish/v1":
            return 308, b""
        body = self.tree.get(url.path)
        if body is None:
            return 404, b"{}"
        return 200, body if isinstance(body, bytes) else json.dumps(body).encode()


def pull(server, program, tree, url="", status=0):
    """(the reading of a pull or None, what it said, the requests)"""
    bmc = Bmc(server, tree)
    program.run("energy", "target", "add", "bmc7", server.base + url, "--kind", "redfish", "--machine", "node7")
    before = len(readings(program, "bmc7"))
    done = program.run("energy", "pull", "bmc7", status=status)
    got = readings(program, "bmc7")[before:]
    program.run("energy", "target", "remove", "bmc7")
    expect(len(got) == (status == 0), got, done.stderr)
    return (got[0][0], got[0][3]) if got else None, done.stderr, bmc.asked


def hp():
    """A real Power resource, behind a root and one chassis."""
    with open(os.path.join(SAMPLES, "energy_redfish_power/hp_power.json"), "rb") as f:
        power = f.read()
    path, c = chassis("1", computer=True, Power="/redfish/v1/Chassis/1/Power", Thermal="/redfish/v1/Chassis/1/Thermal")
    return {"/redfish/v1/": root(), "/redfish/v1/Chassis": collection(path), path: c,
            "/redfish/v1/Chassis/1/Power": power}


def from_the_root(server, program):
    for url in ("", "/", "/redfish/v1", "/redfish/v1/", "/redfish"):
        got, _, asked = pull(server, program, hp(), url)
        expect(got == ("redfish/power", 221000000), url, got)
        expect(asked == ["/redfish/v1/", "/redfish/v1/Chassis", "/redfish/v1/Chassis/1",
                         "/redfish/v1/Chassis/1/Power"], url, asked)
    # The collection and a chassis do as well; the resource itself takes one request.
    for url, n in (("/redfish/v1/Chassis", 3), ("/redfish/v1/Chassis/1", 2), ("/redfish/v1/Chassis/1/Power", 1)):
        got, _, asked = pull(server, program, hp(), url)
        expect(got == ("redfish/power", 221000000) and len(asked) == n, url, got, asked)
    # A target that is removed and made again goes on with its numbers: no reading of the new one is taken for an old one.
    rows = program.rows("SELECT seq FROM reading ORDER BY seq")
    expect(rows == [(i + 1,) for i in range(8)], rows)
    # One meter, whichever way it was found.
    expect(program.rows("SELECT count(*) FROM meter") == [(1,)], "meters")


def metrics_before_power(server, program):
    """EnvironmentMetrics with energy: a counter in kWh; without: watts; silent: Power."""
    base = "/redfish/v1/Chassis/1"
    path, c = chassis("1", EnvironmentMetrics=base + "/EnvironmentMetrics", Power=base + "/Power")
    tree = {"/redfish/v1/": root(), "/redfish/v1/Chassis": collection(path), path: c,
            base + "/Power": {"PowerControl": [{"PowerConsumedWatts": 300}]}}
    for metrics, want in (({"EnergykWh": {"Reading": 12.5}, "PowerWatts": {"Reading": 280}},
                           ("redfish/energy", 45000000000000)),  # 12.5 kWh x 3.6e12 uJ
                          ({"PowerWatts": {"Reading": 280.5}}, ("redfish/power", 280500000)),
                          ({"PowerWatts": {"Reading": None}}, ("redfish/power", 300000000)),
                          ({"PowerWatts": {"Reading": -5}}, ("redfish/power", 300000000)),
                          (b"no JSON", ("redfish/power", 300000000)),
                          (None, ("redfish/power", 300000000))):
        got, said, _ = pull(server, program, {**tree, base + "/EnvironmentMetrics": metrics})
        expect(got == want, metrics, got, said)


def sensors(server, program):
    """A sensor that says it is of the chassis; those of supplies and fans are no machine."""
    base = "/redfish/v1/Chassis/1/Sensors"
    path, c = chassis("1", Sensors=base)
    names = ["fan0_speed", "PSU1_InputPower", "CPU0_Power", "TotalPower", "Inlet_Temp"]
    tree = {"/redfish/v1/": root(), "/redfish/v1/Chassis": collection(path), path: c,
            base: collection(*(f"{base}/{n}" for n in names)),
            base + "/PSU1_InputPower": {"ReadingType": "Power", "Reading": 150, "PhysicalContext": "PowerSupply"},
            base + "/CPU0_Power": {"ReadingType": "Power", "Reading": 90, "PhysicalContext": "CPU"},
            base + "/TotalPower": {"ReadingType": "Power", "Reading": 288, "PhysicalContext": "Chassis"}}
    got, said, asked = pull(server, program, tree)
    expect(got == ("redfish/power", 288000000), got, said)
    expect(not any("fan" in a or "Temp" in a for a in asked), asked)
    del tree[base + "/TotalPower"]
    _, said, _ = pull(server, program, tree, status=1)
    expect("none of its chassis has power" in said, said)


def several(server, program):
    """A card inside the machine is not added; two machines behind one BMC are not guessed."""
    a, ca = chassis("Baseboard", computer=True, Power="/redfish/v1/Chassis/Baseboard/Power")
    g, cg = chassis("GPU0", inside="Baseboard", EnvironmentMetrics="/redfish/v1/Chassis/GPU0/EnvironmentMetrics")
    s, cs = chassis("Shelf", Power="/redfish/v1/Chassis/Shelf/Power")
    watts = lambda w: {"PowerControl": [{"PowerConsumedWatts": w}]}
    tree = {"/redfish/v1/": root(), "/redfish/v1/Chassis": collection(g, a), a: ca, g: cg, s: cs,
            "/redfish/v1/Chassis/Baseboard/Power": watts(900), "/redfish/v1/Chassis/Shelf/Power": watts(100),
            "/redfish/v1/Chassis/GPU0/EnvironmentMetrics": {"PowerWatts": {"Reading": 400}}}
    got, said, _ = pull(server, program, tree)
    expect(got == ("redfish/power", 900000000), "the card's 400 W are in it", got, said)
    tree["/redfish/v1/Chassis"] = collection(s, g, a)
    got, said, _ = pull(server, program, tree)
    expect(got == ("redfish/power", 900000000), "the one with the computer", got, said)
    # Two that share a Power resource are one.
    cs["Power"] = link("/redfish/v1/Chassis/Baseboard/Power")
    ca["Links"].pop("ComputerSystems")
    got, said, _ = pull(server, program, tree)
    expect(got == ("redfish/power", 900000000), "one resource", got, said)
    cs["Power"] = link("/redfish/v1/Chassis/Shelf/Power")
    _, said, _ = pull(server, program, tree, status=1)
    expect("2 chassis give power" in said and "Chassis/Shelf/Power" in said and "Chassis/Baseboard/Power" in said, said)


def off_and_hostile(server, program):
    tree = hp()
    tree["/redfish/v1/Chassis/1/Power"] = {"PowerControl": [{"PowerConsumedWatts": None}]}
    _, said, _ = pull(server, program, tree, status=1)
    expect("gives no power" in said, said)
    # A chassis without end: bounded.
    many = [f"/redfish/v1/Chassis/{i}" for i in range(1000)]
    _, said, asked = pull(server, program, {"/redfish/v1/": root(), "/redfish/v1/Chassis": collection(*many)}, status=1)
    expect("more than 24 chassis" in said and len(asked) == 26, said, len(asked))
    tree = {"/redfish/v1/": root(), "/redfish/v1/Chassis": collection(*many[:24])}
    for path in many[:24]:
        tree[path] = {**chassis(path.rsplit("/", 1)[1], EnvironmentMetrics=path + "/E", Power=path + "/P")[1]}
    _, said, asked = pull(server, program, tree, status=1)
    expect("after 64 requests" in said and len(asked) == 64, said, len(asked))
    # Links that leave the host are no links: the secret goes nowhere else.
    for bad in ("http://127.0.0.1:1/x", "//127.0.0.1:1/x", "\\\\x", "/a b", "/" + "x" * 600, "", 7):
        _, said, asked = pull(server, program, {"/redfish/v1/": root(bad)}, status=1)
        expect(len(asked) == 1 and "no Power" in said, bad, asked, said)
    for body in (b"", b"[]", b"{", b"7", b'{"Members":7}', b'{"PowerControl":7}', b'{"Chassis":[]}'):
        _, said, asked = pull(server, program, {"/redfish/v1/": body}, status=1)
        expect(len(asked) == 1, body, asked)
    _, said, _ = pull(server, program, {}, status=1)
    expect("404" in said, said)


def main():
    at = folder()
    server = Server()
    try:
        program = Program(at)
        program.machines(["node7"])
        for test in (from_the_root, metrics_before_power, sensors, several, off_and_hostile):
            test(server, program)
            print(test.__name__)
    finally:
        server.shutdown()
        shutil.rmtree(at, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
