#!/usr/bin/env python3
"""Men whose resources stand in several versions, in both orders, and those who are to be reported.

versions.py OUTPUT EXPECTED   (NDJSON; the ids of the men who are reported, one a line)
"""
import json
import sys

TAMSULOSIN = {"medicationCodeableConcept": {"text": "tamsulosin"}}
ANOTHER = {"medicationCodeableConcept": {"text": "paroxetine"}}
OTHER = {"medicationCodeableConcept": {"text": "a balm that no card knows"}}
SOMEBODY_ELSE = dict(TAMSULOSIN, focus=[{"reference": "Patient/child"}])
NOT_GIVEN = dict(TAMSULOSIN, status="entered-in-error")
EARLY, LATE = "2023-01-01T00:00:00Z", "2023-06-01T00:00:00+02:00"

# name: versions (what it says, when), whether the man is reported
CASES = {
    "withdrawn": ([(TAMSULOSIN, EARLY), (OTHER, LATE)], False),
    "corrected": ([(OTHER, EARLY), (TAMSULOSIN, LATE)], True),
    "entered-in-error": ([(TAMSULOSIN, EARLY), (NOT_GIVEN, LATE)], False),
    "about-another": ([(TAMSULOSIN, EARLY), (SOMEBODY_ELSE, LATE)], False),
    "undated-goes-first": ([(OTHER, EARLY), (TAMSULOSIN, None)], False),
    "undated-other": ([(TAMSULOSIN, EARLY), (OTHER, None)], True),
    "of-one-time": ([(TAMSULOSIN, LATE), (OTHER, LATE)], True),
    "both-undated": ([(TAMSULOSIN, None), (OTHER, None)], True),
    "both-say-something": ([(TAMSULOSIN, LATE), (ANOTHER, LATE)], True),
    "undated-say-something": ([(ANOTHER, None), (TAMSULOSIN, None)], True),
    "three": ([(TAMSULOSIN, EARLY), (OTHER, LATE), (TAMSULOSIN, "2023-07-01")], True),
}


def lines(man, versions):
    yield {"resourceType": "Patient", "id": man, "gender": "male", "birthDate": "1950-01-01"}
    for says, updated in versions:
        order = {"resourceType": "MedicationRequest", "id": "of-" + man, "status": "active", "intent": "order",
                 "subject": {"reference": "Patient/" + man}, "authoredOn": "2022-01-01", **says}
        if updated is not None:
            order["meta"] = {"versionId": "1", "lastUpdated": updated}
        yield order


def main():
    output, expected = sys.argv[1:]
    with open(output, "w", encoding="utf-8") as file, open(expected, "w", encoding="utf-8") as ids:
        for name, (versions, reported) in sorted(CASES.items()):
            for order, way in (("1", versions), ("2", versions[::-1])):
                for line in lines(f"{name}-{order}", way):
                    file.write(json.dumps(line, separators=(",", ":")) + "\n")
                if reported:
                    ids.write(f"{name}-{order}\n")


main()
