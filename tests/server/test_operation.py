"""Settings, tokens, TLS, names and origins, the log, the metrics, and how it ends."""
import base64
import json
import os
import re
import signal
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

from serving import (PROGRAM, QUICK, SMALL, TURP, YAML, Server, drain, slow_request,
                     trusting, wait_until)

TOKEN = "0123456789abcdef0123456789abcdef"


class Scratch(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def file(self, name, text, mode=0o600):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def refused(self, status, *flags):
        """What it says when it does not start."""
        done = subprocess.run([PROGRAM, "serve", "--knowledge", SMALL, *flags], capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual(done.stdout, "")
        return done.stderr


class Settings(Scratch):
    def test_a_file_sets_what_flags_do_not(self):
        path = self.file("serve.yaml", "# ours\nlisten: 127.0.0.1:1\nthreads: 1\nmax-body: 2\n"
                                       "hosts: [antegrade.example, other.example]\n")
        with Server("--config", path, "--max-body", "1") as server:
            self.assertNotEqual(server.port, 1)
            self.assertEqual(server.get("/healthz", headers={"Host": "other.example"}).status, 200)
            self.assertEqual(server.post(QUICK, b" " * (1 << 20) + b" ").status, 413)
        with Server("--config", path) as server:
            self.assertEqual(server.post(QUICK, b" " * (1 << 20) + b" ").status, 422)

    def test_a_bad_file_says_where(self):
        for text, where, word in (
                ("listen: 127.0.0.1:0\nthread: 2\n", ":2:", "thread"),
                ("threads: many\n", ":1:", "many"), ("threads: 0\n", ":1:", "from 1 to"),
                ("threads: 1\nthreads: 2\n", ":2:", "twice"), ("- a\n", ":1:", "map"),
                ("listen: {a: b}\n", ":1:", "map"), ("hosts: [[a]]\n", ":1:", "list"),
                ("log: loud\n", ":1:", "loud"), ("a: [b\n", ":", "YAML"), ("just words\n", ":1:", "map"),
                ("a: &x b\nc: *x\n", ":1:", "a"), ("log: &x all\nhosts: *x\n", ":2:", "aliases")):
            said = self.refused(1, "--config", self.file("serve.yaml", text))
            self.assertIn("serve.yaml" + where, said)
            self.assertIn(word, said)
        self.assertIn("none.yaml", self.refused(1, "--config", self.folder + "/none.yaml"))

    def test_bad_flags(self):
        self.assertIn("perhaps --listen", self.refused(2, "--lisen", "x"))
        for flag, value in (("--threads", "0"), ("--threads", "2x"), ("--timeout", "-1"),
                            ("--max-body", "99999999999999999999"), ("--log", "loud")):
            self.assertIn(value, self.refused(2, flag, value))
        self.assertIn("extra", self.refused(2, "extra"))
        for address in ("8765", "127.0.0.1", "127.0.0.1:http", "::1:80", "127.0.0.1:99999",
                        "nowhere.invalid:80", ""):
            self.assertIn("listen", self.refused(1, "--listen", address))
        self.assertIn("nowhere", self.refused(1, "--knowledge", "nowhere"))

    def test_a_port_in_use_is_said(self):
        with Server() as server:
            said = self.refused(1, "--listen", f"127.0.0.1:{server.port}")
            self.assertIn("in use", said)

    def test_it_speaks_ip6(self):
        with Server(listen="[::1]:0") as server:
            self.assertEqual(server.host, "::1")
            self.assertEqual(server.get("/healthz").status, 200)


class Tokens(Scratch):
    def test_not_open_without_a_token(self):
        for address in ("0.0.0.0:0", "[::]:0"):
            self.assertIn("--token-file", self.refused(1, "--listen", address))

    def test_bad_token_files(self):
        for text, mode, word in (("short\n", 0o600, "32"), ("", 0o600, "no token"),
                                 ("\n\n", 0o600, "no token"), (TOKEN, 0o604, "chmod"),
                                 ("x" * 300, 0o600, "256"), ((TOKEN + "\n") * 65, 0o600, "64")):
            path = self.file("token", text, mode)
            self.assertIn(word, self.refused(1, "--listen", "127.0.0.1:0", "--token-file", path))
        self.assertIn("cannot read", self.refused(1, "--token-file", self.folder + "/none"))

    def test_everything_but_health_needs_it(self):
        path = self.file("token", "old-" + TOKEN + "\n" + TOKEN + "\n")
        with Server("--token-file", path, listen="0.0.0.0:0") as server:
            good = {"Authorization": "Bearer " + TOKEN}
            described = server.get("/api/openapi.json", headers=good).json
            for route, methods in described["paths"].items():
                for method in methods.keys() - {"parameters"}:
                    operation = methods[method]
                    if {} in operation.get("security", []) and route != "/healthz":
                        continue  # has rules of its own, or holds nothing of a patient
                    answer = server.ask(method.upper(), route.replace("{id}", "x"))
                    expected = 200 if operation.get("security") == [{}] else 401
                    self.assertEqual(answer.status, expected, route)
            for path in ("/", "/index.html", "/nothing", "/metrics"):
                self.assertEqual(server.get(path).status, 401)
            answer = server.get("/")
            self.assertEqual(answer.error["where"], "Authorization")
            self.assertIn("Bearer", str(answer.headers.get_all("WWW-Authenticate")))
            self.assertIn("Basic", str(answer.headers.get_all("WWW-Authenticate")))
            self.assertEqual(server.get("/healthz").status, 200)
            self.assertEqual(server.get("/", headers=good).status, 200)
            password = base64.b64encode(b"me:old-" + TOKEN.encode()).decode()
            self.assertEqual(server.get("/", headers={"Authorization": "Basic " + password}).status,
                             200)
            for wrong in ("Bearer " + TOKEN[:-1], "Bearer " + TOKEN + "x", "Bearer ", "Bearer",
                          "Bearer " + TOKEN[:-1] + "g", "bearer", "Basic !!!", "Basic " +
                          base64.b64encode(b"me").decode(), "Digest " + TOKEN, TOKEN,
                          "Bearer " + TOKEN + "\t", "Bearer  " + TOKEN):
                self.assertEqual(server.get("/", headers={"Authorization": wrong}).status, 401, wrong)
            with open(f"/proc/{server.process.pid}/cmdline", "rb") as line:
                self.assertNotIn(TOKEN.encode(), line.read())
        self.assertNotIn(TOKEN, "".join(server.said))
        self.assertIn("TLS", "".join(server.said))  # it warns


class NamesAndOrigins(Scratch):
    def test_only_known_names(self):
        with Server("--hosts", "clinic.example") as server:
            for host in ("127.0.0.1", "localhost:99", "[::1]:80", "clinic.example:443", "LOCALHOST"):
                self.assertEqual(server.get("/healthz", headers={"Host": host}).status, 200, host)
            for host in ("evil.example", "127.0.0.1.evil.example", "localhost.evil.example",
                         "clinic.example.evil", "evil.example:8765", "[::2]", "127.0.0.2"):
                self.assertEqual(server.get("/healthz", headers={"Host": host}).status, 421, host)

    def test_only_known_pages_may_change_something(self):
        with Server("--origins", "https://ehr.example") as server:
            body = {"men": 1}
            ask = lambda origin: server.post("/api/simulate", body, headers={"Origin": origin})
            own = f"http://127.0.0.1:{server.port}"
            self.assertEqual(ask(own).status, 200)
            self.assertIsNone(ask(own).headers["Access-Control-Allow-Origin"])
            allowed = ask("https://ehr.example")
            self.assertEqual(allowed.status, 200)
            self.assertEqual(allowed.headers["Access-Control-Allow-Origin"], "https://ehr.example")
            for origin in ("https://evil.example", "null", "", "https://ehr.example.evil",
                           "http://ehr.example", f"http://127.0.0.1:{server.port + 1}",
                           "file://", "https://ehr.example https://evil.example"):
                answer = ask(origin)
                self.assertEqual(answer.status, 403, origin)
                self.assertIsNone(answer.headers["Access-Control-Allow-Origin"])

    def test_preflight(self):
        with Server("--origins", "https://ehr.example") as server:
            def ask(origin, path="/api/assess", method="POST"):
                return server.ask("OPTIONS", path, headers={
                    "Origin": origin, "Access-Control-Request-Method": method})
            answer = ask("https://ehr.example")
            self.assertEqual(answer.status, 204)
            self.assertIn("POST", answer.headers["Access-Control-Allow-Methods"])
            self.assertIn("Content-Type", answer.headers["Access-Control-Allow-Headers"])
            self.assertEqual(answer.headers["Vary"], "Origin")
            self.assertEqual(ask("https://evil.example").status, 403)
            self.assertEqual(ask("https://ehr.example", method="DELETE").status, 403)
            self.assertEqual(ask("https://ehr.example", path="/nothing").status, 403)

    def test_browsers_are_told_to_be_strict(self):
        with Server() as server:
            answers = [server.get("/"), server.get("/healthz"), server.get("/nothing"),
                       server.get("/..") , server.post("/healthz", "{}"),
                       server.get("/api/leaflet?topic=flomax"),
                       server.post(QUICK + "&format=html", TURP, YAML),
                       server.post(QUICK, b" " * (9 << 20)),
                       server.get("/healthz", headers={"Host": "evil.example"})]
            for answer in answers:
                policy = answer.headers["Content-Security-Policy"]
                self.assertIn("default-src 'none'", policy)
                self.assertIn("frame-ancestors 'none'", policy)
                self.assertNotIn("script-src 'unsafe", policy)
                self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
                self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
                self.assertEqual(answer.headers["X-Frame-Options"], "DENY")
                self.assertIsNone(answer.headers["Server"])
                self.assertIsNone(answer.headers["Set-Cookie"])
            for answer in answers[1:]:
                self.assertEqual(answer.headers["Cache-Control"], "no-store")
                self.assertNotIn("script-src", answer.headers["Content-Security-Policy"])
            self.assertNotIn("unsafe", answers[0].headers["Content-Security-Policy"])
            self.assertIsNone(re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|https?://[^1]",
                                        answers[0].text))


    def test_answers_to_programs_are_no_pages(self):
        with Server() as server:
            for answer, name in (
                    (server.get("/api/cards?q=flomax"), "json"),
                    (server.get("/api/cards/%22;calc.bat"), "json"),
                    (server.get("/api/nothing.bat"), "json"),
                    (server.get("/api/openapi.json"), "json"),
                    (server.get("/cds-services"), "json"),
                    (server.post(QUICK, TURP, YAML), "json"),
                    (server.post(QUICK + "&format=html", TURP, YAML), "html"),
                    (server.post(QUICK + "&format=text", TURP, YAML), "txt"),
                    (server.post("/api/simulate?format=svg", '{"causes": ["TURP"]}'), "svg")):
                self.assertEqual(answer.headers["Content-Disposition"],
                                 f'attachment; filename="api.{name}"')
            for path in ("/", "/healthz", "/infobutton", "/nothing"):
                self.assertIsNone(server.get(path).headers["Content-Disposition"])


class Tls(Scratch):
    def certificate(self, name="tls", days="2"):
        key, certificate = (os.path.join(self.folder, name + end) for end in (".key", ".pem"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-days", days, "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key,
                        "-out", certificate], check=True, capture_output=True)
        os.chmod(key, 0o600)
        return ["--tls-certificate", certificate, "--tls-key", key]

    def test_tls(self):
        flags = self.certificate()
        with Server(*flags) as server:
            self.assertEqual(server.scheme, "https")
            context = ssl.create_default_context(cafile=flags[1])
            answer = server.get("/healthz", context=context)
            self.assertEqual(answer.status, 200)
            self.assertIn("max-age", answer.headers["Strict-Transport-Security"])
            self.assertEqual(server.post(QUICK, TURP, YAML, context=context).status, 200)
            with self.assertRaises(ssl.SSLError):  # not known to everybody
                server.get("/healthz", context=ssl.create_default_context())
            for version, works in ((ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True),
                                   (ssl.TLSVersion.TLSv1_3, True)):
                context = trusting()
                context.set_ciphers("ALL:@SECLEVEL=0")
                context.minimum_version = context.maximum_version = version
                if works:
                    self.assertEqual(server.get("/healthz", context=context).status, 200)
                else:
                    with self.assertRaises(OSError):
                        server.get("/healthz", context=context)
            self.assertNotIn(b"200", server.raw(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"))
            told = subprocess.run(["curl", "-s", "--cacert", flags[1],
                                   f"https://localhost:{server.port}/healthz"],
                                  capture_output=True, check=True).stdout
            self.assertEqual(json.loads(told)["status"], "ok")

    def test_a_silent_handshake_ends(self):
        with Server(*self.certificate(), "--timeout", "1") as server:
            with server.socket() as s:
                self.assertLess(len(drain(s)), 20)  # an alert at the most
            self.assertEqual(server.get("/healthz", context=trusting()).status, 200)

    def test_bad_certificates(self):
        one, other = self.certificate("one"), self.certificate("other")
        at = ["--listen", "127.0.0.1:0"]
        self.assertIn("together", self.refused(1, *at, *one[:2]))
        self.assertIn("together", self.refused(1, *at, *one[2:]))
        self.assertIn("fit", self.refused(1, *at, *one[:2], *other[2:]))
        self.assertIn("no PEM", self.refused(1, *at, "--tls-certificate", self.file("a", "x"),
                                             *one[2:]))
        os.chmod(one[3], 0o644)
        self.assertIn("chmod", self.refused(1, *at, *one))


class Log(Scratch):
    KEYS = {"time", "event", "method", "route", "status", "ms", "body_bytes", "answer_bytes"}

    def test_nothing_of_a_patient_is_logged(self):
        secret = "zebedee"
        with Server() as server:
            server.post(QUICK + f"&what-if={secret}", f"id: {secret}\nage: 30\n", YAML)
            server.post(QUICK + f"&setting={secret}", f"symptoms: [{secret}]\n", YAML)
            server.post(QUICK, f"{secret}: [", YAML)
            server.post("/api/interview", {"answers": [secret]})
            server.post("/api/understand", {"text": secret})
            server.get(f"/api/cards/{secret}")
            server.get(f"/api/cards?q={secret}&{secret}=1")
            server.get(f"/{secret}", headers={"X-" + secret: secret, "User-Agent": secret})
            server.get("/healthz", headers={"Host": secret, "Origin": secret})
            server.ask(secret.upper(), "/healthz")
            server.raw(f"GET /{secret}\r\n\r\n".encode())
            server.raw(secret.encode() * 9000)
            server.get("/healthz")
        self.assertNotIn(secret, "".join(server.said).lower())
        lines = [line for line in server.log() if line["event"] == "request"]
        self.assertGreaterEqual(len(lines), 11)
        for line in lines:
            self.assertEqual(set(line), self.KEYS)
            self.assertRegex(line["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertEqual((lines[-1]["method"], lines[-1]["route"], lines[-1]["status"]),
                         ("GET", "/healthz", 200))
        self.assertIn("/api/cards/{id}", [line["route"] for line in lines])
        self.assertIn("other", [line["method"] for line in lines])

    def test_how_much_is_logged(self):
        for how, count in (("none", 0), ("errors", 0), ("all", 2)):
            with Server("--log", how) as server:
                server.get("/healthz")
                server.get("/nothing")
            self.assertEqual(len(server.log()), count, how)


class Metrics(Scratch):
    def test_counts(self):
        with Server() as server:
            before = server.metrics()
            for _ in range(3):
                server.get("/healthz")
            server.get("/api/cards?lang=fr")
            server.post(QUICK, TURP, YAML)
            after = server.metrics()
            rises = {k: after[k] - before.get(k, 0) for k in after if after[k] != before.get(k, 0)}
            def count(method, route, status):
                return rises.get(f'antegrade_requests_total{{method="{method}",route="{route}",'
                                 f'status="{status}"}}')
            self.assertEqual(count("GET", "/healthz", "2xx"), 3)
            self.assertEqual(count("GET", "/api/cards", "4xx"), 1)
            self.assertEqual(count("POST", "/api/assess", "2xx"), 1)
            self.assertEqual(rises["antegrade_body_bytes_total"], len(TURP))
            self.assertEqual(rises["antegrade_request_duration_seconds_count"], 6)
            self.assertEqual(after["antegrade_requests_in_flight"], 1)

    def test_the_text_is_as_prometheus_reads_it(self):
        with Server() as server:
            text = server.get("/metrics").text
        types, buckets = {}, []
        for line in text.splitlines():
            kind = re.fullmatch(r"# TYPE (\w+) (counter|gauge|histogram)", line)
            sample = re.fullmatch(r'(\w+)(\{\w+="[^"\\]*"(,\w+="[^"\\]*")*\})? '
                                  r"(\d+(\.\d+)?(e[+-]\d+)?)", line)
            if kind:
                types[kind[1]] = kind[2]
            elif not line.startswith("# HELP "):
                self.assertTrue(sample, line)
                self.assertIn(re.sub("_(bucket|sum|count)$", "", sample[1]), types)
                if sample[1].endswith("_bucket"):
                    buckets.append(float(sample[4]))
        self.assertEqual(buckets, sorted(buckets))
        self.assertTrue(text.endswith("\n"))


class Ending(Scratch):
    def test_what_is_being_answered_is_finished(self):
        for how in (signal.SIGTERM, signal.SIGINT):
            server = Server()
            body = slow_request(server, 2)
            got = []
            asking = threading.Thread(
                target=lambda: got.append(server.post("/api/simulate", body, timeout=120)))
            asking.start()
            wait_until(lambda: server.metrics()["antegrade_requests_in_flight"] == 2)
            server.process.send_signal(how)
            asking.join(120)
            self.assertEqual(server.stop(within=120), 0, "".join(server.said))
            self.assertEqual(got[0].status, 200)
            self.assertEqual(got[0].headers["Connection"], "close")
            with self.assertRaises(OSError):
                server.get("/healthz", timeout=2)

    def test_what_waits_too_long_is_refused(self):
        server = Server("--timeout", "1", "--threads", "1")
        body = slow_request(server, 2)
        got = []
        ask = lambda: got.append(server.post("/api/simulate", body, timeout=120).status)
        asking = [threading.Thread(target=ask) for _ in range(8)]
        for thread in asking:
            thread.start()
        wait_until(lambda: server.metrics()["antegrade_requests_in_flight"] == 9)
        self.assertEqual(server.stop(within=120), 0, "".join(server.said))
        for thread in asking:
            thread.join(60)
        self.assertEqual(set(got), {200, 503})

    def test_idle_and_half_connections_do_not_hold_it_up(self):
        server = Server("--timeout", "3")
        idle = [server.socket() for _ in range(5)]
        idle[0].sendall(b"POST /api/assess HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                        b"application/json\r\nContent-Length: 100\r\n\r\n{")
        idle[1].sendall(b"GET /heal")
        time.sleep(0.2)
        began = time.time()
        self.assertEqual(server.stop(), 0)
        self.assertLess(time.time() - began, 15)


if __name__ == "__main__":
    unittest.main()
