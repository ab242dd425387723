#!/usr/bin/env python3
"""Whole screening beside the far simpler hit list by other tools, on the same file, in the same run.

run.py PROGRAM FOLDER [MEGABYTES]   (FOLDER: where the data and the tools are built and kept)

Processor seconds (user and system) count, the least of ROUNDS, in turns; bytes per processor second, and how
many times as many as each of the others. Two threads are compared with one by the clock.
"""
import os
import resource
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "../../tests/data/synthea-2019")
ROUNDS = 9


def cost(command, to=subprocess.PIPE):
    """(processor seconds, what it printed)"""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    printed = subprocess.run(command, stdout=to, stderr=subprocess.DEVNULL, check=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, printed


def clock(commands):
    """The least seconds that each takes by the clock, in turns, nobody reading what it prints."""
    least = [float("inf")] * len(commands)
    for _ in range(ROUNDS):
        for i, command in enumerate(commands):
            start = time.monotonic()
            cost(command, subprocess.DEVNULL)
            least[i] = min(least[i], time.monotonic() - start)
    return least


def prepare(folder, megabytes):
    os.makedirs(folder, exist_ok=True)
    mixed = os.path.join(folder, f"mixed-{megabytes}.ndjson")
    if not os.path.exists(mixed):
        subprocess.run([sys.executable, f"{HERE}/generate.py", DATA, str(megabytes), mixed + ".part"], check=True)
        os.rename(mixed + ".part", mixed)
    subprocess.run(["g++", "-std=c++17", "-O3", "-march=native", f"{HERE}/hit_list.cc", "-lsimdjson",
                    "-o", f"{folder}/hit_list"], check=True)
    for name in ("hit_list_duckdb.mjs", "package.json", ".npmrc"):
        shutil.copy(os.path.join(HERE, name), folder)
    if not os.path.exists(f"{folder}/node_modules/@duckdb/node-api"):
        subprocess.run(["npm", "install", "--no-package-lock", "--silent"], cwd=folder, check=True)
    return mixed


def check_sql(program, folder, mixed, date):
    """The queries of the manual on DuckDB."""
    subprocess.run([program, "screen", *date, "--output", f"{folder}/men.ndjson", mixed], check=True)
    subprocess.run([f"{HERE}/../../tests/screen/sql.py", folder, "duckdb", folder], check=True)


def main():
    program, folder = sys.argv[1:3]
    mixed = prepare(folder, int(sys.argv[3]) if len(sys.argv) > 3 else 1310)
    size = os.path.getsize(mixed)
    jq = ('select(.resourceType == "Patient" and .gender == "male" or .resourceType == "Condition" and '
          '([.code.coding[]?.code] | index("44054006"))) | .id')
    date = ["--quiet", "--date", "2024-01-01"]
    commands = {"wc -l": (["wc", "-l", mixed], ROUNDS),
                "screen, whole": ([program, "screen", *date, mixed], ROUNDS),
                "screen, facts alone (--map)": ([program, "screen", "--quiet", "--map", f"{folder}/facts.csv", mixed], ROUNDS),
                "simdjson On-Demand, hit list": ([f"{folder}/hit_list", mixed], ROUNDS),
                "DuckDB, hit list": (["node", f"{folder}/hit_list_duckdb.mjs", mixed], ROUNDS),
                "Node, hit list": (["node", f"{HERE}/hit_list.mjs", mixed], 1),
                "Python, hit list": (["python3", f"{HERE}/hit_list.py", mixed], 1),
                "screen --strict": ([program, "screen", "--strict", *date, mixed], 1)}
    if shutil.which("jq"):
        commands["jq, part of the hit list"] = (["jq", "-r", jq, mixed], 1)
    seconds, lists = {}, {}
    for turn in range(ROUNDS):
        for name, (command, rounds) in commands.items():
            if turn < rounds:
                spent, printed = cost(command)
                seconds[name] = min(spent, seconds.get(name, spent))
                if name.endswith(", hit list"):
                    lists[name] = printed
    assert len(set(lists.values())) == 1, "the hit lists differ"
    check_sql(program, folder, mixed, date)
    ours = seconds["screen, whole"]
    print(f"{size / 1e6:.0f} MB, page cache warm; processor seconds, least of {ROUNDS}")
    for name, s in sorted(seconds.items(), key=lambda item: item[1]):
        print(f"{name:32} {s:8.2f} s {size / s / 1e9:7.2f} GB/s   screen is {s / ours:6.2f} times as fast")
    one, two = clock([[program, "screen", *date, "--threads", n, mixed] for n in "12"])
    print(f"by the clock, least of {ROUNDS}: one thread {one:.2f} s, two {two:.2f} s: {one / two:.2f} times as fast")
    print(f"load of the machine, on {os.cpu_count()} cores: {os.getloadavg()[1]:.1f}")


main()
