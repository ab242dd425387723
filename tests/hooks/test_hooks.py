"""The connections to record systems, through the real server. The program is $AG_PROGRAM."""
import gzip
import http.cookiejar
import json
import os
import re
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree

import invariants
from elsewhere import Elsewhere
from tokens import Key

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get("AG_PROGRAM", os.path.join(ROOT, "build/dev/antegrade"))
SANDBOX = "https://sandbox.cds-hooks.org"
ATOM = "{http://www.w3.org/2005/Atom}"


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments):
        return None


class Server:
    def __init__(self, *flags):
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--listen", "127.0.0.1:0", "--log", "all", *flags],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.said = []
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()
        found = re.search(r"(http://\S+)/ ", self.process.stdout.readline())
        if not found:
            self.process.wait(10)
            self.listener.join(10)
            raise AssertionError("it does not start: " + "".join(self.said))
        self.base = found[1]

    def _listen(self):
        for line in self.process.stderr:
            self.said.append(line)

    def __enter__(self):
        return self

    def __exit__(self, kind, *rest):
        self.process.terminate()
        status = self.process.wait(60)
        self.listener.join(10)
        self.process.stdout.close()
        self.process.stderr.close()
        assert kind is not None or status == 0, "".join(self.said)[-3000:]

    def ask(self, path, body=None, token=None, opener=None, method=None, **headers):
        """Status, headers and text; the invariants are checked on the way."""
        request = urllib.request.Request(self.base + path, method=method)
        if body is not None:
            request.data = body if isinstance(body, bytes) else json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        if token is not None:
            request.add_header("Authorization", "Bearer " + token)
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        opener = opener or urllib.request.build_opener(NoRedirect)
        try:
            with opener.open(request, timeout=60) as response:
                answer = response.status, response.headers, response.read().decode()
        except urllib.error.HTTPError as response:
            answer = response.code, response.headers, response.read().decode()
        self._check(path, body, *answer)
        return answer

    @staticmethod
    def _check(path, body, status, headers, text):
        if "json" not in (headers["Content-Type"] or "") or text == "":
            return
        if status >= 400:
            invariants.outcome(json.loads(text))
        elif path == "/cds-services":
            invariants.discovery(json.loads(text))
        elif path.startswith("/cds-services/") and not path.endswith("/feedback"):
            invariants.answer(json.loads(text))

    def cards(self, service, body, **more):
        status, _, text = self.ask("/cds-services/antegrade-" + service, body, **more)
        assert status == 200, (status, text)
        return json.loads(text)["cards"]


def record(name="diabetic-man"):
    """A real (synthetic) record as resources with plain references, and its Patient."""
    with gzip.open(os.path.join(ROOT, "examples/records", name + ".json.gz")) as file:
        bundle = json.load(file)
    names = {e["fullUrl"]: f"{e['resource']['resourceType']}/{e['resource']['id']}"
             for e in bundle["entry"]}
    text = json.dumps([e["resource"] for e in bundle["entry"]])
    for url, name in names.items():
        text = text.replace(f'"{url}"', f'"{name}"')
    resources = json.loads(text)
    return resources, next(r for r in resources if r["resourceType"] == "Patient")


def searchset(resources, kind):
    return {"resourceType": "Bundle", "type": "searchset", "link": [],
            "entry": [{"resource": r} for r in resources if r["resourceType"] == kind]}


def prefetch(resources, patient, **changes):
    return {"patient": patient, "conditions": searchset(resources, "Condition"),
            "medications": searchset(resources, "MedicationRequest"),
            "procedures": searchset(resources, "Procedure"),
            "results": searchset(resources, "Observation"), **changes}


def call(hook, patient, context=None, **more):
    return {"hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea", "hook": hook,
            "context": {"userId": "Practitioner/COREPRACTITIONER1", "patientId": patient["id"],
                        **(context or {})}, **more}


def condition(patient, code, system="http://hl7.org/fhir/sid/icd-10-cm"):
    return {"resourceType": "Condition", "id": "c-" + code.replace(".", "-"),
            "clinicalStatus": {"coding": [{"code": "active"}]},
            "subject": {"reference": "Patient/" + patient["id"]},
            "code": {"coding": [{"system": system, "code": code}]}}


def drafts(*orders):
    """As the sandbox writes them: a Bundle without type."""
    return {"resourceType": "Bundle", "entry": [{"resource": order} for order in orders]}


def draft(patient, **medicine):
    return {"resourceType": "MedicationRequest", "id": "request-123", "status": "draft",
            "subject": {"reference": "Patient/" + patient["id"]}, "authoredOn": "2026-09-21",
            **medicine}


SILODOSIN = {"intent": "order", "medicationCodeableConcept": {
    "text": "silodosin 8 MG Oral Capsule", "coding": [{
        "display": "silodosin 8 MG Oral Capsule",
        "system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "809477"}]}}


class Sandbox(unittest.TestCase):
    """What the sandbox of CDS Hooks sends, step by step, with its tokens."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.key = Key(cls.folder.name, "44823f3d-0b01-4a6c-a80e-b9d3e8a7226f")
        cls.rsa = Key(cls.folder.name, "rsa-1", "RS384")
        keys = os.path.join(cls.folder.name, "jwks.json")
        with open(keys, "w") as file:
            json.dump({"keys": [cls.key.jwk(), cls.rsa.jwk()]}, file)
        cls.server = Server("--cds-clients", f"{SANDBOX}={keys}", "--origins", SANDBOX)
        cls.resources, cls.patient = record()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__(None)
        cls.folder.cleanup()

    def token(self, path, **changes):
        return self.key.token(self.server.base + path, **changes)

    def test_discovery(self):
        for key in (self.key, self.rsa):
            status, headers, text = self.server.ask(
                "/cds-services", token=key.token(self.server.base + "/cds-services"),
                Origin=SANDBOX)
            self.assertEqual(status, 200)
            self.assertEqual(headers["Access-Control-Allow-Origin"], SANDBOX)
            self.assertEqual(len(json.loads(text)["services"]), 4)

    def test_tokens(self):
        path = "/cds-services"
        now = int(time.time())
        for changes in ({"aud": self.server.base + "/cds-services/"}, {"exp": now - 100},
                        {"iss": "https://evil.example.org"}, {"jti": ""}):
            self.assertEqual(self.server.ask(path, token=self.token(path, **changes))[0], 401)
        self.assertEqual(self.server.ask(path)[0], 401)
        once = self.token(path)
        self.assertEqual(self.server.ask(path, token=once)[0], 200)
        self.assertEqual(self.server.ask(path, token=once)[0], 401)
        self.assertEqual(self.server.ask(path, token=self.token(path)[:-8] + "AAAAAAAA")[0], 401)

    def test_browsers(self):
        path = "/cds-services/antegrade-patient-view"
        asks = {"Access_Control_Request_Method": "POST",
                "Access_Control_Request_Headers": "authorization,content-type"}
        status, headers, _ = self.server.ask(path, method="OPTIONS", Origin=SANDBOX, **asks)
        self.assertEqual(status, 204)
        self.assertEqual(headers["Access-Control-Allow-Origin"], SANDBOX)
        self.assertIn("POST", headers["Access-Control-Allow-Methods"])
        self.assertIn("Authorization", headers["Access-Control-Allow-Headers"])
        status, headers, _ = self.server.ask(path, method="OPTIONS",
                                             Origin="https://evil.example.org", **asks)
        self.assertEqual(status, 403)
        self.assertIsNone(headers["Access-Control-Allow-Origin"])

    def view(self, **more):
        path = "/cds-services/antegrade-patient-view"
        return self.server.cards("patient-view", call("patient-view", self.patient, **more),
                                 token=self.token(path), Origin=SANDBOX)

    def test_patient_view(self):
        complains = self.resources + [condition(self.patient, "N53.13")]
        cards = self.view(fhirServer="https://r4.example.org/fhir",
                          prefetch=prefetch(complains, self.patient))
        self.assertEqual(len(cards), 1)
        self.assertRegex(cards[0]["summary"], r"\d+ % \(\d+–\d+\)")
        self.assertNotIn("Not seen", cards[0]["detail"])

    def test_empty_draft(self):
        path = "/cds-services/antegrade-order-select"
        context = {"selections": ["MedicationRequest/request-123"],
                   "draftOrders": drafts(draft(self.patient))}
        self.assertEqual([], self.server.cards(
            "order-select", call("order-select", self.patient, context,
                                 prefetch=prefetch(self.resources, self.patient)),
            token=self.token(path)))

    def test_order_and_feedback(self):
        path = "/cds-services/antegrade-order-select"
        young = dict(self.patient, birthDate="1980-05-01")
        well = [r for r in self.resources if r["resourceType"] not in
                ("Condition", "MedicationRequest", "Procedure", "Observation")]
        well.append(condition(young, "N40.1"))
        context = {"selections": ["MedicationRequest/request-123"],
                   "draftOrders": drafts(draft(young, **SILODOSIN))}
        cards = self.server.cards(
            "order-select", call("order-select", young, context,
                                 prefetch=prefetch(well, young)), token=self.token(path))
        self.assertEqual(len(cards), 1)
        chosen = cards[0]["suggestions"][0]
        self.assertEqual(chosen["actions"][0]["resourceId"], "MedicationRequest/request-123")
        told = {"feedback": [{"card": cards[0]["uuid"], "outcome": "accepted",
                              "acceptedSuggestions": [{"id": chosen["uuid"]}],
                              "outcomeTimestamp": "2026-09-21T10:00:00Z"}]}
        for _ in range(2):  # the same may come again
            status, _, _ = self.server.ask(path + "/feedback", told,
                                           token=self.token(path + "/feedback"))
            self.assertEqual(status, 200)


class Fetching(unittest.TestCase):
    """Records in part, and the rest from the client's server."""

    @classmethod
    def setUpClass(cls):
        cls.resources, cls.patient = record()
        cls.resources.append(condition(cls.patient, "N53.13"))

    def asked(self, ehr, **more):
        return call("patient-view", self.patient, fhirServer=ehr.fhir, fhirAuthorization={
            "access_token": "given-token", "token_type": "Bearer", "expires_in": 300,
            "scope": "patient/*.rs", "subject": "cds", "patient": self.patient["id"]}, **more)

    def test_all_is_fetched(self):
        with Elsewhere(self.resources, self.patient["id"]) as ehr, \
                Server("--fhir-servers", f"https://other.example.org/fhir {ehr.fhir}") as server:
            cards = server.cards("patient-view", self.asked(ehr))
            whole = server.cards("patient-view", call(
                "patient-view", self.patient, prefetch=prefetch(self.resources, self.patient)))
            self.assertEqual(cards[0]["detail"], whole[0]["detail"])
            kinds = {urllib.parse.urlsplit(path).path for _, path, _ in ehr.requests}
            self.assertEqual(len(kinds), 5)
            self.assertGreater(len(ehr.requests), 5)  # in pages
            self.assertEqual({shown for _, _, shown in ehr.requests}, {"Bearer given-token"})
            page, = [link["url"] for link in cards[0]["links"]]
            status, _, text = server.ask("/api/launch/" + page.rsplit("/", 1)[1])
            self.assertEqual(status, 200)
            assessed = server.ask("/api/assess", text.encode())
            self.assertEqual(assessed[0], 200)
            self.assertNotIn("given-token", text + "".join(server.said))

    def test_only_what_is_missing(self):
        with Elsewhere(self.resources, self.patient["id"]) as ehr, \
                Server("--fhir-servers", ehr.fhir) as server:
            server.cards("patient-view", self.asked(ehr, prefetch=prefetch(
                self.resources, self.patient, procedures=None,
                results={"resourceType": "OperationOutcome"})))
            self.assertEqual({urllib.parse.urlsplit(path).path for _, path, _ in ehr.requests},
                             {"/fhir/Procedure", "/fhir/Observation"})

    def test_not_allowed(self):
        with Elsewhere(self.resources, self.patient["id"]) as ehr, Server() as server:
            self.assertEqual(412, server.ask("/cds-services/antegrade-patient-view",
                                             self.asked(ehr))[0])
            self.assertEqual(ehr.requests, [])

    def test_slow_server(self):
        with Elsewhere(self.resources, self.patient["id"]) as ehr, \
                Server("--fhir-servers", ehr.fhir) as server:
            ehr.slow = 30
            began = time.monotonic()
            cards = server.cards("patient-view", self.asked(ehr, prefetch=prefetch(
                self.resources, self.patient, procedures=None)))
            self.assertLess(time.monotonic() - began, 25)
            self.assertIn("operations (the server could not be reached)", cards[0]["detail"])

    def test_fetched_keys(self):
        with Elsewhere([], "p") as ehr, tempfile.TemporaryDirectory() as folder:
            key = Key(folder, "k1")
            ehr.keys = {"keys": [key.jwk()]}
            with Server("--cds-clients", f"{SANDBOX}={ehr.base}/keys") as server:
                # the token names another address of keys than the configured one
                self.assertEqual(401, server.ask(
                    "/cds-services", token=key.token(server.base + "/cds-services"))[0])
                self.assertEqual(ehr.requests, [])
                for _ in range(2):
                    token = key.token(server.base + "/cds-services", jku=ehr.base + "/keys")
                    self.assertEqual(server.ask("/cds-services", token=token)[0], 200)
                self.assertEqual(len(ehr.requests), 1)


class Infobutton(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__(None)

    def ask(self, **parameters):
        query = {"mainSearchCriteria.v.cs": "2.16.840.1.113883.6.90",
                 "mainSearchCriteria.v.c": "N53.14", "mainSearchCriteria.v.dn": "a<b&c",
                 "informationRecipient.languageCode.c": "en", **parameters}
        return self.server.ask("/infobutton?" + urllib.parse.urlencode(query))

    def test_xml(self):
        status, headers, text = self.ask(knowledgeResponseType="text/xml")
        self.assertEqual(status, 200)
        feed = xml.etree.ElementTree.fromstring(text)
        self.assertEqual(feed.tag, ATOM + "feed")
        for name in ("title", "id", "updated", "author"):
            self.assertIsNotNone(feed.find(ATOM + name))
        entry = feed.find(ATOM + "entry")
        self.assertIn("#/leaflet/retrograde-ejaculation", entry.find(ATOM + "link").get("href"))
        terms = {c.get("scheme"): c.get("term") for c in feed.findall(ATOM + "category")}
        self.assertEqual(terms["mainSearchCriteria.v.dn"], "a<b&c")

    def test_json_and_html(self):
        status, _, text = self.ask(knowledgeResponseType="application/json",
                                   **{"informationRecipient.languageCode.c": "es"})
        self.assertEqual(json.loads(text)["feed"]["lang"], "es")
        status, headers, text = self.ask(knowledgeResponseType="text/html")
        self.assertEqual((status, headers["Content-Type"]), (200, "text/html; charset=utf-8"))
        self.assertIn("<title>When semen goes into the bladder</title>", text)


class Launch(unittest.TestCase):
    """SMART App Launch against the tests' own server, as a browser goes through it."""

    def launch(self, ehr, server):
        jar = http.cookiejar.CookieJar()
        opener = urllib.request.build_opener(NoRedirect, urllib.request.HTTPCookieProcessor(jar))
        query = urllib.parse.urlencode({"iss": ehr.fhir, "launch": "launch-1"})
        status, headers, _ = server.ask("/launch?" + query, opener=opener)
        self.assertEqual(status, 302)
        self.assertTrue(headers["Location"].startswith(ehr.base + "/authorize?"))
        try:
            opener.open(headers["Location"])
            self.fail("no redirect")
        except urllib.error.HTTPError as response:
            back = response.headers["Location"]
        self.assertTrue(back.startswith(server.base + "/launch/callback?"))
        return opener, back[len(server.base):]

    def check(self, secret, flags):
        resources, patient = record()
        with Elsewhere(resources, patient["id"], secret=secret) as ehr, \
                Server("--smart-servers", f"{ehr.fhir}=antegrade-1{flags}") as server:
            opener, back = self.launch(ehr, server)
            status, headers, _ = server.ask(back, opener=opener)
            self.assertEqual(status, 302)
            page = headers["Location"]
            self.assertTrue(page.startswith(server.base + "/#/launch/"))
            path = "/api/launch/" + page.rsplit("/", 1)[1]
            status, headers, text = server.ask(path, opener=opener)
            self.assertEqual((status, headers["Cache-Control"]), (200, "no-store"))
            parts = [entry["resource"] for entry in json.loads(text)["entry"]]
            conditions = [e for part in parts if part["resourceType"] == "Bundle"
                          for e in part["entry"] if e["resource"]["resourceType"] == "Condition"]
            self.assertEqual(len(conditions), len(searchset(resources, "Condition")["entry"]))
            self.assertEqual(server.ask(path, opener=opener)[0], 404)
            self.assertEqual(server.ask(back, opener=opener)[0], 403)
            seen = "".join(server.said) + text
            for token in ehr.tokens:
                self.assertNotIn(token, seen)
            return server

    def test_public_client(self):
        self.check(None, "")

    def test_confidential_client(self):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("s3cret\n")
            file.flush()
            self.check("s3cret", "=" + file.name)

    def test_another_browser(self):
        resources, patient = record()
        with Elsewhere(resources, patient["id"]) as ehr, \
                Server("--smart-servers", f"{ehr.fhir}=antegrade-1") as server:
            opener, back = self.launch(ehr, server)
            self.assertEqual(server.ask(back)[0], 403)
            self.assertFalse(any(path == "/token" for _, path, _ in ehr.requests))
            self.assertEqual(server.ask(back, opener=opener)[0], 403)

    def test_unknown_system(self):
        with Server() as server:
            query = urllib.parse.urlencode({"iss": "https://evil.example.org", "launch": "x"})
            self.assertEqual(server.ask("/launch?" + query)[0], 403)


class Settings(unittest.TestCase):
    def test_faults(self):
        for flags in (("--cds-clients", "https://ehr.example.org"),
                      ("--cds-clients", "https://ehr.example.org=/no/such/file"),
                      ("--smart-servers", "https://ehr.example.org"),
                      ("--fhir-servers", "ehr.example.org"),
                      ("--public-url", "antegrade")):
            done = subprocess.run([PROGRAM, "serve", "--listen", "127.0.0.1:0", *flags],
                                  capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 1, flags)
            self.assertRegex(done.stderr, "antegrade serve: .{20}")

    def test_server_token(self):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("a" * 40 + "\n")
            file.flush()
            os.chmod(file.name, 0o600)
            with Server("--token-file", file.name) as server:
                self.assertEqual(server.ask("/cds-services")[0], 200)
                path = "/cds-services/antegrade-patient-view"
                self.assertEqual(server.ask(path, {})[0], 401)
                self.assertEqual(server.ask(path, {}, token="b" * 40)[0], 401)
                self.assertEqual(server.ask(path, {}, token="a" * 40)[0], 400)


if __name__ == "__main__":
    unittest.main()
