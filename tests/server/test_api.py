"""Every route and every answer of the description, from the running server, as it describes them."""
import gzip
import json
import os
import re
import subprocess
import tempfile
import unittest
import urllib.parse

import jsonschema

from serving import JSON, PROGRAM, QUICK, ROOT, SMALL, TURP, YAML, Server


def read(path):
    with open(os.path.join(ROOT, path), "rb") as file:
        return file.read()


class Described:
    """The OpenAPI description, and which of its parts the tests have seen."""

    def __init__(self, server):
        self.document = server.get("/api/openapi.json").json
        report = server.get("/api/report.schema.json").json
        self.store = {"report.schema.json": report, report["$id"]: report,
                      "openapi.json": self.document}
        self.seen = set()

    def path_of(self, address):
        path = urllib.parse.urlsplit(address).path
        for known in self.document["paths"]:
            if path == known or re.fullmatch(re.sub(r"\{[^}]*\}", "[^/]+", known), path):
                return known
        raise AssertionError("not described: " + path)

    def validate(self, schema, value):
        resolver = jsonschema.RefResolver("openapi.json", self.document, store=self.store)
        jsonschema.Draft202012Validator(schema, resolver=resolver).validate(value)

    def resolved(self, response):
        if response is None or "$ref" not in response:
            return response
        return self.document["components"]["responses"][response["$ref"].split("/")[-1]]

    def check(self, method, address, answer):
        path = self.path_of(address)
        operation = self.document["paths"][path][method.lower()]
        status = str(answer.status)
        response = self.resolved(operation["responses"].get(status))
        assert response is not None, f"{method} {path} does not describe status {status}"
        type = answer.headers["Content-Type"].split(";")[0]
        content = response.get("content", {type: None}).get(type, "none")
        assert content != "none", f"{method} {path} {status} does not describe {type}"
        if content is None:
            assert not answer.bytes
        elif type.endswith("json"):
            self.validate(content["schema"], answer.json)
        else:
            assert answer.text
        self.seen.add((method, path, status, type if content else None))


class Api(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.server = Server("--store", os.path.join(cls.folder.name, "store.db"), knowledge=None)
        cls.described = Described(cls.server)

    @classmethod
    def tearDownClass(cls):
        status = cls.server.stop()
        cls.folder.cleanup()
        assert status == 0, f"{status}: " + "".join(cls.server.said)[-3000:]

    def ask(self, method, address, body=None, type=None, status=200, **how):
        answer = self.server.ask(method, address, body, type, **how)
        self.assertEqual(answer.status, status, answer.text[:500])
        self.described.check(method, address, answer)
        return answer

    def get(self, address, status=200):
        return self.ask("GET", address, status=status)

    def post(self, address, body, type=JSON, status=200):
        return self.ask("POST", address, body, type, status)

    def refused(self, answer, where, *words):
        error = answer.error
        self.assertEqual(error["where"], where)
        self.assertEqual(error["status"], answer.status)
        for word in words:
            self.assertIn(word, error["message"])

    # ---- a man

    def compare(self, server, case, query, *flags):
        printed = subprocess.run([PROGRAM, "assess", *flags, case], capture_output=True, check=True,
                                 env={**os.environ, "COLUMNS": "80"}).stdout
        answer = server.post("/api/assess?" + query, read(case), YAML)
        self.assertEqual(answer.status, 200)
        self.described.check("POST", "/api/assess", answer)
        # FHIR has the time of writing in it.
        written = rb'"(timestamp|occurrenceDateTime|authoredOn|issued|lastUpdated)": *"[^"]*"'
        self.assertEqual(re.sub(written, b"", answer.bytes), re.sub(written, b"", printed))

    def test_an_assessment_is_what_the_command_prints(self):
        case = os.path.join(ROOT, "tests/golden/cases/backward.yaml")
        with Server() as server:
            for format, reader in (("json", "clinician"), ("text", "patient"),
                                   ("html", "laboratory"), ("fhir", "clinician")):
                self.compare(server, case, f"format={format}&for={reader}&date=2024-05-31&lang=es",
                             "--knowledge", SMALL, "--format", format, "--for", reader, "--date",
                             "2024-05-31", "--lang", "es")
        case = os.path.join(ROOT, "examples/records/after-turp.yaml")
        self.compare(self.server, case, "format=json", "--format", "json")

    def test_a_record_may_be_json_or_fhir(self):
        as_json = self.post(QUICK, {"age": 52, "operations": ["TURP 2023-11"],
                                    "symptoms": ["dry orgasm"], "date": "2024-05-31"}).json
        as_yaml = self.post(QUICK, TURP, YAML).json
        self.assertEqual(as_json["mechanisms"], as_yaml["mechanisms"])
        self.assertEqual(as_yaml["mechanisms"][0]["id"], "retrograde-complete")
        bundle = gzip.decompress(read("examples/records/tamsulosin-man.json.gz"))
        report = self.post(QUICK, bundle, "application/fhir+json").json
        self.assertIn("tamsulosin", [c["id"] for c in report["causes"]])

    def test_what_if_and_why(self):
        case = "age: 60\nmedicines: [tamsulosin 0.4 mg]\nsymptoms: [dry orgasm]\n"
        imagined = self.post(QUICK + "&what-if=stop+tamsulosin", case, YAML).json["what_if"]
        self.assertIn("tamsulosin", imagined["text"])
        short = self.post(QUICK + "&format=text", case, YAML).text
        long = self.post(QUICK + "&format=text&why=yes", case, YAML).text
        self.assertGreater(len(long), len(short))

    def test_a_bad_record_says_where(self):
        self.assertIn("body:", self.post(QUICK, "age: [", YAML, 400).error["where"])
        self.refused(self.post(QUICK, "age: 30\n\nsymptomes: []\n", YAML, 422), "body:3",
                     "symptomes")
        self.refused(self.post(QUICK, '{"age": 30,\n "symptoms": [}', JSON, 400), "body:2")
        self.refused(self.post(QUICK, "sex: female\nage: 30\n", YAML, 422), "body:1")
        two = {"resourceType": "Bundle", "type": "collection",
               "entry": [{"resource": {"resourceType": "Patient", "id": i}} for i in "ab"]}
        self.assertEqual(self.post(QUICK, two, status=422).error["status"], 422)
        self.post(QUICK, "", YAML, 422)

    def test_an_entry_that_cannot_be_read_does_not_cost_the_others(self):
        case = "age: 52\nsymptoms: [dry orgasm]\ntests: [volumen de semen 3]\n"
        report = self.post(QUICK + "&lang=es", case, YAML).json
        [entry] = report["unused"]
        self.assertEqual([entry["reason"], entry["where"]], ["value", "línea 3"])
        self.assertIn("falta la unidad", entry["why"])
        self.assertIn("dry-orgasm", [f["id"] for f in report["findings"]])
        self.refused(self.post(QUICK + "&strict=yes", case, YAML, 422), "body:3", "has no unit")
        [told] = self.post("/api/facts?lang=es", case, YAML).json["not_understood"]
        self.assertEqual(told["reason"], "value")

    def test_the_facts_that_were_understood_are_listed(self):
        case = ("age: 52\nmedicines: [Flomax 0.4 mg since 2024-03 until 2024-05]\n"
                "symptoms: [no blood in semen, {name: cloudy urine, date: 2024-04-02}]\n"
                "tests: [semen volume 800 µL (2024-05-02)]\noperations: [planned TURP]\n"
                "date: 2024-06-15\nwants: child\n")
        keys = ("kind", "id", "value", "date", "until", "where")
        facts = [tuple(f[k] for k in keys) for f in self.post(QUICK, case, YAML).json["facts"]]
        for fact in [("age", None, "52", None, None, None),
                     ("wish", None, "child", None, None, None),
                     ("complete", None, "operations", None, None, None),
                     ("medicine", "tamsulosin", "ended", "2024-03", "2024-05", "line 2"),
                     ("operation", "turp", "planned", None, None, "line 5"),
                     ("symptom", "blood-in-semen", "no", "2024-06-15", None, "line 3"),
                     ("symptom", "cloudy-urine", "yes", "2024-04-02", None, "line 3"),
                     ("test", "semen-volume", "0.8 mL", "2024-05-02", None, "line 4")]:
            self.assertIn(fact, facts)

    def test_what_a_record_says_stays_text(self):
        evil = """<script>alert(1)</script><img src=x onerror="alert(1)"> & ' ]]> ${7*7}"""
        case = {"id": evil, "age": 52, "symptoms": ["dry orgasm"],
                "medicines": [evil, "tamsulosin 0.4 mg"], "operations": [evil]}
        for reader in ("clinician", "patient", "laboratory"):
            page = self.post(QUICK + "&format=html&for=" + reader, case).text
            self.assertNotRegex(page, r"<script|<img|onerror=\"|]]>")
        self.post(QUICK + "&format=fhir", case)
        unused = self.post(QUICK, case).json["unused"]
        self.assertIn(evil, [u["text"] for u in unused])  # told as it is
        drawn = self.post("/api/simulate?format=svg", {"causes": ["TURP<script>"]}, status=422)
        self.assertEqual(drawn.headers["Content-Type"].split(";")[0], JSON)

    def test_a_bad_parameter_says_which(self):
        for query, where in (("format=pdf", "query:format"), ("lang=fr", "query:lang"),
                             ("for=patient", "query:for"), ("formt=json", "query"),
                             ("lang=en&lang=es", "query")):
            self.refused(self.post("/api/assess?" + query, TURP, YAML, 400), where)
        self.assertEqual(self.post(QUICK + "&date=2024-02-31", TURP, YAML, 422).status, 422)
        self.assertEqual(self.post(QUICK + "&what-if=fly", TURP, YAML, 422).status, 422)

    def test_the_interview_asks_until_it_knows(self):
        answers, questions = [], []
        given = {"age": "58", "complaint": "1"}
        for _ in range(60):
            answer = self.post("/api/interview",
                               {"lang": "en", "answers": answers, "as_of": "2024-05-31"}).json
            if answer["question"] is None or len(answers) == 6:
                break
            questions.append(answer["question"]["id"])
            answers.append(given.get(questions[-1], ""))
        self.assertEqual(len(questions), len(set(questions)))
        self.assertEqual(questions[:2], ["age", "complaint"])
        self.assertIn("age: 58", answer["case"])
        report = self.post(QUICK, answer["case"], YAML).json
        self.assertEqual(report["patient"]["age_years"], 58)

    def test_the_interview_closes_with_the_signs_that_must_not_wait(self):
        answers, asked = [], None
        for _ in range(60):
            step = self.post("/api/interview", {"lang": "es", "answers": answers}).json
            asked = step["question"]
            if asked is None or asked["kind"] == "several":
                break
            answers.append("")
        self.assertEqual(asked["id"], "red-flags")
        self.assertEqual(step["flags"], [])
        place = asked["choices"].index("no poder orinar") + 1
        end = self.post("/api/interview", {"lang": "es", "answers": answers + [str(place)]}).json
        self.assertIsNone(end["question"])
        self.assertEqual([(f["id"], f["urgency"], f["see"], f["text"]) for f in end["flags"]],
                         [("urinary-retention-now-flag", "same-day", "urgencias",
                           "No poder orinar: hospital hoy.")])
        self.assertIn("  - urinary-retention", end["case"])

    def test_the_interview_says_what_it_does_not_understand(self):
        spoilt = self.post("/api/interview", {"answers": ["many"]}).json
        self.assertEqual(spoilt["question"]["id"], "age")
        self.assertTrue(spoilt["error"])
        before = self.post("/api/interview", {"answers": ["many", "1"]}, status=422)
        self.refused(before, "body:/answers/0")
        self.refused(self.post("/api/interview", {"answers": "many"}, status=422), "body:/answers")
        self.refused(self.post("/api/interview", {"lang": "fr"}, status=422), "body:/lang")
        self.refused(self.post("/api/interview", {"as_of": "soon"}, status=422), "body")
        self.refused(self.post("/api/interview", "{", status=400), "body:1:1")
        spanish = self.post("/api/interview", {"lang": "es", "answers": []}).json
        self.assertIn("años", spanish["question"]["text"])

    def test_words_are_understood(self):
        answer = self.post("/api/understand", {"text": "Flomax 0.4 mg, xyzzy"}).json
        self.assertEqual([f["id"] for f in answer["facts"]], ["tamsulosin"])
        self.assertEqual([n["text"] for n in answer["not_understood"]], ["xyzzy"])
        self.post("/api/understand", {"lang": "en"}, status=422)
        self.post("/api/understand", "dry orgasm", status=400)
        self.post("/api/understand", {"text": "a" * 3000}, status=413)

    def test_a_record_is_taken_apart(self):
        facts = self.post("/api/facts", TURP, YAML).json["facts"]
        self.assertIn("turp", [f["id"] for f in facts])
        self.post("/api/facts?lang=fr", TURP, YAML, 400)
        self.post("/api/facts", "{", JSON, 400)
        self.post("/api/facts", "ages: 3", YAML, 422)

    # ---- knowledge

    def test_every_name_finds_its_card(self):
        for words, id in (("dry climax", "dry-orgasm"), ("FLOMAX", "tamsulosin"),
                          ("tamsulosina", "tamsulosin"), ("rxnorm:77492", "tamsulosin")):
            card = self.get("/api/cards/" + urllib.parse.quote(words)).json
            self.assertEqual(card["id"], id)
        for words, id in (("dry climax", "dry-orgasm"), ("flom", "tamsulosin"), ("77492", "tamsulosin"),
                          ("tamsulosine", "tamsulosin")):
            found = self.get("/api/cards?q=" + urllib.parse.quote(words)).json["cards"]
            self.assertEqual(found[0]["id"], id, words)
        self.assertEqual(self.get("/api/cards?q=xyzzyplugh").json["cards"], [])

    def test_the_list_of_cards_is_that_of_the_command(self):
        listed = self.get("/api/cards").json["cards"]
        for kind in ("causes", "findings", "mechanisms", "treatments", "tests"):
            printed = json.loads(subprocess.run(
                [PROGRAM, "cards", "list", "--kind", kind, "--format", "json"],
                capture_output=True, check=True).stdout)
            self.assertEqual([c["id"] for c in listed if c["kind"] == kind],
                             [c["id"] for c in printed])
        self.assertEqual(len(self.get("/api/cards?limit=7").json["cards"]), 7)
        self.refused(self.get("/api/cards?limit=0", 400), "query:limit")
        self.refused(self.get("/api/cards?limit=7x", 400), "query:limit")
        self.refused(self.get("/api/cards?limt=7", 400), "query")
        self.refused(self.get("/api/cards?lang=fr", 400), "query:lang")

    def test_a_card_has_its_figures_and_their_sources(self):
        card = self.get("/api/cards/tamsulosin?lang=es").json
        self.assertEqual(card["name"], "tamsulosina")
        self.assertIn("Flomax", card["names"]["en"])
        self.assertEqual(card["leaflet"], "prostate-medicines")
        studies = [s for s in card["sources"] if "pmid" in s["source"] or "doi" in s["source"]]
        self.assertTrue(studies)
        self.assertEqual(self.get("/api/cards/pseudoephedrine?kind=treatments").json["card"],
                         "treatments")
        self.refused(self.get("/api/cards/tamsulozin", 404), "address", "tamsulosin")
        self.get("/api/cards/tamsulosin?kind=findings", 404)
        self.get("/api/cards/tamsulosin?kind=nonsense", 404)
        self.get("/api/cards/tamsulosin?lang=fr", 400)

    def test_leaflets(self):
        listed = self.get("/api/leaflet").json["leaflets"]
        self.assertGreater(len(listed), 10)
        for leaflet in listed:
            full = self.get(f"/api/leaflet?topic={leaflet['id']}&format=json").json
            self.assertEqual(full["name"], leaflet["name"])
            self.assertIn(leaflet["name"], full["text"])
        page = self.get("/api/leaflet?topic=Flomax&lang=es")
        self.assertIn('<html lang="es"', page.text)
        printed = subprocess.run([PROGRAM, "leaflet", "--lang", "es", "Flomax"], check=True,
                                 capture_output=True, env={**os.environ, "COLUMNS": "80"}).stdout
        self.assertEqual(self.get("/api/leaflet?topic=Flomax&lang=es&format=text").bytes, printed)
        self.refused(self.get("/api/leaflet?topic=xyzzyplugh", 404), "query:topic", "xyzzyplugh")
        self.refused(self.get("/api/leaflet?format=pdf", 400), "query:format")

    def test_a_simulation_is_what_the_command_prints(self):
        body = {"causes": ["TURP"], "functions": ["emission=reduced"], "set": {"neck_strength": 0.5}}
        flags = ["--cause", "TURP", "--function", "emission=reduced", "--set", "neck_strength=0.5"]
        for format in ("json", "svg", "html", "csv"):
            printed = subprocess.run([PROGRAM, "simulate", "--format", format, *flags], check=True,
                                     capture_output=True).stdout
            answer = self.post("/api/simulate?format=" + format, body)
            self.assertEqual(answer.bytes, printed, format)
        printed = subprocess.run([PROGRAM, "simulate", "--format", "json", "--men", "40", "--seed",
                                  "7", "--treatment", "pseudoephedrine"], check=True,
                                 capture_output=True).stdout
        answer = self.post("/api/simulate",
                           {"treatments": ["pseudoephedrine"], "men": 40, "seed": 7})
        self.assertEqual(answer.bytes, printed)

    def test_a_bad_simulation_says_where(self):
        for body, where in (({"causes": ["TURPX"]}, "body:/causes/0"),
                            ({"causes": "TURP"}, "body:/causes"),
                            ({"causes": [1]}, "body:/causes"),
                            ({"set": {"neck_strength": 1e9}}, "body:/set/neck_strength"),
                            ({"set": {"neck_strength": "1"}}, "body:/set/neck_strength"),
                            ({"set": []}, "body:/set"), ({"men": -1}, "body:/men"),
                            ({"men": 1.5}, "body:/men"), ({"mne": 1}, "body"), ([], "body")):
            self.refused(self.post("/api/simulate", body, status=422), where)
        self.refused(self.post("/api/simulate", '{"men": 1,\n"men": 1}', status=400), "body:2:5")
        self.post("/api/simulate?format=svg", {"men": 5}, status=422)
        self.refused(self.post("/api/simulate?format=pdf", {}, status=400), "query:format")

    # ---- saved cases, record systems

    def test_cases_are_kept_until_deleted(self):
        case = {"age": 52, "operations": ["TURP"]}
        id = self.ask("POST", "/api/cases?label=mine", case, JSON, 201).json["id"]
        self.assertEqual(self.get("/api/cases/" + id).json, case)
        self.assertEqual([c["label"] for c in self.get("/api/cases").json["cases"]], ["mine"])
        self.ask("PUT", "/api/cases/" + id, {"age": 53}, JSON)
        self.assertEqual(self.get("/api/cases/" + id).json, {"age": 53})
        self.ask("DELETE", "/api/cases/" + id)
        actions = [e["action"] for e in self.get("/api/audit").json["audit"]]
        self.assertIn("DELETE /api/cases/{id}", actions)
        for method in ("GET", "DELETE"):
            self.ask(method, "/api/cases/" + id, status=404)
            self.ask(method, "/api/cases/" + id + "?a=1", status=400)
        self.ask("PUT", "/api/cases/" + id, {}, JSON, 404)
        self.get("/api/cases?a=1", 400)
        self.get("/api/audit?a=1", 400)
        for method, path in (("POST", "/api/cases"), ("PUT", "/api/cases/" + id)):
            self.ask(method, path, "{", JSON, 400)
            self.ask(method, path, "{}", "text/plain", 415)
            self.ask(method, path, b" " * ((1 << 20) + 1), JSON, 413)

    def test_without_a_store_nothing_is_kept(self):
        with Server() as server:
            for method, path in (("GET", "/api/cases"), ("POST", "/api/cases"), ("GET", "/api/audit"),
                                 ("PUT", "/api/cases/x")):
                body = "{}" if method in ("POST", "PUT") else None
                answer = server.ask(method, path, body, JSON if body else None)
                self.assertEqual(answer.status, 404)
                self.described.check(method, path, answer)
                self.assertIn("--store", answer.error["message"])

    def test_record_systems(self):
        services = self.get("/cds-services").json["services"]
        view = next(s["id"] for s in services if s["hook"] == "patient-view")
        call = {"hook": "patient-view", "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
                "context": {"userId": "Practitioner/1", "patientId": "1"}}
        patient = {"resourceType": "Patient", "id": "1", "gender": "male", "birthDate": "1970-01-01"}
        empty = {"resourceType": "Bundle", "type": "searchset", "entry": []}
        service = next(s for s in services if s["id"] == view)
        prefetch = {key: patient if key == "patient" else empty for key in service["prefetch"]}
        path = "/cds-services/" + view
        self.assertEqual(self.post(path, {**call, "prefetch": prefetch}).json["cards"], [])
        self.post(path, call, status=412)
        for path, good in ((path, call), (path + "/feedback", {"feedback": [
                {"card": "4e0a3a1e-3283-4575-ab82-028d55fe2719", "outcome": "overridden",
                 "outcomeTimestamp": "2026-01-01T00:00:00Z"}]})):
            if path.endswith("feedback"):
                self.post(path, good)
            self.post(path, "{", status=400)
            self.post(path.replace(view, "nothing"), good, status=404)
            self.post(path, "{}", "text/plain", 415)
            self.post(path, b" " * ((8 << 20) + 1), status=413)
        code = "/infobutton?mainSearchCriteria.v.c=77492&mainSearchCriteria.v.cs=2.16.840.1.113883.6.88"
        self.assertIn("<entry>", self.get(code).text)
        self.assertTrue(self.get(code + "&knowledgeResponseType=application/json").json["feed"]["entry"])
        self.assertIn("<html", self.get(code + "&knowledgeResponseType=text/html").text)
        self.get("/infobutton", 400)
        self.get("/launch", 400)
        self.get("/launch/callback", 403)
        self.get("/api/launch/abc", 404)

    # ---- the rest

    def test_health_and_metrics(self):
        self.assertEqual(self.get("/healthz").json["status"], "ok")
        self.assertIn("antegrade_requests_total{", self.get("/metrics").text)

    def test_the_description_is_served(self):
        for name, file in (("openapi.json", "share/openapi.json"),
                           ("report.schema.json", "docs/report.schema.json"),
                           ("case-file.schema.json", "share/case-file.schema.json")):
            self.assertEqual(self.get("/api/" + name).bytes, read(file))

    def test_types_and_sizes_are_as_described(self):
        for path in ("/api/assess", "/api/facts", "/api/simulate", "/api/interview",
                     "/api/understand"):
            self.post(path, "<a/>", "application/xml", 415)
            limit = (8 << 20) if path in ("/api/assess", "/api/facts") else (64 << 10)
            self.post(path, b" " * (limit + 1), JSON, 413)

    def test_the_page_is_there(self):
        page = self.server.get("/")
        self.assertEqual(page.status, 200)
        self.assertIn("text/html", page.headers["Content-Type"])
        self.assertEqual(self.server.ask("HEAD", "/").bytes, b"")

    def test_zz_everything_described_was_seen(self):
        """Runs last: each operation, status and type of the description was exercised above."""
        described = set()
        for path, methods in self.described.document["paths"].items():
            for method in methods.keys() - {"parameters"}:
                operation = methods[method]
                for status, response in operation["responses"].items():
                    for type in self.described.resolved(response).get("content", {None: None}):
                        described.add((method.upper(), path, status, type))
        # 401 is seen in test_operation, 503 in test_hostility; "default" stands for any error.
        # What a launch needs (a record system that sends people here) has tests of its own.
        elsewhere = {("GET", "/launch", "302"), ("GET", "/launch/callback", "302"),
                     ("GET", "/api/launch/{id}", "200")}
        unseen = {d for d in described - self.described.seen
                  if d[2] not in ("401", "503", "default") and d[:3] not in elsewhere}
        self.assertEqual(unseen, set())


if __name__ == "__main__":
    unittest.main()
