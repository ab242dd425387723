#!/usr/bin/env python3
"""Records in which servers have dated every resource, of which nothing new may come:
dated.py <RECORDS.ndjson >DATED.ndjson

Of many resources an earlier version is put in, anywhere, that says something which the later one
withdraws: an operation or a medicine that acts on ejaculation.
"""
import json
import random
import sys

TURP = {"coding": [{"system": "http://snomed.info/sct", "code": "90199006"}], "text": "TURP"}
TAMSULOSIN = {"text": "tamsulosin"}
EARLIER = {"Procedure": {"code": TURP, "status": "completed"},
           "MedicationRequest": {"medicationCodeableConcept": TAMSULOSIN, "status": "active"}}


def version(resource, number, updated):
    """With its date where servers write it, near the beginning."""
    rest = dict(resource)
    head = {"resourceType": rest.pop("resourceType"), "id": rest.pop("id")}
    return {**head, "meta": {**rest.pop("meta", {}), "versionId": number, "lastUpdated": updated}, **rest}


def main():
    chance, lines = random.Random(3), []
    for line in sys.stdin:
        resource = json.loads(line)
        date = f"20{chance.randint(10, 22)}-0{chance.randint(1, 9)}-1{chance.randint(0, 9)}T1{chance.randint(0, 9)}:00:00"
        lines.append(version(resource, "2", date + ".002+00:00"))
        if resource["resourceType"] in EARLIER:
            lines.append(version({**resource, **EARLIER[resource["resourceType"]]}, "1", date + ".001Z"))
    # Half of them in any order: what is of one patient need not stand together.
    middle = len(lines) // 2
    first, second = lines[:middle], lines[middle:]
    chance.shuffle(second)
    for resource in first + second:
        print(json.dumps(resource, separators=(",", ":"), ensure_ascii=False))


main()
