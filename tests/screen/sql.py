#!/usr/bin/env python3
"""Run the queries of docs/screen.md as they stand there, and compare their answers with the same
reckoned by hand.

sql.py FOLDER postgres                 (psql; the address in AG_TEST_POSTGRES)
sql.py FOLDER duckdb NODE-FOLDER       (NODE-FOLDER has node_modules with @duckdb/node-api)

FOLDER has men.ndjson, men.csv and facts.csv.
"""
import collections
import csv
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))

IN_NODE = """
import { createRequire } from 'node:module';
const { DuckDBInstance } = createRequire(process.argv[1] + '/')('@duckdb/node-api');
const connection = await (await DuckDBInstance.create(':memory:')).connect();
const answers = [];
for (const query of JSON.parse(process.argv[2]))
  answers.push((await connection.runAndReadAll(query)).getRows());
console.log(JSON.stringify(answers, (key, value) => typeof value === 'bigint' ? Number(value) : value));
"""


def blocks():
    with open(f"{HERE}/../../docs/screen.md", encoding="utf-8") as file:
        return re.findall(r"```sql\n(.*?)```", file.read(), re.S)


def check_columns(folder):
    """The tables of the manual have the columns of the files, so that their names can be used in queries."""
    for table in ("men", "facts"):
        block = re.search(rf"CREATE TABLE {table} \((.*?)\);", blocks()[1], re.S).group(1)
        with open(f"{folder}/{table}.csv", encoding="utf-8", newline="") as file:
            assert [column.split()[0] for column in block.split(",")] == next(csv.reader(file)), table


def most_first(counts):
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def men_by_mechanism(folder, but=None):
    """(mechanism, men, mean risk) by the most probable mechanism other than `but`."""
    with open(f"{folder}/men.ndjson", encoding="utf-8") as file:
        men = [json.loads(line) for line in file]
    risks = collections.defaultdict(list)
    for man in men:
        first = next(m["id"] for m in man["mechanisms"] if m["id"] != but)
        risks[first].append(man["risk"])
    return [(name, count, sum(risks[name]) / count)
            for name, count in most_first({name: len(all) for name, all in risks.items()})]


def patients_by_cause(folder):
    patients = collections.defaultdict(set)
    with open(f"{folder}/facts.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["class"] == "p" and row["kind"] == "cause" and row["present"] == "1":
                patients[row["card"]].add(row["key"])
    return most_first({card: len(keys) for card, keys in patients.items()})


def duckdb(folder, node_folder):
    queries = [query for query in blocks()[0].split(";") if query.strip()]
    said = subprocess.run(["node", "--input-type=module", "-e", IN_NODE, os.path.abspath(node_folder), json.dumps(queries)],
                          cwd=folder, check=True, capture_output=True, text=True).stdout
    return json.loads(said)


def postgres(folder):
    said = subprocess.run(["psql", os.environ["AG_TEST_POSTGRES"], "-qAt", "-F", "\t", "-v", "ON_ERROR_STOP=1"],
                          cwd=folder, check=True, capture_output=True, text=True, input=blocks()[1]).stdout
    return [line.split("\t") for line in said.splitlines()]


def main():
    folder, engine = sys.argv[1:3]
    patients = patients_by_cause(folder)
    assert patients
    if engine == "duckdb":
        men = men_by_mechanism(folder)
        by_mechanism, by_cause = duckdb(folder, sys.argv[3])
        assert [(name, count) for name, count, _ in by_mechanism] == [m[:2] for m in men], by_mechanism
        assert all(abs(ours[2] - theirs[2]) <= 0.00051 for ours, theirs in zip(men, by_mechanism)), by_mechanism
        assert [tuple(row) for row in by_cause] == patients, by_cause
    else:
        check_columns(folder)
        men = men_by_mechanism(folder, but="none")
        rows = [(name, int(count)) for name, count in postgres(folder)]
        assert rows == [m[:2] for m in men] + patients, rows


main()
