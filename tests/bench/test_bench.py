#!/usr/bin/env python3
"""The bench itself, in small: it measures, its table adds up, its pictures are XML, and it leaves nothing behind.

test_bench.py BIN
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import xml.dom.minidom

HERE = pathlib.Path(__file__).resolve().parent
BIN = sys.argv.pop() if len(sys.argv) > 1 else ""
sys.path.insert(0, str(HERE))
import asked  # noqa: E402
import bench  # noqa: E402
import chart  # noqa: E402


def corpus(folder, *more):
    subprocess.run([sys.executable, HERE / "make_corpus.py", "--out", folder, "--count", "30", *more], check=True,
                   stdout=subprocess.DEVNULL)
    return b"".join(path.read_bytes() for path in sorted(pathlib.Path(folder).rglob("*.md")))


class Corpus(unittest.TestCase):
    def test_the_same_arguments_give_the_same_bytes(self):
        with tempfile.TemporaryDirectory() as place:
            first, again = corpus(place + "/a", "--jobs", "1"), corpus(place + "/b", "--jobs", "3")
            other = corpus(place + "/c", "--seed", "2")
        self.assertEqual(first, again)
        self.assertNotEqual(first, other)
        self.assertGreater(first.count(b"\n## Punkt "), 60)
        self.assertTrue(4500 < len(first) / 30 < 10000, len(first) / 30)


class Figures(unittest.TestCase):
    def test_ratios_are_taken_round_by_round(self):
        def one(seconds):
            return {"seconds": seconds, "cpu": seconds, "rss_mb": 1, "index_mb": 1}
        rounds = [{bench.YARDSTICK: one(8), "ours": one(2)}, {bench.YARDSTICK: one(80), "ours": one(20)},
                  {bench.YARDSTICK: one(10), "ours": one(1)}]
        rows = {row["name"]: row for row in bench.index_rows(rounds, 100)}
        self.assertEqual(rows["ours"]["ratio"], 4)
        self.assertEqual(rows["ours"]["rate"], 50)
        self.assertEqual(rows[bench.YARDSTICK]["ratio"], 1)

    def test_what_was_asked_stands_beside_what_was_found(self):
        found = {"latency": {"searching, idle": {"p50_us": 1000, "p99_us": 2000},
                             "searching while feeding": {"p50_us": 1500, "p99_us": 9000}},
                 "index": {"rows": [{"name": "referent, steady", "cpu_ratio": 4, "cpu_ms": 2,
                                     "threads": {"write": 5, "ended": 1, "terms": 2, "read": 1, "intake": 1}}]},
                 "scaling": {"rounds": [{"bulk, 4 shards, 4 cores": {"seconds": 1}, bench.YARDSTICK: {"seconds": 30}}]},
                 "text": {"young:512": {"kept_ms": 0.1}},
                 "search": {"referent, with its data": {"p50_us": 800}, "referent, ids alone": {"p50_us": 400},
                            "SQLite FTS5, ids": {"p50_us": 2000}, "PostgreSQL ts_rank, ids": {"p50_us": 8000}}}
        told = {measure: (value, kept) for measure, _, value, kept in asked.answers(found)}
        self.assertEqual(told, {"bulk, 4 shards on 4 cores, to Xapian on one": (30, True),
                                "steady, one core, to Xapian, by CPU time": (4, True),
                                "CPU outside index building, steady, %": (20, False),
                                "the same, if making terms is not index building, %": (40, False),
                                "text kept, share of the steady worker's CPU, %": (5, True),
                                "searching, PostgreSQL's p50 (ids) to ours with data": (10, False),
                                "searching, FTS5's p50 (ids) to ours with data": (2.5, False),
                                "searching, PostgreSQL's p50 to ours, ids alone": (20, True),
                                "searching, FTS5's p50 to ours, ids alone": (5, True),
                                "searching while feeding to idle, p50": (1.5, True),
                                "searching while feeding to idle, p99": (4.5, False)})

    def test_a_chart_holds_every_value(self):
        drawn = xml.dom.minidom.parseString(chart.bars("<t>", "x", {"a & b": 5.0, "c": 1234.0}))
        words = [node.firstChild.data for node in drawn.getElementsByTagName("text") if node.firstChild]
        self.assertTrue({"a & b", "1,234", "5.00", "<t>"} <= set(words), words)


class Run(unittest.TestCase):
    def test_a_small_run_measures_and_leaves_nothing(self):
        with tempfile.TemporaryDirectory() as place:
            scratch = pathlib.Path(place) / "scratch"
            scratch.mkdir()
            done = subprocess.run(
                [sys.executable, HERE / "bench.py", "--bin", BIN, "--documents", "100", "--rounds", "1", "--parts",
                 "index,scaling,text,memory", "--only", "referent, steady$|FTS5|PostgreSQL, index last|builder alone|compacted", "--memory-documents", "230", "--json", place + "/found.json", "--svg", place + "/svg"], capture_output=True,
                text=True, check=False, env=os.environ | {"TMPDIR": str(scratch)})
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(list(scratch.iterdir()), [])
            found = json.loads(pathlib.Path(place, "found.json").read_text(encoding="utf-8"))
            for name in ("index", "scaling", "throughput"):
                xml.dom.minidom.parse(f"{place}/svg/{name}.svg")
        rows = {row["name"]: row for row in found["index"]["rows"]}
        ours = rows["referent, steady"]
        self.assertTrue(ours["rate"] > 0 and ours["cpu_ratio"] > 0 and ours["rss_mb"] > 10 and ours["index_mb"] > 0.1, ours)
        self.assertTrue({"write", "read", "terms"} <= {name for name, spent in ours["threads"].items() if spent > 0}, ours)
        self.assertEqual(found["scaling"]["commits"]["steady, 1 shard, 1 core"][-1][1], 100)
        self.assertEqual(set(rows), {bench.YARDSTICK, bench.ITEMS, bench.BUILDER, bench.SAME, "referent, steady",
                                     "SQLite FTS5 (no Danish stems)", "PostgreSQL, index last"} - set(found["index"]["absent"]))
        self.assertEqual(rows[bench.ITEMS]["items_ratio"], 1)
        self.assertGreater(rows[bench.BUILDER]["items_ratio"], 1)
        self.assertTrue(0.9 < rows[bench.BUILDER]["index_mb"] / rows[bench.SAME]["index_mb"] < 1.1, rows)
        for way in found["text"].values():
            self.assertTrue(min(way["packing_ms"], way["with_ms"], way["without_ms"]) > 0, way)
            self.assertGreater(way["with_mb"], way["without_mb"] * 1.05)
        self.assertTrue(all(way["rss_mb"] > 10 for way in found["memory"].values()), found["memory"])
        self.assertGreater(found["asked"]["peak memory, steady, 4 shards, MB"]["found"], 10)
        self.assertIn("referent, steady", done.stdout)


if __name__ == "__main__":
    unittest.main()
