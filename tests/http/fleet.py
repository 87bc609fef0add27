# SPDX-License-Identifier: Apache-2.0
"""What the HTTP tests share: a server of its own on any free port, requests,
batches, and a look into the database with Python's own SQLite."""
import gzip
import http.client
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

FP = os.environ.get("FLEETPRINT", "build/asan/fleetprint")
failures = []


def check(ok, *what):
    if not ok:
        failures.append(what)
        print("FAIL:", *what, flush=True)
    return ok


def finish():
    print("%d failures" % len(failures))
    sys.exit(1 if failures else 0)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)


class Site:
    """A folder, a database in it, and a server for it when started."""

    def __init__(self, folder=None, options=()):
        self.own = folder is None
        self.folder = folder or tempfile.mkdtemp(prefix="fp-http-")
        self.db = os.path.join(self.folder, "fleet.db")
        self.options = list(options)
        self.process = None
        self.log = []
        self.run("init")
        self.run("site", "set", "default", "--country", "FRA")

    def run(self, *words, status=0, stdin=None):
        done = subprocess.run(
            [FP, "--db", self.db, *words], input=stdin, capture_output=True, text=True)
        check(done.returncode == status, words, "status", done.returncode, done.stderr)
        return done

    def token(self, *words):
        text = self.run("token", "create", *words).stdout.strip()
        check(re.fullmatch(r"fp[nes]_[A-Za-z0-9_-]{43}", text), "token", words)
        return text

    def start(self, preexec=None, env=None):
        self.process = subprocess.Popen(
            [FP, "--db", self.db, "serve", "--listen", "127.0.0.1:0", *self.options],
            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, preexec_fn=preexec,
            env={**os.environ, **(env or {})})
        self.port = None
        for line in self.process.stderr:
            self.log.append(line)
            found = re.search(r"ready .*port=(\d+)", line)
            if found:
                self.port = int(found.group(1))
                break
        check(self.port, "the server did not start", self.log[-5:])
        self.reader = threading.Thread(target=self.read_log, args=(self.process,), daemon=True)
        self.reader.start()
        return self

    def read_log(self, process):
        for line in process.stderr:
            self.log.append(line)

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            check(self.process.wait(60) == 0, "the server ended with", self.process.returncode,
                  self.log[-20:])
            self.reader.join(5)

    def close(self):
        self.stop()
        if self.own:
            shutil.rmtree(self.folder, ignore_errors=True)

    def connect(self, timeout=60):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def ask(self, method, path, body=None, token=None, headers=None, connection=None):
        headers = dict(headers or {})
        if token:
            headers["Authorization"] = "Bearer " + token
        c = connection or self.connect()
        c.request(method, path, body=body, headers=headers)
        r = c.getresponse()
        answer = Answer(r.status, r.headers, r.read())
        if not connection:
            c.close()
        return answer

    def energy(self, body, token, **more):
        if not isinstance(body, (bytes, str)):
            body = json.dumps(body)
        return self.ask("POST", "/api/v1/energy", body, token, **more)

    def sql(self, text, *values):
        with sqlite3.connect(self.db, timeout=30) as db:
            return db.execute(text, values).fetchall()


COUNTER = {"id": "rapl/package-0", "scope": "package", "kind": "counter", "unit": "uJ"}
GAUGE = {"id": "bmc", "scope": "node", "kind": "gauge", "unit": "W"}
INTERVAL = {"id": "pdu/7", "scope": "outlet", "kind": "interval", "unit": "Wh"}


def now_ns():
    return time.time_ns()


def batch(run, first, n, meters=(COUNTER,), start_ns=None, value=lambda seq: seq % 997 * 1000):
    """n samples from sequence number `first`, a second apart, over the meters in turn."""
    start_ns = start_ns or now_ns() - 3600 * 10**9
    return {"run": run, "boot": "boot-1", "meters": list(meters), "samples": [
        [s, start_ns + s * 10**9, s % len(meters), value(s)] for s in range(first, first + n)]}


def zipped(body):
    return gzip.compress(json.dumps(body).encode() if isinstance(body, dict) else body)
