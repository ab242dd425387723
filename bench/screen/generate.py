#!/usr/bin/env python3
"""Bulk records of any size: the sample data over and over, each time with other ids.

generate.py FOLDER MEGABYTES OUTPUT   (FOLDER has eight.ndjson.xz and others.ndjson.xz)

Of 8 copies of the eight patients with all their resources there is one copy of the other 92.
"""
import lzma
import re
import sys

ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})")


def pieces(path):
    """What stands between the first 8 digits of ids, which are left out, and those digits."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        text = file.read()
    parts, digits, at = [], [], 0
    for match in ID.finditer(text):
        parts.append(text[at:match.start()])
        digits.append(int(match.group(0)[:8], 16))
        at = match.start() + 8
    return parts, digits, text[at:]


def copy(sample, number):
    parts, digits, rest = sample
    mask = number * 2654435761 % 2**32
    return "".join(part + format(digit ^ mask, "08x") for part, digit in zip(parts, digits)) + rest


def main():
    folder, size, output = sys.argv[1], float(sys.argv[2]) * 1e6, sys.argv[3]
    eight, others = pieces(f"{folder}/eight.ndjson.xz"), pieces(f"{folder}/others.ndjson.xz")
    written = number = 0
    with open(output, "wb") as file:
        while written < size:
            written += file.write(copy(eight, number).encode())
            if number % 8 == 0:
                written += file.write(copy(others, number).encode())
            number += 1
    print(f"{written / 1e6:.0f} MB, {number} copies of the eight, {(number + 7) // 8} of the others")


main()
