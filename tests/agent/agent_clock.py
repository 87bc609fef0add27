# SPDX-License-Identifier: Apache-2.0
"""Clocks that are set, and machines that sleep or restart, with the daemon and `fleetprint serve`: whatever the
node's clock does, the joules of the ledger are those of the counter, and its hours are the right ones. The clocks
are moved for the daemon alone, by a preloaded library (fake_clock.c)."""
import datetime

from world import *

QUICK = ("--interval", "50ms", "--batch", "200ms", "--model", "no")
NS = 10**9
HOUR = 3600
WRAP, RESET, SPIKE, AMBIG, SPREAD, LATE, SKEW = (1 << k for k in range(7))
RANGE = 262143328850  # of the counter: a wrap that is none would add 262 kJ
WATTS = 231.5
BOOT_1, BOOT_2 = "0f8fad5b-d9cb-469f-a165-70867728950e", "7c9e6679-7425-40de-944b-e07fc1f90ae7"


class Node:
    """A node with a counter and a power meter, its clocks, and the site it sends to."""

    def __init__(self, t):
        self.t = t
        self.site = Site(t)
        self.site.start()
        t.put("token", self.site.cli("token", "create", "node12").strip())
        t.put("proc/sys/kernel/random/boot_id", BOOT_1)
        t.put("sys/class/hwmon/hwmon0/name", "power_meter")
        t.put("sys/class/hwmon/hwmon0/power1_average", int(WATTS * 1e6))
        self.value = self.first = 5000000
        t.zone("intel-rapl:0", "package-0", self.value)
        self.real = self.boot = 0
        self.clocks()
        self.began_ns, self.began = time.time_ns(), time.monotonic()

    def clocks(self, real_s=None, boot_s=None):
        """What is added to the node's wall clock and time since boot from now on."""
        self.real = self.real if real_s is None else real_s
        self.boot = self.boot if boot_s is None else boot_s
        new = self.t.put("clock.new", f"{int(self.real * NS)} {int(self.boot * NS)}")
        os.rename(new, self.t.at("clock"))

    def start(self):
        env = {"LD_PRELOAD": CLOCK, "FAKE_CLOCK": self.t.at("clock"), "ASAN_OPTIONS": "verify_asan_link_order=0"}
        self.d = Daemon(self.site.url, self.t.path, self.t, *QUICK, "--token-file", self.t.at("token"), token=False,
                        env=env)

    def use(self, joules):
        """The counter moves on, in one write."""
        self.set(self.value + joules * 10**6)

    def set(self, value):
        self.value = value
        new = self.t.put("energy.new", value)
        os.rename(new, self.t.at("sys/class/powercap/intel-rapl:0/energy_uj"))

    def n(self):
        return self.site.rows("SELECT count(*) FROM reading")[0][0]

    def read_on(self):
        """Until the server has the counter as it stands now, and the next of the power meter, which reads once a second."""
        powers = "SELECT count(*) FROM reading WHERE value = %d" % (WATTS * 1e6)
        before = self.site.rows(powers)[0][0]
        wait_for(lambda: self.site.rows(powers)[0][0] > before, "readings of the power meter")
        wait_for(lambda: self.site.rows("SELECT count(*) FROM reading WHERE value = %d" % self.value)[0][0] >= 2,
                 "readings of the counter as it stands")

    def spool_on(self, more=2):
        want = len(spooled(self.t)) + more
        wait_for(lambda: len(spooled(self.t)) >= want, "batches in the spool")

    def missing(self):
        return dict(self.site.rows("SELECT key, reason FROM meter_missing"))

    def ledger(self):
        """After the end: (uJ, covered seconds, flags) of the counter and of the power meter."""
        self.ended_ns, self.elapsed = time.time_ns(), time.monotonic() - self.began
        wait_for(lambda: spooled(self.t) == [], "the spool drained")
        self.site.stop()
        tomorrow = datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=1)
        self.site.cli("energy", "fold", env={"FLEETPRINT_TODAY": str(tomorrow)})
        self.site.cli("check")
        sums = "SELECT m.key, sum(e.sum_uj), sum(e.covered_s), max(e.flags) FROM energy_month e JOIN meter m ON m.id = e.meter_id GROUP BY 1"
        rows = {r[0]: r[1:] for r in self.site.rows(sums)}
        return rows["rapl/package-0"], rows["node/acpi-0"]

    def in_order(self, per_boot=1):
        """No reading lost or doubled in its run; by time as the counter rose."""
        seqs = {}
        for r in self.site.rows(READINGS):
            seqs.setdefault(r[4], []).append(r[5])
        for run, got in seqs.items():
            same(got, list(range(1, len(got) + 1)), "readings of run " + run)
        values = [v for (v,) in self.site.rows(
            "SELECT r.value FROM reading r JOIN meter m ON m.id = r.meter_id WHERE m.kind = 'counter' ORDER BY r.t_ns")]
        falls = sum(b < a for a, b in zip(values, values[1:]))
        same(falls, per_boot - 1, "the counter falls with a boot alone")
        return len(seqs)

    def hours_are_right(self, slack_s=30):
        low, high = self.site.rows("SELECT min(t_ns), max(t_ns) FROM reading")[0]
        check(self.began_ns - slack_s * NS <= low and high <= self.ended_ns + slack_s * NS, "times of readings",
              (low - self.began_ns) / NS, (high - self.ended_ns) / NS)

    def gauge_is_right(self, gauge, asleep_s=0):
        """The power was the same all the time: never more than watts x time, hardly less."""
        most = WATTS * (self.elapsed + asleep_s)
        check(gauge[0] / 1e6 <= most, "joules of the power meter", gauge[0] / 1e6, "of at most", most)
        check(gauge[0] / 1e6 >= WATTS, "joules of the power meter are there", gauge[0] / 1e6)


def set_while_it_runs():
    """Forward by five hours, back by nine, and right again."""
    with Folder() as t:
        node = Node(t)
        node.start()
        node.read_on()
        for offset, said in ((5 * HOUR, "set 18000 s forward"), (-4 * HOUR, "set 14400 s back"), (0, None)):
            node.clocks(real_s=offset)
            node.use(1000)
            node.read_on()
            if said:
                wait_for(lambda: said in node.missing().get("clock", ""), "the server knows: " + said)
        wait_for(lambda: "clock" not in node.missing(), "the clock is right again")
        node.use(1000)
        node.read_on()
        log = node.d.stop()
        counter, gauge = node.ledger()
        same(counter[0], 4000 * 10**6, "uJ of the counter")
        same(counter[2] & ~SPREAD, 0, "no wrap, no reset, nothing moved")
        same(node.in_order(), 1, "one run")
        node.hours_are_right(slack_s=2)
        node.gauge_is_right(gauge)
        for by, in_all in ((5, 5), (-9, -4), (4, 0)):
            check(f"clock-set by_s={by * HOUR} in_all_s={in_all * HOUR}" in log, "the log tells it",
                  by, log)


def wrong_at_the_start():
    """A machine without a battery wakes in 1970, another two days ahead; then both are told the time."""
    for offset in (-time.time() + 100, 50 * HOUR, -7 * HOUR):
        with Folder() as t:
            node = Node(t)
            node.clocks(real_s=offset)
            node.start()
            node.read_on()
            node.use(700)
            node.read_on()
            node.clocks(real_s=0)
            node.use(300)
            node.read_on()
            node.d.stop()
            # a new start in the same boot goes on by the same clock
            node.use(50)
            node.start()
            node.read_on()
            node.d.stop()
            counter, gauge = node.ledger()
            same(counter[0], 1050 * 10**6, f"uJ of the counter, {offset} s")
            same(counter[2] & ~SPREAD, SKEW, "moved to where they belong, and said so")
            same(node.in_order(), 2, "two runs")
            node.hours_are_right(slack_s=5)
            node.gauge_is_right(gauge)
            same(node.site.rows("SELECT refused, conflicts FROM feed_source"), [(0, 0)], "nothing refused")


def set_in_an_outage():
    """The server is away; the clock goes back, the agent crashes, is started again, the clock goes forward."""
    with Folder() as t:
        node = Node(t)
        node.start()
        node.read_on()
        node.site.stop(kill=True)
        node.use(100)
        node.spool_on()
        node.clocks(real_s=-5 * HOUR)
        node.use(200)
        node.spool_on()
        node.d.stop(kill=True)  # its last batch may be lost, no more
        node.use(300)
        node.start()
        node.spool_on()
        node.clocks(real_s=2 * HOUR)
        node.use(400)
        node.spool_on()
        node.d.stop()
        node.use(500)
        node.site.start()
        node.start()
        node.read_on()
        node.d.stop()
        counter, gauge = node.ledger()
        same(counter[0], 1500 * 10**6, "uJ of the counter")
        same(counter[2] & ~SPREAD, 0, "no wrap, no reset, nothing moved")
        same(node.in_order(), 3, "three runs")
        node.hours_are_right(slack_s=2)
        node.gauge_is_right(gauge)


def wrong_and_cut_off():
    """First started in an outage with a clock three hours ahead, then four behind: no reading was live."""
    for offset in (3 * HOUR, -4 * HOUR):
        with Folder() as t:
            node = Node(t)
            node.site.stop()
            node.clocks(real_s=offset)
            node.start()
            node.spool_on()
            for joules in (10, 20, 30, 40):
                node.use(joules)
                node.spool_on()
            node.clocks(real_s=0)
            node.use(50)
            node.spool_on()
            node.site.start()
            node.use(60)
            node.read_on()
            node.d.stop()
            counter, gauge = node.ledger()
            same(counter[0], 210 * 10**6, f"uJ of the counter, {offset} s")
            same(counter[2] & ~SPREAD, SKEW, "moved, and said so")
            same(node.in_order(), 1, "one run")
            node.hours_are_right(slack_s=5)
            node.gauge_is_right(gauge)


def restarted_in_an_outage():
    """The machine itself restarts while the server is away, and wakes five hours ahead: the counter starts anew."""
    with Folder() as t:
        node = Node(t)
        node.start()
        node.read_on()
        node.use(100)
        node.read_on()
        node.site.stop(kill=True)
        node.use(200)
        node.spool_on()
        node.d.stop()
        t.put("proc/sys/kernel/random/boot_id", BOOT_2)
        with open("/proc/uptime") as f:
            up = float(f.read().split()[0])
        node.clocks(real_s=5 * HOUR, boot_s=12 - up)  # up for 12 s
        node.set(40000)
        node.start()
        node.spool_on()
        node.use(25)
        node.spool_on()
        node.clocks(real_s=0)
        node.site.start()
        node.use(5)
        node.read_on()
        node.d.stop()
        counter, gauge = node.ledger()
        same(counter[0], (300 + 30) * 10**6, "uJ of both boots, none across them")
        # another boot has no delta, and needs no word; what the second read was moved
        same(counter[2] & ~(SPREAD | RESET), SKEW, "flags")
        same(node.in_order(per_boot=2), 2, "two runs")
        node.hours_are_right(slack_s=5)
        node.gauge_is_right(gauge)


def asleep():
    """Suspended for 200 s: the counter's energy is spread over them, a power meter's is not known."""
    with Folder() as t:
        node = Node(t)
        node.start()
        node.read_on()
        node.use(100)
        node.read_on()
        before, wake = node.n(), time.monotonic()
        node.clocks(real_s=200, boot_s=200)
        node.use(900)
        node.read_on()
        n, took = node.n() - before, time.monotonic() - wake
        check(n <= 2 * (took / 0.05 + 2), "turns that were slept through are not made up for", n, took)
        check("clock" not in node.missing(), "to sleep is no step", node.missing())
        log = node.d.stop()
        counter, gauge = node.ledger()
        same(counter[0], 1000 * 10**6, "uJ of the counter")
        same(counter[2], SPREAD, "the hole is told")
        check(200 <= counter[1] <= 200 + node.elapsed + 1, "covered seconds", counter[1])
        same(node.in_order(), 1, "one run")
        node.gauge_is_right(gauge)
        check("clock-set" not in log, "nor in the log", log)


main(set_while_it_runs, wrong_at_the_start, set_in_an_outage, wrong_and_cut_off, restarted_in_an_outage, asleep)
