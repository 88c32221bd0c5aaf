"""How well searching finds agenda items: the queries of queries.json over the minutes of this folder.

quality.py REFERENTD REFERENT FOLDER [--misses]
    Feeds the plain text of every *.gold file of FOLDER to a daemon of its own and asks each query; beside it the same
    queries run through plain Xapian (QueryParser and Danish stemmer over the whole items, perfectly cut). Prints both,
    for the queries that weights were tuned on and for those held back; exit 1 below the floor of queries_floor.json.

A query of queries.json: `query`; `kind`; `relevant`, items as <file>#<number>; `held` if nobody may tune on it; `plain`,
the words alone, for plain Xapian, where the query has fields.
"""
import argparse
import json
import math
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import gold

TEN = 10


# ---- measures

def measures(found, relevant):
    """success@1, success@5, nDCG@10 of a ranked list of items."""
    gains = [1 if item in relevant else 0 for item in found[:TEN]]
    gained = sum(gain / math.log2(at + 2) for at, gain in enumerate(gains))
    ideal = sum(1 / math.log2(at + 2) for at in range(min(len(relevant), TEN)))
    return [float(any(gains[:1])), float(any(gains[:5])), gained / ideal]


def mean(rows):
    return [sum(column) / len(rows) for column in zip(*rows)] if rows else [0.0, 0.0, 0.0]


# ---- ours

class Daemon:
    def __init__(self, program, folder):
        self.log = folder / "log"
        (folder / "referent.conf").write_text("log_level = info\n")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [program, "--config", folder / "referent.conf", "--data", folder / "data",
                 "--feed", "tcp://127.0.0.1:*", "--search", "tcp://127.0.0.1:*"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        end = time.monotonic() + 60
        while time.monotonic() < end and self.process.poll() is None:
            ready = re.search(r"^event=ready feed=(\S+) search=(\S+)", self.log.read_text(errors="replace"), re.M)
            if ready:
                self.feed, self.search = ready.groups()
                return
            time.sleep(0.05)
        raise SystemExit("referentd does not become ready: " + self.log.read_text(errors="replace"))

    def stop(self):
        self.process.terminate()
        self.process.wait(60)


def ours(referentd, referent, documents, queries):
    with tempfile.TemporaryDirectory(prefix="referent-quality.") as place:
        folder = pathlib.Path(place)
        (folder / "minutes").mkdir()
        for name, (text, _, _) in documents.items():
            (folder / "minutes" / (name + ".md")).write_text(text, encoding="utf-8")
        daemon = Daemon(referentd, folder)
        try:
            environment = dict(os.environ, REFERENT_FEED=daemon.feed, REFERENT_SEARCH=daemon.search)
            subprocess.run([referent, "feed", folder / "minutes"], env=environment, check=True,
                           stdout=subprocess.DEVNULL)
            for query in queries:
                out = subprocess.run([referent, "search", "--json", "--limit=10", "--", query["query"]],
                                     env=environment, check=True, stdout=subprocess.PIPE).stdout
                yield [f"{hit['id'].removesuffix('.md')}#{hit['item']}" for hit in json.loads(out)["hits"]]
        finally:
            daemon.stop()


# ---- plain Xapian

def items(documents):
    """Every open item as (name, text), cut where the gold says."""
    for name, (text, spans, meta) in documents.items():
        raw = text.encode()
        heads = [span for span in spans if span["type"] == "item"]
        ends = [head["start"] for head in heads[1:]] + [len(raw)]
        opened = {item["number"]: item["open"] for item in meta["items"]}
        for head, end in zip(heads, ends):
            if opened.get(head["value"], True):
                yield f"{name}#{head['value']}", head["surface"], raw[head["start"]:end].decode()


def plain(documents, queries):
    import xapian
    database = xapian.inmemory_open() if hasattr(xapian, "inmemory_open") else xapian.WritableDatabase("", xapian.DB_BACKEND_INMEMORY)
    generator = xapian.TermGenerator()
    generator.set_stemmer(xapian.Stem("danish"))
    for name, title, text in items(documents):
        document = xapian.Document()
        generator.set_document(document)
        generator.index_text(title, 1, "S")
        generator.index_text(text)
        document.set_data(name)
        database.add_document(document)
    parser = xapian.QueryParser()
    parser.set_stemmer(xapian.Stem("danish"))
    parser.set_stemming_strategy(parser.STEM_SOME)
    parser.set_database(database)
    enquire = xapian.Enquire(database)
    for query in queries:
        enquire.set_query(parser.parse_query(query.get("plain", query["query"]),
                                             parser.FLAG_DEFAULT | parser.FLAG_WILDCARD))
        yield [match.document.get_data().decode() for match in enquire.get_mset(0, TEN)]


# ---- the table

def table(queries, results):
    for label, held in (("tuned on", False), ("held back", True)):
        chosen = [at for at, query in enumerate(queries) if query.get("held", False) == held]
        print(f"\n{label} ({len(chosen)} queries)    success@1  success@5  nDCG@10")
        for name, rows in results.items():
            print(f"  {name:24}" + "".join(f"{value:11.3f}" for value in mean([rows[at] for at in chosen])))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("referentd")
    options.add_argument("referent")
    options.add_argument("folder", type=pathlib.Path)
    options.add_argument("--misses", action="store_true", help="show what was not found first")
    asked = options.parse_args()
    queries = json.loads((asked.folder / "queries.json").read_text(encoding="utf-8"))
    floor = json.loads((asked.folder / "queries_floor.json").read_text(encoding="utf-8"))
    documents = {}
    for path in sorted(asked.folder.glob("*.gold")):
        body, meta = gold.load(path)
        text, spans = gold.parse(body)
        documents[path.stem] = (text, spans, json.loads(meta))
    found = list(ours(asked.referentd, asked.referent, documents, queries))
    results = {"referent": [measures(*pair) for pair in zip(found, (q["relevant"] for q in queries))],
               "plain Xapian": [measures(rank, query["relevant"])
                                for rank, query in zip(plain(documents, queries), queries)]}
    table(queries, results)
    for query, rank, row, other in zip(queries, found, results["referent"], results["plain Xapian"]):
        if asked.misses and row[2] < 1:
            print(f"{row[2]:.2f} ({other[2]:.2f}) {'held ' if query.get('held') else ''}{query['query']}\n"
                  f"      wanted {query['relevant']}\n      found  {rank[:5]}")
    below = [f"{label} {name}" for label, held in (("tuned", False), ("held", True))
             for name, value in zip(("success@1", "success@5", "ndcg@10"),
                                    mean([row for row, query in zip(results["referent"], queries)
                                          if query.get("held", False) == held]))
             if value < floor[label][name]]
    if below:
        sys.exit("below the floor: " + ", ".join(below))


if __name__ == "__main__":
    main()
