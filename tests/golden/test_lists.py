#!/usr/bin/env python3
"""Puts lists of attachments, and lines with numbers of cases, documents and subjects, into a small minutes document, reads
it with golden_extract, and holds precision and recall to the recorded floor.

test_lists.py PROGRAM [--errors]

lists.cases and numbers.cases hold blocks: "=== name", the lines as minutes have them, "--", then what is to be found:
"title" or "title | document" of every attachment, or "case 19/17", "document 88123/14", "kle 00.16.02".
"""
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
HEAD = """Lindved Kommune

Økonomiudvalget

Referat

Mødedato: 14. maj 2019
Mødetidspunkt: kl. 16.00
Mødested: Rådhuset

Medlemmer: Karen Kjær, Jens Holm, Inger Bak

1. Godkendelse af dagsorden

Beslutning
Godkendt.

2. Kloak i Nørregade

"""
CASE = """Sagsfremstilling
Vejen er ofte oversvømmet, og naboerne har klaget. Forvaltningen har undersøgt sagen og foreslår en ny ledning.
"""
DECISION = "Beslutning\nGodkendt.\n\n"
TAIL = "3. Eventuelt\n\nBeslutning\nIntet.\n"
LAYOUTS = {
    "above the decision": lambda block: f"{HEAD}{CASE}\n{block}\n\n{DECISION}{TAIL}",
    "behind the decision": lambda block: f"{HEAD}{CASE}\n{DECISION}{block}\n\n{TAIL}",
    "below the heading": lambda block: f"{HEAD}{block}\n\n{CASE}\n{DECISION}{TAIL}",
}


def blocks(path):
    """Every (name, lines, truth) of a file."""
    for part in path.read_text(encoding="utf-8").split("=== ")[1:]:
        name, _, rest = part.partition("\n")
        lines, _, truth = rest.partition("--\n") if rest.startswith("--\n") else rest.partition("\n--\n")
        yield name, lines.strip("\n"), [line for line in truth.splitlines() if line]


def read(program, texts):
    """What is read from every text, by one process."""
    with tempfile.TemporaryDirectory() as folder:
        files = [pathlib.Path(folder) / f"{number}.txt" for number in range(len(texts))]
        for file, text in zip(files, texts):
            file.write_text(text, encoding="utf-8")
        out = subprocess.run([program, *files], check=True, stdout=subprocess.PIPE).stdout.decode()
    at, decoder = 0, json.JSONDecoder()
    while at < len(out):
        minutes, at = decoder.raw_decode(out, at)
        yield minutes
        at += 1


def key(title, document):
    title = " ".join(title.lower().split()).rstrip(".")
    return f"{title} | {document}" if document else title


def attachments(minutes):
    """Those of the second item; one that stands in another item is marked as such."""
    for item in minutes["meeting"]["items"]:
        for file in item["attachments"]:
            found = key(file["title"] or "", file["document"])
            yield found if item["number"] == "2" else f"item {item['number']}: {found}"


def numbers(minutes):
    return (f"{entity['type']} {entity['value']}" for entity in minutes["entities"] if entity["type"] in ("case", "document", "kle"))


def score(program, path, layouts, find, norm, errors):
    right = found = due = 0
    cases = [(name, layout, lines, truth) for name, lines, truth in blocks(path) for layout in layouts]
    results = read(program, [LAYOUTS[layout](lines) for _, layout, lines, _ in cases])
    for (name, layout, _, truth), minutes in zip(cases, results, strict=True):
        expected, got = collections.Counter(map(norm, truth)), collections.Counter(find(minutes))
        right += sum((expected & got).values())
        found += sum(got.values())
        due += sum(expected.values())
        if errors and expected != got:
            print(f"{path.stem} {name}, {layout}: missed {list(expected - got)}, false {list(got - expected)}")
    precision, recall = right / found, right / due
    print(f"{path.stem:10} {due:5} due  P {precision:.3f}  R {recall:.3f}  F1 {2 * right / (found + due):.3f}")
    return {"precision": precision, "recall": recall}


def main():
    program, errors = sys.argv[1], "--errors" in sys.argv
    floors = json.loads((HERE / "floor.json").read_text())
    line = lambda text: key(*text.partition(" | ")[::2])
    results = {
        "lists": score(program, HERE / "lists.cases", ["above the decision", "behind the decision"], attachments, line, errors),
        "numbers": score(program, HERE / "numbers.cases", ["below the heading"], numbers, str, errors),
    }
    bad = [f"{name}: {what} {value:.4f} is below {floors[name][what]}" for name, result in results.items()
           for what, value in result.items() if value < floors[name][what]]
    for fault in bad:
        print("BELOW THE FLOOR", fault)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
