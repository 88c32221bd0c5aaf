"""The worker in a bench: started on given cores with a folder of its own, fed, measured, ended."""
import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import time

import process


class Worker:
    def __init__(self, bench, place, cores, shards, settings=""):
        self.bench, self.place, self.cores, self.shards = bench, place, cores, shards
        self.settings = settings + "bulk_from_documents = 0\n"  # steadily, unless --bulk is said

    def __enter__(self):
        self.place.mkdir(exist_ok=True)
        (self.place / "referent.conf").write_text(self.settings)
        self.log = self.place / "referentd.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(process.pinned(
                [self.bench.bin / "referentd", "--config", self.place / "referent.conf", "--data", self.place / "index",
                 "--shards", self.shards, "--feed", "tcp://127.0.0.1:*", "--search", "tcp://127.0.0.1:*"], self.cores),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while True:
            ready = re.search(r"^event=ready .*?feed=(\S+) search=(\S+)", self.log.read_text(errors="replace"), re.M)
            if ready:
                self.feed_endpoint, self.search_endpoint = ready.groups()
                return self
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.process.kill()
                raise process.Failure("referentd does not become ready: " + self.log.read_text(errors="replace")[-600:])
            time.sleep(0.05)

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(60)
        if self.process.returncode is None:
            self.process.kill()
            self.process.wait()

    def writers_alone(self, core):
        """The threads that build the index on one core of their own, all others elsewhere."""
        for task in os.listdir(f"/proc/{self.process.pid}/task"):
            name = pathlib.Path(f"/proc/{self.process.pid}/task/{task}/comm").read_text().strip()
            os.sched_setaffinity(int(task), {core} if name == "write" else process.OTHERS)

    def feed_begin(self, *options, cores=None):
        return subprocess.Popen(process.pinned(
            [self.bench.bin / "referent", "feed", "--feed", self.feed_endpoint, *options, self.bench.corpus],
            cores or process.OTHERS), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def counters(self):
        return json.loads(subprocess.run([self.bench.bin / "referent", "status", "--json", "--search",
                                          self.search_endpoint], capture_output=True, check=True).stdout)["counters"]

    def feed(self, *options, cores=None):
        """Feed the corpus; what a peer's index_* gives, and the CPU of each kind of thread."""
        terms = self.counters()["terms_us"] / 1e6
        before, start = process.threads(self.process.pid), time.monotonic()
        feeder = self.feed_begin(*options, cores=cores)
        words = feeder.communicate()[0].decode()
        seconds = time.monotonic() - start
        counted = process.pairs(words)
        if feeder.returncode != 0 or counted.get("committed") != self.bench.documents:
            raise process.Failure(f"feeding ended with {feeder.returncode}: {words.strip()}")
        after = process.threads(self.process.pid)
        cpu = {name: spent - before.get(name, 0) for name, spent in after.items()}
        cpu["terms"] = self.counters()["terms_us"] / 1e6 - terms  # of the readers' time
        cpu["read"] -= cpu["terms"]
        return {"seconds": seconds, "cpu": sum(cpu.values()), "threads": cpu, "rss_mb": process.memory_mb(self.process.pid)[1],
                "index_mb": process.folder_mb(self.place / "index")}


def has_bulk(bench):
    words = subprocess.run([bench.bin / "referent", "feed", "--help"], capture_output=True, text=True, check=False).stdout
    return "--bulk" in words


def worker(cores, shards, *options):
    def index(bench, place):
        with Worker(bench, place / "worker", cores, shards) as one:
            return one.feed(*options)
    return index


def steady_bench(way):
    """One way of steady_bench over the corpus, whose records are made before anything is measured."""
    def index(bench, place):
        words, _, _, rss = process.run([bench.bin / "steady_bench", bench.corpus, "--rounds", 1, "--place", place,
                                        "--ways", way])
        last = words.strip().splitlines()[-1].split()
        cpu = float(last[1]) / 1000 * bench.documents
        return {"seconds": cpu, "cpu": cpu, "rss_mb": rss, "index_mb": float(last[5])}
    return index


def writer_core(bench, place):
    with Worker(bench, place / "worker", process.CORES, 1) as one:
        one.writers_alone(process.MEASURED)
        return one.feed()


def commits(log):
    """(seconds since the first, documents in all) of every commit that the log names at level debug."""
    found, documents, first = [], 0, None
    for line in log.read_text(errors="replace").splitlines():
        match = re.search(r"^event=commit\.done .*?docs=(\d+).*? ms=(\d+).*?time=\S+T(\d+):(\d+):([0-9.]+)Z", line)
        if match:
            at = int(match.group(3)) * 3600 + int(match.group(4)) * 60 + float(match.group(5))
            first = first if first is not None else at - int(match.group(2)) / 1000
            documents += int(match.group(1))
            found.append((at - first, documents))
    return found
