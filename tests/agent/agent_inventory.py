# SPDX-License-Identifier: Apache-2.0
"""`inventory` of a made-up machine, and what `fleetprint import` reads out of it."""
from world import *


def server(t):
    dmi = {"sys_vendor": "Dell Inc.", "product_name": "PowerEdge R740", "product_serial": "ABC1234",
           "product_uuid": "4c4c4544-0051-3510-8052-b4c04f4a3332", "chassis_type": "23", "board_vendor": "Dell Inc.",
           "board_name": "0JMK61", "bios_date": "05/17/2021"}
    for key, value in dmi.items():
        t.put("sys/class/dmi/id/" + key, value)
    cpu = "model name\t: Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz\nphysical id\t: {}\ncpu cores\t: 16\nflags\t: fpu"
    t.put("proc/cpuinfo", "\n\n".join(cpu.format(i % 2) for i in range(64)))
    t.put("proc/meminfo", "MemTotal:       395887964 kB\nMemAvailable:   395887964 kB")
    t.put("sys/firmware/dmi/tables/DMI",
          b"".join(module(32767, extended=32768, serial=f"S{i:04d}") for i in range(12)) + empty_slot() * 12 +
          supply(750) * 2 + supply(0, present=False) + END)
    for name, turns, sectors, model, serial in (
            ("sda", 1, 7814037168, "ST4000NM0023", "Z1Z0AAAA"), ("sdb", 1, 7814037168, "ST4000NM0023", "Z1Z0AAAB"),
            ("nvme0n1", 0, 1875385008, "SAMSUNG MZVLB960", "S4GENX0A")):
        t.put(f"sys/block/{name}/size", sectors)
        t.put(f"sys/block/{name}/queue/rotational", turns)
        t.put(f"sys/block/{name}/device/model", model)
        if name.startswith("nvme"):
            t.put(f"sys/block/{name}/device/serial", serial)
        else:
            t.put(f"sys/block/{name}/device/vendor", "ATA")
            t.put(f"sys/block/{name}/device/vpd_pg80", b"\0\x80\0\x14" + b" " * 12 + serial.encode())
    t.put("sys/block/sdc/size", 60062500)  # a stick
    t.put("sys/block/sdc/removable", 1)
    t.put("sys/block/sdc/queue/rotational", 1)
    t.put("sys/block/dm-0/size", 100)
    t.put("sys/bus/pci/devices/0000:03:00.0/class", "0x030000")  # the BMC's
    t.put("sys/bus/pci/devices/0000:03:00.0/vendor", "0x102b")
    t.put("sys/bus/pci/devices/0000:03:00.0/device", "0x0536")
    t.put("sys/bus/pci/devices/0000:00:1f.0/class", "0x060100")


def inventory(t, *more, env=None):
    agent("inventory", "--config", "/dev/null", "--sysroot", t.path, "--node", "node12", "-o", t.at("node12.json"),
          *more, env=env)
    with open(t.at("node12.json")) as f:
        return json.load(f)


def imported(t):
    p = subprocess.run([FLEETPRINT, "--json", "import", "--dry-run", t.at("node12.json")], capture_output=True,
                       text=True, env=ENV, timeout=60)
    same(p.returncode, 0, "import's status " + p.stderr)
    d = json.loads(p.stdout)
    same((d["format"], d["rejected"]), ("agent-json", []), "format")
    same(len(d["machines"]), 1, "one machine")
    return d["machines"][0], d["warnings"]


def a_server():
    with Folder() as t:
        server(t)
        d = inventory(t)
        same(d["schema"], "fleetprint/hardware/1", "schema")
        same((d["name"], d["manufacturer"], d["product"], d["serial"], d["chassis_type"], d["virtual"]),
             ("node12", "Dell Inc.", "PowerEdge R740", "ABC1234", "23", False), "head")
        same(d["cpu"], {"model": "Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz", "sockets": 2, "cores": 16}, "cpu")
        same((d["memory_slots"], len(d["modules"]), d["modules"][3]["gib"], d["modules"][3]["serial"],
              d["modules"][3]["kind"]), (24, 12, 32, "S0003", "DDR4"), "modules")
        same([(k["name"], k["kind"], k["serial"], k["manufacturer"]) for k in d["disks"]],
             [("nvme0n1", "ssd", "S4GENX0A", None), ("sda", "hdd", "Z1Z0AAAA", None), ("sdb", "hdd", "Z1Z0AAAB", None),
              ("sdc", "hdd", None, None)], "disks")
        near(d["disks"][1]["gb"], 7814037168 * 512 / 1e9, "4 TB")
        same([(p["model"], p["max_w"]) for p in d["power_supplies"]], [("PWS-1K28P", 750)] * 2, "supplies")
        m, warnings = imported(t)
        want = {"name": "node12", "manufacturer": "Dell Inc.", "product": "PowerEdge R740", "serial": "ABC1234",
                "uuid": "4c4c4544-0051-3510-8052-b4c04f4a3332", "virtual": False, "cpu_sockets": 2, "cpu_cores": 32,
                "ram_gib": 384, "hdd_count": 2, "ssd_count": 1, "disks_total": 3, "gpu_count": 0, "gpu_models": []}
        for key, value in want.items():
            same(m[key], value, key)
        check("6130" in m["cpu_model"], "cpu model", m["cpu_model"])
        same(warnings, [], "warnings")


def cards():
    with Folder() as t:
        server(t)
        for i in (0, 1):
            t.put(f"nvml/{i}/uuid", f"GPU-{i}")
            t.put(f"nvml/{i}/name", "NVIDIA A100-PCIE-40GB")
            t.put(f"nvml/{i}/serial", f"15645202{i}")
            t.put(f"nvml/{i}/memory", 42949672960)
        t.put("sys/bus/pci/devices/0000:17:00.0/class", "0x030200")  # told by NVML already
        t.put("sys/bus/pci/devices/0000:17:00.0/vendor", "0x10de")
        t.put("sys/bus/pci/devices/0000:17:00.0/device", "0x20f1")
        d = inventory(t, "--nvml", NVML, env={"FAKE_NVML": t.at("nvml")})
        same([(g.get("serial"), g.get("memory_gib")) for g in d["gpus"][:2]], [("156452020", 40), ("156452021", 40)],
             "cards")
        m, _ = imported(t)
        same((m["gpu_count"], len(m["gpu_models"])), (2, 2), "two cards")
        check(all("A100" in g for g in m["gpu_models"]), "names", m["gpu_models"])
        # without the library the card is known by its PCI numbers: 10de:20f1 is an A100 PCIe 40GB
        d = inventory(t, "--nvml", "no")
        m, _ = imported(t)
        same(m["gpu_count"], 1, "by PCI numbers")
        check("A100" in m["gpu_models"][0], "its name", m["gpu_models"])


def unknown_is_null():
    with Folder() as t:
        t.put("proc/cpuinfo", "processor\t: 0")
        d = inventory(t)
        same((d["modules"], d["disks"], d["gpus"], d["power_supplies"], d["memory_gib"], d["serial"]),
             (None, None, None, None, None, None), "unknown")
        same(d["cpu"], {"model": None, "sockets": None, "cores": None}, "cpu")
        same(d["missing"], [{"what": "modules", "reason": "DMI: No such file or directory"}], "why")
        m, _ = imported(t)
        same((m["ram_gib"], m["hdd_count"], m["ssd_count"], m["disks_total"], m["gpu_count"], m["cpu_sockets"]),
             (None, None, None, None, None, None), "unknown, never 0")


main(a_server, cards, unknown_is_null)
