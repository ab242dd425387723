#!/usr/bin/env python3
"""The same records as one Bundle for each patient, each on a line of its own.

bundles.py IN OUT

In every other Bundle the Patient has no id but its entry's fullUrl, which references name.
"""
import json
import sys


def owner_of(resource):
    if resource["resourceType"] == "Patient":
        return resource["id"]
    reference = (resource.get("subject") or resource.get("patient") or {}).get("reference", "")
    return reference.rsplit("/", 1)[-1]


def bundle_of(owner, resources, by_url):
    entries = []
    for resource in resources:
        if by_url and resource["resourceType"] == "Patient":
            resource = {key: value for key, value in resource.items() if key != "id"}
        entry = {"resource": resource}
        if by_url:
            if resource["resourceType"] == "Patient":
                entry["fullUrl"] = "urn:uuid:" + owner
            if "subject" in resource:
                resource["subject"] = {"reference": "urn:uuid:" + owner}
        entries.append(entry)
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def main():
    of = {}
    with open(sys.argv[1], encoding="utf-8") as file:
        for line in file:
            resource = json.loads(line)
            of.setdefault(owner_of(resource), []).append(resource)
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        for number, (owner, resources) in enumerate(sorted(of.items())):
            file.write(json.dumps(bundle_of(owner, resources, number % 2 == 1)) + "\n")


main()
