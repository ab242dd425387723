"""A record system of the tests' own: an authorization server and a FHIR server with pages."""
import base64
import hashlib
import http.server
import json
import threading
import time
import urllib.parse

PAGE = 2


class Elsewhere:
    """Serves `resources` under /fhir to whoever has a token, and SMART launches of `patient`."""

    def __init__(self, resources, patient, client="antegrade-1", secret=None):
        self.resources, self.patient, self.client, self.secret = resources, patient, client, secret
        self.tokens, self.codes = {"given-token"}, {}
        self.requests = []  # (method, path, Authorization)
        self.keys = {"keys": []}
        self.slow = 0
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *arguments):
                pass

            def do_GET(self):
                outer.requests.append(("GET", self.path, self.headers.get("Authorization")))
                outer.get(self)

            def do_POST(self):
                outer.requests.append(("POST", self.path, self.headers.get("Authorization")))
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                outer.post(self, urllib.parse.parse_qs(body))

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.fhir = self.base + "/fhir"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.server.shutdown()
        self.server.server_close()

    @staticmethod
    def send(handler, status, value=None, **headers):
        body = b"" if value is None else json.dumps(value).encode()
        handler.send_response(status)
        for name, text in headers.items():
            handler.send_header(name, text)
        handler.send_header("Content-Type", "application/fhir+json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        try:
            handler.wfile.write(body)
        except BrokenPipeError:
            pass  # who asked did not wait

    def get(self, handler):
        url = urllib.parse.urlsplit(handler.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        if url.path == "/keys":
            return self.send(handler, 200, self.keys)
        if url.path == "/fhir/.well-known/smart-configuration":
            return self.send(handler, 200, {
                "authorization_endpoint": self.base + "/authorize",
                "token_endpoint": self.base + "/token",
                "code_challenge_methods_supported": ["S256"],
                "capabilities": ["launch-ehr", "context-ehr-patient", "client-public"]})
        if url.path == "/authorize":
            return self.authorize(handler, query)
        if url.path.startswith("/fhir"):
            time.sleep(self.slow)
            return self.read(handler, url.path[len("/fhir"):].strip("/"), query)
        return self.send(handler, 404)

    def authorize(self, handler, query):
        assert query["response_type"] == "code" and query["client_id"] == self.client, query
        assert query["aud"] == self.fhir and query["launch"] == "launch-1", query
        assert query["code_challenge_method"] == "S256" and "launch" in query["scope"].split()
        code = f"code {len(self.codes)}/+"
        self.codes[code] = query
        back = urllib.parse.urlencode({"code": code, "state": query["state"]})
        return self.send(handler, 302, Location=query["redirect_uri"] + "?" + back)

    def post(self, handler, form):
        asked = self.codes.pop(form.get("code", [""])[0], None)
        if handler.path != "/token" or asked is None:
            return self.send(handler, 400, {"error": "invalid_grant"})
        digest = hashlib.sha256(form["code_verifier"][0].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        named = form.get("client_id") == [self.client]
        if self.secret is not None:
            basic = base64.b64encode(f"{self.client}:{self.secret}".encode()).decode()
            named = handler.headers.get("Authorization") == "Basic " + basic
        if (challenge != asked["code_challenge"] or not named
                or form["redirect_uri"] != [asked["redirect_uri"]]):
            return self.send(handler, 400, {"error": "invalid_grant"})
        token = f"token-{len(self.tokens)}"
        self.tokens.add(token)
        return self.send(handler, 200, {
            "access_token": token, "token_type": "Bearer", "expires_in": 300,
            "scope": asked["scope"], "patient": self.patient})

    def read(self, handler, path, query):
        shown = (handler.headers.get("Authorization") or "").removeprefix("Bearer ")
        if shown not in self.tokens:
            return self.send(handler, 401)
        if "/" in path:
            kind, name = path.split("/")
            found = [r for r in self.resources if r["resourceType"] == kind and r["id"] == name]
            return self.send(handler, 200 if found else 404, found[0] if found else None)
        about = "Patient/" + query["patient"]
        found = [r for r in self.resources if r["resourceType"] == path
                 and r["subject"]["reference"] == about]
        if "code" in query:
            codes = set(query["code"].split(","))
            found = [r for r in found if codes & {
                c.get("system", "") + "|" + c["code"] for c in r["code"]["coding"]}]
        start = int(query.pop("_start", 0))
        page = {"resourceType": "Bundle", "type": "searchset", "total": len(found),
                "entry": [{"resource": r} for r in found[start:start + PAGE]], "link": []}
        if start + PAGE < len(found):
            more = urllib.parse.urlencode({**query, "_start": start + PAGE})
            page["link"].append({"relation": "next", "url": f"{self.fhir}/{path}?{more}"})
        return self.send(handler, 200, page)
