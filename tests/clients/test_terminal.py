"""What somebody at a terminal sees of a feed: a bar that stays in its line, and a table that adds up."""
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
import unittest

from worker import DEADLINE_S, Worker


class Terminal:
    """So many columns and endless lines; knows what a feed writes: text, \\r, \\n, and "erase to the end"."""

    def __init__(self, columns):
        self.columns = columns
        self.lines = [""]
        self.at = 0
        self.wrapped = []  # lines that did not fit

    def write(self, text):
        for part in re.findall(r"\x1b\[K|\x1b\[[0-9;]*m|\r|\n|[^\x1b\r\n]", text):
            if part == "\n":
                self.lines.append("")
                self.at = 0
            elif part == "\r":
                self.at = 0
            elif part == "\x1b[K":
                self.lines[-1] = self.lines[-1][: self.at]
            elif not part.startswith("\x1b"):
                if self.at == self.columns:
                    self.wrapped.append(self.lines[-1])
                    self.lines.append("")
                    self.at = 0
                self.lines[-1] = self.lines[-1][: self.at] + part + self.lines[-1][self.at + 1 :]
                self.at += 1


def run_at_terminal(columns, *arguments):
    """(exit status, the terminal as it looks afterwards, all that was written)"""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen([os.environ["REFERENT"], *map(str, arguments)], stdin=slave, stdout=slave, stderr=slave,
                               env={**os.environ, "TERM": "xterm"})
    os.close(slave)
    written, end = b"", time.monotonic() + DEADLINE_S
    while time.monotonic() < end:
        if select.select([master], [], [], 0.1)[0]:
            try:
                piece = os.read(master, 65536)
            except OSError:  # EIO: nobody has the other side any more
                break
            written += piece
    os.close(master)
    terminal = Terminal(columns)
    terminal.write(written.decode())
    return process.wait(DEADLINE_S), terminal, written.decode()


class TerminalTest(unittest.TestCase):
    def setUp(self):
        self.worker = Worker()
        self.addCleanup(self.worker.__exit__, None, None, None)
        self.minutes = self.worker.folder / "minutes"
        self.minutes.mkdir()
        for number in range(40):
            self.write(f"{number}.md", f"# Byrådet\n\nSag {number} om asfalt. Godkendt.\n")

    def write(self, name, text):
        (self.minutes / name).write_bytes(text if isinstance(text, bytes) else text.encode())

    def feed(self, columns, *options):
        return run_at_terminal(columns, "--feed", self.worker.feed, "feed", *options, self.minutes)

    def table(self, terminal):
        """The rows above the rule, and those below it."""
        lines = [line.rstrip() for line in terminal.lines]
        rule = lines.index("  ----------")
        rows = [re.fullmatch(r" {2} *(\d+)  (\w+)(?: .*)?", line) for line in lines]
        above = [(row[2], int(row[1])) for row in rows[:rule] if row]
        below = [(row[2], int(row[1])) for row in rows[rule:] if row]
        return above, below

    def expect_adds_up(self, columns, *options, status, **expected):
        done, terminal, written = self.feed(columns, *options)
        above, below = self.table(terminal)
        self.assertEqual(done, status, written)
        self.assertEqual([name for name, _ in above], ["committed", "unchanged", "superseded", "rejected", "failed"])
        self.assertEqual(below[0], ("found", sum(count for _, count in above)))
        counts = dict(above + below)
        for name, count in expected.items():
            self.assertEqual(counts.get(name, 0), count, written)
        closing = re.search(r"found=\d+[^\r\n]*", written).group()
        said = {name: int(count) for name, count in re.findall(r"(\w+)=(\d+)", closing)}
        self.assertEqual({**said, "deleted": counts.get("deleted", 0)}, {**said, **counts})
        return terminal

    def test_the_table_adds_up(self):
        ledger = self.worker.folder / "ledger"
        self.write("bad.md", b"\xff")
        self.write("empty.md", b"")
        self.expect_adds_up(80, "--ledger", ledger, status=1, found=42, committed=40, rejected=2, failed=0)
        (self.minutes / "bad.md").unlink()
        (self.minutes / "empty.md").unlink()
        (self.minutes / "0.md").unlink()
        self.write("1.md", "Skrevet om.\n")
        (self.minutes / "unreadable.md").symlink_to(self.minutes / "nowhere")
        terminal = self.expect_adds_up(80, "--ledger", ledger, "--mirror", status=1, found=40, committed=1,
                                       unchanged=38, failed=1, deleted=3)
        self.assertTrue(any("on disk and searchable now" in line for line in terminal.lines))
        self.assertEqual(terminal.wrapped, [line for line in terminal.wrapped if "failed /" in line])

    def test_a_narrow_terminal_has_every_row_in_a_line(self):
        for columns in (24, 40, 55):
            terminal = self.expect_adds_up(columns, status=0, found=40)
            rows = [line for line in terminal.wrapped if not line.startswith("found=") and "=" not in line]
            self.assertEqual(rows, [], f"{columns} columns")

    def test_the_bar_stays_in_its_line(self):
        """While the worker is slow the bar is drawn again and again, and is gone in the end."""
        body = "# Byrådet\n\n" + "".join(f"Sag {number} om asfalt og kloak.\n" for number in range(3000))
        for number in range(40):
            self.write(f"{number}.md", body + f"{number}\n")
        for columns in (16, 50, 120):
            for number in range(40):
                self.write(f"{number}.md", body + f"{number} {columns}\n")
            _, terminal, written = self.feed(columns)
            drawn = re.findall(r"\r\[?[#.]*\]? ?[^\r\n]*? of 40[^\r\n]*?\x1b\[K", written)
            self.assertGreater(len(drawn), 2, written)
            for bar in drawn:
                self.assertLess(len(bar.strip("\r").removesuffix("\x1b[K")), columns)
            self.assertFalse(any(" of 40" in line for line in terminal.lines), terminal.lines)

    def test_a_pipe_has_neither(self):
        done = subprocess.run([os.environ["REFERENT"], "--feed", self.worker.feed, "feed", self.minutes],
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=DEADLINE_S, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertRegex(done.stdout, rb"\Afound=40 committed=40 [^\n\x1b]*\n\Z")


if __name__ == "__main__":
    unittest.main()
