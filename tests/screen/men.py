#!/usr/bin/env python3
"""Men of one or two resources each, and what is to be said of them by the rules of docs/screen.md.

men.py PROGRAM FOLDER   (screened as of 2024-06-01)
"""
import json
import os
import re
import subprocess
import sys

DAY = "2024-06-01"
FHIR_DOC = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../docs/fhir.md")
ASK, BANK, CHANGE, REPEAT = "ask him", "freeze sperm", "consider to change", "repeat with the whole"
TURP = {"coding": [{"system": "http://snomed.info/sct", "code": "90199006"}], "text": "TURP"}
VOLUME = {"coding": [{"system": "http://loinc.org", "code": "3160-9"}]}


def order(**given):
    return {"resourceType": "ServiceRequest", "status": "active", "intent": "order", "code": TURP, **given}


def operation(**given):
    return {"resourceType": "Procedure", "status": "completed", "code": TURP, **given}


def medicine(**given):
    return {"resourceType": "MedicationRequest", "status": "active", "intent": "order",
            "medicationCodeableConcept": {"text": "tamsulosin"}, "authoredOn": "2023-01-15", **given}


def taken(kind, **given):
    return {**medicine(), "resourceType": kind, "status": "completed", **given}


def care_plan(**detail):
    return {"resourceType": "CarePlan", "status": "active", "intent": "plan",
            "activity": [{"detail": {"status": "scheduled", **detail}}]}


def diagnosis(code, status="active", **given):
    return {"resourceType": "Condition", "clinicalStatus": {"coding": [{"code": status}]},
            "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code}]}, **given}


def volume(value, unit, day, status="final"):
    return {"resourceType": "Observation", "status": status, "code": VOLUME, "effectiveDateTime": day,
            "valueQuantity": {"value": value, "unit": unit}}


# name: (resources, the steps of a man who is reported or None, the days of what is planned)
MEN = {
    "ordered": ([order(occurrenceDateTime="2024-09-01")], [BANK], ["2024-09-01"]),
    "ordered-for-today": ([order(occurrenceDateTime=DAY)], [BANK], [DAY]),
    "ordered-without-a-day": ([order(authoredOn="2024-05-01")], [BANK], [None]),
    "ordered-without-a-day-and-done": ([order(authoredOn="2018-05-01"), operation(performedDateTime="2019-07-01")],
                                       [ASK], [None]),
    "ordered-again": ([order(occurrenceDateTime="2024-09-01"), operation(performedDateTime="2019-07-01")], [BANK],
                      ["2024-09-01"]),
    "ordered-for-some-months": ([order(occurrencePeriod={"start": "2024-05-01", "end": "2024-12-31"})], [BANK],
                                ["2024-05-01/2024-12-31"]),
    "ordered-for-a-past-day": ([order(occurrenceDateTime="2022-01-01")], None, []),
    "ordered-for-past-months": ([order(occurrencePeriod={"start": "2022-05-01", "end": "2022-12-31"})], None, []),
    "revoked": ([order(status="revoked", occurrenceDateTime="2024-09-01")], None, []),
    "prepared": ([operation(status="preparation", performedDateTime="2024-07-01")], [BANK], ["2024-07-01"]),
    "prepared-long-ago": ([operation(status="preparation", performedDateTime="2019-07-01")], None, []),
    "done-on-a-day-to-come": ([operation(performedDateTime="2024-07-01")], [BANK], ["2024-07-01"]),
    "operation-in-a-care-plan": ([care_plan(code=TURP, scheduledPeriod={"start": "2024-09-01", "end": "2024-09-01"})],
                                 [BANK], ["2024-09-01"]),
    "medicine-in-a-care-plan": ([care_plan(code={"text": "a tablet"}, productCodeableConcept={"text": "tamsulosin"})],
                                [ASK], [None]),
    "operation-in-a-care-plan-that-is-done": ([care_plan(code=TURP, status="completed")], None, []),
    "exercise-in-a-care-plan": ([care_plan(code={"coding": [{"system": "http://snomed.info/sct", "code": "229065009"}],
                                                 "text": "Exercise therapy"})], None, []),
    "done": ([operation(performedDateTime="2019-07-01")], [ASK], []),
    "not-done": ([operation(status="not-done", performedDateTime="2019-07-01")], None, []),
    "takes": ([medicine()], [CHANGE], []),
    "says-that-he-takes": ([taken("MedicationStatement", status="active")], [CHANGE], []),
    "was-handed-over": ([taken("MedicationDispense", whenHandedOver="2024-05-20", daysSupply={"value": 90, "unit": "d"})],
                        [CHANGE], []),
    "was-handed-over-once": ([taken("MedicationDispense", whenHandedOver="2023-05-20", daysSupply={"value": 90, "unit": "d"})],
                             [ASK], []),
    "was-given": ([taken("MedicationAdministration", effectiveDateTime="2024-05-31")], [ASK], []),
    "draft": ([medicine(status="draft")], [ASK], [None]),
    "draft-while-he-takes-it": ([medicine(), medicine(status="draft")], [CHANGE], []),
    "on-hold": ([medicine(status="on-hold")], None, []),
    "retrograde-ejaculation": ([diagnosis("N53.14")], [ASK], []),
    "azoospermia": ([diagnosis("N46.01")], [ASK], []),
    "infertility": ([diagnosis("N46.9")], [ASK], []),
    "dry-orgasm": ([diagnosis("N53.13")], [ASK], []),
    "dry-orgasm-is-over": ([diagnosis("N53.13", "resolved")], None, []),
    "dry-orgasm-since-2010": ([diagnosis("N53.13", onsetDateTime="2010-05")], [ASK], []),
    "dry-orgasm-from-2025": ([diagnosis("N53.13", onsetDateTime="2025-01-15")], None, []),
    "dry-orgasm-noted-in-2024": ([diagnosis("N53.13", recordedDate="2024-05-05")], [ASK], []),
    "diabetes-noted-in-2024": ([diagnosis("E11.9", recordedDate="2024-05-05")], [ASK], []),
    "turp-in-2019-and-hypertension-in-2024": (
        [operation(performedDateTime="2019-07-01"), diagnosis("I10", onsetDateTime="2024-05-05")], [ASK], []),
    "orthostatic-hypotension": ([diagnosis("I95.1")], None, []),
    "hypertension": ([diagnosis("I10")], None, []),
    "low-volume": ([volume(0.6, "mL", "2024-01-10")], [REPEAT], []),
    "low-volume-in-uL": ([volume(600, "uL", "2024-01-10")], [REPEAT], []),
    "low-volume-in-capitals": ([volume(0.6, "ML", "2024-01-10")], [REPEAT], []),
    "low-volume-then-a-normal-one": ([volume(0.6, "mL", "2024-01-10"), volume(3, "mL", "2024-03-01")], [ASK], []),
    "normal-volume-then-a-low-one": ([volume(3, "mL", "2024-01-10"), volume(0.6, "mL", "2024-03-01")], [REPEAT], []),
    "low-volume-after-turp": ([volume(0.6, "mL", "2024-01-10"), operation(performedDateTime="2019")], [ASK], []),
    "preliminary-volume": ([volume(0.6, "mL", "2024-01-10", "preliminary")], None, []),
    "volume-without-a-unit-we-know": ([volume(0.6, "furlong", "2024-01-10")], None, []),
}


def lines():
    for name, (resources, _, _) in MEN.items():
        yield {"resourceType": "Patient", "id": name, "gender": "male", "birthDate": "1960-05-05"}
        for i, resource in enumerate(resources):
            yield {"resourceType": resource["resourceType"], "id": f"{name}-{i}",
                   "subject": {"reference": "Patient/" + name}, **resource}


# Of them, those with something that began in 2024, was noted then, or is to come.
SINCE_2024 = {"ordered", "ordered-for-today", "ordered-without-a-day", "ordered-without-a-day-and-done",
              "ordered-again", "ordered-for-some-months", "prepared", "operation-in-a-care-plan", "medicine-in-a-care-plan",
              "done-on-a-day-to-come", "draft", "dry-orgasm-noted-in-2024", "diabetes-noted-in-2024", "low-volume",
              "low-volume-in-uL", "low-volume-in-capitals", "low-volume-then-a-normal-one", "was-handed-over", "was-given",
              "normal-volume-then-a-low-one", "low-volume-after-turp"}

# What a reader of the result must know of, beside the men.
ASIDE = [
    {"resourceType": "Patient", "id": "merged", "gender": "male",
     "link": [{"type": "replaced-by", "other": {"reference": "Patient/takes"}}]},
    {"resourceType": "Patient", "id": "takes-over", "gender": "male",
     "link": [{"type": "replaces", "other": {"reference": "Patient/merged"}}]},
    {"exportId": "8b2", "timestamp": "2024-05-31T10:00:00Z", "eventId": "kickoff", "eventDetail": {}},
    {"transactionTime": "2024-05-31T10:00:00Z", "request": "https://example.org/fhir/$export",
     "requiresAccessToken": True, "output": [{"type": "Patient", "url": "https://example.org/1"}], "error": []},
    {"resourceType": "Bundle", "type": "transaction",
     "entry": [{"request": {"method": "DELETE", "url": "Condition/" + id}} for id in ("1", "2", "3", "4?x=y")]},
]


def check_types(men):
    """Each type of which docs/fhir.md says that it is used brings a man into the result."""
    with open(FHIR_DOC, encoding="utf-8") as file:
        table = file.read().split("| resource | used |")[1].split("\n\n")[0]
    documented = {name for row in table.splitlines()[2:] for name in re.findall(r"\b(?:[A-Z][a-z]+)+\b", row.split("|")[1])}
    reporting = {record["record"].split("/")[0] for man in men.values() for record in man["records"]}
    assert documented and documented <= reporting, documented - reporting


def check_summary(summary):
    assert summary["counts"]["patients whose record another one replaces"] == 1, summary["counts"]
    assert summary["counts"]["lines of a log or manifest of the export"] == 2, summary["counts"]
    assert summary["counts"]["deletions carried out"] == 3, summary["counts"]
    assert summary["counts"]["deletions that were not carried out"] == 1, summary["counts"]
    reasons = {reason["why"]: reason["count"] for reason in summary["unused"]}
    expected = {"it is on hold": 1, "it is over": 1, "it was not done": 1, "it is preliminary": 1, "furlong": 1}
    assert summary["unused_entries"] == sum(reasons.values()) == sum(expected.values()), reasons
    for why, count in expected.items():
        assert [n for reason, n in reasons.items() if why in reason] == [count], (why, reasons)
    assert all("0.6" not in reason for reason in reasons), reasons


def check(name, man):
    _, steps, planned = MEN[name]
    if man is None or steps is None:
        assert man is None and steps is None, f"{name}: reported is {man is not None}"
        return
    kinds = {kind for step in man["steps"] for kind in (ASK, BANK, CHANGE, REPEAT) if kind in step}
    assert kinds == set(steps), (name, man["steps"])
    assert [p.get("date") for p in man["planned"]] == planned, (name, man["planned"])


def screen(program, *arguments):
    out = subprocess.run([program, "screen", "--quiet", "--date", DAY, *arguments], stdout=subprocess.PIPE, check=True)
    return {man["patient"]: man for man in map(json.loads, out.stdout.decode().splitlines())}


def main():
    program, folder = sys.argv[1:]
    path = os.path.join(folder, "men-by-rule.ndjson")
    summary = os.path.join(folder, "men-by-rule.json")
    with open(path, "w", encoding="utf-8") as file:
        for line in [*lines(), *ASIDE]:
            # as servers write: such lines are skipped where they cannot matter
            file.write(json.dumps(line, separators=(",", ":")) + "\n")
    men = screen(program, "--summary", summary, path)
    for name in MEN:
        check(name, men.get(name))
    check_types(men)
    since = set(screen(program, "--since", "2024-01-01", path))
    assert since == SINCE_2024, since ^ SINCE_2024
    check_summary(json.load(open(summary, encoding="utf-8")))
    print(f"{len(MEN)} men, {len(men)} of them reported")


main()
