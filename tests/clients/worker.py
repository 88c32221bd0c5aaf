"""worker: a real referentd for a test, and the programs that proto/README.md shows."""
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

PROJECT = pathlib.Path(os.environ["PROJECT"])
README = PROJECT / "proto" / "README.md"
DEADLINE_S = 90


def readme_program(name):
    """The Python block that follows the comment with its name."""
    found = re.search(rf"<!-- {re.escape(name)} -->\n```python\n(.*?)```", README.read_text(encoding="utf-8"), re.S)
    if not found:
        raise AssertionError(f"proto/README.md shows no {name}")
    return found.group(1)


class Worker:
    """referentd on free loopback ports with a data folder of its own; stops and tidies up as a context manager."""

    def __init__(self, settings=""):
        self.place = tempfile.TemporaryDirectory(prefix="referent-clients.")
        self.folder = pathlib.Path(self.place.name)
        self.data = self.folder / "data"
        self.log = self.folder / "referentd.log"
        (self.folder / "referent.conf").write_text(settings)
        self.feed = self.search = "tcp://127.0.0.1:*"
        self.start()

    def start(self):
        size = self.log.stat().st_size if self.log.exists() else 0
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [os.environ["REFERENTD"], "--config", self.folder / "referent.conf", "--data", self.data,
                 "--feed", self.feed, "--search", self.search],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        end = time.monotonic() + DEADLINE_S
        while time.monotonic() < end:
            ready = re.search(rb"^event=ready .*\n", self.log.read_bytes()[size:], re.M)
            if ready:
                line = ready.group().decode()
                self.feed = re.search(r" feed=(\S+)", line).group(1)
                self.search = re.search(r" search=(\S+)", line).group(1)
                return
            try:
                self.process.wait(0.05)
                break
            except subprocess.TimeoutExpired:
                continue
        raise AssertionError("referentd does not become ready: " + self.log.read_text(errors="replace"))

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(DEADLINE_S)
        if status != 0:
            raise AssertionError(f"referentd ended with {status}: " + self.log.read_text(errors="replace")[-4000:])

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        try:
            if self.process.poll() is None:
                self.stop()
        finally:
            if self.process.poll() is None:
                self.kill()
            self.place.cleanup()

    def program(self, name):
        """Write a program of the README into the folder; the arguments that run it."""
        path = self.folder / name
        path.write_text(readme_program(name), encoding="utf-8")
        return [sys.executable, "-B", "-u", str(path)]

    def run(self, name, *arguments):
        """Run a program of the README to its end; (exit status, output)."""
        done = subprocess.run([*self.program(name), *map(str, arguments)], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=DEADLINE_S, check=False)
        return done.returncode, done.stdout.decode()
