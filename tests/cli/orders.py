# SPDX-License-Identifier: Apache-2.0
"""One machine as eleven tools tell it, imported in random orders, as single
imports and in one: the inventory is the same each time.

usage: orders.py PROGRAM SAMPLES"""
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile

NAME, UUID, SERIAL = "node1", "4c4c4544-0042-3510-8056-b4c04f4a4e32", "CLFV7M2"
CPU = "Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz"
GIB = 1 << 30

LSHW_XML = f"""<?xml version="1.0"?>
<list><node id="{NAME}" class="system" handle="DMI:0100">
 <product>PowerEdge R640 (SKU=NotProvided;ModelName=PowerEdge R640)</product>
 <vendor>Dell Inc.</vendor><serial>{SERIAL}</serial>
 <configuration><setting id="chassis" value="rackmount"/>
  <setting id="uuid" value="{UUID}"/></configuration>
 <node id="core" class="bus">
  <node id="memory" class="memory"><description>System Memory</description>
   <node id="bank:0" class="memory"><size units="bytes">{32 * GIB}</size></node>
   <node id="bank:1" class="memory"><size units="bytes">{32 * GIB}</size></node>
  </node>
  <node id="cpu:0" class="processor"><product>{CPU}</product><slot>CPU0</slot>
   <size units="Hz">2100000000</size>
   <configuration><setting id="cores" value="16"/></configuration></node>
  <node id="cpu:1" class="processor"><product>{CPU}</product><slot>CPU1</slot>
   <size units="Hz">2100000000</size>
   <configuration><setting id="cores" value="16"/></configuration></node>
  <node id="disk:0" class="disk"><product>SAMSUNG MZ7LH960</product>
   <serial>SSD-A</serial><size units="bytes">960197124096</size></node>
  <node id="disk:1" class="disk"><product>SAMSUNG MZ7LH960</product>
   <serial>SSD-B</serial><size units="bytes">960197124096</size></node>
 </node></node></list>"""

DMIDECODE = f"""# dmidecode 3.2
Handle 0x0100, DMI type 1, 27 bytes
System Information
\tManufacturer: Dell Inc.
\tProduct Name: PowerEdge R640
\tSerial Number: {SERIAL}
\tUUID: {UUID.upper()}

Handle 0x0300, DMI type 3, 22 bytes
Chassis Information
\tManufacturer: Dell Inc.
\tType: Rack Mount Chassis
""" + "".join(f"""
Handle 0x040{i}, DMI type 4, 48 bytes
Processor Information
\tVersion: {CPU}
\tStatus: Populated, Enabled
\tCore Count: 16
\tThread Count: 32

Handle 0x110{i}, DMI type 17, 84 bytes
Memory Device
\tSize: 32 GB
\tType: DDR4
\tManufacturer: Hynix
\tSerial Number: 4F1A00{i}
\tPart Number: HMA84GR7AFR4N-VK
""" for i in range(2))

GLPI_XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<REQUEST><CONTENT>
 <HARDWARE><NAME>{NAME}</NAME><UUID>{UUID}</UUID>
  <CHASSIS_TYPE>Rack Mount Chassis</CHASSIS_TYPE><VMSYSTEM>Physical</VMSYSTEM>
  <MEMORY>64000</MEMORY></HARDWARE>
 <BIOS><SMANUFACTURER>Dell Inc.</SMANUFACTURER><SMODEL>PowerEdge R640</SMODEL>
  <SSN>{SERIAL}</SSN></BIOS>
""" + "".join(f""" <CPUS><NAME>{CPU}</NAME><CORE>16</CORE><THREAD>32</THREAD></CPUS>
 <MEMORIES><CAPACITY>32768</CAPACITY><SERIALNUMBER>4F1A00{i}</SERIALNUMBER>
  <TYPE>DDR4</TYPE></MEMORIES>
 <STORAGES><MODEL>MZ7LH960</MODEL><TYPE>disk</TYPE><DISKSIZE>960197</DISKSIZE>
  <SERIAL>SSD-{'AB'[i]}</SERIAL></STORAGES>
""" for i in range(2)) + """</CONTENT>
<DEVICEID>node1-2020</DEVICEID><QUERY>INVENTORY</QUERY></REQUEST>"""

REDFISH = {
    "@odata.type": "#ComputerSystem.v1_4_0.ComputerSystem",
    "@odata.id": "/redfish/v1/Systems/1", "Id": "1", "HostName": NAME,
    "Manufacturer": "Dell Inc.", "Model": "PowerEdge R640", "UUID": UUID,
    "SerialNumber": SERIAL, "SystemType": "Physical",
    "ProcessorSummary": {"Count": 2, "Model": CPU},
    "MemorySummary": {"TotalSystemMemoryGiB": 64}}

ANSIBLE = {"ansible_facts": {
    "ansible_hostname": NAME, "ansible_fqdn": NAME + ".cluster.fr",
    "ansible_nodename": NAME, "ansible_system": "Linux",
    "ansible_system_vendor": "Dell Inc.", "ansible_product_name": "PowerEdge R640",
    "ansible_product_serial": SERIAL, "ansible_product_uuid": UUID.upper(),
    "ansible_form_factor": "Rack Mount Chassis",
    "ansible_processor": ["0", "GenuineIntel", CPU, "1", "GenuineIntel", CPU],
    "ansible_processor_count": 2, "ansible_processor_cores": 16,
    "ansible_processor_threads_per_core": 2, "ansible_memtotal_mb": 64213,
    "ansible_virtualization_role": "host", "ansible_virtualization_type": "kvm",
    "ansible_devices": {d: {
        "model": "MZ7LH960", "rotational": "0", "removable": "0",
        "sectors": "1875385008", "sectorsize": "512", "size": "894.25 GB",
        "vendor": "ATA", "host": "SATA"} for d in ("sda", "sdb")}}}

SLURM = {"nodes": [{
    "name": NAME, "hostname": NAME, "sockets": 2, "cores": 16, "threads": 2,
    "cpus": 64, "real_memory": 63000, "gres": "gpu:t4:1", "state": "idle"}]}

NVIDIA = """<?xml version="1.0" ?>
<nvidia_smi_log><driver_version>535</driver_version><attached_gpus>1</attached_gpus>
<gpu id="00000000:3B:00.0"><product_name>Tesla T4</product_name>
<uuid>GPU-1</uuid><serial>1323119000001</serial>
<fb_memory_usage><total>15360 MiB</total></fb_memory_usage></gpu></nvidia_smi_log>"""

HWLOC = f"""<?xml version="1.0" encoding="UTF-8"?>
<topology version="2.0"><object type="Machine" os_index="0">
 <info name="DMIProductName" value="PowerEdge R640"/>
 <info name="DMISysVendor" value="Dell Inc."/>
 <info name="DMIProductSerial" value="{SERIAL}"/>
 <info name="HostName" value="{NAME}"/>
""" + "".join(f""" <object type="Package" os_index="{p}">
  <info name="CPUModel" value="{CPU}"/>
  <object type="NUMANode" os_index="{p}" local_memory="{32 * GIB - 300000000}"/>
""" + "".join(f'  <object type="Core" os_index="{c}"/>\n' for c in range(16)) +
                " </object>\n" for p in range(2)) + "</object></topology>"

NETBOX = ("name,status,tenant,site,location,rack,role,manufacturer,device_type,"
          "serial,asset_tag,position,face,comments\n"
          f"{NAME},active,,lyon,room1,R1,Server,Dell,PowerEdge R640,{SERIAL},"
          "A100,10,front,\n")

SNIPE = ("Asset Name,Asset Tag,Serial,Model,Model No.,Category,Manufacturer,"
         "Status,Purchase Date,Purchase Cost,Warranty Expires\n"
         f"{NAME},A100,{SERIAL},PowerEdge R640,R640,Server,Dell,Deployed,"
         "7/16/2019,\"$4,500.00\",07/16/2022\n")


def smartctl(serial):
    return {"json_format_version": [1, 0], "smartctl": {"version": [7, 2]},
            "device": {"name": "/dev/sda", "protocol": "ATA"},
            "model_name": "SAMSUNG MZ7LH960HAJR-00005", "serial_number": serial,
            "user_capacity": {"bytes": 960197124096}, "rotation_rate": 0,
            "power_on_time": {"hours": 9000 + ord(serial[-1])}}


FILES = {
    "lshw.xml": LSHW_XML, "dmi.txt": DMIDECODE, "glpi.xml": GLPI_XML,
    "redfish.json": REDFISH, "ansible.json": ANSIBLE, "nodes.json": SLURM,
    f"{NAME}.xml": NVIDIA, "hwloc.xml": HWLOC, "netbox.csv": NETBOX,
    "snipe.csv": SNIPE, f"{NAME}-sda.json": smartctl("SSD-A"),
    f"{NAME}-sdb.json": smartctl("SSD-B")}

QUERIES = (
    """SELECT m.tag, m.name, m.units, m.category, m.chassis, p.manufacturer,
       p.name, m.cpu_count, m.cpu_cores, m.acquired_on, m.warranty_end,
       m.price_eur, m.virtual, m.unknown_kinds, m.serial, upper(m.uuid), m.note
       FROM machine m LEFT JOIN product p ON p.id = m.product_id""",
    """SELECT m.tag, s.kind, s.model, s.capacity, s.cores, s.total, p.units,
       p.serial FROM part p JOIN part_spec s ON s.id = p.spec_id
       JOIN machine m ON m.id = p.machine_id""",
    """SELECT m.tag, s.status, t.name FROM machine_state s JOIN machine m
       ON m.id = s.machine_id JOIN site t ON t.id = s.site_id
       WHERE s.valid_to IS NULL""",
    "SELECT field, stored, offered FROM difference")


def content(path):
    db = sqlite3.connect(path)
    rows = [sorted(map(repr, db.execute(q))) for q in QUERIES]
    db.close()
    return rows


def run(program, path, args):
    done = subprocess.run([program, "--db", path, "import", *args],
                          stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{args}: status {done.returncode}\n{done.stderr}")


def differ(what, got, want):
    lines = [f"- {r}" for a, b in zip(want, got) for r in a if r not in b]
    lines += [f"+ {r}" for a, b in zip(want, got) for r in b if r not in a]
    sys.exit(f"{what}:\n" + "\n".join(lines))


def orders(program, folder, files, rounds, chance):
    """Imports the files in random orders; the content, the same each time."""
    first = None
    for turn in range(rounds):
        order = list(files)
        chance.shuffle(order)
        path = os.path.join(folder, f"{turn}.db")
        if turn % 3 == 2:  # all at once
            run(program, path, order)
        else:
            for f in order:
                run(program, path, [f])
        got = content(path)
        if first is None:
            first = got
        elif got != first:
            differ("order " + " ".join(map(os.path.basename, order)), got, first)
        for f in order:  # and again: nothing is new
            run(program, path, [f])
        if content(path) != got:
            differ("again " + " ".join(map(os.path.basename, order)),
                   content(path), got)
        for end in ("", "-wal", "-shm"):
            if os.path.exists(path + end):
                os.remove(path + end)
    return first


def main():
    program, samples = sys.argv[1:3]
    chance = random.Random(20261121)
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for name, text in FILES.items():
            files.append(os.path.join(folder, name))
            with open(files[-1], "w") as f:
                f.write(text if isinstance(text, str) else json.dumps(text))
        machines, parts, states, differences = orders(
            program, folder, files, int(os.environ.get("ORDERS", 10)), chance)
        assert len(machines) == 1, machines
        assert not differences, differences
        assert states == ["('A100', 'in_service', 'lyon')"], states
        # Read from the files above by hand.
        got = [eval(r) for r in parts]
        assert {(r[1], r[6]) for r in got} == {
            ("cpu", 2), ("ram", 1), ("ssd", 1), ("gpu", 1)}, got
        assert sorted(r[7] for r in got if r[1] == "ssd") == ["SSD-A", "SSD-B"]
        assert sorted(r[7] for r in got if r[1] == "ram") == ["4F1A000", "4F1A001"]
        m = eval(machines[0])
        assert m[:2] == ("A100", NAME) and m[5:9] == (
            "Dell Inc.", "PowerEdge R640", 2, 32), m
        assert m[9:13] == ("2019-07-16", "2022-07-16", 4500.0, 0), m
        # The one machine of the samples that two files tell of.
        pair = [os.path.join(samples, "glpi_json", n) for n in (
            "dell_xps13.json", "dell_xps13_partial_volumes.json")]
        if all(map(os.path.exists, pair)):
            machines, parts, _, _ = orders(program, folder, pair, 4, chance)
            assert len(machines) == 1 and any("'ram'" in r for r in parts)


main()
