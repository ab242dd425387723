"""A running server and what the tests ask of it. The program is $AG_PROGRAM."""
import http.client
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get("AG_PROGRAM", os.path.join(ROOT, "build/dev/antegrade"))
JSON = "application/json"
YAML = "application/yaml"
TURP = "age: 52\noperations: [TURP 2023-11]\nsymptoms: [dry orgasm]\ndate: 2024-05-31\n"
# A few cards, with which it starts and assesses in no time.
SMALL = os.path.join(ROOT, "tests/golden/knowledge")
# Reading and assessing this takes some milliseconds: no plan.
QUICK = "/api/assess?plan=no"


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.bytes = response.read()

    @property
    def text(self):
        return self.bytes.decode("utf-8")

    @property
    def json(self):
        return json.loads(self.bytes)

    @property
    def error(self):
        return self.json["error"]


class Server:
    """Runs `antegrade serve` with some flags on a free port; stopped at the end of a `with`. It has
    the small knowledge, or all (None)."""

    def __init__(self, *flags, listen="127.0.0.1:0", knowledge=SMALL, **environment):
        self.said = []
        command = [PROGRAM, "serve", "--listen", listen, "--log", "all", "--threads", "2",
                   *(["--knowledge", knowledge] if knowledge else []), *flags]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True, env={**os.environ, **environment})
        threading.Thread(target=self._listen, daemon=True).start()
        line = self.process.stdout.readline()
        found = re.search(r"(https?)://(\S+):(\d+)/", line)
        if not found:
            self.process.wait(10)
            time.sleep(0.1)
            raise AssertionError("it does not start: " + "".join(self.said))
        self.scheme, self.host, self.port = found[1], found[2].strip("[]"), int(found[3])

    def _listen(self):
        for line in self.process.stderr:
            self.said.append(line)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        status = self.stop()
        if kind is None:
            assert status == 0, f"exit status {status}: " + "".join(self.said)[-3000:]

    def stop(self, how=signal.SIGTERM, within=60):
        """The exit status; sanitizers make it other than 0."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        status = self.process.wait(within)
        time.sleep(0.05)
        self.process.stdout.close()
        return status

    def connection(self, timeout=300, context=None, source=None):
        if self.scheme == "https":
            return http.client.HTTPSConnection(self.host, self.port, timeout=timeout,
                                               context=context, source_address=source)
        return http.client.HTTPConnection(self.host, self.port, timeout=timeout,
                                          source_address=source)

    def ask(self, method, path, body=None, type=None, headers=None, **how):
        connection = self.connection(**how)
        sent = dict(headers or {})
        if type:
            sent["Content-Type"] = type
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
        try:
            connection.request(method, path,
                               body.encode() if isinstance(body, str) else body, sent)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def get(self, path, **how):
        return self.ask("GET", path, **how)

    def post(self, path, body, type=JSON, **how):
        return self.ask("POST", path, body, type, **how)

    def socket(self, timeout=30, source=None):
        return socket.create_connection((self.host, self.port), timeout, source_address=source)

    def raw(self, data, timeout=30):
        """What comes back until the server closes, for bytes sent as they are."""
        with self.socket(timeout) as s:
            try:
                s.sendall(data)
                s.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # it has seen enough
            return drain(s)

    def log(self):
        """The lines of the log so far."""
        time.sleep(0.05)
        return [json.loads(line) for line in self.said]

    def metrics(self):
        """Name with labels to value."""
        lines = self.get("/metrics").text.splitlines()
        return {l.rsplit(" ", 1)[0]: float(l.rsplit(" ", 1)[1]) for l in lines if l[0] != "#"}

    def memory_kib(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1])


def drain(s):
    data = b""
    try:
        while True:
            piece = s.recv(65536)
            if not piece:
                return data
            data += piece
    except ConnectionResetError:
        return data


def wait_until(true, seconds=20):
    end = time.time() + seconds
    while not true():
        assert time.time() < end, "it did not come true in time"
        time.sleep(0.02)


def trusting():
    """TLS without a known issuer, as the certificates of these tests sign themselves."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def slow_request(server, seconds):
    """The body of a simulation that takes about so long here."""
    began = time.time()
    assert server.post("/api/simulate", {"men": 200}).status == 200
    each = (time.time() - began) / 200
    return {"men": max(200, min(100000, int(seconds / each)))}
