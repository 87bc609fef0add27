# SPDX-License-Identifier: Apache-2.0
"""`run`: joules, watts, EDP and kg of one command; the command itself moves the counters."""
import csv
import io

from world import *


def run(t, script, *options, status=0, env=None):
    """Runs a shell script under the agent; the report, and what the command wrote."""
    start = time.monotonic()
    out, err = agent("run", "--config", "/dev/null", "--sysroot", t.path, "--ipmi", "no", "--json", "--interval",
                     "5ms", "-o", t.at("report.json"), *options, "--", "sh", "-c", script,
                     status=status, env=dict(env or {}, ROOT=t.path))
    with open(t.at("report.json")) as f:
        d = json.load(f)
    same(d["schema"], "fleetprint/run/1", "schema")
    d["elapsed"] = time.monotonic() - start
    return d, out


def constant(d, joules, watts, what):
    """A constant power: its readings lie around the command's time and inside the agent's."""
    check(watts * d["seconds"] <= joules * (1 + 1e-9) and joules <= watts * d["elapsed"], what, joules, "J of", watts,
          "W in", d["seconds"], "to", d["elapsed"], "s")


def by_name(d):
    return {c["component"]: c for c in d["components"]}


def put(path, value):
    """Shell that gives a file a value at once: a reader must not see it empty."""
    return f'echo {value} > "$ROOT/new" && mv "$ROOT/new" "$ROOT/{path}"\n'


def set_energy(zone, value):
    return put(f"sys/class/powercap/{zone}/energy_uj", value)


def components_and_figures():
    with Folder() as t:
        t.zone("intel-rapl:0", "package-0", 1000000)
        t.zone("intel-rapl:0:0", "dram", 0)
        t.zone("intel-rapl:1", "package-1", 0)
        d, out = run(t, set_energy("intel-rapl:0", 91000000) + set_energy("intel-rapl:0:0", 9000000) +
                     set_energy("intel-rapl:1", 81000000) + "sleep 0.2; echo hello", "--model", "no", "--grid-g", "20",
                     "--pue", "1.5")
        same(out, "hello\n", "the command's own output")
        c = by_name(d)
        # 90 J + 81 J of packages, 9 J of memory
        near(c["cpu"]["joules"], 171.0, "cpu")
        near(c["ram"]["joules"], 9.0, "ram")
        same(sorted(c), ["cpu", "ram"], "components")
        near(d["parts_j"], 180.0, "parts")
        near(d["wall_j"], 200.0, "180 J / 0.90")
        s = d["seconds"]
        check(0.2 <= s < 20, "seconds", s)
        near(d["mean_w"], 200.0 / s, "mean watts")
        near(d["edp_js"], 200.0 / s * s * s, "EDP = P x T^2")
        near(d["kwh"], 200.0 / 3.6e6, "kWh")
        near(d["kg"], 200.0 / 3.6e6 * 1.5 * 20 / 1000, "kg = kWh x PUE x g / 1000")
        same((d["exit"], d["command"][0]), (0, "sh"), "exit and command")
        same(d["node_j"], None, "no meter of the node")


def wraps():
    with Folder() as t:
        # METHOD TV51: range 262143328850, 262143000000 -> 500000000 is 500328850 uJ
        t.zone("intel-rapl:0", "package-0", 262143000000)
        d, _ = run(t, set_energy("intel-rapl:0", 500000000), "--model", "no")
        near(by_name(d)["cpu"]["joules"], 500.32885, "TV51")
        m = d["meters"][0]
        same((m["wraps"], m["resets"], m["failed"]), (1, 0, False), "wraps")


def several_wraps():
    with Folder() as t:
        # 100 -> 40 is a wrap (range 1000): 900 + 40; 40 -> 700: 660; 700 -> 100 a wrap: 300 + 100; in all 2000
        t.zone("intel-rapl:0", "package-0", 100, limit=1000)
        script = "".join(set_energy("intel-rapl:0", v) + "sleep 0.5\n" for v in (40, 700, 100))
        d, _ = run(t, script, "--model", "no")
        near(by_name(d)["cpu"]["joules"], 2000e-6, "two wraps")
        same(d["meters"][0]["wraps"], 2, "counted")


def a_counter_that_begins_anew():
    with Folder() as t:
        t.zone("intel-rapl:0", "package-0", 500000000, limit=None)
        d, _ = run(t, set_energy("intel-rapl:0", 1000000), "--model", "no")
        same(d["meters"][0]["resets"], 1, "resets")
        same(by_name(d)["cpu"]["partial"], True, "at least this much")
        near(by_name(d)["cpu"]["joules"], 0.0, "nothing is made up")


def psys_in_place_of_packages():
    with Folder() as t:
        for zone, name in (("intel-rapl:0", "package-0"), ("intel-rapl:0:0", "dram"), ("intel-rapl:1", "psys")):
            t.zone(zone, name, 0)
        d, _ = run(t, set_energy("intel-rapl:0", 10000000) + set_energy("intel-rapl:0:0", 2000000) +
                   set_energy("intel-rapl:1", 20000000), "--model", "no")
        near(d["parts_j"], 20.0, "psys holds package and dram")
    with Folder() as t:
        for zone, name in (("intel-rapl:0", "package-0"), ("intel-rapl:1", "psys")):
            t.zone(zone, name, 0)
        d, _ = run(t, set_energy("intel-rapl:0", 10000000) + set_energy("intel-rapl:1", 3000000), "--model", "no")
        near(d["parts_j"], 10.0, "a psys below its package does not hold it")
    with Folder() as t:
        for zone, name in (("intel-rapl:0", "package-0"), ("intel-rapl:1", "psys"), ("intel-rapl:2", "psys-1")):
            t.zone(zone, name, 0)
        d, _ = run(t, set_energy("intel-rapl:0", 10000000) + set_energy("intel-rapl:1", 20000000) +
                   set_energy("intel-rapl:2", 15000000), "--model", "no")
        near(d["parts_j"], 20.0, "a psys of each socket: both see the platform, and are not added")


def node_meter_wins():
    with Folder() as t:
        t.zone("intel-rapl:0", "package-0", 0)
        t.put("sys/class/hwmon/hwmon0/name", "power_meter")
        t.put("sys/class/hwmon/hwmon0/power1_average", 300000000)
        d, _ = run(t, set_energy("intel-rapl:0", 1000000) + "sleep 0.3", "--model", "no")
        constant(d, d["wall_j"], 300.0, "the node")
        same(d["wall_j"], d["node_j"], "the node's own figure")


def cards_counted_and_integrated():
    with Folder() as t:
        t.zone("intel-rapl:0", "package-0", 0)
        for i in (0, 1):
            t.put(f"nvml/{i}/uuid", f"GPU-{i}")
        t.put("nvml/0/energy", 1000)
        t.put("nvml/1/power", 50000)
        env = {"FAKE_NVML": t.at("nvml")}
        d, _ = run(t, put("nvml/0/energy", 8500) + "sleep 0.3", "--model", "no", "--nvml", NVML, env=env)
        m = {x["id"]: x["joules"] for x in d["meters"]}
        near(m["gpu/GPU-0"], 7.5, "8500 mJ - 1000 mJ")
        constant(d, m["gpu/GPU-1/power"], 50.0, "integrated from power, not 0")
        near(by_name(d)["gpu"]["joules"], m["gpu/GPU-0"] + m["gpu/GPU-1/power"], "both")
        # a card that is lost on the way: what it gave, marked
        d, _ = run(t, 'rm "$ROOT/nvml/1/power"; sleep 0.1', "--model", "no", "--nvml", NVML, env=env)
        same(by_name(d)["gpu"]["partial"], True, "partial")


def unknown_is_not_zero():
    with Folder() as t:
        d, _ = run(t, "true", "--model", "no")
        same((d["components"], d["parts_j"], d["wall_j"], d["mean_w"], d["edp_js"], d["kg"]),
             ([], None, None, None, None, None), "nothing is known")
        check(any(m["id"] == "rapl" for m in d["missing"]), "and why", d["missing"])


def modelled_parts_are_marked():
    with Folder() as t:
        t.zone("intel-rapl:0", "package-0", 0)
        t.zone("intel-rapl:0:0", "dram", 0)
        t.put("sys/block/sda/size", 1953525168)
        t.put("sys/block/sda/queue/rotational", 1)
        d, _ = run(t, "sleep 0.3")
        c = by_name(d)
        same((c["disk"]["modelled"], c["rest"]["modelled"], c["cpu"]["modelled"]), (True, True, False), "marks")
        constant(d, c["disk"]["joules"], 7.0, "a hard disk")
        constant(d, c["rest"]["joules"], 30.0, "board and fans")


def status_and_signals():
    with Folder() as t:
        d, _ = run(t, "exit 7", "--model", "no", status=7)
        same(d["exit"], 7, "status 7")
        d, _ = run(t, "kill -9 $$", "--model", "no", status=137)
        same(d["exit"], 137, "killed")
        base = ["run", "--config", "/dev/null", "--sysroot", t.path]
        _, err = agent(*base, "--", "/no/such/command", status=127)
        check("cannot run '/no/such/command'" in err, "not found", err)
        _, err = agent(*base, status=2)
        check("expected a command" in err, "no command", err)
        # the command gets its own umask back
        out, _ = agent(*base, "--", "sh", "-c", "umask 027; umask", status=0)
        same(out, "0027\n", "umask")


def umask_is_kept():
    with Folder() as t:
        old = os.umask(0o022)
        out, _ = agent("run", "--config", "/dev/null", "--sysroot", t.path, "--", "sh", "-c", "umask")
        os.umask(old)
        same(out, "0022\n", "umask of the caller")


def table_and_csv():
    with Folder() as t:
        base = ["run", "--config", "/dev/null", "--sysroot", t.path, "--ipmi", "no", "--model", "no"]
        t.zone("intel-rapl:0", "package-0", 0)
        script = ["--", "sh", "-c", f"ROOT={t.path}\n" + set_energy("intel-rapl:0", 9000000) + "echo out"]
        out, err = agent(*base, *script)
        same(out, "out\n", "standard output is the command's")
        check("9.000 J" in err and "10.000 J" in err and "EDP" in err and "set grid_g" in err, "table", err)
        t.zone("intel-rapl:0", "package-0", 0)
        agent(*base, "--csv", "-o", t.at("r.csv"), "--grid-g", "36", *script)
        rows = list(csv.DictReader(io.open(t.at("r.csv"), newline="")))
        same([r["component"] for r in rows], ["cpu", "wall"], "rows")
        near(float(rows[0]["joules"]), 9.0, "cpu")
        near(float(rows[1]["joules"]), 10.0, "wall")
        near(float(rows[1]["kg"]), 10.0 / 3.6e6 * 36 / 1000, "kg")
        same(rows[0]["kg"], "", "kg is of the whole")


main(components_and_figures, wraps, several_wraps, a_counter_that_begins_anew, psys_in_place_of_packages,
     node_meter_wins, cards_counted_and_integrated, unknown_is_not_zero, modelled_parts_are_marked,
     status_and_signals, umask_is_kept, table_and_csv)
