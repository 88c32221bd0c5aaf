"""proto/README.md names every rule that can stand in a Receipt or a Failure, and no other."""
import re
import unittest

from worker import PROJECT, README

# Where rules come from that a client can see, and what in them never leaves the worker.
SOURCES = ["worker/dead", "worker/guard", "worker/intake", "worker/wire/frame.c", "worker/text", "worker/write", "worker/query",
           "worker/base/arena.c", "worker/pipeline.c", "worker/reader.c", "worker/structured.c", "shim"]
INSIDE = {
    "thread.start", "lineage.random", "schema.newer", "schema.older", "shards.mismatch", "data.path", "data.lock",
    "data.stub", "data.make", "data.sync", "data.open", "record.damaged", "body.damaged", "body.pack", "view.empty",
    "commit.revision", "instance.random", "body.size", "usage.amount", "quarantine.file", "disk.unknown", "writer.ended",
    "dead.copy", "young.check", "young.merge",
}


def rules_in_sources():
    found = set()
    for source in SOURCES:
        path = PROJECT / source
        files = [path] if path.is_file() else [file for kind in ("*.c", "*.cc", "*.re") for file in path.rglob(kind)]
        for file in files:
            text = file.read_text(encoding="utf-8")
            found.update(re.findall(r'error_set\([^"]*?FAULT_(?:REJECT|RETRY|REOPEN|STOP)[^"]*?"([a-z0-9_.]+)"', text))
    return found


def places_in_shim():
    """What a Xapian error is named after: where it came up."""
    files = sorted((PROJECT / "shim").glob("*.cc"))
    return {rule for file in files for rule in re.findall(r'"([a-z]+\.[a-z]+)"', file.read_text(encoding="utf-8"))}


def rules_in_readme():
    """The first column of each table that is headed "rule"; other tables explain other words."""
    tables = re.findall(r"^\| rule.*\n\| --- .*\n((?:\|.*\n)+)", README.read_text(encoding="utf-8"), re.M)
    return {rule for table in tables for rule in re.findall(r"^\| `([a-z0-9_.]+)` \|", table, re.M)}


class Rules(unittest.TestCase):
    def test_every_rule_is_explained(self):
        self.assertEqual(sorted(rules_in_sources() - INSIDE - rules_in_readme()), [])

    def test_every_explained_rule_exists(self):
        self.assertEqual(sorted(rules_in_readme() - rules_in_sources() - places_in_shim()), [])
