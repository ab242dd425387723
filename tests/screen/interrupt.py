#!/usr/bin/env python3
"""A run that is ended by a signal leaves nothing half written, and ends as by that signal; one that
can be resumed says so.

interrupt.py PROGRAM FILE FOLDER   (FILE: records that take some tenths of a second to read)
"""
import glob
import os
import shutil
import signal
import subprocess
import sys
import time

TRIALS = 50


def half_written(folder):
    return glob.glob(folder + "/**/*.part", recursive=True)


def as_usual():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def interrupted(command, number, folder):
    """Send the signal as soon as something is half written; None where the run was faster."""
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=as_usual)
    while run.poll() is None and not half_written(folder):
        time.sleep(0.0005)
    run.send_signal(number)
    said = run.communicate()[1].decode()
    return said if run.returncode == -number else None


def check(command, number, folder, sentence):
    for _ in range(TRIALS):
        shutil.rmtree(folder, ignore_errors=True)
        os.mkdir(folder)
        said = interrupted(command, number, folder)
        if said is not None:
            assert sentence in said, said
            assert half_written(folder) == [], half_written(folder)
            assert not os.path.exists(folder + "/facts.csv") and not os.path.exists(folder + "/men.ndjson")
            return
    sys.exit(f"{command} was never caught while it wrote")


def main():
    program, file, folder = sys.argv[1:]
    folder += "/interrupted"
    screen = [program, "screen", "--quiet", "--date", "2024-01-01"]
    for number in (signal.SIGINT, signal.SIGTERM):
        check([*screen, "--map", folder + "/facts.csv", file], number, folder, "interrupted before the end")
        check([*screen, "--output", folder + "/men.ndjson", file], number, folder, "interrupted before the end")
        check([*screen, "--resume", folder, "--output", folder + "/men.ndjson", file], number, folder, "goes on")
    shutil.rmtree(folder)


main()
