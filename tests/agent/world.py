# SPDX-License-Identifier: Apache-2.0
"""What the agent's tests share: trees of /sys and /proc, the program, a server, assertions."""
import gzip
import http.server
import json
import os
import shutil
import socket
import sqlite3
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

AGENT = os.environ.get("AGENT", "build/asan/fleetprint-agent")
NVML = os.environ.get("NVML", "")
IPMI = os.environ.get("IPMI", "")
CLOCK = os.environ.get("CLOCK", "")
FLEETPRINT = os.environ.get("FLEETPRINT", "build/asan/fleetprint")
ENV = dict(os.environ, no_proxy="127.0.0.1", NO_PROXY="127.0.0.1", LC_ALL="C")
TOKEN = "fpn_" + "A" * 43

failures = 0


def check(ok, *what):
    global failures
    if not ok:
        failures += 1
        print("FAIL:", *what)
    return ok


def same(got, want, what):
    check(got == want, what, "is", repr(got), "instead of", repr(want))


def near(got, want, what, rel=1e-9):
    ok = got is not None and abs(got - want) <= rel * max(abs(want), 1e-300)
    check(ok, what, "is", got, "instead of", want)


class Folder:
    """A temporary folder, and files in it by their paths."""

    def __init__(self):
        self.path = tempfile.mkdtemp(prefix="agent-")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)

    def at(self, name):
        return os.path.join(self.path, name)

    def put(self, name, value):
        """Text gets its line end, bytes stay, None makes a folder."""
        path = self.at(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if value is None:
            os.makedirs(path, exist_ok=True)
        else:
            with open(path, "wb") as f:
                f.write(value if isinstance(value, bytes) else f"{value}\n".encode())
        return path

    def zone(self, zone, name, energy, limit=262143328850, **more):
        """A powercap zone; energy None: it has no energy_uj."""
        base = f"sys/class/powercap/{zone}/"
        self.put(base + "name", name)
        if energy is not None:
            self.put(base + "energy_uj", energy)
        if limit is not None:
            self.put(base + "max_energy_range_uj", limit)
        for key, value in more.items():
            self.put(base + key, value)
        return self.at(base + "energy_uj")


def agent(*args, env=None, status=0, timeout=60):
    """Runs the program; its (stdout, stderr)."""
    p = subprocess.run([AGENT, *args], capture_output=True, text=True, timeout=timeout,
                       env=dict(ENV, **(env or {})))
    if status is not None and p.returncode != status:
        check(False, "status", p.returncode, "instead of", status, args, p.stderr)
    return p.stdout, p.stderr


def once(root, *more, env=None):
    """`once --json` of a tree: sensors and missing by their ids."""
    out, _ = agent("once", "--json", "--config", "/dev/null", "--sysroot", root,
                   "--interval", "20ms", *more, env=env)
    d = json.loads(out)
    same(d["schema"], "fleetprint/sensors/1", "schema")
    return {s["id"]: s for s in d["sensors"]}, {m["id"]: m["reason"] for m in d["missing"]}


# ---- SMBIOS, by DSP0134 ---------------------------------------------------


def structure(kind, fixed, *strings):
    body = struct.pack("<BBH", kind, 4 + len(fixed), 0) + fixed
    tail = b"".join(s.encode() + b"\0" for s in strings) + b"\0"
    return body + (tail if strings else b"\0\0")


def module(mib, kind=0x1A, maker="Samsung", serial="1234ABCD", part="M393A4K40CB2-CTD", extended=0,
           technology=3):
    """Type 17 from offset 4: two handles, widths, size, form, set, locators, type, detail, speed,
    maker 0x17, serial 0x18, asset, part 0x1A, attributes, extended size 0x1C, ..., technology 0x28."""
    size = 0x7FFF if extended else mib
    fixed = struct.pack("<HHHHHBBBBBHHBBBBBIHHHHB", 0x1000, 0xFFFE, 72, 64, size, 9, 0, 1, 2, kind, 0x2080,
                        2666, 3, 4, 0, 5, 2, extended, 2666, 1200, 1200, 1200, technology)
    return structure(17, fixed, "DIMM_A1", "BANK 0", maker, serial, part)


def empty_slot():
    fixed = struct.pack("<HHHHHBBBBBHHBBBBB", 0x1000, 0xFFFE, 0xFFFF, 0xFFFF, 0, 2, 0, 1, 2, 2, 4, 0, 3, 4, 0, 5,
                        0)
    return structure(17, fixed, "DIMM_B1", "BANK 1", "NO DIMM", "NO DIMM", "NO DIMM")


def supply(watts, present=True, model="PWS-1K28P"):
    """Type 39: group, location, name, maker, serial, asset, model, revision, watts, characteristics."""
    fixed = struct.pack("<BBBBBBBBHH", 1, 1, 2, 3, 4, 0, 5, 0, watts, 0x0002 if present else 0)
    return structure(39, fixed, "PSU bay", "PSU1", "SUPERMICRO", "P1K28A1", model)


END = structure(127, b"")


# ---- a server -------------------------------------------------------------


class Server:
    """Takes batches as docs/feeds.md says, or answers what `status` says."""

    def __init__(self, port=0, tls=None):
        self.batches, self.heads, self.enrols = [], [], []
        self.status, self.enrol_status, self.answer = 200, 200, None
        self.retry_after = None
        self.slow_s = 0  # before each answer
        self.lock = threading.Condition()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, answer = outer.take(self.path, self.headers, body)
                text = json.dumps(answer).encode()
                if outer.slow_s:
                    time.sleep(outer.slow_s)
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                if outer.retry_after:
                    self.send_header("Retry-After", str(outer.retry_after))
                self.end_headers()
                self.wfile.write(text)

        class Quiet(http.server.ThreadingHTTPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, *_):
                pass

        self.http = Quiet(("127.0.0.1", port), Handler)
        self.port = self.http.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        if tls:
            self.url = self.url.replace("http", "https")
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls)
            self.http.socket = context.wrap_socket(self.http.socket, server_side=True)
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def take(self, path, headers, body):
        with self.lock:
            self.heads.append((path, dict(headers)))
            if path == "/api/v1/enrol":
                self.enrols.append((headers["Authorization"], json.loads(body)))
                self.lock.notify_all()
                return self.enrol_status, {"state": "approved" if self.enrol_status == 200 else "pending"}
            status = self.status(body) if callable(self.status) else self.status
            if status == 200:
                plain = gzip.decompress(body)
                self.batches.append(json.loads(plain))
            self.lock.notify_all()
            if status == 200:
                n = len(self.batches[-1]["samples"])
                return 200, {"accepted": n, "duplicate": 0, "conflict": 0, "refused": 0, "rejected": [], "last_seq": n}
            return status, {"title": "refused", "status": status, "detail": "the test \"says\" so"}

    def wait(self, ready, what, seconds=60):
        """Until ready(self) holds."""
        end = time.monotonic() + seconds
        with self.lock:
            while not ready(self):
                if time.monotonic() >= end:
                    return check(False, "waited in vain for", what)
                self.lock.wait(0.2)
        return True

    def close(self):
        self.http.shutdown()
        self.http.server_close()


class Site:
    """`fleetprint serve` on a database of its own, which outlives its restarts."""

    def __init__(self, t):
        self.db = t.at("fleet.db")
        self.cli("init")
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def cli(self, *args, env=None):
        p = subprocess.run([FLEETPRINT, "--db", self.db, *args], capture_output=True, text=True,
                           env=dict(ENV, **(env or {})), timeout=60)
        same(p.returncode, 0, f"{args}: {p.stderr}")
        return p.stdout

    def start(self):
        self.p = subprocess.Popen([FLEETPRINT, "--db", self.db, "serve", "--listen", f"127.0.0.1:{self.port}"],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENV)
        wait_for(self.up, "the server")

    def up(self):
        try:
            return urllib.request.urlopen(self.url + "/livez", timeout=5).status == 200
        except OSError:
            return False

    def stop(self, kill=False):
        (self.p.kill if kill else self.p.terminate)()
        self.p.wait(timeout=60)

    def rows(self, sql):
        db = sqlite3.connect(f"file:{self.db}?mode=ro", uri=True, timeout=20)
        try:
            return db.execute(sql).fetchall()
        finally:
            db.close()


READINGS = ("SELECT s.name, m.key, m.scope, m.kind, f.run, r.seq, r.value FROM reading r "
            "JOIN meter m ON m.id = r.meter_id JOIN feed_run f ON f.id = r.run_id JOIN feed_source s ON s.id = m.source_id ORDER BY f.run, r.seq")


class Daemon:
    """`daemon` against a server; stops with SIGTERM."""

    def __init__(self, server, root, folder, *more, token=True, env=None):
        if token:
            folder.put("token", TOKEN)
            more = ("--token-file", folder.at("token"), *more)
        self.p = subprocess.Popen(
            [AGENT, "daemon", "--config", "/dev/null", "--server", server, "--sysroot", root, "--spool",
             folder.at("spool"), "--ipmi", "no", *more],
            stderr=subprocess.PIPE, text=True, env=dict(ENV, **(env or {})))
        self.log = ""

    def stop(self, kill=False):
        (self.p.kill if kill else self.p.terminate)()
        self.log += self.p.communicate(timeout=60)[1]
        if not kill:
            same(self.p.returncode, 0, "the daemon's status")
        return self.log

    def wait_log(self, word, seconds=60):
        """Reads its log up to a line with that word."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            line = self.p.stderr.readline()
            self.log += line
            if word in line:
                return line
            if not line:
                break
        check(False, "the log does not say", word, self.log[-500:])
        return ""


def spooled(folder):
    try:
        return sorted(n for n in os.listdir(folder.at("spool")) if n.endswith(".json.gz"))
    except FileNotFoundError:
        return []


def wait_for(ready, what, seconds=60):
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() >= end:
            return check(False, "waited in vain for", what)
        time.sleep(0.02)
    return True


def main(*tests):
    for test in tests:
        before = failures
        try:
            test()
        except Exception as e:  # a test that breaks has failed; the others run
            import traceback

            traceback.print_exc()
            check(False, test.__name__, "broke:", e)
        print(("ok   " if failures == before else "FAIL ") + test.__name__)
    sys.exit(1 if failures else 0)
