"""Processes that are measured: pinned to cores, with their CPU time and memory, ended whatever happens."""
import contextlib
import os
import pathlib
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import time

TICKS = os.sysconf("SC_CLK_TCK")
CORES = sorted(os.sched_getaffinity(0))
MEASURED = CORES[-1]              # the machine itself uses the last core least
OTHERS = CORES[:-1] or CORES      # where clients run


class Failure(Exception):
    pass


def pinned(argv, cores=(MEASURED,)):
    return ["taskset", "-c", ",".join(map(str, cores))] + [str(word) for word in argv]


def run(argv, cores=(MEASURED,), **more):
    """Run to the end: (its standard output, wall seconds, CPU seconds, peak MB of its largest process)."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.monotonic()
        process = subprocess.Popen(pinned(argv, cores), stdin=subprocess.DEVNULL, stdout=out, stderr=err, **more)
        try:
            _, status, used = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            raise
        seconds = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        words, complaint = out.read().decode(errors="replace"), err.read().decode(errors="replace")
    if process.returncode != 0:
        raise Failure(f"{argv[0]} ended with {process.returncode}: {(complaint or words).strip()[-600:]}")
    return words, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def pairs(line):
    """key=value words, numbers as numbers."""
    return {key: float(value) for key, value in re.findall(r"(\w+)=([0-9.]+)", line)}


def folder_mb(path):
    """Bytes of the files, as of a moment in which merges may take some of them away."""
    found = 0
    for place, _, names in os.walk(path):
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                about = os.lstat(os.path.join(place, name))
                found += about.st_size if stat.S_ISREG(about.st_mode) else 0
    return found / 1e6


@contextlib.contextmanager
def folder():
    path = pathlib.Path(tempfile.mkdtemp(prefix="referent-bench."))
    path.chmod(0o755)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def server(argv, cores=(MEASURED,), **more):
    """A process that goes with the block; .used is what it and its children took, once it is over."""
    process = subprocess.Popen(pinned(argv, cores), stdin=subprocess.DEVNULL, **more)
    process.used = None
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        deadline = time.monotonic() + 60
        while process.used is None:
            pid, _, used = os.wait4(process.pid, os.WNOHANG)
            if pid:
                process.used = used
                process.returncode = 0
            elif time.monotonic() > deadline:
                process.kill()
            time.sleep(0.02)


def spent(line):
    """CPU seconds in a line of /proc/.../stat."""
    field = line[line.rindex(")") + 2:].split()
    return (int(field[11]) + int(field[12])) / TICKS


def threads(pid):
    """CPU seconds of a process by the name of its threads, numbers left out; `ended` are those that have ended, which
    are merges of young segments."""
    found = {}
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        try:
            line = (task / "stat").read_text()
        except OSError:
            continue
        name = re.sub(r"[-/0-9]+$", "", line[line.index("(") + 1:line.rindex(")")])
        found[name] = found.get(name, 0) + spent(line)
    found["ended"] = max(0, spent(pathlib.Path(f"/proc/{pid}/stat").read_text()) - sum(found.values()))
    return found


def memory_mb(pid):
    """(resident, peak) of a process."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return tuple(int(re.search(rf"{key}:\s+(\d+)", text).group(1)) / 1024 for key in ("VmRSS", "VmHWM"))
