# SPDX-License-Identifier: Apache-2.0
"""What the agent costs its node at one sample each 10 s (DESIGN 8): processor time, memory, libraries.

The clock runs a hundred times faster: a sample each 100 ms, a push each 600 ms, and the time counted a hundredth.
With `--bench` the figures are printed as `make bench` does."""
import re

from world import *

SPEED = 100
SECONDS = 12
CPU_PERCENT, ANON_MB, RSS_MB = 0.3, 4, 16


def node(t):
    for i in (0, 1):
        t.zone(f"intel-rapl:{i}", f"package-{i}", 1000 + i)
        t.zone(f"intel-rapl:{i}:0", "dram", 5)
    t.put("proc/cpuinfo", "physical id\t: 0\ncpu cores\t: 8\nflags\t: fpu")
    t.put("sys/block/sda/size", 1000000)
    t.put("sys/block/sda/queue/rotational", 0)
    t.put("sys/class/hwmon/hwmon0/name", "power_meter")
    t.put("sys/class/hwmon/hwmon0/power1_average", 200000000)


def cpu_s(pid):
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/schedstat") as f:
            total += int(f.read().split()[0])
    return total / 1e9


def memory_mb(pid):
    with open(f"/proc/{pid}/status") as f:
        return {k: int(v) / 1024 for k, v in re.findall(r"^(VmHWM|RssAnon):\s+(\d+) kB", f.read(), re.M)}


def measure():
    with Folder() as t:
        node(t)
        s = Server()
        d = Daemon(s.url, t.path, t, "--interval", "100ms", "--batch", "600ms")
        s.wait(lambda s: len(s.batches) >= 2, "the first pushes")
        start, cpu = time.monotonic(), cpu_s(d.p.pid)
        n = len(s.batches)
        s.wait(lambda s: len(s.batches) >= n + SECONDS * 1000 // 600, "twenty minutes' pushes", 60)
        percent = 100 * (cpu_s(d.p.pid) - cpu) / (time.monotonic() - start) / SPEED
        m = memory_mb(d.p.pid)
        d.stop()
        s.close()
        return percent, m["RssAnon"], m["VmHWM"]


def curl_alone():
    """Peak memory of curl doing one push, MB."""
    with Folder() as t:
        s = Server()
        pid = os.spawnvpe(os.P_NOWAIT, "curl", ["curl", "-s", "-o", "/dev/null", "--data-binary", "@" + t.put("body", "{}"),
                                                s.url + "/api/v1/enrol"], ENV)
        peak = os.wait4(pid, 0)[2].ru_maxrss / 1024
        s.close()
        return peak


def within_its_limits():
    percent, anon, rss = measure()
    print(f"     {percent:.4f} % of a core, RssAnon {anon:.1f} MB, RSS {rss:.1f} MB")
    check(percent < CPU_PERCENT, "processor time", percent)
    check(anon <= ANON_MB, "RssAnon", anon)
    check(rss <= RSS_MB, "RSS", rss)


def loads_few_libraries():
    out = subprocess.run(["ldd", AGENT], capture_output=True, text=True, check=True).stdout
    names = {re.split(r"[./ ]", line.strip())[0] for line in out.splitlines() if line.strip().startswith("lib")}
    check(names <= {"libc", "libm", "libz", "libsodium", "libcurl"}, "libraries", sorted(names))


if "--bench" in sys.argv:
    cpu, anon, rss = measure()
    bare = curl_alone()
    for name, value, unit, ratio, what in (("agent_cpu", cpu, "%", cpu / CPU_PERCENT, "limit of the design"),
                                           ("agent_rss_anon", anon, "MB", anon / ANON_MB, "limit of the design"),
                                           ("agent_rss", rss, "MB", rss / bare, "curl, one push")):
        print(f"{name:<26} {value:12.4g} {unit:<12} {ratio:8.3g} x {what}")
    sys.exit(1 if failures else 0)
main(within_its_limits, loads_few_libraries)
