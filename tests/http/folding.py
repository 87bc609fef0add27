# SPDX-License-Identifier: Apache-2.0
"""Readings that wait for a fold do not keep senders waiting: batches are
answered while it is under way, and its hours are those of a fold alone."""
import json
import sqlite3
import threading

from fleet import COUNTER, Site, batch, check, finish, now_ns

METERS, HOURS, PER_HOUR, CLIENTS = 3000, 3, 60, 8


def fill(s):
    """Three hours of a reading a minute of each meter, none of them folded."""
    start = (now_ns() // (3600 * 10**9) - 2 * HOURS) * 3600 * 10**9
    with sqlite3.connect(s.db) as db:
        db.execute("INSERT INTO feed_source (id, kind, name, created_at) "
                   "VALUES (900, 'node', 'big', 0)")
        db.execute("INSERT INTO feed_run (id, source_id, run, boot) "
                   "VALUES (900, 900, 'big', 'big')")
        db.executemany(
            "INSERT INTO meter (id, source_id, key, scope, kind, unit) "
            "VALUES (?, 900, ?, 'package', 'counter', 'uJ')",
            ((1000 + m, "m%d" % m) for m in range(METERS)))
        db.executemany(
            "INSERT INTO reading (t_ns, meter_id, run_id, seq, value) "
            "VALUES (?, ?, 900, ?, ?)",
            ((start + k * 60 * 10**9, 1000 + m, k * METERS + m + 1,
              k * 6 * 10**9)
             for k in range(HOURS * PER_HOUR + 1) for m in range(METERS)))


def folded(s):
    return "fold_last_success_timestamp" in s.ask(
        "GET", "/metrics", token=s.scrape).body.decode()


class Client(threading.Thread):
    def __init__(self, s, i):
        super().__init__()
        self.s, self.node = s, s.token("client-%d" % i)
        self.answers, self.during = [], 0
        self.done = threading.Event()

    def run(self):
        c, k = self.s.connect(), 0
        while not self.done.is_set():
            body = json.dumps(batch("c", k * 50 + 1, 50, meters=[COUNTER]))
            a = self.s.energy(body, self.node, connection=c)
            self.answers.append(a.status)
            k += 1
        c.close()


def main():
    s = Site()
    s.scrape = s.token("--scrape")
    clients = [Client(s, i) for i in range(CLIENTS)]
    fill(s)
    s.start()
    for c in clients:
        c.start()
    while not folded(s) and all(c.is_alive() for c in clients):
        during = min(len(c.answers) for c in clients)
    for c in clients:
        c.done.set()
    for c in clients:
        c.join(60)
        check(set(c.answers) == {200}, "answers", set(c.answers))
    check(during >= 5, "batches of each client answered while folding:", during)
    rows = s.sql("SELECT count(*), min(sum_uj), max(sum_uj), min(covered_s), max(covered_s) "
                 "FROM (SELECT sum(sum_uj) sum_uj, sum(covered_s) covered_s FROM energy_month "
                 "WHERE meter_id >= 1000 GROUP BY meter_id)")
    joules = HOURS * PER_HOUR * 6 * 10**9
    check(rows == [(METERS, joules, joules, HOURS * 3600, HOURS * 3600)], rows)
    s.stop()
    s.run("check")
    s.close()
    finish()


main()
