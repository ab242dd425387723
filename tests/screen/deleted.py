#!/usr/bin/env python3
"""Records of which an export tells that some are deleted since:
deleted.py RECORDS.ndjson LEFT.ndjson ALL.ndjson

LEFT has what is not deleted. ALL has everything, in any order, and among it Bundles as the list
`deleted` of an export has them: some older than a resource that came back, some without a date.
"""
import json
import random
import sys

OURS = ("Condition", "Procedure", "Observation", "MedicationRequest", "ServiceRequest")
BEFORE, DELETED, AFTER = "2023-05-01T00:00:00Z", "2023-05-01T09:30:00+02:00", "2023-05-02"
URLS = ("{}", "https://example.org/fhir/{}", "/{}")
OTHERS = ("Condition?code=44054006", "Condition/17/_history/2", "Condition", "", "https://example.org/fhir/")


def bundle(urls, updated):
    meta = {"meta": {"lastUpdated": updated}} if updated else {}
    return {"resourceType": "Bundle", **meta, "type": "transaction",
            "entry": [{"request": {"method": "DELETE", "url": url}} for url in urls]}


def with_medications(resources):
    """For some men also an order of a medicine that another line describes; these may be deleted alone."""
    men = [r for r in resources if r["resourceType"] == "Patient" and r["gender"] == "male"]
    for man in men[::2]:
        yield {"resourceType": "Medication", "id": "m-" + man["id"], "code": {"text": "tamsulosin"}}
        yield {"resourceType": "MedicationRequest", "id": "o-" + man["id"], "status": "active", "intent": "order",
               "medicationReference": {"reference": "Medication/m-" + man["id"]},
               "subject": {"reference": "Patient/" + man["id"]}, "authoredOn": "2022-01-01"}


def main():
    records, left_path, all_path = sys.argv[1:]
    chance, left, lines, deletions = random.Random(7), [], [], {}
    with open(records, encoding="utf-8") as file:
        resources = [json.loads(line) for line in file]
    for resource in [*resources, *with_medications(resources)]:
        fate = chance.choice(["kept", "kept", "came back", "deleted", "deleted", "deleted undated"])
        if resource["resourceType"] == "Patient" and fate.startswith("deleted") and chance.random() < 0.7:
            fate = "kept"
        if resource["resourceType"] not in (*OURS, "Patient", "Medication"):
            fate = "kept"
        date = AFTER if fate == "came back" else chance.choice([BEFORE, None]) if fate.startswith("deleted") else None
        if date:
            resource["meta"] = {"lastUpdated": date}
        lines.append(resource)
        if not fate.startswith("deleted"):
            left.append(resource)
        if fate != "kept":
            url = chance.choice(URLS).format(f"{resource['resourceType']}/{resource['id']}")
            deletions.setdefault(None if fate == "deleted undated" else DELETED, []).append(url)
    for updated, urls in deletions.items():
        for i in range(0, len(urls), 40):
            lines.append(bundle([*urls[i:i + 40], chance.choice(OTHERS), "Encounter/17"], updated))
    chance.shuffle(lines)
    for path, resources in ((left_path, left), (all_path, lines)):
        with open(path, "w", encoding="utf-8") as file:
            for resource in resources:
                file.write(json.dumps(resource, separators=(",", ":"), ensure_ascii=False) + "\n")


main()
