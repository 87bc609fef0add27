# SPDX-License-Identifier: Apache-2.0
"""Hostile files of every format of inventories, factors and the grid: each is
refused with the file and a reason, changes nothing, and costs little. Prints
what is not so; the exit status is 1 then."""
import gzip
import hashlib
import json
import os
import random
import resource
import sqlite3
import subprocess
import sys

FP, WORK = os.environ["FP"], sys.argv[1]
DB = WORK + "/hostile.db"
CORPUS = "tests/fuzz/corpus/"
ENV = dict(os.environ, FLEETPRINT_DB=DB, TMPDIR=WORK)
# Sanitizers multiply time and memory: those limits are the release build's.
BARE = b"__asan_init" not in open(FP, "rb").read()
CPU_S, RSS_KB, MB = 2.0, 256 * 1024, 1 << 20
bad, ran, worst = 0, 0, {"cpu": (0, ""), "rss": (0, "")}

# A file of each format that is read without a refusal.
JSON = {
    "glpi-json": "import_glpi_json/whole", "lshw-json": "import_lshw_json/tree",
    "ansible": "import_ansible/tree", "grid5000": "import_grid5000/node",
    "redfish": "import_redfish/system", "rocm-smi-json": "import_rocm/list",
    "smartctl": "import_smartctl/ata", "ereuse": "import_ereuse/components",
    "boaviztapi": "import_boaviztapi/now", "carbon-aware-sdk": "import_carbon_aware/sdk",
    "electricitymaps": "import_electricitymaps/range", "rte-eco2mix": "import_rte/v1",
    "uk-carbon-intensity": "import_uk_carbon/national",
}
XML = {
    "lshw-xml": "import_lshw_xml/server.xml", "glpi-xml": "import_glpi_xml/server.xml",
    "ocs-xml": "import_ocs_xml/ocs.xml", "hwloc-xml": "import_hwloc_xml/v2.xml",
    "nvidia-smi-xml": "import_nvidia_smi_xml/node5.xml",
}
TABLES = {
    "csv": b"tag,category,ram_gib,hdd\nA,server,64,4x4TB\nB,server,32,2x1TB\n",
    "snipeit": b"Asset Tag,Company,Purchase Cost,Model Number,Purchase Date\n"
               b"A1,X,1299.00,M1,1/30/2020\nA2,X,1000.00,M1,2/1/2021\n",
    "boavizta-pcf": "import_boavizta_pcf/us", "ember-owid": "import_ember_owid/wide",
    "ember": "import_ember/release", "electricitymaps-csv": "import_electricitymaps_csv/yearly",
}
TEXTS = {
    "dmidecode": b"# dmidecode 3.3\n6 structures occupying 300 bytes.\n" + open(
        CORPUS + "import_dmidecode/now", "rb").read().split(b"\n", 1)[1],
    "slurm-nodes": b"NodeName=n1 Arch=x86_64 CoresPerSocket=8 Sockets=2 RealMemory=64000\n",
}
# Members that count and the values that no machine and no grid has.
NUMBERS = [
    ("glpi-json", "content/cpus/0/core"), ("glpi-json", "content/memories/0/capacity"),
    ("glpi-json", "content/storages/0/disksize"), ("glpi-json", "content/hardware/memory"),
    ("lshw-json", "children/0/children/0/children/1/size"),
    ("lshw-json", "children/0/children/1/configuration/cores"),
    ("lshw-json", "children/0/children/4/size"),
    ("ansible", "ansible_facts/ansible_processor_count"),
    ("ansible", "ansible_facts/ansible_processor_cores"),
    ("ansible", "ansible_facts/ansible_memtotal_mb"),
    ("ansible", "ansible_facts/ansible_devices/sda/sectors"),
    ("grid5000", "architecture/nb_procs"), ("grid5000", "architecture/nb_cores"),
    ("grid5000", "memory_devices/0/size"), ("grid5000", "main_memory/ram_size"),
    ("grid5000", "storage_devices/0/size"),
    ("redfish", "Processors/Members/0/TotalCores"), ("redfish", "Memory/0/CapacityMiB"),
    ("redfish", "Storage/1/CapacityBytes"),
    ("redfish", "MemorySummary/TotalSystemMemoryGiB"),
    ("smartctl", "user_capacity/bytes"), ("smartctl", "rotation_rate"),
    ("ereuse", "components/0/cores"), ("ereuse", "components/2/size"),
    ("ereuse", "components/3/size"),
    ("boaviztapi", "impacts/gwp/embedded/value"), ("carbon-aware-sdk", "Emissions/1/Rating"),
    ("electricitymaps", "data/0/carbonIntensity"), ("rte-eco2mix", "records/0/fields/taux_co2"),
    ("uk-carbon-intensity", "data/0/intensity/actual"),
]
BOMB = b'<!DOCTYPE lolz [<!ENTITY l "lol">' + b"".join(
    b'<!ENTITY l%d "%s">' % (i, b"&l%s;" % (b"" if i == 1 else b"%d" % (i - 1)) * 10)
    for i in range(1, 10)) + b"]>"
FILE = b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
WEB = b'<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]>'


def base(x):
    return x if isinstance(x, bytes) else open(CORPUS + x, "rb").read()


def fail(name, why):
    global bad
    bad += 1
    print(f"{name}: {why}")


def dump():
    with sqlite3.connect(f"file:{DB}?mode=ro", uri=True) as c:
        return hashlib.sha256("\n".join(c.iterdump()).encode()).hexdigest()


def run(args, name):
    """Exit status and words of one import, its CPU time and memory checked."""
    with open(WORK + "/words", "w+b") as words:
        pid = os.posix_spawn(FP, [FP, *args], ENV, file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0),
            (os.POSIX_SPAWN_DUP2, words.fileno(), 2)])
        _, status, used = os.wait4(pid, 0)
        words.seek(0)
        text = words.read().decode(errors="replace")
    cpu = used.ru_utime + used.ru_stime
    for key, value, limit in (("cpu", cpu, CPU_S), ("rss", used.ru_maxrss, RSS_KB)):
        if BARE and value > limit:
            fail(name, f"{key} {value} above {limit}")
        worst[key] = max(worst[key], (value, name))
    return os.waitstatus_to_exitcode(status), text


def refused(name, path, *more):
    global ran, BEFORE
    ran += 1
    code, text = run(["import", *more, path], name)
    if code not in (1, 3):
        fail(name, f"exit status {code}: {text[:300]}")
    said = [line for line in text.splitlines() if not line.startswith("warning")]
    shown = os.path.basename(path.rstrip("/")).removesuffix(".gz")
    if not any(shown in line and len(line) > len(shown) + 12 for line in said):
        fail(name, f"names neither file nor reason: {text[:300]}")
    after = dump()
    if after != BEFORE:
        fail(name, "changed the database")
        BEFORE = after
    return text


def write(name, data):
    path = f"{WORK}/{name}"
    with open(path, "wb") as f:
        f.write(data)
    return path


def once(name, data, *more):
    path = write(name, data)
    text = refused(name, path, *more)
    os.remove(path)
    return text


def put(doc, path, value):
    at = doc
    keys = [int(k) if k.isdigit() else k for k in path.split("/")]
    for k in keys[:-1]:
        at = at[k]
    at[keys[-1]] = str(value) if isinstance(at[keys[-1]], str) else value
    return doc


def of_json(fmt, text):
    mid, first = len(text) // 2, text.index(b"{") + 1
    as_ = ["--as", fmt]
    member = lambda raw: text[:first] + b'"zz":' + raw + b"," + text[first:]
    once(f"{fmt}-cut.json", text[:mid], *as_)
    once(f"{fmt}-cut-end.json", text.rstrip()[:-1], *as_)
    once(f"{fmt}-nul.json", text[:mid] + b"\0" + text[mid:], *as_)
    once(f"{fmt}-latin1.json", member(b'"caf\xe9"'), *as_)
    once(f"{fmt}-surrogate.json", member(b'"\xed\xa0\x80"'), *as_)
    once(f"{fmt}-escape.json", member(b'"\\ud800"'), *as_)
    once(f"{fmt}-zero.json", member(b'"a\\u0000b"'), *as_)
    once(f"{fmt}-nan.json", member(b"NaN"), *as_)
    once(f"{fmt}-inf.json", member(b"-Infinity"), *as_)
    once(f"{fmt}-huge.json", member(b"1e999"), *as_)
    once(f"{fmt}-twice.json", member(b'1,"zz":2'), *as_)
    once(f"{fmt}-deep.json", member(b"[" * 65 + b"]" * 65), *as_)
    once(f"{fmt}-deeper.json", member(b'{"a":' * 100000), *as_)
    once(f"{fmt}-values.json", member(b"[" + b"0," * 2100000 + b"0]"), *as_)
    once(f"{fmt}-keys.json", member(
        b"{" + b",".join(b'"k%d":0' % i for i in range(90000)) + b',"k7":1}'), *as_)
    once(f"{fmt}-tail.json", text + b"\x80\x81 rest", *as_)
    once(f"{fmt}-long.json", member(b'"' + b"x" * (10 * MB) + b'"'), *as_)


def of_xml(fmt, text):
    as_ = ["--as", fmt]
    head = text.index(b"?>") + 2 if text.startswith(b"<?xml") else 0
    if b"<!DOCTYPE" in text:
        start = text.index(b"<!DOCTYPE")
        text = text[:start] + text[text.index(b">", start) + 1:]
    root = text.index(b"<", head)
    body = text.index(b">", root) + 1
    inside = lambda raw: text[:body] + raw + text[body:]
    mid = len(text) // 2
    for name, dtd in (("bomb", BOMB), ("file", FILE), ("web", WEB)):
        once(f"{fmt}-{name}.xml", text[:head] + dtd + text[head:], *as_)
    once(f"{fmt}-entity.xml", inside(b"<a>&nosuch;</a>"), *as_)
    once(f"{fmt}-cut.xml", text[:mid], *as_)
    once(f"{fmt}-cut-end.xml", text.rstrip()[:-3], *as_)
    once(f"{fmt}-nul.xml", text[:mid] + b"\0" + text[mid:], *as_)
    once(f"{fmt}-zero.xml", inside(b"<a>&#0;</a>"), *as_)
    once(f"{fmt}-latin1.xml", inside(b"<a>caf\xe9</a>"), *as_)
    once(f"{fmt}-utf16.xml", b'<?xml version="1.0" encoding="UTF-16"?>' + text[head:], *as_)
    once(f"{fmt}-ebcdic.xml", b'<?xml version="1.0" encoding="EBCDIC-x"?>' + text[head:], *as_)
    once(f"{fmt}-deep.xml", inside(b"<a>" * 65 + b"</a>" * 65), *as_)
    once(f"{fmt}-deeper.xml", inside(b"<a>" * 100000), *as_)
    once(f"{fmt}-twice.xml", inside(b'<a b="1" b="2"/>'), *as_)
    once(f"{fmt}-crossed.xml", inside(b"<a><b></a></b>"), *as_)
    once(f"{fmt}-tail.xml", text + b"<again/>", *as_)
    once(f"{fmt}-text.xml", inside(b"<a>" + b"x" * (10 * MB) + b"</a>"), *as_)
    once(f"{fmt}-attr.xml", inside(b'<a b="' + b"x" * (10 * MB) + b'"/>'), *as_)
    once(f"{fmt}-attrs.xml", inside(
        b"<a " + b" ".join(b'b%d="1"' % i for i in range(100000)) + b"/>"), *as_)


def of_table(fmt, text):
    as_ = ["--as", fmt]
    lines = text.rstrip(b"\n").split(b"\n")
    cells = lines[0].count(b",") + 1
    more = lambda raw: text.rstrip(b"\n") + b"\n" + raw
    once(f"{fmt}-nul.csv", text[:-5] + b"\0" + text[-5:], *as_)
    once(f"{fmt}-utf8.csv", b"\xef\xbb\xbf" + more(b"caf\xe9" + b"," * (cells - 1) + b"\n"), *as_)
    once(f"{fmt}-quote.csv", more(b'"open' + b",x" * (cells - 1) + b"\n"), *as_)
    once(f"{fmt}-bomb.csv", more(b'"' + b"\n" * (10 * MB)), *as_)
    once(f"{fmt}-long.csv", more(b"x" * (10 * MB) + b"," * (cells - 1) + b"\n"), *as_)
    once(f"{fmt}-cells.csv", more(b"," * 100000 + b"x\n"), *as_)
    if fmt != "snipeit":  # exports of others have a title twice now and then
        once(f"{fmt}-header.csv", lines[0] + b"," + lines[0] + b"\n" + lines[1] + b"\n", *as_)
    once(f"{fmt}-none.csv", b"\n \n,,\n", *as_)
    once(f"{fmt}-words.csv", b"once upon a time\nthere was\n", *as_)


def of_text(fmt, text):
    as_ = ["--as", fmt]
    once(f"{fmt}-nul.txt", text[:-9] + b"\0" + text[-9:], *as_)
    once(f"{fmt}-long.txt", text + b"x" * (10 * MB) + b"\n", *as_)
    once(f"{fmt}-words.txt", b"once upon a time\nthere was\n", *as_)
    if b"structures occupying" in text:
        once(f"{fmt}-cut.txt", text[:len(text) * 2 // 3], *as_)
    once(f"{fmt}-lines.txt", b"\n" * (10 * MB), *as_)
    once(f"{fmt}-random.txt", random.Random(5).randbytes(70000), *as_)


def numbers():
    for fmt, path in NUMBERS:
        for i, value in enumerate((-5, 1e300, -1e300)):
            doc = put(json.loads(base(JSON[fmt]).decode("utf-8-sig")), path, value)
            text = once(f"{fmt}-{path.replace('/', '.')}-{i}.json", json.dumps(doc).encode())
            if f"{value:g}"[:3] not in text and "expected" not in text:
                fail(path, "says neither value nor rule: " + text)
    for i, (column, value) in enumerate((
            ("ram_gib", "-1"), ("ram_gib", "1e300"), ("power_w", "NaN"), ("power_w", "inf"),
            ("quantity", "0"), ("quantity", "-3"), ("quantity", "99999999999999999999"),
            ("cpu_count", "0x10"), ("mass_kg", "1e9999"), ("price_eur", "-0.5"),
            ("hdd", "99999999999x4TB"), ("hdd", "4x1e300TB"), ("acquired_on", "2019-02-30"),
            ("acquired_on", "99999"), ("ram_modules", "-4x32"), ("uuid", "0"))):
        once(f"number-{i}.csv", f"tag,category,{column}\nA,server,{value}\n".encode())
    for fmt, old, new in (
            ("lshw-xml", b'<size units="bytes">', b'<size units="bytes">-'),
            ("glpi-xml", b"<CAPACITY>", b"<CAPACITY>-"), ("glpi-xml", b"<DISKSIZE>", b"<DISKSIZE>-"),
            ("glpi-xml", b"<CORE>", b"<CORE>-"), ("ocs-xml", b"<DISKSIZE>", b"<DISKSIZE>-"),
            ("hwloc-xml", b'local_memory="', b'local_memory="-')):
        text = base(XML[fmt])
        if old not in text:
            fail(fmt, f"the sample has no {old!r}")
        once(f"{fmt}-{old[1:6].decode().strip()}.xml", text.replace(old, new))
    once("dmi-size.txt", base(TEXTS["dmidecode"]).replace(b"Size: 16384", b"Size: -16384"))
    once("dmi-cores.txt", base(TEXTS["dmidecode"]).replace(b"Count: 8", b"Count: 999999"))
    once("slurm-sockets.txt", TEXTS["slurm-nodes"].replace(b"Sockets=2", b"Sockets=-2"))


def parts():
    """80,000 disks, cards or modules in one machine."""
    n = range(80000)
    once("disks.json", json.dumps({"ansible_facts": {"ansible_hostname": "h", "ansible_devices": {
        f"sd{i}": {"sectors": "7814037168", "model": f"ST{i}", "rotational": "1"} for i in n}}}).encode())
    once("disks.xml", b'<?xml version="1.0"?><list><node id="h" class="system">' + b"".join(
        b'<node id="disk:%d" class="disk"><product>ST%d</product><size>4000787030016</size></node>'
        % (i, i) for i in n) + b"</node></list>")
    once("storages.xml", b'<?xml version="1.0"?><REQUEST><CONTENT><HARDWARE><NAME>h</NAME></HARDWARE>' +
         b"".join(b"<STORAGES><MODEL>ST%d</MODEL><DISKSIZE>256060</DISKSIZE></STORAGES>" % i for i in n) +
         b"</CONTENT><DEVICEID>h</DEVICEID><QUERY>INVENTORY</QUERY></REQUEST>")
    once("osdev.xml", b'<?xml version="1.0"?><topology version="2.0"><object type="Machine">' + b"".join(
        b'<object type="OSDev" name="sd%d" subtype="Disk" osdev_type="0"><info name="Size" '
        b'value="4000"/><info name="Model" value="m%d"/></object>' % (i, i) for i in n) +
        b"</object></topology>")
    once("parts.json", json.dumps({"type": "Snapshot", "device": {"type": "Laptop", "serialNumber": "S"},
        "components": [{"type": "HardDrive", "size": 1000, "model": f"M{i}"} for i in n]}).encode())


def others():
    rng = random.Random(11)
    once("empty", b"")
    once("blank", b" \n\t\n" * 1000)
    once("mark", b"\xef\xbb\xbf")
    for i in range(24):
        once(f"random{i}", rng.randbytes(rng.choice((1, 50, 4096, 200000))))
    for i, magic in enumerate((
            b"\x7fELF", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7\n", b"SQLite format 3\0", b"BZh91AY&SY",
            b"PK\x03\x04", b"ustar", b"\xfd7zXZ\0", b"Rar!\x1a\x07\0", b"\xd0\xcf\x11\xe0")):
        once(f"magic{i}.bin", magic + rng.randbytes(5000))
    once("tree.tar", b"Systems/index.json".ljust(257, b"\0") + b"ustar\0" + b"\0" * 5000)
    for name, data, word in (("mockup.zip", b"PK\x03\x04", "damaged archive"),
                             ("mockup.tar.gz", gzip.compress(b"a".ljust(257, b"\0") + b"ustar\0" * 9),
                              "damaged archive"),
                             ("mockup.7z", b"7z\xbc\xaf" + b"\0" * 600, "unpack it"),
                             ("fleet.xlsx", b"PK\x03\x04".ljust(30, b"\0") + b"xl/workbook.xml", "as CSV"),
                             ("fleet.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "as CSV")):
        for more in ([], ["--as", "redfish"]):
            if word not in once(name, data, *more):
                fail(name, "does not say what to do")
    whole = gzip.compress(base(JSON["glpi-json"]))
    once("cut.json.gz", whole[:-20])
    once("broken.json.gz", whole[:30] + b"\xff\xff\xff" + whole[33:])
    for name, byte, megabytes in (("bomb.json.gz", b"[", 80), ("zeros.gz", b"\0", 300)):
        with gzip.open(f"{WORK}/{name}", "wb") as f: # by pieces: the child's memory
            for _ in range(megabytes):               # counts what its parent has
                f.write(byte * MB)
        refused(name, f"{WORK}/{name}")
    for ext in ("csv", "json", "xml", "txt"):
        once("void." + ext, b"")
    os.makedirs(WORK + "/folder/in/it")
    refused("an empty folder", WORK + "/folder")
    write("folder/in/x.json", b"{")
    write("folder/in/y.bin", rng.randbytes(3000))
    refused("a folder of rubbish", WORK + "/folder")
    for fmt in ("csv", "lshw-xml", "glpi-json", "dmidecode", "redfish"):
        refused("zeros as " + fmt, "/dev/zero", "--as", fmt)
    refused("zeros", "/dev/zero")
    refused("no file", WORK + "/nosuch.csv")


def bare_identifier():
    """It is skipped and never loaded, so that the file is read."""
    path = f"{WORK}/dtd.xml"
    text = base(XML["nvidia-smi-xml"])
    if b'SYSTEM "' not in text:
        text = text.replace(b"?>", b'?><!DOCTYPE nvidia_smi_log SYSTEM "file:///dev/zero">', 1)
    with open(path, "wb") as f:
        f.write(text)
    code, words = run(["import", "--dry-run", path], "bare identifier")
    if code != 0:
        fail("bare identifier", words)


subprocess.run([FP, "init"], env=ENV, check=True, capture_output=True)
first = write("first.csv", TABLES["csv"])
subprocess.run([FP, "import", first], env=ENV, check=True, capture_output=True)
BEFORE = dump()
for group, of in ((JSON, of_json), (XML, of_xml), (TABLES, of_table), (TEXTS, of_text)):
    for fmt, sample in group.items():
        text = base(sample)
        path = write("good", text)
        code, words = run(["import", "--dry-run", "--as", fmt, path], fmt)
        if code != 0:
            fail(fmt, f"its sample is refused: {words}")
        of(fmt, text)
numbers()
parts()
others()
bare_identifier()
print(f"{ran} files, {bad} failures; most CPU {worst['cpu'][0]:.2f} s ({worst['cpu'][1]}), "
      f"most memory {worst['rss'][0] // 1024} MB ({worst['rss'][1]})")
sys.exit(1 if bad or ran < 200 else 0)
