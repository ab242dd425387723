#!/usr/bin/env python3
"""Every man of a bulk export gets the same answer from `screen` as from `assess` on his own Bundle:
the same facts, whether he is reported or not, and the same numbers where he is. Who is reported is
told from the facts that `assess` found and the cards.

same_as_assess.py PROGRAM KNOWLEDGE DATE FILE...   (NDJSON, plain or gzip)
"""
import collections
import csv
import glob
import gzip
import json
import os
import subprocess
import sys
import tempfile

import yaml

MADE_OF_ANOTHER = {"semen-sample-given"}  # findings that `assess` adds where another one implies them
COMPLAINT_KINDS = {"symptom", "history", "semen", "urine"}


def resources(path):
    with open(path, "rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    with (gzip.open if packed else open)(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                resource = json.loads(line)
                if "resourceType" in resource:
                    yield resource


def subject(resource):
    for key in ("subject", "patient"):
        reference = resource.get(key, {}).get("reference", "") if isinstance(resource.get(key), dict) else ""
        if "Patient/" in reference:
            return reference.rsplit("Patient/", 1)[1].split("/")[0]
    return None


def name_of(resource):
    return f"{resource['resourceType']}/{resource.get('id')}"


def cards(knowledge, folder):
    for path in glob.glob(f"{knowledge}/{folder}/*.yaml"):
        with open(path, encoding="utf-8") as file:
            yield yaml.load(file, Loader=yaml.CSafeLoader)


class Concerns:
    """What docs/screen.md says a man is reported for."""

    def __init__(self, knowledge):
        self.causes = {card["id"] for card in cards(knowledge, "causes")
                       if not card.get("safety") and not card.get("cleared")
                       and (card.get("acts_on") or any(v.get("acts_on") for v in card.get("variants", [])))}
        self.findings = {card["id"]: card for card in cards(knowledge, "findings")}
        assert len(self.causes) > 100 and "hypertension" not in self.causes and "tamsulosin" in self.causes

    def has(self, fact):
        card = self.findings.get(fact["id"])
        if card is None:
            return fact["id"] in self.causes and fact["value"] != "absent"
        complaint = card["value"] == "yes-no" and card["kind"] in COMPLAINT_KINDS and fact["value"] == "yes"
        return complaint or "sample" in card


def latest(own):
    """The dates of the versions that count, by name; None where two of one time differ."""
    dates, texts = {}, {}
    for resource in own:
        name, date = name_of(resource), resource.get("meta", {}).get("lastUpdated", "")
        text = json.dumps(resource, sort_keys=True)
        if name not in dates or date > dates[name]:
            dates[name], texts[name] = date, {text}
        elif date == dates[name]:
            texts[name].add(text)
    return {name: date if len(texts[name]) == 1 else None for name, date in dates.items()}


def check_facts(owner, own, rows, waiting, alone, date, concerns):
    """What was read for screening is what `assess` knows of him, and no more. Of orders that wait for
    their Medication, only that they are there."""
    facts = [fact for fact in alone["facts"] if fact["where"] is not None]
    found = {(row["resource"], row["card"]) for row in rows}
    for fact in facts:
        place = fact["where"].split(",")[0]
        if fact["id"] not in MADE_OF_ANOTHER and place not in waiting:
            assert (place, fact["id"]) in found, (owner, "screen has not read", fact)
    known = {fact["id"] for fact in facts}
    not_used = {entry["where"].split(",")[0] for entry in alone["unused"]}
    dates = latest(own)
    for row in rows:
        if row["kind"] == "planned" and (row["card"] not in concerns.causes or "" < row["start_last"] < date):
            continue  # not used, as several entries together say
        if dates[row["resource"]] == row["updated"]:
            assert row["card"] in known or row["resource"] in not_used, (owner, "assess has not", row)


def check_numbers(owner, man, alone):
    assert man["age_years"] == alone["patient"]["age_years"], owner
    ours = {m["id"]: (m["probability"], m["interval"]) for m in man["mechanisms"]}
    theirs = {m["id"]: (m["probability"], m["interval"]) for m in alone["mechanisms"]}
    assert ours == theirs, (owner, ours, theirs)
    ours = {c["id"]: (c["probability"], c["interval"], c["mechanism"]) for c in man["causes"]}
    theirs = {c["id"]: (c["probability"], c["interval"], c["mechanism"])
              for c in alone["causes"] if c["recorded"] is not None}
    assert ours == theirs, (owner, ours, theirs)
    recorded = {c["recorded"] for c in alone["causes"] if c["recorded"] is not None}
    assert recorded <= {c["recorded"] for c in man["causes"]}, owner
    assert {f["id"] for f in man["findings"]} >= {f["id"] for f in alone["findings"] if f["where"]}, owner


def screen(program, date, files, folder):
    """The men who are reported, what was read of each, reported or not, and the names of orders that wait for
    their Medication."""
    out = subprocess.run([program, "screen", "--quiet", "--date", date, *files],
                         stdout=subprocess.PIPE, check=True).stdout.decode()
    reported = [json.loads(line) for line in out.splitlines()]
    ids = [man["patient"] for man in reported]
    assert ids == sorted(set(ids)), "reported twice, or not sorted"
    path = os.path.join(folder, "facts.csv")
    subprocess.run([program, "screen", "--quiet", "--map", path, *files], check=True)
    rows, waiting = collections.defaultdict(list), set()
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["class"] == "p" and row["kind"] in ("cause", "finding", "planned"):
                rows[row["key"]].append(row)
            elif row["kind"] == "order":
                waiting.add(name_of(json.loads(row["text"])))
    return dict(zip(ids, reported)), rows, waiting


def assess(program, date, own, folder):
    """His report, or None where he is declined."""
    bundle = os.path.join(folder, "bundle.json")
    with open(bundle, "w", encoding="utf-8") as file:
        json.dump({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in own]}, file)
    out = subprocess.run([program, "assess", "--format", "ndjson", "--date", date, bundle],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return json.loads(out.stdout) if out.returncode == 0 else None


def main():
    program, knowledge, date, *files = sys.argv[1:]
    concerns = Concerns(knowledge)
    everything = [r for path in files for r in resources(path)]
    medications = [r for r in everything if r["resourceType"] == "Medication"]
    of = collections.defaultdict(list)
    for resource in everything:
        of[resource.get("id") if resource["resourceType"] == "Patient" else subject(resource)].append(resource)
    of.pop(None, None)
    men = 0
    with tempfile.TemporaryDirectory() as folder:
        reported, rows, waiting = screen(program, date, files, folder)
        for owner, own in sorted(of.items()):
            alone = assess(program, date, own + medications, folder)
            if alone is None:
                assert owner not in reported, f"{owner} is reported, but declined by assess"
                continue
            men += 1
            check_facts(owner, own, rows[owner], waiting, alone, date, concerns)
            hits = [fact for fact in alone["facts"] if concerns.has(fact)]
            assert (owner in reported) == bool(hits), (owner, "is reported" if owner in reported else "is missed", hits)
            if owner in reported:
                check_numbers(owner, reported[owner], alone)
    assert set(reported) <= set(of)
    print(f"{men} men as by assess, {len(reported)} of them reported; {len(of)} patients")


main()
