"""Clients that are slow, broken or hostile get a clear 4xx or a closed connection, and all others
are served meanwhile."""
import concurrent.futures
import os
import random
import socket
import subprocess
import time
import unittest

from serving import JSON, QUICK, TURP, YAML, Server, drain, slow_request, wait_until

SOAK = "AG_SOAK" in os.environ


def status_of(data):
    """The status of the first answer in raw bytes; None where there is none."""
    if not data:
        return None
    assert data.startswith(b"HTTP/1.1 "), data[:100]
    return int(data[9:12])


class Hostile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server("--timeout", "2", "--max-body", "1", "--max-connections", "1500",
                            "--max-per-client", "100")

    @classmethod
    def tearDownClass(cls):
        status = cls.server.stop()
        assert status == 0, f"{status}: " + "".join(cls.server.said)[-3000:]

    def setUp(self):
        self.good()

    def tearDown(self):
        self.good()

    def good(self):
        """Another client is served, and soon."""
        began = time.time()
        self.assertEqual(self.server.get("/healthz").status, 200)
        self.assertEqual(self.server.post(QUICK, TURP, YAML).status, 200)
        self.assertLess(time.time() - began, 20)

    def dripped(self, first, rest):
        """Seconds until the server closes on a client that sends `first`, then a byte now and
        then."""
        began = time.time()
        with self.server.socket() as s:
            s.sendall(first)
            s.settimeout(0.2)
            for byte in rest * 1000:
                try:
                    s.sendall(bytes([byte]))
                    if s.recv(1000) == b"":
                        return time.time() - began
                except socket.timeout:
                    pass
                except OSError:
                    return time.time() - began
                self.assertLess(time.time() - began, 30, "it goes on listening")
                if random.random() < 0.1:
                    self.assertEqual(self.server.get("/healthz").status, 200)

    def test_slow_headers_end(self):
        self.assertLess(self.dripped(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ", b"a"), 15)
        self.assertLess(self.dripped(b"", b"GET"), 15)

    def test_slow_bodies_end(self):
        head = (b"POST /api/assess HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                b"Content-Length: 10000\r\n\r\n{")
        self.assertLess(self.dripped(head, b" "), 15)

    def test_a_client_that_does_not_read_ends(self):
        expired = self.server.metrics()["antegrade_connections_expired_total"]
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            s.connect((self.server.host, self.server.port))
            s.settimeout(30)
            try:
                for _ in range(200):
                    s.sendall(b"GET /api/cards HTTP/1.1\r\nHost: localhost\r\n\r\n")
            except OSError:
                pass
            wait_until(lambda: self.server.metrics()["antegrade_connections"] <= 1, 30)
        self.assertGreaterEqual(self.server.metrics()["antegrade_connections_expired_total"], expired)

    def test_thousands_of_idle_connections(self):
        """A thousand from a dozen addresses; 100 from one is all that is taken."""
        kept = []
        for address in range(2, 14):
            for _ in range(100):
                kept.append(self.server.socket(source=(f"127.0.0.{address}", 0)))
        wait_until(lambda: self.server.metrics()["antegrade_connections"] > 1100)
        self.good()
        greedy = [self.server.socket(source=("127.0.0.2", 0)) for _ in range(20)]
        for s in greedy:
            s.settimeout(5)
            self.assertEqual(drain(s), b"")  # closed at once
            s.close()
        self.good()
        wait_until(lambda: self.server.metrics()["antegrade_connections"] <= 2, 30)
        for s in kept:
            s.close()

    def test_half_requests(self):
        for data in (b"", b"G", b"GET /", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: x",
                     b"POST /api/assess HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                     b"application/json\r\nContent-Length: 50\r\n\r\n{\"age\":"):
            self.assertIn(status_of(self.server.raw(data)), (None, 400, 408))

    def test_huge_bodies(self):
        most = 1 << 20
        for body in (b" " * (most + 1), iter([b" " * 65536] * 33)):  # the second in chunks
            answer = self.server.ask("POST", "/api/assess", body, JSON)
            self.assertEqual(answer.status, 413)
            self.assertEqual(answer.error["where"], "body")
        # One that waits for leave to send it (as curl does) sends nothing.
        told = subprocess.run(
            ["curl", "-s", "-w", "%{http_code} %{size_upload}", "-o", os.devnull, "-H",
             "Content-Type: application/json", "-H", "Expect: 100-continue", "--data-binary", "@-",
             f"http://127.0.0.1:{self.server.port}/api/assess"],
            input=b" " * (most + 1), capture_output=True, check=True).stdout
        self.assertEqual(told, b"413 0")
        head = b"POST /api/assess HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        self.assertEqual(status_of(self.server.raw(head + b"Content-Length: 9999999999999\r\n\r\n{")),
                         413)
        self.assertIn(status_of(self.server.raw(
            head + b"Content-Length: 99999999999999999999999999\r\n\r\n{")), (400, 413))
        with self.server.socket() as s:  # without an end
            s.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n")
            with self.assertRaises(OSError):
                for _ in range(1000):
                    s.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")
        self.assertEqual(self.server.metrics()["antegrade_body_bytes_held"], 0)

    def test_deep_and_wide_bodies(self):
        for opening in (b"[", b'{"a":'):
            for path, depth in ((QUICK, 150000), ("/api/simulate", 10000)):
                answer = self.server.post(path, opening * depth)
                self.assertIn(answer.status, (400, 413, 422), path)
        wide = b"[" + b"1," * 30000 + b"1]"
        self.assertEqual(self.server.post("/api/simulate", wide).status, 422)
        many = b'{"answers":[' + b'"",' * 15000 + b'""]}'
        self.assertEqual(self.server.post("/api/interview", many).status, 413)
        yaml = "a: &a [x]\n" + "".join(f"b{i}: &b{i} [*a, *a]\n" for i in range(1000))
        self.assertEqual(self.server.post(QUICK, yaml, YAML).status, 400)

    def test_bodies_that_are_no_text(self):
        for body in (b'{"age": "\xff"}', b"\xc0\xaf", b"\xed\xa0\x80", b"age: 30\x00",
                     "age: 30".encode("utf-16"), b"\xf5\x80\x80\x80", b"\x1f\x8b\x08\x00" + b"\0" * 30):
            answer = self.server.post(QUICK, body, YAML)
            self.assertEqual(answer.status, 400)
            self.assertIn("UTF-8", answer.error["message"])
        self.assertEqual(self.server.post(QUICK, "﻿age: 30", YAML).status, 200)

    def test_compressed_and_wrong_types(self):
        for coding in ("gzip", "deflate", "br", "gzip, gzip"):
            answer = self.server.post(QUICK, b"\x1f\x8b", headers={"Content-Encoding": coding})
            self.assertEqual(answer.status, 415)
            self.assertEqual(answer.error["where"], "Content-Encoding")
        for type in (None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
                     "application/jsonp", "application/json2; charset=utf-8", ""):
            self.assertEqual(self.server.post(QUICK, "{}", type).status, 415, type)
        self.assertEqual(self.server.post(QUICK, TURP, "Application/YAML; charset=utf-8").status, 200)
        self.assertEqual(self.server.ask("GET", "/healthz", "{}", JSON).status, 400)

    def test_header_floods(self):
        start = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
        many = b"".join(b"X-%d: y\r\n" % i for i in range(200))
        self.assertEqual(status_of(self.server.raw(start + many + b"\r\n")), 431)
        for flood in (b"X: " + b"y" * 100000, b"X" * 100000 + b": y",
                      b"".join(b"X-%d: y\r\n" % i for i in range(20000))):
            self.assertIn(status_of(self.server.raw(start + flood + b"\r\n\r\n")), (None, 400, 431))
        self.assertIn(self.server.get("/healthz?" + "a" * 5000).status, (414, 431))
        self.assertEqual(self.server.get("/healthz?" + "&".join("a=%d" % i for i in range(99))).status,
                         404)

    def test_path_tricks(self):
        for path in ("/../etc/passwd", "/..", "/%2e%2e/etc/passwd", "/assets/..%2f..%2fetc/passwd",
                     "/assets/..\\..\\etc\\passwd", "//etc/passwd", "/./index.html", "/%00", "/%",
                     "/api/cards/%00", "/api/cards/a%00b", "/api/cards/%2e%2e%2f", "/api/cards/%ff",
                     "/api/cards/%c0%ae", "/api/cards/a%0d%0aX:y", "/api//cards", "/api/cards/",
                     "/index.html/", "/index.html%20", "/INDEX.HTML", "/api/cards/a/b", "/api/%zz",
                     "/api/cards/" + "a" * 300, "/proc/self/environ", "/.git/config"):
            data = self.server.raw(b"GET " + path.encode() + b" HTTP/1.1\r\nHost: localhost\r\n"
                                   b"Connection: close\r\n\r\n")
            self.assertIn(status_of(data), (400, 404), path)
            self.assertNotIn(b"root:", data)
        for line in (b"GET http://127.0.0.1/etc HTTP/1.1", b"GET * HTTP/1.1", b"GET healthz HTTP/1.1",
                     b"CONNECT localhost:80 HTTP/1.1", b"GET /healthz?a=%ff HTTP/1.1"):
            self.assertIn(status_of(self.server.raw(line + b"\r\nHost: localhost\r\n\r\n")),
                          (400, 404, 405), line)

    def test_wrong_methods(self):
        for method in ("PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "GET", "get", "FOO"):
            answer = self.server.ask(method, "/api/assess")
            self.assertEqual(answer.status, 405, method)
            self.assertEqual(answer.headers["Allow"], "POST")
        self.assertEqual(self.server.post("/healthz", "{}").headers["Allow"], "GET")

    def test_requests_that_disagree_with_themselves(self):
        start = b"POST /api/simulate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        for rest in (b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                     b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
                     b"Content-Length: -1\r\n\r\n{}", b"Content-Length: two\r\n\r\n{}",
                     b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
                     b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}\r\n0\r\n\r\n",
                     b"Host: example.org\r\nContent-Length: 2\r\n\r\n{}",
                     b"Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}"):
            self.assertIn(status_of(self.server.raw(start + rest)), (None, 400, 413), rest)
        self.assertIn(status_of(self.server.raw(b"GET /healthz HTTP/1.1\r\n\r\n")), (400, 200))
        self.assertIn(status_of(self.server.raw(b"GET /healthz HTTP/9.9\r\nHost: localhost\r\n\r\n")),
                      (None, 400, 505))

    def test_what_is_not_http(self):
        hello = bytes.fromhex("16030100c8010000c40303") + os.urandom(200)
        for data in (hello, os.urandom(5000), b"\0" * 100000, b"\r\n" * 50000, b"SSH-2.0-x\r\n"):
            try:
                data = self.server.raw(data)
            except OSError:
                continue
            self.assertIn(status_of(data), (None, 400, 404, 405, 414, 431, 501, 505))

    def test_mutants_of_good_requests(self):
        """Bytes changed at random, many in a row: each is answered or closed, and none ends it."""
        chance = random.Random(1)
        body = TURP.encode()
        seeds = [
            b"POST /api/assess?plan=no&lang=es HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
            b"application/yaml\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body),
            b"GET /api/cards?q=dry%20climax&limit=3 HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"POST /api/simulate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n11\r\n{\"causes\":[\"TURP\"\r\n2\r\n]}\r\n0\r\n\r\n",
            b"GET /api/cards/tamsulosin HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic eDp5\r\n"
            b"Origin: http://localhost\r\n\r\n"]
        for i in range(20000 if SOAK else 300):
            data = bytearray(chance.choice(seeds))
            for _ in range(chance.randint(1, 4)):
                at = chance.randrange(len(data))
                data[at:at + chance.randint(0, 3)] = os.urandom(chance.randint(0, 3)) or b"\r\n"
            answer = self.server.raw(bytes(data))
            self.assertIn(status_of(answer) or 0, range(0, 600), bytes(data))
            if i % 50 == 0:
                self.assertEqual(self.server.get("/healthz").status, 200)

    def test_more_than_can_be_done(self):
        """What does not fit into the queue is refused; the rest is answered; the health at once."""
        body = slow_request(self.server, 0.2)
        ask = lambda i: self.server.post("/api/simulate", body, timeout=300,
                                         source=(f"127.0.1.{1 + i % 4}", 0))
        with concurrent.futures.ThreadPoolExecutor(120) as pool:
            asked = [pool.submit(ask, i) for i in range(120)]
            for _ in range(10):
                began = time.time()
                self.assertEqual(self.server.get("/healthz").status, 200)
                self.assertLess(time.time() - began, 5)
                time.sleep(0.05)
            answers = [a.result() for a in asked]
        busy = [a for a in answers if a.status == 503]
        self.assertTrue(busy)
        self.assertEqual({a.status for a in answers}, {200, 503})
        self.assertEqual({a.headers["Retry-After"] for a in busy}, {"2"})

    def test_clients_that_leave(self):
        body = b'{"men": 30}'
        for _ in range(20):
            with self.server.socket() as s:
                s.sendall(b"POST /api/simulate HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                          b"application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        wait_until(lambda: self.server.metrics()["antegrade_requests_in_flight"] == 1, 60)


if __name__ == "__main__":
    unittest.main()
