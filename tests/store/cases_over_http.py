"""Cases over HTTP, kept in a store: cases_over_http.py PROGRAM STORE.

A real server is started, asked, killed at any moment and started again."""
import json
import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

PROGRAM, STORE = sys.argv[1:3]
TOKENS = {"ana": secrets.token_hex(32), "bob": secrets.token_hex(32)}


class Server:
    def __init__(self, folder):
        path = os.path.join(folder, "tokens")
        with open(path, "w", opener=lambda p, f: os.open(p, f, 0o600)) as file:
            file.writelines(f"{who}: {token}\n" for who, token in TOKENS.items())
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--listen", "127.0.0.1:0", "--store", STORE, "--token-file", path,
             "--threads", "2"], stdout=subprocess.PIPE, text=True)
        said = self.process.stdout.readline()
        self.address = next(word for word in said.split() if word.startswith("http"))

    def ask(self, who, method, path, body=None):
        """The status and the JSON of an answer."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address.rstrip("/") + path, data, method=method)
        request.add_header("Authorization", "Bearer " + TOKENS[who])
        if data is not None:
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refusal:
            return refusal.code, json.load(refusal)

    def end(self):
        self.process.terminate()
        assert self.process.wait(20) == 0


def one_person_and_another(server):
    status, saved = server.ask("ana", "POST", "/api/cases?label=first", {"age": 40})
    assert status == 201, saved
    path = "/api/cases/" + saved["id"]
    assert server.ask("ana", "GET", path) == (200, {"age": 40})
    assert server.ask("ana", "PUT", path + "?label=second", {"age": 41})[0] == 200
    assert server.ask("ana", "GET", path) == (200, {"age": 41})
    listed = server.ask("ana", "GET", "/api/cases")[1]["cases"]
    assert [c["label"] for c in listed] == ["second"], listed
    for method, body in (("GET", None), ("PUT", {"age": 1}), ("DELETE", None)):
        assert server.ask("bob", method, path, body)[0] == 404
    assert server.ask("bob", "GET", "/api/cases")[1] == {"cases": []}
    assert server.ask("ana", "POST", "/api/cases", [1])[0] == 400
    assert server.ask("ana", "DELETE", path)[0] == 200
    assert server.ask("ana", "GET", path)[0] == 404
    actions = [(e["action"], e["status"]) for e in server.ask("ana", "GET", "/api/audit")[1]["audit"]]
    assert actions[0] == ("POST /api/cases", 201) and ("DELETE /api/cases/{id}", 200) in actions
    theirs = server.ask("bob", "GET", "/api/audit")[1]["audit"]
    assert [e["status"] for e in theirs[:3]] == [404, 404, 404], theirs


def killed(folder, rounds):
    """What was acknowledged before a kill is there after it."""
    acknowledged = []
    for number in range(rounds):
        server = Server(folder)

        def save():
            try:
                while True:
                    status, saved = server.ask("ana", "POST", "/api/cases", {"age": number})
                    assert status == 201, saved
                    acknowledged.append((saved["id"], number))
            except OSError:
                pass  # killed
        savers = [threading.Thread(target=save) for _ in range(3)]
        for saver in savers:
            saver.start()
        time.sleep(0.1 + 0.02 * number)
        server.process.kill()
        server.process.wait()
        for saver in savers:
            saver.join()
    server = Server(folder)
    for case, number in acknowledged:
        assert server.ask("ana", "GET", "/api/cases/" + case) == (200, {"age": number})
    server.end()
    assert len(acknowledged) > rounds, acknowledged


with tempfile.TemporaryDirectory() as scratch:
    first = Server(scratch)
    one_person_and_another(first)
    first.end()
    killed(scratch, 100 if os.environ.get("AG_SOAK") else 4)
