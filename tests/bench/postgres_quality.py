"""The golden queries through PostgreSQL's Danish full text, beside ours and plain Xapian.

/usr/bin/python3 postgres_quality.py [REFERENTD REFERENT]
    Makes a PostgreSQL cluster of its own in a temporary folder (unix socket, no network; deploy/packages bench installs
    what it needs), with a row for each open item of tests/golden, cut where the gold says. A row's tsvector is title
    (weight A) and text (weight D) in the configuration `danish`. Ranked by ts_rank_cd:
        all words    websearch_to_tsquery
        any word     the same, and where fewer than ten rows have all words, those with any of them behind them
    A query with fields is asked by its words alone, as plain Xapian is. With the two programs ours stands beside it.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "golden"
sys.path.insert(0, str(GOLDEN))
sys.dont_write_bytecode = True
import gold  # noqa: E402
import quality  # noqa: E402

SCHEMA = """
CREATE TABLE item (name text, title text, body text, words tsvector GENERATED ALWAYS AS
  (setweight(to_tsvector('danish', title), 'A') || setweight(to_tsvector('danish', body), 'D')) STORED);
"""
ALL = """
SELECT name FROM item, websearch_to_tsquery('danish', {0}) query WHERE words @@ query
  ORDER BY ts_rank_cd(words, query) DESC, name LIMIT 10;
"""
ANY = """
SELECT name FROM item, websearch_to_tsquery('danish', {0}) whole,
    (SELECT string_agg(quote_literal(lexeme), ' | ')::tsquery part FROM unnest(to_tsvector('danish', {0}))) any_word
  WHERE words @@ whole OR words @@ part
  ORDER BY words @@ whole DESC, ts_rank_cd(words, part) DESC, name LIMIT 10;
"""


def binaries():
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise SystemExit("PostgreSQL is not here; run: deploy/packages bench")
    return found[-1].parent


class Cluster:
    """PostgreSQL refuses to run as root: then it runs as the user that Debian made for it."""

    def __init__(self, folder):
        self.folder, self.programs = folder, binaries()
        self.user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self.user:
            shutil.chown(folder, "postgres")
        self.run("initdb", "-D", folder / "data", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        self.run("pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log", "-o",
                 f"-k {folder} -c listen_addresses= -c fsync=off", "start")

    def run(self, program, *arguments):
        subprocess.run([*self.user, self.programs / program, *arguments], check=True, cwd=self.folder,
                       stdout=subprocess.DEVNULL)

    def ask(self, script):
        return subprocess.run([*self.user, self.programs / "psql", "-h", self.folder, "-d", "postgres", "-qAt", "-v",
                               "ON_ERROR_STOP=1"], input=script, check=True, text=True, cwd=self.folder,
                              stdout=subprocess.PIPE).stdout

    def stop(self):
        self.run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")


def literal(text):
    return "'" + text.replace("'", "''") + "'"


def fill(cluster, documents):
    rows = [f"({literal(name)}, {literal(title)}, {literal(text)})" for name, title, text in quality.items(documents)]
    cluster.ask(SCHEMA + "INSERT INTO item (name, title, body) VALUES " + ",\n".join(rows) + ";")


def ranked(cluster, select, queries):
    script = "".join(select.format(literal(query.get("plain", query["query"]))) + "\\echo --\n" for query in queries)
    answers = cluster.ask(script).split("--\n")
    return [answer.splitlines() for answer in answers[:len(queries)]]


def main():
    queries = json.loads((GOLDEN / "queries.json").read_text(encoding="utf-8"))
    documents, found = {}, {}
    for path in sorted(GOLDEN.glob("*.gold")):
        body, meta = gold.load(path)
        text, spans = gold.parse(body)
        documents[path.stem] = (text, spans, json.loads(meta))
    if len(sys.argv) > 2:
        found["referent"] = list(quality.ours(sys.argv[1], sys.argv[2], documents, queries))
    found["plain Xapian"] = list(quality.plain(documents, queries))
    with tempfile.TemporaryDirectory(prefix="referent-postgres.") as place:
        cluster = Cluster(pathlib.Path(place))
        try:
            fill(cluster, documents)
            found["PostgreSQL, all words"] = ranked(cluster, ALL, queries)
            found["PostgreSQL, any word"] = ranked(cluster, ANY, queries)
        finally:
            cluster.stop()
    quality.table(queries, {name: [quality.measures(rank, query["relevant"]) for rank, query in zip(ranks, queries)]
                            for name, ranks in found.items()})


if __name__ == "__main__":
    main()
