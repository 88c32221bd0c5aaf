"""What the worker is measured against: Xapian alone, Omega's scriptindex, PostgreSQL, SQLite FTS5, Sphinx.

Each index_* takes (bench, place) and gives a dict with seconds, cpu, rss_mb, index_mb; place is an empty folder. Servers
are private: their sockets and data stand in that folder, and they end with the block. What no package brought is left
out by name.
"""
import contextlib
import glob
import io
import os
import pathlib
import shutil
import sys
import tempfile
import time

import process

HERE = pathlib.Path(__file__).resolve().parent
BATCH = 500  # documents a transaction, where a peer has them


def result(seconds, cpu, rss_mb, index):
    return {"seconds": seconds, "cpu": cpu, "rss_mb": rss_mb, "index_mb": process.folder_mb(index)}


# ---- Xapian

def bare_xapian(*options):
    def index(bench, place):
        words, *_ = process.run([bench.bin / "bare_xapian", "index", place / "db", bench.corpus, *options])
        found = process.pairs(words)
        return result(found["seconds"], found["cpu"], found["rss_mb"], place / "db")
    return index


def index_scriptindex(bench, place):
    (place / "script").write_text("id : boolean=Q unique=Q\ncommittee : boolean=XCOMMITTEE\ntext : index\n"
                                  "sample : field\n")
    with open(place / "dump", "w", encoding="utf-8") as dump:
        for number, (name, text) in enumerate(bench.files()):
            # a line that follows with = belongs to the field
            dump.write(f"id={name}\ncommittee={number % 10}\nsample={text[:200].splitlines()[0]}\n"
                       f"text={text.rstrip().replace(chr(10), chr(10) + '=')}\n\n")
    _, seconds, cpu, rss = process.run(["scriptindex", "--stemmer=danish", place / "db", place / "script", place / "dump"])
    return result(seconds, cpu, rss, place / "db")


# ---- SQLite FTS5, in a process of its own

def index_fts5(bench, place):
    words, *_ = process.run([sys.executable, HERE / "fts5_peer.py", "index", place / "fts.db", bench.corpus, BATCH])
    found = process.pairs(words)
    (place / "index").mkdir()
    for file in glob.glob(str(place / "fts.db*")):
        shutil.move(file, place / "index")
    return result(found["seconds"], found["cpu"], found["rss_mb"], place / "index")


# ---- Sphinx

SPHINX = """
source minutes
{
  type = tsvpipe
  tsvpipe_command = cat PLACE/minutes.tsv
  tsvpipe_field = body
}
index minutes
{
  source = minutes
  path = PLACE/index/minutes
  morphology = libstemmer_danish
  charset_table = 0..9, A..Z->a..z, a..z, U+C5->U+E5, U+E5, U+C6->U+E6, U+E6, U+D8->U+F8, U+F8, U+E9, U+C9->U+E9
}
indexer
{
  mem_limit = 256M
}
"""


def index_sphinx(bench, place):
    (place / "index").mkdir()
    (place / "sphinx.conf").write_text(SPHINX.replace("PLACE", str(place)))
    with open(place / "minutes.tsv", "w", encoding="utf-8") as out:
        for number, (_, text) in enumerate(bench.files()):
            out.write(f"{number + 1}\t{' '.join(text.split())}\n")
    _, seconds, cpu, rss = process.run(["indexer", "--config", place / "sphinx.conf", "--all", "--quiet"])
    return result(seconds, cpu, rss, place / "index")


# ---- PostgreSQL

def postgres_bin():
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
    return pathlib.Path(found[-1]).parent if found else None


class Postgres:
    """A private server. It will not run as root: then it is the user's that Debian's package makes, in a folder of that
    user below /var/tmp, because the others need not let him through."""

    def __init__(self, place, cores=(process.MEASURED,)):
        self.place, self.cores, self.used = place, cores, None

    def own_folder(self):
        if os.getuid() != 0:
            (self.place / "pg").mkdir()
            return self.place / "pg", []
        folder = pathlib.Path(tempfile.mkdtemp(prefix="referent-bench.", dir="/var/tmp"))
        self.stack.callback(shutil.rmtree, folder, ignore_errors=True)
        shutil.chown(folder, "postgres", "postgres")
        return folder, ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"]

    def __enter__(self):
        self.stack = contextlib.ExitStack()
        try:
            self.start()
        except BaseException:
            self.stack.close()
            raise
        return self

    def start(self):
        import psycopg2
        folder, as_user = self.own_folder()
        self.data = folder / "data"
        process.run([*as_user, postgres_bin() / "initdb", "-D", self.data, "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust",
                     "-U", "bench", "--no-sync"], cwd="/")
        self.process = self.stack.enter_context(process.server(
            [*as_user, postgres_bin() / "postgres", "-D", self.data, "-k", folder, "-c", "listen_addresses=",
             "-c", "shared_buffers=256MB", "-c", "maintenance_work_mem=256MB", "-c", "max_wal_size=4GB"],
            self.cores, cwd="/", stderr=open(self.place / "pg.log", "wb")))
        deadline = time.monotonic() + 30
        while True:
            try:
                self.connection = psycopg2.connect(host=str(folder), user="bench", dbname="postgres")
                return
            except psycopg2.OperationalError:
                if time.monotonic() > deadline:
                    raise process.Failure((self.place / "pg.log").read_text()[-600:]) from None
                time.sleep(0.1)

    def __exit__(self, *_):
        self.connection.close()
        self.stack.close()
        self.used = self.process.used

    def load(self, files, index_first):
        """All files in transactions of BATCH; the index before or behind them. Wall seconds."""
        def index():
            with self.connection, self.connection.cursor() as ask:
                ask.execute("CREATE INDEX ON minutes USING gin (words)")
        escape = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
        with self.connection, self.connection.cursor() as ask:
            ask.execute("CREATE TABLE minutes (id text PRIMARY KEY, body text, words tsvector "
                        "GENERATED ALWAYS AS (to_tsvector('danish', body)) STORED)")
        rows = [f"{name}\t{text.translate(escape)}\n" for name, text in files]
        start = time.monotonic()
        if index_first:
            index()
        for at in range(0, len(rows), BATCH):
            with self.connection, self.connection.cursor() as ask:
                ask.copy_expert("COPY minutes (id, body) FROM STDIN", io.StringIO("".join(rows[at:at + BATCH])))
        if not index_first:
            index()
        return time.monotonic() - start

    def search(self, questions, rounds):
        """Microseconds of every question but those of the first round."""
        import psycopg2
        found = []
        for number in range(rounds + 1):
            for text in questions:
                with self.connection.cursor() as ask:
                    start = time.monotonic()
                    try:
                        ask.execute("SELECT id, ts_rank(words, q) AS rank FROM minutes, plainto_tsquery('danish', %s) q "
                                    "WHERE words @@ q ORDER BY rank DESC LIMIT 10", (text,))
                        ask.fetchall()
                    except psycopg2.Error as error:
                        raise process.Failure(str(error)) from None
                    if number > 0:
                        found.append((time.monotonic() - start) * 1e6)
        return found


def postgres(index_first):
    def index(bench, place):
        with Postgres(place) as server:
            os.sched_setaffinity(0, process.OTHERS)
            seconds = server.load(bench.files(), index_first)
            with server.connection, server.connection.cursor() as ask:
                ask.execute("SELECT pg_total_relation_size('minutes')")
                size = ask.fetchone()[0]
        used = server.used
        return {"seconds": seconds, "cpu": used.ru_utime + used.ru_stime, "rss_mb": used.ru_maxrss / 1024,
                "index_mb": size / 1e6}
    return index


# ---- the list

def available():
    """(name, function) of every peer that this machine has, and the names of those that it has not."""
    every = [
        ("Xapian, default commits", True, bare_xapian()),
        ("Xapian, commit 500", True, bare_xapian("--commit", "500")),
        ("Xapian, items", True, bare_xapian("--items")),
        ("Xapian, items, commit 500, stems only", True, bare_xapian("--items", "--commit", "500", "--stem-all")),
        ("scriptindex", shutil.which("scriptindex"), index_scriptindex),
        ("PostgreSQL, index there", postgres_bin(), postgres(True)),
        ("PostgreSQL, index last", postgres_bin(), postgres(False)),
        ("SQLite FTS5 (no Danish stems)", True, index_fts5),
        ("Sphinx", shutil.which("indexer"), index_sphinx),
    ]
    return [(name, call) for name, there, call in every if there], [name for name, there, _ in every if not there]
