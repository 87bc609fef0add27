# SPDX-License-Identifier: Apache-2.0
"""Starts engines on loopback, and runs the program against them."""
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request

PROGRAM = os.environ["FLEETPRINT"]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def need(program):
    """A test without its engine is a failure, not a pass."""
    path = shutil.which(program)
    if not path:
        sys.exit(f"{program} is missing: scripts/deps test installs it")
    return path


def fetch(url, body=None, timeout=120):
    request = urllib.request.Request(url, data=body)
    with urllib.request.urlopen(request, timeout=timeout) as answer:
        return answer.read()


class Engine:
    """A process that answers at a port of its own, ended with the test."""

    def __init__(self, args, port, ready, folder):
        self.base = f"http://127.0.0.1:{port}"
        self.log = open(os.path.join(folder, "engine.log"), "wb")
        self.process = subprocess.Popen(
            args, stdout=self.log, stderr=subprocess.STDOUT, cwd=folder)
        self.wait(lambda: fetch(self.base + ready, timeout=2), "answer")

    def wait(self, ask, what, limit_s=60):
        end = time.monotonic() + limit_s
        while True:
            if self.process.poll() is not None:
                self.fail("the engine ended")
            try:
                got = ask()
                if got:
                    return got
            except OSError:
                pass
            if time.monotonic() > end:
                self.fail(f"no {what} in {limit_s} s")
            time.sleep(0.05)  # between two looks

    def fail(self, why):
        self.log.flush()
        with open(self.log.name, "rb") as f:
            sys.stderr.buffer.write(f.read()[-3000:])
        sys.exit(why)

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


class Program:
    """The program on a database of its own."""

    def __init__(self, folder):
        self.db = os.path.join(folder, "fleet.db")

    def run(self, *args, status=0, text=None):
        done = subprocess.run(
            [PROGRAM, "--db", self.db, *args], input=text, text=True,
            capture_output=True, timeout=600)
        if done.returncode != status:
            sys.exit(f"{args}: status {done.returncode}, expected {status}\n"
                     f"{done.stdout}\n{done.stderr}")
        return done

    def json(self, *args, status=0):
        return json.loads(self.run("--json", *args, status=status).stdout)

    def rows(self, sql, *values):
        with sqlite3.connect(self.db) as db:
            return db.execute(sql, values).fetchall()

    def machines(self, names):
        lines = ["tag,name,category"] + [f"{n},{n},server" for n in names]
        self.run("import", "-", text="\n".join(lines) + "\n")

    def months(self):
        """{(machine, meter, month): (uJ, seconds, bytes)}"""
        return {(m, k, month): (uj, s, bytes(hours)) for m, k, month, uj, s, hours in
                self.rows(
                    "SELECT m.tag, t.key, e.month, e.sum_uj, e.covered_s, "
                    "e.hours FROM energy_month e JOIN meter t ON "
                    "t.id = e.meter_id JOIN feed_source s ON "
                    "s.id = t.source_id LEFT JOIN machine m ON "
                    "m.id = s.machine_id")}


def folder():
    return tempfile.mkdtemp(prefix="fp-engines-")


def expect(ok, *words):
    if not ok:
        sys.exit(" ".join(str(w) for w in words))
