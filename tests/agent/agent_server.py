# SPDX-License-Identifier: Apache-2.0
"""The daemon and `fleetprint serve` together: what is measured is what is stored, once."""
from world import *

QUICK = ("--interval", "50ms", "--batch", "200ms", "--model", "no")


def measured_is_stored():
    with Folder() as t:
        site = Site(t)
        site.start()
        t.put("token", site.cli("token", "create", "node12").strip())
        t.zone("intel-rapl:0", "package-0", 2**53 + 1, limit=2**54)
        t.put("sys/class/hwmon/hwmon0/name", "power_meter")
        t.put("sys/class/hwmon/hwmon0/power1_average", 231500000)
        t.put("sys/class/powercap/intel-rapl:1/name", "package-1")
        d = Daemon(site.url, t.path, t, *QUICK, "--token-file", t.at("token"), token=False)
        count = "SELECT count(*) FROM reading"
        wait_for(lambda: site.rows(count)[0][0] >= 10, "readings on the server's disk")
        d.stop()
        site.stop()
        rows = site.rows(READINGS)
        same({r[:4] for r in rows}, {("node12", "rapl/package-0", "package", "counter"),
                                     ("node12", "node/acpi-0", "node", "gauge")}, "meters")
        same({(r[1], r[6]) for r in rows}, {("rapl/package-0", 2**53 + 1), ("node/acpi-0", 231500000)},
             "values, to the last uJ")
        same([r[5] for r in rows], list(range(1, len(rows) + 1)), "each reading once")
        same(site.rows("SELECT reason FROM meter_missing WHERE key = 'rapl/package-1'"),
             [("energy_uj: No such file or directory",)], "the reason of what is missing")
        same(spooled(t), [], "the spool is empty")


def outage_and_restart():
    with Folder() as t:
        site = Site(t)
        site.start()
        t.put("token", site.cli("token", "create", "node12").strip())
        t.zone("intel-rapl:0", "package-0", 1)
        start = lambda: Daemon(site.url, t.path, t, *QUICK, "--token-file", t.at("token"), token=False)
        d = start()
        wait_for(lambda: site.rows("SELECT count(*) FROM reading")[0][0] >= 3, "readings")
        site.stop(kill=True)
        wait_for(lambda: len(spooled(t)) >= 2, "an outage")
        d.stop(kill=True)  # the node crashes in the outage
        d = start()
        wait_for(lambda: len(spooled(t)) >= 4, "more of the outage")
        d.stop()
        site.start()
        d = start()
        runs = "SELECT count(DISTINCT run_id) FROM reading"
        wait_for(lambda: site.rows(runs)[0][0] == 3, "readings of three runs")
        wait_for(lambda: len(spooled(t)) <= 1, "the spool drained")
        d.stop()
        site.stop()
        seqs = {}
        for r in site.rows(READINGS):
            seqs.setdefault(r[4], []).append(r[5])
        same(len(seqs), 3, "three runs")
        for run, got in seqs.items():
            same(got, list(range(1, len(got) + 1)), "no reading lost or doubled in " + run)


def enrolled_and_approved():
    with Folder() as t:
        site = Site(t)
        site.start()
        site.cli("site", "set", "paris", "--country", "FRA")
        t.put("key", site.cli("token", "create", "--enrol", "paris").strip())
        t.zone("intel-rapl:0", "package-0", 1)
        start = lambda: Daemon(site.url, t.path, t, *QUICK, "--enrol-file", t.at("key"), "--node", "node77",
                               token=False)
        d = start()
        d.wait_log("state=pending")
        same(site.rows("SELECT count(*) FROM reading"), [(0,)], "nothing is taken of a node that waits")
        d.stop()
        site.cli("token", "approve", "node77")
        d = start()
        wait_for(lambda: site.rows("SELECT count(*) FROM reading")[0][0] >= 3, "readings once it is let in")
        d.stop()
        site.stop()
        rows = site.rows(READINGS)
        same({r[0] for r in rows}, {"node77"}, "its name")
        same(len({r[4] for r in rows}), 2, "what it measured while it waited came too")


main(measured_is_stored, outage_and_restart, enrolled_and_approved)
