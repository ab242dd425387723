#!/usr/bin/env python3
"""Men with some resources each, put together at random: all types that hold facts, the names and codes of all
cards, all ways to name a medicine, any status, dates before and after the assessment, several versions.

random_men.py KNOWLEDGE SEED MEN >MEN.ndjson
"""
import glob
import json
import random
import sys

import yaml

SYSTEMS = {"snomed": "http://snomed.info/sct", "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
           "icd10cm": "http://hl7.org/fhir/sid/icd-10-cm", "atc": "http://www.whocc.no/atc", "loinc": "http://loinc.org"}
UCUM = "http://unitsofmeasure.org"


def cards(knowledge, folder):
    for path in sorted(glob.glob(f"{knowledge}/{folder}/*.yaml")):
        with open(path, encoding="utf-8") as file:
            yield yaml.load(file, Loader=yaml.CSafeLoader)


class Maker:
    def __init__(self, knowledge, seed):
        self.random = random.Random(seed)
        causes = list(cards(knowledge, "causes"))
        self.findings = list(cards(knowledge, "findings"))
        self.medicines = [c for c in causes if c["kind"] == "medicine"]
        self.operations = [c for c in causes if c["kind"] == "operation"]
        self.conditions = [c for c in causes if c["kind"] not in ("medicine", "operation")]

    def one_of(self, *choices):
        return self.random.choice(choices)

    def often(self, share):
        return self.random.random() < share

    def date(self):
        day = f"{self.one_of(1995, 2010, 2018, 2021, 2023, 2024, 2025)}-{self.random.randint(1, 12):02}-{self.random.randint(1, 28):02}"
        return self.one_of(day, day, day[:7], day[:4], day + "T10:00:00+02:00")

    def period(self):
        return {"start": self.date(), **({"end": self.date()} if self.often(0.5) else {})}

    def concept(self, among):
        card = self.random.choice(among)
        codes = [(SYSTEMS[s], str(code).rstrip("*")) for s, list_ in (card.get("codes") or {}).items() for code in list_]
        coding = []
        if codes and self.often(0.7):
            system, code = self.random.choice(codes)
            coding = [{"system": "urn:oid:1.2", "code": "77"}] * self.often(0.2) + [{"system": system, "code": code}]
        words = self.random.choice(card["names"]["en"]) + self.one_of("", "", " 10 MG Oral Tablet", " (disorder)")
        return {**({"coding": coding} if coding else {}), **({"text": words} if not coding or self.often(0.5) else {})}

    def medicine(self, name):
        """What names the medicine, and the line that describes it, if there is one."""
        how, concept = self.random.random(), self.concept(self.medicines)
        described = {"code": concept} if self.often(0.7) else {"ingredient": [{"itemCodeableConcept": concept}]}
        if how < 0.6:
            return {"medicationCodeableConcept": concept}, None
        if how < 0.75:
            return {"contained": [{"resourceType": "Medication", "id": "m", **described}],
                    "medicationReference": {"reference": "#m"}}, None
        if how < 0.95:
            reference = self.one_of("", "https://example.org/fhir/") + "Medication/" + name
            return {"medicationReference": {"reference": reference}}, {"resourceType": "Medication", "id": name, **described}
        return {"medicationReference": {"reference": "Medication/none"}}, None

    def onset(self):
        return self.one_of({}, {"onsetDateTime": self.date()}, {"onsetPeriod": self.period()}, {"onsetString": "as a child"},
                           {"onsetAge": {"value": self.random.randint(5, 60), "unit": "a", "system": UCUM, "code": "a"}})

    def value(self):
        number = self.one_of(0, 0.5, 1.2, 3, 6.5, 12, 50, 300)
        quantity = {"value": number, "unit": self.one_of("mL", "%", "mmol/L", "ng/dL", "h", "furlong")}
        return self.one_of({"valueQuantity": quantity}, {"valueQuantity": {**quantity, "comparator": self.one_of("<", ">")}},
                           {"valueBoolean": self.often(0.5)}, {"valueString": self.one_of("positive", "0.8 mL", 'he said "no" \\')},
                           {"valueCodeableConcept": {"text": self.one_of("positive", "absent", "none seen", "no", "reduced")}},
                           {"component": [{"code": self.concept(self.findings), "valueQuantity": quantity}]},
                           {"interpretation": [{"coding": [{"code": self.one_of("L", "N", "H", "POS", "NEG")}]}]})

    def condition(self):
        status = self.one_of("active", "recurrence", "inactive", "resolved", "remission")
        confirmed = self.one_of("confirmed", "confirmed", "unconfirmed", "refuted", "entered-in-error")
        return {"code": self.concept(self.conditions + self.findings), **self.onset(),
                **self.one_of({}, {"clinicalStatus": {"coding": [{"code": status}]}}),
                **self.one_of({}, {"verificationStatus": {"coding": [{"code": confirmed}]}}),
                **self.one_of({}, {}, {"abatementDateTime": self.date()}), **self.one_of({}, {"recordedDate": self.date()})}

    def procedure(self):
        return {"code": self.concept(self.operations), "status": self.one_of("completed", "completed", "preparation", "not-done"),
                **self.one_of({}, {"performedDateTime": self.date()}, {"performedPeriod": self.period()})}

    def observation(self):
        return {"code": self.concept(self.findings), "status": self.one_of("final", "final", "amended", "preliminary"),
                **self.one_of({}, {"effectiveDateTime": self.date()}, {"effectiveDateTime": self.date()}), **self.value(),
                **self.one_of({}, {}, {"specimen": {"reference": self.one_of("Specimen/1", "Specimen/2")}})}

    def order(self):
        return {"code": self.concept(self.operations), "status": self.one_of("active", "draft", "on-hold", "revoked"),
                "intent": "order", **self.one_of({}, {"occurrenceDateTime": self.date()}, {"occurrencePeriod": self.period()})}

    def care_plan(self):
        detail = {"code": self.concept(self.operations), "status": self.one_of("scheduled", "not-started", "completed"),
                  **self.one_of({}, {"productCodeableConcept": self.concept(self.medicines)}),
                  **self.one_of({}, {"scheduledPeriod": self.period()})}
        return {"status": "active", "intent": "plan", "activity": [{"detail": detail}]}

    def request(self):
        dose = {"timing": {"repeat": {"frequency": self.one_of(1, 2), "period": 1, "periodUnit": "d"}},
                "doseAndRate": [{"doseQuantity": {"value": self.one_of(0.4, 4, 25), "unit": "mg", "system": UCUM, "code": "mg"}}]}
        return {"status": self.one_of("active", "active", "stopped", "completed", "on-hold", "draft", "cancelled"),
                "intent": self.one_of("order", "order", "order", "plan"), **self.one_of({}, {"authoredOn": self.date()}),
                **self.one_of({}, {"dosageInstruction": [dose]}), **({"doNotPerform": True} if self.often(0.1) else {})}

    def resource(self):
        medicines = {
            "MedicationRequest": self.request,
            "MedicationStatement": lambda: {"status": self.one_of("active", "completed", "not-taken", "intended"),
                                            **self.one_of({}, {"effectivePeriod": self.period()})},
            "MedicationDispense": lambda: {"status": self.one_of("completed", "cancelled"), "whenHandedOver": self.date(),
                                           "daysSupply": {"value": self.one_of(30, 400), "unit": "d"}},
            "MedicationAdministration": lambda: {"status": self.one_of("completed", "not-done"), "effectiveDateTime": self.date()}}
        others = {"Condition": self.condition, "Procedure": self.procedure, "Observation": self.observation,
                  "ServiceRequest": self.order, "CarePlan": self.care_plan}
        kind = self.one_of(*medicines, *others, "Condition", "Procedure", "Observation", "MedicationRequest")
        return kind, {**medicines, **others}[kind](), kind in medicines

    def man(self, name):
        yield {"resourceType": "Patient", "id": name, "gender": "male", "birthDate": self.one_of("1950-05-05", "1975", "1990-01")}
        before = None
        for number in range(self.random.randint(1, 6)):
            kind, said, medicine = self.resource()
            again = before == kind and self.often(0.5)  # another version of the one before
            of_id = f"{name}-{number - 1 if again else number}"
            named, described = self.medicine("of-" + of_id + ("-again" if again else "")) if medicine else ({}, None)
            updated = self.one_of({}, {"meta": {"lastUpdated": f"2023-0{number + 1}-01T00:00:00Z"}})
            yield {"resourceType": kind, "id": of_id, **updated,
                   "subject": {"reference": self.one_of("", "https://example.org/fhir/") + "Patient/" + name}, **named, **said}
            if described:
                yield described
            before = kind


def main():
    knowledge, seed, men = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    maker = Maker(knowledge, seed)
    lines = [line for number in range(men) for line in maker.man(f"man-{number:04}")]
    maker.random.shuffle(lines)
    for line in lines:
        print(json.dumps(line, separators=(",", ":"), ensure_ascii=maker.often(0.1)))


main()
