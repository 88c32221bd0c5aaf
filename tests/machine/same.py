#!/usr/bin/env python3
"""Do processors that can more and less make the same of all gold minutes?

same.py PROGRAM PLAIN FOLDER    machine_records, the same for any machine, a folder of gold files and such folders
"""
import os
import pathlib
import subprocess
import sys


def told(program, files, **more):
    done = subprocess.run([program, *files], check=True, stdout=subprocess.PIPE, env={**os.environ, **more})
    return done.stdout.split(b"\n")


def main():
    program, plain, folder = sys.argv[1:]
    files = sorted(str(path) for path in pathlib.Path(folder).rglob("*.gold"))
    wanted = told(program, files)
    assert len(wanted) > 2 * len(files) > 100
    for name, got in ("old", told(program, files, REFERENT_MACHINE="old")), ("plain", told(plain, files)):
        for mine, theirs in zip(wanted, got, strict=True):
            if mine != theirs:
                at = next((i for i, pair in enumerate(zip(mine, theirs)) if pair[0] != pair[1]), 0)
                print(f"{name}: {mine[max(at - 60, 0):at + 60]!r} is {theirs[max(at - 60, 0):at + 60]!r}")
                return 1
    print(f"{len(files)} files, the same on all")
    return 0


if __name__ == "__main__":
    sys.exit(main())
