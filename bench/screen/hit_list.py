"""The hit list by Python's json: hit_list.py FILE"""
import json
import sys

CODES = {"Condition": ("code", {"44054006"}), "MedicationRequest": ("medicationCodeableConcept", {"863669"}),
         "Procedure": ("code", {"90470006"})}
men, hits = set(), {}
with open(sys.argv[1], "rb") as file:
    for line in file:
        r = json.loads(line)
        kind = r["resourceType"]
        if kind == "Patient":
            if r.get("gender") == "male":
                men.add(r["id"])
        elif kind in CODES:
            key, codes = CODES[kind]
            if any(c.get("code") in codes for c in r.get(key, {}).get("coding", [])):
                owner = r["subject"]["reference"].rsplit("/", 1)[-1]
                hits[owner] = hits.get(owner, 0) + 1
for owner in sorted(hits):
    if owner in men:
        print(owner, hits[owner])
