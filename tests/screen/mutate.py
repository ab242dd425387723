#!/usr/bin/env python3
"""The same records written in other ways that JSON allows: keys in another order, escapes in keys and
texts, space between tokens, other line ends, empty lines, lines in another order; narratives and
extensions with quotes and braces in them.

mutate.py SEED <in.ndjson >out.ndjson
"""
import json
import random
import sys


def escape(text, share, rng):
    out = []
    for c in text:
        if ord(c) < 0x10000 and rng.random() < share:
            out.append(f"\\u{ord(c):04{rng.choice('xX')}}")
        elif c == "/" and rng.random() < share:
            out.append("\\/")
        else:
            out.append(json.dumps(c, ensure_ascii=False)[1:-1])
    return '"' + "".join(out) + '"'


def write(value, how, rng):
    gap = rng.choice(how["gaps"])
    if isinstance(value, dict):
        items = list(value.items())
        if how["shuffle"]:
            rng.shuffle(items)
        inside = [escape(k, how["share"], rng) + gap + ":" + gap + write(v, how, rng) for k, v in items]
        return "{" + gap + ("," + gap).join(inside) + gap + "}"
    if isinstance(value, list):
        return "[" + gap + ("," + gap).join(write(v, how, rng) for v in value) + gap + "]"
    if isinstance(value, str):
        return escape(value, how["share"], rng)
    if isinstance(value, Number):
        return value.text
    return json.dumps(value)


NARRATIVE = {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">"code": {"x"} \\</div>'}
EXTENSION = [{"url": "urn:note", "valueString": 'quoted " and } and \\'}]


def decorate(resource, rng):
    """What no reader may be led astray by."""
    out = dict(resource)
    if rng.random() < 0.3:
        out["text"] = NARRATIVE
    for key in ("code", "medicationCodeableConcept"):
        if isinstance(out.get(key), dict) and rng.random() < 0.3:
            out[key] = {"extension": EXTENSION, **out[key]}
    return out


class Number:
    """A number as it was written."""

    def __init__(self, text):
        self.text = text


def main():
    rng = random.Random(int(sys.argv[1]))
    lines = [json.loads(line, parse_float=Number, parse_int=Number) for line in sys.stdin if line.strip()]
    rng.shuffle(lines)
    for resource in lines:
        how = {"shuffle": rng.random() < 0.6, "share": rng.choice([0, 0, 0.02, 0.3]),
               "gaps": rng.choice([[""], [""], ["", " "], ["\t", "  "]])}
        sys.stdout.write(write(decorate(resource, rng), how, rng) + rng.choice(["\n", "\n", "\r\n", " \n", "\n\n"]))


main()
