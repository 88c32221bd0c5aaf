"""What was asked of the worker, beside what a run found: the table at the end of a bench."""

# (measure, asked, "least" or "most", how the run tells it: from what bench.py calls `found`; None where it has not measured)
ROWS = [
    ("bulk, its builder alone, to Xapian with items", 9, "least", lambda f: row(f, "its builder alone", "items_ratio")),
    ("bulk, the whole worker, to Xapian with items", 6, "least", lambda f: row(f, "referent, bulk", "items_ratio")),
    ("bulk, 4 shards on 4 cores, to Xapian on one", 25, "least", lambda f: scaling(f, "bulk, 4 shards", "Xapian")),
    ("steady, one writer core, to Xapian", 2.5, "least", lambda f: row(f, "core for its writer", "ratio")),
    ("steady, one core, to Xapian, by CPU time", 2.5, "least", lambda f: row(f, "referent, steady", "cpu_ratio")),
    ("steady, 4 shards on 4 cores, to 1 on 1", 3.4, "least",
     lambda f: scaling(f, "steady, 4 shards", "steady, 1 shard")),
    ("CPU outside index building, steady, %", 15, "most", lambda f: outside(f, "terms")),
    ("the same, if making terms is not index building, %", 15, "most", lambda f: outside(f)),
    ("text kept, share of the steady worker's CPU, %", 10, "most", lambda f: text(f, "young:512", "referent, steady")),
    ("text kept, share of the bulk worker's CPU, %", 10, "most", lambda f: text(f, "bulk", "referent, bulk")),
    ("peak memory, steady, 4 shards, MB", 600, "most", lambda f: memory(f, "steady")),
    ("peak memory, bulk with 512 MB, MB", 900, "most", lambda f: memory(f, "bulk")),
    ("index after bulk to Xapian's, same data", 1.05, "most", lambda f: f["index"]["size_ratio"]),
    ("searching while feeding to idle, p50", 2, "most", lambda f: latency(f, "p50_us")),
    ("searching while feeding to idle, p99", 2, "most", lambda f: latency(f, "p99_us")),
    ("searching, PostgreSQL's p50 (ids) to ours with data", 20, "least", lambda f: search(f, "PostgreSQL", "data")),
    ("searching, FTS5's p50 (ids) to ours with data", 5, "least", lambda f: search(f, "SQLite", "data")),
    ("searching, PostgreSQL's p50 to ours, ids alone", 20, "least", lambda f: search(f, "PostgreSQL", "ids alone")),
    ("searching, FTS5's p50 to ours, ids alone", 5, "least", lambda f: search(f, "SQLite", "ids alone")),
    ("one document searchable, low load, p99 ms", 200, "most",
     lambda f: f["latency"]["sent to searchable, low load"]["p99_us"] / 1000),
]


def named(table, words):
    """The first entry whose name begins with the words, or else holds them; KeyError if a run left it out (--only)."""
    return table[next((name for name in table if name.startswith(words)), None)
                 or next((name for name in table if words in name), words)]


def row(found, words, key):
    return named({one["name"]: one for one in found["index"]["rows"]}, words)[key]


def middle(values):
    values = sorted(values)
    return values[len(values) // 2]


def scaling(found, words, base):
    return middle(named(one, base)["seconds"] / named(one, words)["seconds"] for one in found["scaling"]["rounds"])


def outside(found, *building):
    """Extraction, receiving and receipts; threads that have ended merged young segments. Tokens, stems and
    postings, which in the yardstick are Xapian's own work, count as index building if told."""
    threads = row(found, "referent, steady", "threads")
    inside = ("write", "merge", "ended", *building)
    return 100 * sum(spent for name, spent in threads.items() if name not in inside) / sum(threads.values())


def text(found, way, peer):
    return 100 * found["text"][way]["kept_ms"] / row(found, peer, "cpu_ms")


def memory(found, way):
    return found["memory"][way]["rss_mb"]


def latency(found, key):
    return found["latency"]["searching while feeding"][key] / found["latency"]["searching, idle"][key]


def search(found, words, hits):
    return named(found["search"], words)["p50_us"] / named(found["search"], hits)["p50_us"]


def answers(found):
    """(measure, asked, found, kept?) of what the run has measured."""
    for measure, asked, way, told in ROWS:
        try:
            value = told(found)
        except KeyError:
            continue
        yield measure, asked, value, value >= asked if way == "least" else value <= asked
