#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The 43 node files: cores, RAM, disks and GPUs as Python reads them from the
# same files, and every CPU and GPU identified.
. tests/cli/lib.sh
status 0 "$FP" import --dry-run --json ../shared/samples/grid5000
cp "$work/out" "$work/dry.json"
python3 - "$work/dry.json" <<'P' || fail 'a node differs from its file'
import glob, json, re, sys
got = {m["name"]: m for m in json.load(open(sys.argv[1]))["machines"]}
bad = 0
files = glob.glob("../shared/samples/grid5000/sites/*/clusters/*/nodes/*.json")
assert len(files) == 43, len(files)
for f in files:
    n = json.load(open(f))
    disks = {"HDD": 0, "SSD": 0}
    for s in n.get("storage_devices", []):
        members = re.search(r"\((\d+) disks?\)", str(s.get("interface", "")))
        disks[s["storage"]] += int(members.group(1)) if members else 1
    dram = [m["size"] for m in n.get("memory_devices", []) if m.get("technology") == "dram"]
    want = {
        "cpu_sockets": n["architecture"]["nb_procs"],
        "cpu_cores": n["architecture"]["nb_cores"],
        "ram_gib": sum(dram) / 2**30 if dram else n["main_memory"]["ram_size"] / 2**30,
        "hdd_count": disks["HDD"], "ssd_count": disks["SSD"],
        "gpu_count": len(n.get("gpu_devices", {})),
    }
    m = got.pop(n["uid"])
    for k, v in want.items():
        if m[k] != v:
            print(f'    {n["uid"]}: {k}: {m[k]} instead of {v}')
            bad = 1
if got:
    print("    not in the files:", list(got))
    bad = 1
sys.exit(bad)
P
status 0 "$FP" import ../shared/samples/grid5000
status 0 "$FP" report fleet --format json -o "$work/f.json"
json "$work/f.json" 'd["fleet"]["machines"] == 43 and d["year"] is None'
finish
