#!/usr/bin/env python3
"""The worker beside Xapian alone, scriptindex, PostgreSQL, SQLite FTS5 and Sphinx: one table of ratios from one run.

Parts:  index    documents a second on one core, every peer in turn, ROUNDS times; ratios to Xapian alone, round by round
        scaling  the worker with 1 shard on 1 core, and with as many shards as there are cores (4 at most), steadily and in bulk
        search   the same questions asked of the worker, Xapian alone, PostgreSQL (ts_rank) and FTS5
        latency  from sending to searchable at low load and under full load; searching while feeding, against idle
        text     what the stored text costs
        memory   peak memory of a steady load and of a bulk load, with more documents than the other parts have
The last table sets what was asked beside what this run has measured of it.
README.md beside this file says what each peer does and what was found.
"""
import argparse
import json
import os
import pathlib
import platform
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time

import asked
import chart
import peers
import process
import worker_peer

HERE = pathlib.Path(__file__).resolve().parent
PARTS = ["index", "scaling", "search", "latency", "text", "memory"]
YARDSTICK = "Xapian, default commits"
ITEMS = "Xapian, items, commit 500, stems only"  # what the bulk path is measured against
BULK, BUILDER = "referent, bulk", "its builder alone: postings in, checked segment out"
SAME = "Xapian compacted, same postings and data"
QUESTIONS = 60


class Bench:
    def __init__(self, args, place):
        self.bin = pathlib.Path(args.bin).resolve()
        self.documents, self.rounds, self.place = args.documents, args.rounds, place
        self.corpus, self.only, self.ways = place / "corpus", args.only, args.ways
        self.memory_documents = args.memory_documents or 10 * args.documents
        self.found = {"machine": machine(), "documents": args.documents, "rounds": args.rounds}

    def make_corpus(self, generator):
        own = HERE / "make_corpus.py"
        words, *_ = process.run([sys.executable, generator or own, "--out", self.corpus, "--count", self.documents,
                                 "--bytes", 6400], process.CORES)
        self.found["corpus"] = words.strip()

    def files(self):
        return [(str(path.relative_to(self.corpus)), path.read_text(encoding="utf-8"))
                for path in sorted(self.corpus.rglob("*.md"))]

    def questions(self):
        """One, two and three words that stand near each other in some item, seldom and frequent ones: the same ones every time."""
        draw, asked = random.Random(7), []
        files = sorted(self.corpus.rglob("*.md"))
        while len(asked) < QUESTIONS:
            words = re.findall(r"\b[a-zæøå]{5,}\b", draw.choice(files).read_text(encoding="utf-8"))
            at = draw.randrange(len(words) - 3)
            asked.append(" ".join(words[at:at + 1 + len(asked) % 3]))
        path = self.place / "questions"
        path.write_text("\n".join(asked) + "\n", encoding="utf-8")
        return path


def machine():
    names = set(re.findall(r"model name\s*: (.+)", pathlib.Path("/proc/cpuinfo").read_text()))
    packages = ["libxapian30", "postgresql-15", "libsqlite3-0", "sphinxsearch", "libzmq5", "libdeflate0"]
    versions = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}\n", *packages], capture_output=True,
                              text=True, check=False).stdout.split("\n")
    return {"processor": ", ".join(sorted(names)) or platform.machine(), "cores": len(process.CORES),
            "kernel": platform.release(), "date": time.strftime("%Y-%m-%d"), "versions": [v for v in versions if v]}


def say(words):
    print(f"==> {words}", file=sys.stderr, flush=True)


def median(values):
    return statistics.median(values) if values else float("nan")


def quantile(values, part):
    return sorted(values)[min(int(len(values) * part), len(values) - 1)] if values else float("nan")


# ---- index

def index_peers(bench):
    ours = [("referent, steady", worker_peer.worker([process.MEASURED], 1))]
    if len(process.CORES) > 1:
        ours.append(("referent, steady, core for its writer", worker_peer.writer_core))
    if worker_peer.has_bulk(bench):
        ours.append((BULK, worker_peer.worker([process.MEASURED], 1, "--bulk")))
        ours.append((BUILDER, worker_peer.steady_bench("bulk")))
        if shutil.which("xapian-compact"):
            ours.append((SAME, worker_peer.steady_bench("compact")))
    others, absent = peers.available()
    return others, ours, absent


def index_rows(rounds, documents):
    """Medians of what was measured, and of the ratios to the yardstick of the same round."""
    rows = []
    for name in rounds[0]:
        taken = [(one[name], one[YARDSTICK]) for one in rounds if name in one]
        rows.append({"name": name,
                     "rate": documents / median([mine["seconds"] for mine, _ in taken]),
                     "ratio": median([base["seconds"] / mine["seconds"] for mine, base in taken]),
                     "cpu_ratio": median([base["cpu"] / mine["cpu"] for mine, base in taken]),
                     "items_ratio": median([one[ITEMS]["cpu"] / one[name]["cpu"] for one in rounds
                                            if name in one and ITEMS in one]),
                     "cpu_ms": 1000 * median([mine["cpu"] for mine, _ in taken]) / documents,
                     "rss_mb": median([mine["rss_mb"] for mine, _ in taken]),
                     "index_mb": median([mine["index_mb"] for mine, _ in taken]),
                     "threads": taken[-1][0].get("threads")})
    return rows


def part_index(bench):
    others, ours, absent = index_peers(bench)
    wanted = re.compile(bench.only)
    others = [(name, call) for name, call in others if name in (YARDSTICK, ITEMS) or wanted.search(name)]
    ours = [(name, call) for name, call in ours if wanted.search(name)]
    rounds = []
    for number in range(bench.rounds):
        taken = {}
        for name, call in others + ours:
            say(f"round {number + 1} of {bench.rounds}: {name}")
            with process.folder() as place:
                taken[name] = call(bench, place)
        rounds.append(taken)
    rows = index_rows(rounds, bench.documents)
    bench.found["index"] = {"rows": rows, "absent": absent, "rounds": rounds}
    print(f"\n{'indexing, one core':<52}{'documents/s':>12}{'ratio':>8}{'CPU ratio':>11}{'CPU to items':>14}"
          f"{'CPU ms/doc':>12}{'peak MB':>9}{'index MB':>10}")
    for row in rows:
        print(f"{row['name']:<52}{row['rate']:>12.0f}{row['ratio']:>8.2f}{row['cpu_ratio']:>11.2f}"
              f"{row['items_ratio']:>14.2f}{row['cpu_ms']:>12.2f}{row['rss_mb']:>9.0f}{row['index_mb']:>10.0f}")
        if row["threads"]:
            whole = sum(row["threads"].values())
            shares = sorted(((spent / whole, name) for name, spent in row["threads"].items()), reverse=True)
            print("    of its CPU time: " + ", ".join(f"{name} {share:.0%}" for share, name in shares if share >= .005))
    sizes = {row["name"]: row["index_mb"] for row in rows}
    if BUILDER in sizes and SAME in sizes:
        bench.found["index"]["size_ratio"] = sizes[BUILDER] / sizes[SAME]
        print(f"index after bulk to Xapian's own, compacted, of the same postings, values and data: "
              f"{sizes[BUILDER] / sizes[SAME]:.3f}")
    for name in absent:
        print(f"{name:<52}  not on this machine")


# ---- scaling

def part_scaling(bench):
    cores = process.CORES[-4:]
    many = f"{len(cores)} shards, {len(cores)} cores"
    ways = {"steady, 1 shard, 1 core": ([process.MEASURED], 1, [])}
    if len(cores) > 1:
        ways[f"steady, {many}"] = (cores, len(cores), [])
    if worker_peer.has_bulk(bench):
        ways["bulk, 1 shard, 1 core"] = ([process.MEASURED], 1, ["--bulk"])
        if len(cores) > 1:
            ways[f"bulk, {many}"] = (cores, len(cores), ["--bulk"])
    ways = {name: way for name, way in ways.items() if re.search(bench.ways, name)}
    rounds, series = [], {}
    for number in range(bench.rounds):
        taken = {}
        for name, (on, shards, options) in ways.items():
            say(f"round {number + 1} of {bench.rounds}: {name}")
            with process.folder() as place, worker_peer.Worker(bench, place / "worker", on, shards,
                                                               "log_level = debug\n") as one:
                taken[name] = one.feed(*options, cores=on)
                if not options:
                    series[name] = worker_peer.commits(one.log)
        say(f"round {number + 1} of {bench.rounds}: {YARDSTICK}")
        with process.folder() as place:
            taken[YARDSTICK] = peers.bare_xapian()(bench, place)
        rounds.append(taken)
    bench.found["scaling"] = {"rounds": rounds, "commits": series}
    print(f"\n{'scaling, feeder on the same cores':<40}{'documents/s':>12}{'to 1 core':>11}{'to Xapian':>11}"
          f"{'CPU to Xapian':>15}{'CPU ms/doc':>12}{'peak MB':>9}")
    for name in [YARDSTICK, *ways]:
        alone = f"{name.split(',')[0]}, 1 shard, 1 core"
        alone = alone if alone in ways else name
        print(f"{name:<40}{bench.documents / median([one[name]['seconds'] for one in rounds]):>12.0f}"
              f"{median([one[alone]['seconds'] / one[name]['seconds'] for one in rounds]):>11.2f}"
              f"{median([one[YARDSTICK]['seconds'] / one[name]['seconds'] for one in rounds]):>11.2f}"
              f"{median([one[YARDSTICK]['cpu'] / one[name]['cpu'] for one in rounds]):>15.2f}"
              f"{1000 * median([one[name]['cpu'] for one in rounds]) / bench.documents:>12.2f}"
              f"{median([one[name]['rss_mb'] for one in rounds]):>9.0f}")
    if len(cores) < 4:
        print(f"this machine has {len(cores)} cores; 4 were asked for")


# ---- search

def service_times(bench, endpoint, questions, rounds, cores=None, hits=()):
    words, *_ = process.run([bench.bin / "service_bench", "search", endpoint, questions, rounds, *hits],
                            cores or process.OTHERS)
    return [float(line.split()[0]) for line in words.splitlines()]


def part_search(bench):
    questions, rounds, times = bench.questions(), 3, {}
    others, absent = peers.available()
    say("search: filling the indexes")
    with process.folder() as place, worker_peer.Worker(bench, place / "worker", process.CORES, 1) as one:
        one.feed(cores=process.CORES)
        process.run([bench.bin / "bare_xapian", "index", place / "db", bench.corpus, "--items", "--stem-all"])
        process.run([sys.executable, HERE / "fts5_peer.py", "index", place / "fts.db", bench.corpus, peers.BATCH])
        say("search: asking")
        times["referent, over ZeroMQ, with its data"] = service_times(bench, one.search_endpoint, questions, rounds)
        times["referent, over ZeroMQ, ids alone"] = service_times(bench, one.search_endpoint, questions, rounds, hits=["ids"])
        words, *_ = process.run([bench.bin / "bare_xapian", "search", place / "db", questions, rounds])
        times["Xapian in the process, items, ids"] = [float(line.split()[0]) for line in words.splitlines()]
        words, *_ = process.run([sys.executable, HERE / "fts5_peer.py", "search", place / "fts.db", questions, rounds])
        times["SQLite FTS5 in the process, ids"] = [float(line) for line in words.split()]
        if peers.postgres_bin():
            with peers.Postgres(place) as server:
                server.load(bench.files(), False)
                with server.connection, server.connection.cursor() as ask:
                    ask.execute("ANALYZE minutes")
                times["PostgreSQL ts_rank, ids"] = server.search(questions.read_text(encoding="utf-8").splitlines(), rounds)
    whole, bare = (quantile(times[f"referent, over ZeroMQ, {hits}"], .5) for hits in ("with its data", "ids alone"))
    bench.found["search"] = {name: {"p50_us": quantile(t, .5), "p99_us": quantile(t, .99)} for name, t in times.items()}
    print(f"\n{'searching, the same questions, top 10':<40}{'p50 ms':>10}{'p99 ms':>10}{'to data':>10}{'to ids':>10}")
    for name, taken in times.items():
        print(f"{name:<40}{quantile(taken, .5) / 1000:>10.2f}{quantile(taken, .99) / 1000:>10.2f}"
              f"{quantile(taken, .5) / whole:>10.1f}{quantile(taken, .5) / bare:>10.1f}")


# ---- latency

def arrivals(bench, one, documents, gap_ms):
    words, *_ = process.run([bench.bin / "service_bench", "arrive", one.feed_endpoint, one.search_endpoint, documents, gap_ms],
                            process.CORES)
    both = [tuple(map(float, line.split())) for line in words.splitlines()]
    return [receipt for receipt, _ in both], [found for _, found in both]


def while_feeding(bench, one, source, call):
    """What `call` gives, again and again, while the corpus comes once more under the ids of another source."""
    found = []
    feeder = one.feed_begin("--source", source, cores=process.CORES)
    try:
        time.sleep(0.5)
        while feeder.poll() is None:
            found += call()
    finally:
        feeder.kill()
        feeder.wait()
        feeder.stdout.close()
    return found


def with_cpu(one, counted, call):
    """What `call` gives; the CPU milliseconds of the search threads go into `counted`, with how many searches they were."""
    def cpu():
        return process.threads(one.process.pid)["search"]
    before, found = cpu(), call()
    counted.append((1000 * (cpu() - before), len(found)))
    return found


def part_latency(bench):
    questions = bench.questions()
    shards = min(4, len(process.CORES))
    idle_cpu, busy_cpu = [], []
    say("latency: filling the index")
    with process.folder() as place, worker_peer.Worker(bench, place / "worker", process.CORES, shards) as one:
        one.feed(cores=process.CORES)
        say("latency: idle")
        idle = with_cpu(one, idle_cpu, lambda: service_times(bench, one.search_endpoint, questions, 5, process.CORES))
        receipt, found = arrivals(bench, one, 60, 150)
        say("latency: under full load")
        busy = while_feeding(bench, one, "again", lambda: with_cpu(one, busy_cpu, lambda: service_times(
            bench, one.search_endpoint, questions, 5, process.CORES)))
        late = while_feeding(bench, one, "more", lambda: arrivals(bench, one, 1, 0)[1])
    rows = [("searching, idle", idle), ("searching while feeding", busy), ("sent to receipt, low load", receipt),
            ("sent to searchable, low load", found), ("sent to searchable, full load", late)]
    bench.found["latency"] = {name: {"p50_us": quantile(t, .5), "p99_us": quantile(t, .99), "count": len(t)}
                              for name, t in rows}
    for name, counted in (("searching, idle", idle_cpu), ("searching while feeding", busy_cpu)):
        # of every six searches of a question the first is not timed
        bench.found["latency"][name]["cpu_ms"] = sum(cpu for cpu, _ in counted) / (sum(n for _, n in counted) * 6 / 5)
    print(f"\n{f'latency, {shards} shards':<40}{'p50 ms':>10}{'p99 ms':>10}{'count':>8}")
    for name, taken in rows:
        print(f"{name:<40}{quantile(taken, .5) / 1000:>10.2f}{quantile(taken, .99) / 1000:>10.2f}{len(taken):>8}")
    print(f"{'while feeding to idle':<40}{quantile(busy, .5) / quantile(idle, .5):>10.2f}"
          f"{quantile(busy, .99) / quantile(idle, .99):>10.2f}")
    told = bench.found["latency"]
    print(f"{'CPU ms of a search, idle; while feeding':<40}{told['searching, idle']['cpu_ms']:>10.2f}"
          f"{told['searching while feeding']['cpu_ms']:>10.2f}")


# ---- text

def part_text(bench):
    """The same records with and without the text, in turn; packing it is a cost of reading."""
    rounds = {way: {"kept": [], "left": []} for way in ("young:512", "bulk")}
    packing, sizes = [], {}
    for number in range(bench.rounds):
        say(f"round {number + 1} of {bench.rounds}: text kept and left out")
        for name, text in (("kept", 1), ("left", 0)):
            with process.folder() as place:
                words, *_ = process.run([bench.bin / "steady_bench", bench.corpus, "--rounds", 1, "--place", place,
                                         "--ways", ",".join(rounds), "--text", text])
            packing.append(float(re.search(r"packing the text ([0-9.]+) ms", words).group(1)))
            for way, taken in rounds.items():
                spent, sizes[way, name] = map(float, re.search(rf"^{way} +([0-9.]+) ms a file +([0-9.]+) MB", words,
                                                               re.M).groups())
                taken[name].append(spent)
    found = {way: {"with_ms": median(taken["kept"]), "without_ms": median(taken["left"]), "packing_ms": median(packing),
                   "with_mb": sizes[way, "kept"], "without_mb": sizes[way, "left"],
                   "kept_ms": median(packing) + median([a - b for a, b in zip(taken["kept"], taken["left"])])}
             for way, taken in rounds.items()}
    bench.found["text"] = found
    print(f"\n{'the text, CPU ms a document':<40}{'with':>10}{'without':>10}{'packing':>10}{'it costs':>10}"
          f"{'MB with':>10}{'without':>10}")
    for way, row in found.items():
        print(f"{way:<40}{row['with_ms']:>10.3f}{row['without_ms']:>10.3f}{row['packing_ms']:>10.3f}{row['kept_ms']:>10.3f}"
              f"{row['with_mb']:>10.1f}{row['without_mb']:>10.1f}")


# ---- memory

def many(bench, place):
    """The corpus again and again under other names, until there are as many documents as are wanted."""
    files = sorted(path for path in bench.corpus.rglob("*.md"))
    for number in range(bench.memory_documents):
        path = place / f"{number // len(files):04}" / files[number % len(files)].relative_to(bench.corpus)
        path.parent.mkdir(parents=True, exist_ok=True)
        os.link(files[number % len(files)], path)
    return place


def part_memory(bench):
    shards, found = min(4, len(process.CORES)), {}
    with process.folder() as place:
        corpus = many(bench, place / "many")
        for way, options in (("steady", []), ("bulk", ["--bulk"] if worker_peer.has_bulk(bench) else None)):
            if options is None:
                continue
            say(f"memory: {bench.memory_documents} documents, {way}")
            with process.folder() as home, worker_peer.Worker(bench, home / "worker", process.CORES, shards) as one:
                one.bench = argparse.Namespace(bin=bench.bin, corpus=corpus, documents=bench.memory_documents)
                found[way] = one.feed(*options, cores=process.CORES)
    bench.found["memory"] = found
    print(f"\n{f'{bench.memory_documents} documents, {shards} shards':<40}{'documents/s':>12}{'CPU ms/doc':>12}{'peak MB':>9}")
    for way, taken in found.items():
        print(f"{way:<40}{bench.memory_documents / taken['seconds']:>12.0f}"
              f"{1000 * taken['cpu'] / bench.memory_documents:>12.2f}{taken['rss_mb']:>9.0f}")


# ---- the run

def asked_print(bench):
    answers = list(asked.answers(bench.found))
    bench.found["asked"] = {measure: {"asked": wanted, "found": value} for measure, wanted, value, _ in answers}
    print(f"\n{'what was asked':<56}{'asked':>10}{'found':>10}")
    for measure, wanted, value, kept in answers:
        print(f"{measure:<56}{wanted:>10.4g}{value:>10.3g}{'' if kept else '   not reached'}")


def pictures(bench, folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    found = bench.found
    if "index" in found:
        (folder / "index.svg").write_text(chart.bars("Indexing on one core", "documents/s", {
            row["name"]: row["rate"] for row in found["index"]["rows"]}), encoding="utf-8")
    if "scaling" in found:
        (folder / "scaling.svg").write_text(chart.bars("Steady path, scaling", "documents/s", {
            name: bench.documents / median([one[name]["seconds"] for one in found["scaling"]["rounds"]])
            for name in found["scaling"]["rounds"][0]}), encoding="utf-8")
        (folder / "throughput.svg").write_text(chart.lines(
            "Documents committed over time", "seconds", "documents", {
                name: [(0, 0), *points] for name, points in found["scaling"]["commits"].items()}), encoding="utf-8")


def end(*_):
    raise KeyboardInterrupt  # so that every block ends what it began


def main():
    signal.signal(signal.SIGTERM, end)
    parser = argparse.ArgumentParser(prog="deploy/bench", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=2000, help="size of the corpus (2000)")
    parser.add_argument("--rounds", type=int, default=3, help="every peer so many times, in turn (3)")
    parser.add_argument("--parts", default=",".join(PARTS), help="some of " + ",".join(PARTS))
    parser.add_argument("--only", metavar="REGEX", default="", help="part index: only peers with such a name")
    parser.add_argument("--ways", metavar="REGEX", default="", help="part scaling: only ways with such a name")
    parser.add_argument("--memory-documents", type=int, metavar="N", help="part memory (ten times the corpus)")
    parser.add_argument("--json", metavar="FILE", help="write everything measured there")
    parser.add_argument("--svg", metavar="FOLDER", help="write pictures there")
    parser.add_argument("--bin", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--generator", help=argparse.SUPPRESS)
    args = parser.parse_args()
    parts = args.parts.split(",")
    if not set(parts) <= set(PARTS) or args.documents < 100 or args.rounds < 1:
        parser.error(f"--parts are some of {','.join(PARTS)}, --documents at least 100, --rounds at least 1")
    with process.folder() as place:
        bench = Bench(args, place)
        say(f"making {args.documents} minutes")
        bench.make_corpus(args.generator)
        about = bench.found["machine"]
        print(f"{about['processor']}, {about['cores']} cores, Linux {about['kernel']}, {about['date']}; "
              f"{'; '.join(about['versions'])}\n{bench.found['corpus']}; {args.rounds} rounds; load {os.getloadavg()[0]:.1f}")
        for part in parts:
            globals()[f"part_{part}"](bench)
            sys.stdout.flush()
        asked_print(bench)
        if args.json:
            pathlib.Path(args.json).write_text(json.dumps(bench.found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        if args.svg:
            pictures(bench, args.svg)


if __name__ == "__main__":
    try:
        main()
    except process.Failure as failure:
        sys.exit(f"bench: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
