#!/usr/bin/env python3
"""Every man of a bulk export gets the same answer from `screen` as from `assess` on his own Bundle.

same_as_assess.py PROGRAM DATE FILE...   (NDJSON, plain or gzip)
"""
import gzip
import json
import os
import subprocess
import sys
import tempfile


def resources(path):
    with open(path, "rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    with (gzip.open if packed else open)(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def subject(resource):
    for key in ("subject", "patient"):
        reference = resource.get(key, {}).get("reference", "") if isinstance(resource.get(key), dict) else ""
        if "Patient/" in reference:
            return reference.rsplit("Patient/", 1)[1].split("/")[0]
    return None


def main():
    program, date, *files = sys.argv[1:]
    everything = [r for path in files for r in resources(path)]
    medications = [r for r in everything if r["resourceType"] == "Medication"]
    of = {}
    for resource in everything:
        owner = resource.get("id") if resource["resourceType"] == "Patient" else subject(resource)
        of.setdefault(owner, []).append(resource)
    out = subprocess.run([program, "screen", "--quiet", "--date", date, *files],
                         stdout=subprocess.PIPE, check=True).stdout.decode()
    reported = {}
    for line in out.splitlines():
        man = json.loads(line)
        assert man["patient"] not in reported, "reported twice"
        reported[man["patient"]] = man
    assert list(reported) == sorted(reported), "not sorted"
    compared = 0
    with tempfile.TemporaryDirectory() as folder:
        for owner, own in sorted(of.items(), key=lambda item: str(item[0])):
            if owner is None:
                continue
            bundle = os.path.join(folder, "bundle.json")
            with open(bundle, "w", encoding="utf-8") as file:
                json.dump({"resourceType": "Bundle", "type": "collection",
                           "entry": [{"resource": r} for r in own + medications]}, file)
            single = subprocess.run([program, "assess", "--format", "ndjson", "--date", date, bundle],
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            if single.returncode != 0:
                assert owner not in reported, f"{owner} is reported, but declined by assess"
                continue
            if owner not in reported:
                continue
            man, alone = reported[owner], json.loads(single.stdout)
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
            assert {f["id"] for f in man["findings"]} >= {f["id"] for f in alone["findings"]}, owner
            compared += 1
    assert compared == len(reported), "a man is reported whom assess declines"
    print(f"{compared} men reported, each as by assess; {len(of)} patients")


main()
