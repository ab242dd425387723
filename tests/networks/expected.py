#!/usr/bin/env python3
"""Expected answers for the standard networks, computed without the library.

Another formulation than the library's: one run of variable elimination per question (node, state), on the ancestors
of the question and the evidence only, with numpy arrays of doubles and a min-weight order. Run time is minutes.

    python3 tests/networks/expected.py [NETWORK ...]

writes tests/networks/expected/NETWORK.txt: per case a line `case`, the findings `observed NODE STATE`, the line
`log_evidence X`, `best X` for the greatest log P(states of all nodes, evidence), and some posterior marginals `marginal NODE P...` (states in file order). Case 0 has no evidence.
"""
import gzip
import math
import pathlib
import random
import re
import string
import sys

import numpy as np

HERE = pathlib.Path(__file__).parent
# Networks whose unconditioned tree is large: fewer questions without evidence.
LARGE = {"munin1": 1, "link": 1, "barley": 2, "munin": 2, "munin4": 2, "diabetes": 3, "mildew": 3, "water": 3}


def read(path):
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    states, parents, tables = {}, {}, {}
    for name, body in re.findall(r"variable\s+(\S+)\s*\{\s*type discrete \[ \d+ \] \{([^}]*)\};", text):
        states[name] = [s.strip() for s in body.split(",")]
    for head, body in re.findall(r"probability\s*\(([^)]*)\)\s*\{(.*?)\n\}", text, re.S):
        child, _, given = head.partition("|")
        child = child.strip()
        parents[child] = [p.strip() for p in given.split(",") if p.strip()]
        table = np.zeros([len(states[p]) for p in parents[child]] + [len(states[child])])
        for line in body.strip().splitlines():
            line = line.strip().rstrip(";")
            if line.startswith("table"):
                row, values = (), line[5:]
            else:
                key, values = re.match(r"\(([^)]*)\)(.*)", line).groups()
                row = tuple(states[p].index(k.strip()) for p, k in zip(parents[child], key.split(",")))
            numbers = [float(x) for x in values.split(",")]
            total = math.fsum(numbers)
            table[row] = [x / total for x in numbers]
        tables[child] = table
    return states, parents, tables


def eliminate(net, evidence, best=False):
    """P(evidence), or with `best` the greatest P(states, evidence), as (mantissa, exponent of 2)."""
    states, parents, tables = net
    relevant, stack = set(), list(states if best else evidence)
    while stack:
        v = stack.pop()
        if v not in relevant:
            relevant.add(v)
            stack += parents[v]
    factors = []
    for v in states:
        if v in relevant:
            scope = parents[v] + [v]
            index = tuple(evidence.get(u, slice(None)) for u in scope)
            factors.append(([u for u in scope if u not in evidence], tables[v][index]))
    size = {v: len(states[v]) for v in states}
    neighbours = {v: set() for v in relevant if v not in evidence}
    for scope, _ in factors:
        for u in scope:
            neighbours[u].update(scope)
    exponent, mantissa = 0, 1.0
    weight = {v: math.prod(size[u] for u in neighbours[v] | {v}) for v in neighbours}
    while neighbours:
        v = min(weight, key=weight.get)
        mine = [f for f in factors if v in f[0]]
        factors = [f for f in factors if v not in f[0]]
        scope = sorted(neighbours[v] - {v})
        letter = dict(zip([v] + scope, string.ascii_letters))
        table = np.array(1.0)
        have = []
        for s, t in sorted(mine, key=lambda f: f[1].size)[:-1]:
            union = have + [u for u in s if u not in have]
            table = np.einsum(table, [ord(letter[u]) - 65 for u in have], t, [ord(letter[u]) - 65 for u in s],
                              [ord(letter[u]) - 65 for u in union])
            have = union
        s, t = max(mine, key=lambda f: f[1].size) if len(mine) == 1 else sorted(mine, key=lambda f: f[1].size)[-1]
        kept = sorted((set(have) | set(s)) - {v})
        if best:
            kept = [v] + kept
        out = np.einsum(table, [ord(letter[u]) - 65 for u in have], t, [ord(letter[u]) - 65 for u in s],
                        [ord(letter[u]) - 65 for u in kept])
        if best:
            kept, out = kept[1:], out.max(axis=0)
        most = float(out.max())
        if most == 0:
            return 0.0, 0
        shift = math.frexp(most)[1]
        exponent += shift
        factors.append((kept, np.ldexp(out, -shift)))
        for u in scope:
            neighbours[u].discard(v)
            neighbours[u].update(scope)
        del neighbours[v], weight[v]
        for u in scope:
            weight[u] = math.prod(size[w] for w in neighbours[u] | {u})
    for scope, table in factors:
        assert not scope
        mantissa *= float(table)
        m, e = math.frexp(mantissa)
        mantissa, exponent = m, exponent + e
    return mantissa, exponent


def log_of(value):
    return math.log(value[0]) + value[1] * math.log(2)


def sample(net, rng):
    states, parents, tables = net
    done = {}
    while len(done) < len(states):
        for v in states:
            if v not in done and all(p in done for p in parents[v]):
                row = tables[v][tuple(done[p] for p in parents[v])]
                u, s = rng.random(), 0
                while s + 1 < len(row) and u >= row[s]:
                    u -= row[s]
                    s += 1
                while row[s] == 0:
                    s -= 1
                done[v] = s
    return done


def write(name, net):
    states = net[0]
    rng = random.Random(name)
    out = []
    for case in range(3):
        questions = 6
        evidence = {}
        if case == 0:
            questions = LARGE.get(name, 6)
        else:
            drawn = sample(net, rng)
            chosen = rng.sample(sorted(states), max(1, round(0.2 * len(states))))
            evidence = {v: drawn[v] for v in chosen}
        out.append("case")
        out += [f"observed {v} {states[v][s]}" for v, s in evidence.items()]
        total = eliminate(net, evidence) if evidence else (1.0, 0)
        out.append(f"log_evidence {log_of(total)!r}")
        if case > 0 or name not in LARGE:
            out.append(f"best {log_of(eliminate(net, evidence, best=True))!r}")
        free = sorted(v for v in states if v not in evidence)
        for v in rng.sample(free, min(questions, len(free))):
            values = []
            for s in range(len(states[v])):
                m, e = eliminate(net, {**evidence, v: s})
                values.append(math.ldexp(m / total[0], e - total[1]))
            out.append(f"marginal {v} " + " ".join(repr(x) for x in values))
            print(name, case, v, math.fsum(values), flush=True)
    (HERE / "expected" / f"{name}.txt").write_text("\n".join(out) + "\n")


def main():
    for path in sorted(HERE.glob("*.bif*")):
        name = path.name.split(".")[0]
        if len(sys.argv) == 1 or name in sys.argv[1:]:
            write(name, read(path))


if __name__ == "__main__":
    main()
