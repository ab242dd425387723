#!/usr/bin/python3
"""Screen on a Dask cluster.

screen.py SCHEDULER SHARDS FOLDER RESULT [OPTION...]

SHARDS is a text file with one shard a line: files or folders, separated by spaces, as all workers
see them. FOLDER, also seen by all, takes the facts. Options go to both halves (--date 2024-05-31).
Work of a worker that is lost is done again by another. A shard whose facts are there is not mapped
again: each export needs a FOLDER of its own. The summary is printed; the status is that of screen,
3 where some lines or files could not be read. ANTEGRADE names the program.
"""
import os
import subprocess
import sys

from distributed import Client


DONE, PARTLY = 0, 3


def run(command):
    """Its status and what it says; a command that did nothing is a failure."""
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True)
    if done.returncode not in (DONE, PARTLY):
        raise RuntimeError(f"{' '.join(command)}: {done.stderr}")
    return done.returncode, done.stderr


def map_shard(program, files, facts, part, options):
    """The facts of one shard; a shard whose facts are there is not mapped again."""
    if not os.path.exists(facts):
        run([program, "screen", "--quiet", "--map", facts, "--part", part, *options, *files])
    return facts


def main():
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    scheduler, list_name, folder, result, *options = sys.argv[1:]
    program = os.environ.get("ANTEGRADE", "antegrade")
    os.makedirs(folder, exist_ok=True)
    with open(list_name, encoding="utf-8") as file:
        shards = [line.split() for line in file if line.strip()]
    with Client(scheduler) as client:
        facts = [client.submit(map_shard, program, files, os.path.abspath(f"{folder}/{i}.csv"),
                               f"{i}/{len(shards)}", options, pure=False, retries=3)
                 for i, files in enumerate(shards, 1)]
        names = client.gather(facts)
        status, said = client.submit(run, [program, "screen", "--reduce", "--output", os.path.abspath(result),
                                           *options, *names], pure=False, retries=3).result()
    print(said, end="", file=sys.stderr)
    sys.exit(status)


main()
