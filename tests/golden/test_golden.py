#!/usr/bin/env python3
"""Scores golden_extract over invented minutes and holds it to the recorded floor.

test_golden.py PROGRAM FOLDER [FOLDER...]    folders that do not exist are passed over
"""
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


def score(program, folder):
    command = [sys.executable, str(HERE / "gold.py"), "score", "--gold", str(folder), "--command", f"{program} {{file}}", "--json"]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def show(folder, result):
    print(f"{folder.name}: strict   gold  pred      P     R    F1")
    for name, row in result["types"].items():
        strict = row["strict"]
        print(f"  {name:30}{row['gold']:6}{row['predicted']:6}{strict['p']:7.3f}{strict['r']:6.3f}{strict['f1']:6.3f}")
    for name, value in result["meta"].items():
        print(f"  {name:30}{value:31.3f}")


def faults(result, floor):
    """What lies below the floor."""
    found = {name: row["strict"]["f1"] for name, row in result["types"].items()}
    found.update({"date of the meeting" if name == "date" else name: value for name, value in result["meta"].items()})
    for name, least in floor.items():
        if found[name] < least - 1e-9:  # a floor may be the very figure, which is a quotient
            yield f"{name}: {found[name]:.4f} is below {least}"
    for name in result["failed"]:
        yield f"{name}: the command failed"


def main():
    program, folders = sys.argv[1], [pathlib.Path(name) for name in sys.argv[2:]]
    floors = json.loads((HERE / "floor.json").read_text())
    bad = []
    for folder in folders:
        if not any(folder.glob("*.gold")):
            print(f"{folder} holds no gold minutes, passed over")
            continue
        result = score(program, folder)
        show(folder, result)
        bad += [f"{folder.name}: {fault}" for fault in faults(result, floors.get(folder.name, {}))]
    for fault in bad:
        print("BELOW THE FLOOR", fault)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
