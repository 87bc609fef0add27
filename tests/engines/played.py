# SPDX-License-Identifier: Apache-2.0
"""A server of the standard library that plays exporters, BMCs, engines and services."""
import http.server
import threading
import urllib.parse


class Server(http.server.ThreadingHTTPServer):
    """Answers by path; keeps what it was asked."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.asked = {}, []
        self.base = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers["Content-Length"])
        self.body = urllib.parse.parse_qs(self.rfile.read(length).decode())
        self.do_GET()

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        self.server.asked.append(
            (url.path, urllib.parse.parse_qs(url.query), dict(self.headers)))
        status, body = 404, b"nothing here"
        for front, answer in self.server.answers.items():
            if url.path.startswith(front):
                status, body = answer(self, url)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def readings(program, source):
    return program.rows(
        "SELECT m.key, m.scope, r.seq, r.value FROM reading r JOIN meter m ON "
        "m.id = r.meter_id JOIN feed_source s ON s.id = m.source_id "
        "WHERE s.name = ? ORDER BY r.seq", source)
