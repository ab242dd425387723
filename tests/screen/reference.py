#!/usr/bin/env python3
"""A slow reader of bulk records that knows only codes, to check the facts that screen --map writes.

reference.py KNOWLEDGE FACTS FILE...

It reads every line with Python's own JSON library, and lists each recorded use of a code that a
card of a cause carries, and each person. The facts must hold all of these, and no other facts of
resources that have such codes.
"""
import csv
import glob
import json
import os
import re
import sys

SYSTEMS = {"http://snomed.info/sct": "snomed", "http://www.nlm.nih.gov/research/umls/rxnorm": "rxnorm",
           "http://hl7.org/fhir/sid/icd-10-cm": "icd10cm", "http://www.whocc.no/atc": "atc"}
MEDICINES = ("MedicationRequest", "MedicationStatement", "MedicationDispense", "MedicationAdministration")
# statuses of which a cause comes
USED = {"Condition": None, "Procedure": {"completed"}, "MedicationRequest": {"active", "completed", "stopped"}}


def codes_of(folder):
    """(system, code) -> id of the cause; codes that end in a star are left out."""
    table = {}
    for path in sorted(glob.glob(os.path.join(folder, "causes", "*.yaml"))):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        name = re.search(r"^id: (\S+)", text, re.M).group(1)
        block = re.search(r"^codes:(.*?)(?=^\S)", text, re.M | re.S)
        for system, codes in re.findall(r"(snomed|rxnorm|icd10cm|atc): *\[(.*?)\]", block.group(1) if block else "", re.S):
            for code in re.findall(r"[\w.*]+", codes):
                table[system, code.replace(".", "").upper()] = name
    return table


def concept_cards(concept, table):
    for coding in (concept or {}).get("coding", []):
        system = SYSTEMS.get(coding.get("system"))
        card = table.get((system, str(coding.get("code", "")).replace(".", "").upper()))
        if system and card:
            return card
    return None


def status_allows(resource):
    kind = resource["resourceType"]
    if kind == "Condition":
        coding = resource.get("verificationStatus", {}).get("coding", [{}])
        return coding[0].get("code", "confirmed") == "confirmed"
    allowed = USED.get(kind)
    if resource.get("intent") in ("plan", "proposal", "option"):
        return False
    return allowed is not None and resource.get("status") in allowed


def main():
    knowledge, facts, *files = sys.argv[1:]
    table = codes_of(knowledge)
    assert len(table) > 100, "the codes of the cards were not found"
    expected, persons, coded = set(), {}, set()
    for path in files:
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                if not line.strip():
                    continue
                r = json.loads(line)
                kind = r["resourceType"]
                if kind == "Patient":
                    dead = bool(r.get("deceasedDateTime")) or r.get("deceasedBoolean") is True
                    persons[r["id"]] = (r.get("gender"), not dead, r.get("birthDate"))
                if kind not in USED:
                    continue
                concept = r.get("medicationCodeableConcept" if kind in MEDICINES else "code")
                card = concept_cards(concept, table)
                if card is None:
                    continue
                owner = r["subject"]["reference"].split("/")[-1]
                coded.add(f"{kind}/{r['id']}")
                if status_allows(r):
                    expected.add((owner, f"{kind}/{r['id']}", card))
    found, people = set(), {}
    with open(facts, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["class"] != "p":
                continue
            if row["kind"] == "person":
                people[row["key"]] = (row["card"], row["present"] == "1", row["start_first"])
            elif row["kind"] == "cause" and row["resource"] in coded:
                found.add((row["key"], row["resource"], row["card"]))
    assert people == persons, "persons differ"
    assert expected, "nothing to compare"
    assert found == expected, (sorted(found - expected)[:5], sorted(expected - found)[:5])
    print(f"{len(expected)} facts by code and {len(people)} persons, as the reference reader finds them")


main()
