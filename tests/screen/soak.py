#!/usr/bin/env python3
"""Screen very many patients, made on the fly: all are found, in memory that does not grow with them.

soak.py PROGRAM PATIENTS FOLDER

Each patient has three or four resources, which stand far from each other in the input. Every second
is a man; every tenth man takes tamsulosin, and he alone is to be reported.
"""
import json
import os
import subprocess
import sys
import threading
import time

BLOCK = 20000
MOST_MIB = 2048
APART = 7919  # a prime, so that n -> APART * n modulo the number of patients hits each once

PATIENT = ('{{"resourceType":"Patient","id":"p{n:08d}","gender":"{sex}","birthDate":"{year}-05-17"}}\n')
ENCOUNTER = ('{{"resourceType":"Encounter","id":"e{n:08d}","status":"finished","class":{{"code":"AMB"}},'
             '"subject":{{"reference":"Patient/p{n:08d}"}},"period":{{"start":"2022-03-04","end":"2022-03-04"}}}}\n')
HBA1C = ('{{"resourceType":"Observation","id":"o{n:08d}","status":"final","code":{{"coding":[{{"system":"http://loinc.org",'
         '"code":"4548-4","display":"Hemoglobin A1c/Hemoglobin.total in Blood"}}]}},"subject":{{"reference":"Patient/p{n:08d}"}},'
         '"effectiveDateTime":"2022-03-04","valueQuantity":{{"value":5.4,"unit":"%","system":"http://unitsofmeasure.org","code":"%"}}}}\n')
TAMSULOSIN = ('{{"resourceType":"MedicationRequest","id":"m{n:08d}","status":"active","intent":"order","medicationCodeableConcept":'
              '{{"coding":[{{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"863669"}}],"text":"tamsulosin"}},'
              '"subject":{{"reference":"Patient/p{n:08d}"}},"authoredOn":"2023-10-01"}}\n')


def takes_it(n):
    return n % 20 == 1


def resources(count, first, end):
    for i in range(first, end):
        yield PATIENT.format(n=i, sex="male" if i % 2 else "female", year=1950 + i % 40)
        yield ENCOUNTER.format(n=i)
        other = APART * i % count
        yield HBA1C.format(n=other)
        if takes_it(other):
            yield TAMSULOSIN.format(n=other)


def write(pipe, count):
    for first in range(0, count, BLOCK):
        pipe.write("".join(resources(count, first, min(first + BLOCK, count))).encode())
    pipe.close()


def check_result(path, count):
    """Each man who takes it is there once, in order."""
    expected = (n for n in range(count) if takes_it(n))
    with open(path, encoding="utf-8") as file:
        for line in file:
            assert line.startswith('{"patient":"p%08d",' % next(expected)), line[:80]
    assert next(expected, None) is None


def main():
    program, count, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    assert count % APART != 0
    result, summary = f"{folder}/soak.ndjson", f"{folder}/soak.json"
    begun = time.monotonic()
    child = subprocess.Popen([program, "screen", "--quiet", "--date", "2024-01-01", "--summary", summary, "--output", result, "-"],
                             stdin=subprocess.PIPE)
    writer = threading.Thread(target=write, args=(child.stdin, count))
    writer.start()
    _, status, used = os.wait4(child.pid, 0)
    writer.join()
    assert status == 0, status
    check_result(result, count)
    with open(summary, encoding="utf-8") as file:
        told = json.load(file)
    mib = used.ru_maxrss / 1024
    print(f"{count} patients: {time.monotonic() - begun:.0f} s, {used.ru_utime + used.ru_stime:.1f} processor seconds, "
          f"at most {mib:.0f} MiB; {json.dumps(told)[:200]}")
    assert mib < MOST_MIB
    os.remove(result)


main()
