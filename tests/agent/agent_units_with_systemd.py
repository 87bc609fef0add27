# SPDX-License-Identifier: Apache-2.0
"""The systemd units: well formed, and exposed no more than packaging/README.md says."""
from world import *

UNITS = "packaging/systemd"


def exposure(path):
    p = subprocess.run(["systemd-analyze", "security", "--offline=yes", "--no-pager", path], capture_output=True,
                       text=True, timeout=60, env=ENV)
    line = [x for x in p.stdout.splitlines() if "Overall exposure level" in x]
    check(line, "systemd-analyze tells the exposure", p.stdout[-300:], p.stderr)
    return float(line[0].split(":", 1)[1].split()[0])


def well_formed_and_closed():
    with Folder() as t:
        for name in sorted(os.listdir(UNITS)):
            text = open(os.path.join(UNITS, name)).read()
            # the programs are not installed where the tests run
            t.put(name, text.replace("ExecStart=/usr/bin/fleetprint-agent", "ExecStart=/bin/true")
                  .replace("ExecStart=/usr/bin/fleetprint", "ExecStart=/bin/true"))
        paths = [t.at(n) for n in sorted(os.listdir(t.path))]
        same(len(paths), 3, "units")
        p = subprocess.run(["systemd-analyze", "verify", *paths], capture_output=True, text=True, timeout=60, env=ENV)
        same((p.returncode, p.stderr), (0, ""), "systemd-analyze verify")
        for name, most in (("fleetprint-agent.service", 2.0), ("fleetprint-pull.service", 1.5)):
            level = exposure(t.at(name))
            check(level <= most, name, "exposure", level, "above", most)


def what_the_agent_needs():
    """Without these it runs and sees nothing, which nobody would notice."""
    text = open(UNITS + "/fleetprint-agent.service").read()
    for line in ("AmbientCapabilities=CAP_DAC_READ_SEARCH", "DeviceAllow=char-nvidia* rw", "DeviceAllow=char-ipmidev rw",
                 "StateDirectory=fleetprint-agent", "RuntimeDirectory=fleetprint-agent"):
        check("\n" + line + "\n" in text, "the unit says", line)
    for line in ("ProcSubset=pid", "PrivateDevices=yes", "PrivateUsers=yes"):
        check(line not in text, "the unit must not say", line)


if shutil.which("systemd-analyze") is None:
    print("systemd-analyze is not here")
    sys.exit(77)
main(well_formed_and_closed, what_the_agent_needs)
