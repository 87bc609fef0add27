# SPDX-License-Identifier: Apache-2.0
"""What `once` sees in trees that look like machines, and why it does not see the rest."""
from world import *


def intel_two_packages():
    with Folder() as t:
        for i in (0, 1):
            t.zone(f"intel-rapl:{i}", f"package-{i}", 1000000 * (i + 1), constraint_0_max_power_uw=205000000,
                   constraint_1_power_limit_uw=246000000)
            t.zone(f"intel-rapl:{i}:0", "dram", 500000 * (i + 1), limit=65712999613)
            t.zone(f"intel-rapl:{i}:1", "core", 7)
        t.zone("intel-rapl:2", "psys", 9000000)
        # the same packages by memory map
        t.zone("intel-rapl-mmio:0", "package-0", 5)
        t.put("sys/class/powercap/intel-rapl/enabled", 1)
        sensors, missing = once(t.path, "--model", "no")
        same(sorted(sensors), ["rapl/core-0", "rapl/core-1", "rapl/dram-0", "rapl/dram-1", "rapl/package-0",
                               "rapl/package-1", "rapl/psys"], "sensors")
        p = sensors["rapl/package-0"]
        same((p["scope"], p["kind"], p["modelled"], p["sent"]), ("package", "counter", False, True), "package-0")
        near(p["counter_j"], 1.0, "package-0 joules")
        near(p["range_j"], 262143.32885, "range")
        near(p["max_w"], 246.0, "the highest limit")
        near(p["power_w"], 0.0, "a counter that stands")
        near(sensors["rapl/package-1"]["counter_j"], 2.0, "package-1 joules")
        d = sensors["rapl/dram-1"]
        same((d["scope"], d["label"]), ("dram", "package-1 dram"), "dram-1")
        near(d["counter_j"], 1.0, "dram-1 joules")
        near(d["range_j"], 65712.999613, "dram range")
        same(d["max_w"], None, "no limit is stated")
        same(sensors["rapl/core-0"]["sent"], False, "core is inside its package")
        same(sensors["rapl/psys"]["scope"], "psys", "psys")
        check("node/acpi" in missing and "node/dcmi" in missing, "meters of the node are told missing", missing)
        check("rapl" not in missing, "RAPL is there", missing)


def a_psys_of_each_socket():
    with Folder() as t:
        t.zone("intel-rapl:0", "package-0", 1000000)
        t.zone("intel-rapl:1", "psys", 9000000)
        t.zone("intel-rapl:2", "psys-1", 4000000)
        sensors, missing = once(t.path, "--model", "no")
        same(sorted(sensors), ["rapl/package-0", "rapl/psys", "rapl/psys-1"], "sensors")
        same(sensors["rapl/psys-1"]["scope"], "psys", "the second socket's")
        near(sensors["rapl/psys-1"]["counter_j"], 4.0, "psys-1 joules")
        check("rapl/psys-1" not in missing, "read, so not missing", missing)


def missing_but_once():
    """A package that can be read by neither of its two ways is one sensor that is missing."""
    with Folder() as t:
        for zone in ("intel-rapl:0", "intel-rapl-mmio:0"):
            t.zone(zone, "package-0", "no number")
        out, _ = agent("once", "--sysroot", t.path, "--model", "no")
        same(out.count("rapl/package-0"), 1, out)


def amd_names():
    with Folder() as t:
        t.zone("intel-rapl:0", "package-0", 123456789, limit=65532610987)
        t.zone("intel-rapl:0:0", "core", 5, limit=65532610987)
        t.zone("intel-rapl:1", "package-1-die-1", 2000000, limit=65532610987)
        sensors, _ = once(t.path, "--model", "no")
        same(sorted(sensors), ["rapl/core-0", "rapl/package-0", "rapl/package-1-die-1"], "sensors")
        near(sensors["rapl/package-0"]["counter_j"], 123.456789, "joules")
        same(sensors["rapl/core-0"]["scope"], "core", "core")


def refused_with_reason():
    with Folder() as t:
        t.zone("intel-rapl:0", "package-0", None)
        t.put("sys/class/powercap/intel-rapl:0/energy_uj", None)  # no file: root would read one of mode 000
        t.zone("intel-rapl:0:0", "dram", None)
        t.zone("intel-rapl:1", "package-1", "not a number")
        t.zone("intel-rapl:2", "package-2", -5)
        t.zone("intel-rapl:3", "package-3", 262143328851)  # one above its range
        t.zone("intel-rapl:4", "surprise", 1)
        t.zone("intel-rapl:5", "package-5", b"\x01\xc3\xa9\xff7\n")
        t.zone("intel-rapl:6", b"un\x07known\n", 1)
        sensors, missing = once(t.path, "--model", "no")
        same(sensors, {}, "sensors")
        same(missing["rapl/package-0"], "energy_uj: is no file", "a folder")
        same(missing["rapl/dram-0"], "energy_uj: No such file or directory", "no energy_uj")
        same(missing["rapl/package-1"], "energy_uj: 'not a number' is no whole number", "words")
        same(missing["rapl/package-2"], "energy_uj: '-5' is no whole number", "negative")
        same(missing["rapl/package-3"], "energy_uj: above max_energy_range_uj", "above the range")
        check("unknown kind" in missing["rapl/surprise"], "unknown zone")
        same(missing["rapl/package-5"], "energy_uj: ' ???7' is no whole number", "bytes that no text may hold")
        check("rapl/un?known" in missing, "a name with a bell in it", missing)


def without_the_right_to_read():
    """RAPL is root's alone on most kernels: the reason says what it takes."""
    with Folder() as t:
        path = t.zone("intel-rapl:0", "package-0", 1)
        table = t.put("sys/firmware/dmi/tables/DMI", module(16384) + END)
        os.chmod(path, 0)
        os.chmod(table, 0)
        os.chmod(t.path, 0o755)
        program = shutil.copy(AGENT, t.at("agent"))
        os.chmod(program, 0o755)
        user = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
        p = subprocess.run([program, "once", "--json", "--config", "/dev/null", "--sysroot", t.path, "--interval", "20ms"],
                           capture_output=True, text=True, env=ENV, timeout=60, cwd="/", **user)
        same(p.returncode, 0, "status " + p.stderr)
        d = json.loads(p.stdout)
        same({m["id"]: m["reason"] for m in d["missing"]}.get("rapl/package-0"),
             "energy_uj: permission denied: it takes root or CAP_DAC_READ_SEARCH", "the reason")
        check(not any(s["id"] == "rapl/package-0" for s in d["sensors"]), "no sensor, no 0")


def nothing_at_all():
    with Folder() as t:
        t.put("proc/cpuinfo", "flags\t\t: fpu vme hypervisor lahf_lm")
        sensors, missing = once(t.path)
        same(sensors, {}, "sensors")
        check("virtual machine" in missing["rapl"], "no powercap", missing)
        check("virtual machine" in missing["model"], "nothing is modelled in a guest", missing)


def node_meters():
    with Folder() as t:
        t.put("sys/class/hwmon/hwmon0/name", "coretemp")
        t.put("sys/class/hwmon/hwmon1/name", "power_meter")
        t.put("sys/class/hwmon/hwmon1/power1_average", 231500000)
        t.put("sys/class/hwmon/hwmon2/name", "power_meter")
        t.put("sys/class/hwmon/hwmon2/power1_is_battery", 1)
        t.put("sys/class/hwmon/hwmon2/power1_input", 9000000)
        t.put("sys/class/hwmon/hwmon3/name", "power_meter")
        t.put("sys/class/hwmon/hwmon3/power1_average", None)
        t.put("dev/ipmi0", "this is no device")
        sensors, missing = once(t.path, "--model", "no")
        same(sorted(sensors), ["node/acpi-0"], "sensors")
        s = sensors["node/acpi-0"]
        same((s["scope"], s["kind"]), ("node", "gauge"), "scope and kind")
        near(s["power_w"], 231.5, "watts")
        same(missing["node/acpi-2"] if "node/acpi-2" in missing else missing["node/acpi-1"],
             "power1_average: is no file", "a meter that cannot be read")
        check("takes no command" in missing["node/dcmi"], "a file is no BMC", missing["node/dcmi"])


def the_bmc():
    """DCMI through a device that answers: completion, 0xDC, watts now, least, most, mean, time, period, state."""
    env = {"LD_PRELOAD": IPMI, "ASAN_OPTIONS": "verify_asan_link_order=0"}
    tail = "64 00 90 01 e0 00 01 02 03 04 e8 03 00 00"
    for answer, watts, reason in ((f"00 dc 4c 01 {tail} 40", 332.0, None), (f"00 dc 12 0a {tail} 40", 2578.0, None),
                                  (f"00 dc 4c 01 {tail} 00", None, "measures no power"),
                                  (f"00 dc 00 00 {tail} 40", None, "0 W"), ("c1", None, "does not know DCMI"),
                                  ("d4", None, "0xd4"), ("00 dc", None, "no power reading")):
        with Folder() as t:
            t.put("dev/ipmi0", answer)
            sensors, missing = once(t.path, "--model", "no", env=env)
            if watts:
                near(sensors["node/dcmi"]["power_w"], watts, answer)
                same(sensors["node/dcmi"]["scope"], "node", "scope")
            else:
                check(reason in missing.get("node/dcmi", ""), answer, missing)
                same(sensors, {}, "no sensor")


def grace_sockets():
    """NVIDIA Grace: rails of sockets as ACPI power meters, none of them the node."""
    with Folder() as t:
        machine(t, modules=module(16384) * 2 + END)
        for i, (name, uw) in enumerate((("Module Power Socket 0", 300000000), ("Grace Power Socket 0", 90000000),
                                        ("CPU Power Socket 0", 50000000), ("SysIO Power Socket 0", 20000000),
                                        ("Grace Power Socket 1", 80000000))):
            base = f"sys/class/hwmon/hwmon{i}/"
            t.put(base + "name", "power_meter")
            t.put(base + "power1_oem_info", name)
            t.put(base + "power1_average", uw)
        sensors, missing = once(t.path)
        same(sorted(sensors), ["acpi/grace", "model/rest"], "no node, and no model of the memory")
        same((sensors["acpi/grace"]["scope"], sensors["acpi/grace"]["kind"]), ("psys", "gauge"), "the sockets")
        near(sensors["acpi/grace"]["power_w"], 90.0 + 80.0, "two sockets")
        check("acpi/CPU Power Socket 0" in missing, "the rest is told", missing)


def amd_and_intel_cards():
    with Folder() as t:
        a = "sys/class/drm/card0/device/"
        t.put(a + "vendor", "0x1002")
        t.put(a + "unique_id", "9b7e0f2c1d3a4b5c")
        t.put(a + "product_name", "Instinct MI210")
        t.put(a + "hwmon/hwmon4/power1_average", 41000000)
        t.put(a + "hwmon/hwmon4/power1_cap_max", 300000000)
        b = "sys/class/drm/card1/device/"
        t.put(b + "vendor", "0x1002")
        t.put(b + "uevent", "DRIVER=amdgpu\nPCI_SLOT_NAME=0000:c5:00.0\nMODALIAS=x")
        t.put(b + "hwmon/hwmon5/power1_input", 18000000)
        t.put(b + "hwmon/hwmon5/in1_input", 900)  # vddnb: a processor's graphics
        c = "sys/class/drm/card2/device/"
        t.put(c + "vendor", "0x8086")
        t.put(c + "uevent", "PCI_SLOT_NAME=0000:03:00.0")
        t.put(c + "hwmon/hwmon6/energy1_input", 77000000)
        d = "sys/class/drm/card3/device/"
        t.put(d + "vendor", "0x1002")
        t.put(d + "uevent", "PCI_SLOT_NAME=0000:43:00.0")
        t.put(d + "hwmon/hwmon7/name", "amdgpu")
        t.put("sys/class/drm/card0-DP-1/status", "connected")
        sensors, missing = once(t.path, "--model", "no")
        same(sorted(sensors), ["gpu/0000:03:00.0", "gpu/9b7e0f2c1d3a4b5c/power"], "sensors")
        s = sensors["gpu/9b7e0f2c1d3a4b5c/power"]
        same((s["kind"], s["label"], s["scope"]), ("gauge", "AMD Instinct MI210", "gpu"), "AMD card")
        near(s["power_w"], 41.0, "AMD watts")
        near(s["max_w"], 300.0, "AMD limit")
        same(sensors["gpu/0000:03:00.0"]["kind"], "counter", "Intel's card counts")
        near(sensors["gpu/0000:03:00.0"]["counter_j"], 77.0, "Intel joules")
        check("package counts it" in missing["gpu/0000:c5:00.0"], "integrated", missing)
        check("neither" in missing["gpu/0000:43:00.0"], "an older card", missing)


# gpu_metrics by kgd_pp_interface.h, as far as its energy and 40 bytes more: size, format, content; then
#   v1_0  clock u64, 6 temperatures, 3 activities, power, energy u32
#   v1_1, v1_2, v1_3  6 temperatures, 3 activities, power, energy u64
#   v1_4  3 temperatures, power, 2 activities, 4 of VCN, energy u64
#   v1_5  the same with 32 of JPEG before the energy
#   v1_6  3 temperatures, power, 2 activities, energy u64
#   v1_7, v1_8  3 temperatures, power, 2 activities, memory bandwidth u64, energy u64
# Every u16 before it is filled with 0x1111, so that a wrong place shows.
LAYOUTS = {0: "<Q10HI", 1: "<10HQ", 2: "<10HQ", 3: "<10HQ", 4: "<10HQ", 5: "<42HQ", 6: "<6HQ", 7: "<6HQQ", 8: "<6HQQ"}


def gpu_metrics(content, energy, form=1, cut=None, size=None):
    layout = LAYOUTS[content]
    n = len(struct.unpack(layout, bytes(struct.calcsize(layout))))
    body = struct.pack(layout, *[0x1111] * (n - 1), energy) + b"\x22" * 40
    whole = struct.pack("<HBB", size or 4 + len(body), form, content) + body
    return whole[:cut]


def amd_counter(content, energy, device="0x74a1", power=41000000, **more):
    """What `once` sees of a card with that table: (kind, joules or watts), or the reason."""
    with Folder() as t:
        a = "sys/class/drm/card0/device/"
        t.put(a + "vendor", "0x1002")
        t.put(a + "device", device)
        t.put(a + "unique_id", "9b7e0f2c1d3a4b5c")
        t.put(a + "gpu_metrics", energy if isinstance(energy, bytes) else gpu_metrics(content, energy, **more))
        t.put(a + "hwmon/hwmon4/power1_cap_max", 560000000)
        if power is not None:
            t.put(a + "hwmon/hwmon4/power1_average", power)
        sensors, missing = once(t.path, "--model", "no")
        if not sensors:
            return "missing", missing["gpu/9b7e0f2c1d3a4b5c"]
        same(len(sensors), 1, "a card is one sensor")
        (key, s), = sensors.items()
        same(s["max_w"], 560.0, "limit")
        same(key, "gpu/9b7e0f2c1d3a4b5c" + ("" if s["kind"] == "counter" else "/power"), "id")
        return s["kind"], s["counter_j"] if s["kind"] == "counter" else s["power_w"]


def amd_energy():
    # 2^16 units of 2^-16 J are 1 J; 123456789 of them 1883.801 J, to the uJ below: 1883.801101 J
    check(123456789 * 15625 // 1024 == 1883801101, "by hand")
    for content in (4, 5, 6, 7, 8):
        same(amd_counter(content, 65536), ("counter", 1.0), f"v1_{content}")
        kind, joules = amd_counter(content, 123456789)
        same(kind, "counter", f"v1_{content}")
        near(joules, 1883.801101, f"v1_{content}")
    # MI210 and MI250 by their ids, of older tables; others say no unit
    for content in (1, 2, 3):
        for device in ("0x7408", "0x740c", "0x740f", "0x7410"):
            same(amd_counter(content, 3 << 16, device), ("counter", 3.0), f"v1_{content}, MI200")
        for device in ("0x738c", "0x73bf", "0x744c"):  # MI100, RX 6800, RX 7900
            same(amd_counter(content, 3 << 16, device), ("gauge", 41.0), f"v1_{content}, {device}")
    same(amd_counter(0, 3 << 16, "0x66af"), ("gauge", 41.0), "v1_0: Radeon VII")
    # the largest that fits 64 bits of uJ, and one more unit
    most = ((2**63 - 1) * 1024 + 1023) // 15625
    same(amd_counter(4, most)[0], "counter", "almost 2^63 uJ")
    same(amd_counter(4, most + 1), ("gauge", 41.0), "beyond")
    # not counted: all ones, or nothing (the second die of an MI250)
    same(amd_counter(4, 2**64 - 1), ("gauge", 41.0), "all ones")
    same(amd_counter(3, 0, "0x740c"), ("gauge", 41.0), "nothing")
    kind, why = amd_counter(3, 0, "0x740c", power=None)
    check(kind == "missing" and "neither" in why, "neither counter nor power", why)
    kind, why = amd_counter(3, 0, "0x740c", power=0)
    check(kind == "missing" and "second die" in why, "0 W and no energy", why)
    same(amd_counter(4, 65536, power=None), ("counter", 1.0), "a counter needs no gauge")


def amd_energy_of_hostile_bytes():
    whole = gpu_metrics(4, 65536)
    for cut in (0, 1, 3, 4, 23, 24, 31, len(whole) - 1):
        same(amd_counter(4, whole[:cut]), ("gauge", 41.0), f"{cut} bytes")
    for content, form in ((9, 1), (200, 1), (4, 0), (4, 2), (4, 3), (4, 255)):
        same(amd_counter(4, whole[:2] + bytes((form, content)) + whole[4:]), ("gauge", 41.0), f"v{form}_{content}")
    same(amd_counter(4, 65536, size=31), ("gauge", 41.0), "a size that ends in the counter")
    same(amd_counter(4, 65536, size=65535), ("gauge", 41.0), "a size beyond its bytes")
    same(amd_counter(4, 65536, size=1), ("gauge", 41.0), "a size below its head")
    same(amd_counter(4, b"\xff" * 70000), ("gauge", 41.0), "70 kB of ones")


def cards(t, *cards_):
    for i, card in enumerate(cards_):
        t.put(f"nvml/{i}/uuid", f"GPU-{i}")
        t.put(f"nvml/{i}/name", "NVIDIA Test")
        for key, value in card.items():
            t.put(f"nvml/{i}/{key}", value)
    return {"FAKE_NVML": t.at("nvml")}


def nvidia_with_and_without_energy():
    with Folder() as t:
        env = cards(t, {"energy": 5000, "power": 70000, "limit": 250000}, {"power": 62500},
                    {"energy": "error 15", "power": "error 15"}, {}, {"handle": "error 15"})
        sensors, missing = once(t.path, "--model", "no", "--nvml", NVML, env=env)
        same(sorted(sensors), ["gpu/GPU-0", "gpu/GPU-1/power"], "cards")
        a, b = sensors["gpu/GPU-0"], sensors["gpu/GPU-1/power"]
        same((a["kind"], b["kind"]), ("counter", "gauge"), "kinds")
        near(a["counter_j"], 5.0, "5000 mJ")
        near(a["max_w"], 250.0, "limit")
        near(b["power_w"], 62.5, "62,500 mW")
        same(b["max_w"], None, "no limit")
        same(missing["gpu/GPU-2"], "nvml power: GPU is lost", "a card that is lost")
        same(missing["gpu/GPU-3"], "nvml power: Not Supported", "a card that tells nothing")
        same(missing["gpu/nvidia-4"], "nvml: GPU is lost", "a card without a handle")


def nvml_that_does_not_start():
    with Folder() as t:
        env = cards(t, {"energy": 5000})
        t.put("nvml/init", "")
        sensors, missing = once(t.path, "--model", "no", "--nvml", NVML, env=env)
        same(sensors, {}, "cards")
        same(missing["nvml"], "nvml does not start: Driver Not Loaded", "reason")
        sensors, missing = once(t.path, "--model", "no", "--nvml", t.put("x.so", "no library"))
        check("no " in missing["nvml"] and "driver" in missing["nvml"], "no library", missing)


def machine(t, used_kib=40, total_kib=100, modules=b""):
    t.put("proc/cpuinfo", "processor\t: 0\nmodel name\t: Test CPU\nphysical id\t: 0\ncpu cores\t: 8\nflags\t: fpu sse")
    t.put("proc/meminfo", f"MemTotal:       {total_kib} kB\nMemFree:   1 kB\nMemAvailable:   {total_kib - used_kib} kB")
    if modules:
        t.put("sys/firmware/dmi/tables/DMI", modules)


def disk(t, name, rotational, size=1953525168, **more):
    base = f"sys/block/{name}/"
    t.put(base + "size", size)
    t.put(base + "queue/rotational", rotational)
    for key, value in more.items():
        t.put(base + key.replace("__", "/"), value)


def models():
    with Folder() as t:
        # METHOD TV34: 8 modules of 32 GB DDR4 (5.0 W), 40 % used -> 75 %: 30 W; an empty slot counts nothing
        machine(t, modules=module(32768 - 1, extended=32768) * 8 + empty_slot() + END)
        disk(t, "sda", 1)
        disk(t, "sdb", 1)
        disk(t, "nvme0n1", 0)
        disk(t, "nvme0c0n1", 0)
        disk(t, "sdc", 1, removable=1)
        disk(t, "loop0", 1)
        disk(t, "sr0", 1)
        sensors, missing = once(t.path)
        for key in ("model/ram", "model/disk", "model/rest"):
            same((sensors[key]["modelled"], sensors[key]["kind"]), (True, "gauge"), key)
        near(sensors["model/ram"]["power_w"], 30.0, "TV34")
        near(sensors["model/disk"]["power_w"], 2 * 7 + 1 * 3, "two hard disks, one SSD")
        near(sensors["model/rest"]["power_w"], 20 + 10, "board and fans")
        check("8 memory modules" in sensors["model/ram"]["label"], "label", sensors["model/ram"]["label"])
        # a counter of the memory takes the model's place
        t.zone("intel-rapl:0", "package-0", 1)
        t.zone("intel-rapl:0:0", "dram", 1)
        sensors, _ = once(t.path)
        check("model/ram" not in sensors and "rapl/dram-0" in sensors, "dram counter", sorted(sensors))


def memory_without_modules():
    with Folder() as t:
        machine(t, total_kib=64 * 1024 * 1024, used_kib=1)
        sensors, missing = once(t.path)
        near(sensors["model/ram"]["power_w"], 64 * 0.284, "0.284 W/GB", rel=1e-6)
        check("modules not known" in sensors["model/ram"]["label"], "it says so")
        same(missing["model/disk"], "no disk in /sys/block", "no disks: no figure, not 0")
        # EA2P at the end of its steps: 16 GB DDR3 at 96 % used: 2 x 4.5 W x 85 % = 7.65 W
        machine(t, used_kib=96, modules=module(16384, kind=0x18) * 2 + END)
        sensors, _ = once(t.path)
        near(sensors["model/ram"]["power_w"], 7.65, "DDR3")


def as_text():
    with Folder() as t:
        t.zone("intel-rapl:0", "package-0", 1500000)
        out, _ = agent("once", "--config", "/dev/null", "--sysroot", t.path, "--interval", "20ms", "--model", "no")
        check("rapl/package-0" in out and "not seen" in out and "no ACPI power meter" in out, "text", out)
        check("package-0, at 1.500 J, wraps at 262143.329 J" in out, "the counter", out)


def watching():
    with Folder() as t:
        machine(t, modules=module(16384) * 2 + END)
        disk(t, "sda", 1)
        t.put("sys/class/hwmon/hwmon1/name", "power_meter")
        t.put("sys/class/hwmon/hwmon1/power1_average", 231500000)
        out, _ = agent("watch", "--config", "/dev/null", "--sysroot", t.path, "--interval", "20ms", "--count", "2")
        rows = [line.split() for line in out.splitlines()]
        same(out.count("4 sensors"), 2, "rounds")
        # 2 x 4.0 W x 75 % at 40 % used; a hard disk; board and fans; the node's own meter
        for want in (["ram", "6.0", "W", "~"], ["disk", "7.0", "W", "~"], ["rest", "30.0", "W", "~"],
                     ["wall", "231.5", "W"], ["node/acpi-0", "231.5", "W"], ["model/ram", "6.0", "W", "~"]):
            same(rows.count(want), 2, f"rows of {want}")
        check("\x1b" not in out, "no drawing where there is no terminal")


main(intel_two_packages, a_psys_of_each_socket, missing_but_once, amd_names, refused_with_reason,
     without_the_right_to_read, nothing_at_all, node_meters, the_bmc, grace_sockets,
     amd_and_intel_cards, amd_energy, amd_energy_of_hostile_bytes, nvidia_with_and_without_energy, nvml_that_does_not_start, models, memory_without_modules, as_text, watching)
