#!/usr/bin/env python3
"""SQLite FTS5 as a peer.

fts5_peer.py index DATABASE FOLDER BATCH         every .md below FOLDER, BATCH documents a transaction; one line key=value
fts5_peer.py search DATABASE QUESTIONS ROUNDS    one time in microseconds a line
"""
import pathlib
import re
import resource
import sqlite3
import sys
import time


def index(path, folder, batch):
    files = [(str(file), file.read_text(encoding="utf-8")) for file in sorted(pathlib.Path(folder).rglob("*.md"))]
    start, before = time.monotonic(), time.process_time()
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("CREATE VIRTUAL TABLE minutes USING fts5(id UNINDEXED, body)")
    for at in range(0, len(files), batch):
        database.execute("BEGIN")
        database.executemany("INSERT INTO minutes VALUES (?, ?)", files[at:at + batch])
        database.execute("COMMIT")
    database.close()
    print(f"seconds={time.monotonic() - start:.3f} cpu={time.process_time() - before:.3f} "
          f"rss_mb={resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")


def search(path, questions, rounds):
    database = sqlite3.connect(path)
    for number in range(rounds + 1):
        for text in pathlib.Path(questions).read_text(encoding="utf-8").splitlines():
            match = " ".join(f'"{word}"' for word in re.findall(r"\w+", text))
            start = time.monotonic()
            database.execute("SELECT id FROM minutes WHERE minutes MATCH ? ORDER BY rank LIMIT 10", (match,)).fetchall()
            if number > 0:
                print(f"{(time.monotonic() - start) * 1e6:.1f}")


if sys.argv[1] == "index":
    index(sys.argv[2], sys.argv[3], int(sys.argv[4]))
else:
    search(sys.argv[2], sys.argv[3], int(sys.argv[4]))
