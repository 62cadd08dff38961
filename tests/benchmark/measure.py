"""What a command costs, and how figures are written."""
import os
import pathlib
import re
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

STARTED = time.monotonic()
MEMORY_TO_LEAVE = 1.5 * 2**30


class Starved(Exception):
    """A command was ended, because the machine had hardly any memory left. args: its memory so far in KiB."""


def progress(text):
    print(f"[{time.monotonic() - STARTED:4.0f}s] {text}", file=sys.stderr, flush=True)


def memory(name):
    """In bytes: a line of /proc/meminfo."""
    return int(re.search(rf"{name}:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text(encoding="utf-8")).group(1)) * 1024


def end_when_starved(process, ended):
    while not ended.wait(0.1):
        if memory("MemAvailable") < MEMORY_TO_LEAVE:
            os.killpg(process.pid, signal.SIGKILL)
            return


def once(command, output=subprocess.DEVNULL):
    """Wall and CPU seconds, peak memory in KiB of one run. Through time(1): a child's peak is never below the size of
    the program that forked it, and this one is larger than what it measures."""
    with tempfile.NamedTemporaryFile("r") as told, tempfile.TemporaryFile("w+") as said:
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        ended = threading.Event()
        free = memory("MemAvailable")
        # A session of its own: ended as a whole, and not by ^C, which this program answers itself.
        with subprocess.Popen(["/usr/bin/time", "-q", "-f", "%M", "-o", told.name, *command], stdout=output, stderr=said, start_new_session=True) as process:
            watch = threading.Thread(target=end_when_starved, args=(process, ended))
            watch.start()
            try:
                process.wait()
            except BaseException:
                os.killpg(process.pid, signal.SIGKILL)
                raise
            finally:
                ended.set()
                watch.join()
        wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        if process.returncode == -signal.SIGKILL:
            raise Starved((free - MEMORY_TO_LEAVE) / 1024)
        if process.returncode != 0:
            said.seek(0)
            raise SystemExit(f"{' '.join(map(str, command))} ended with {process.returncode}: {said.read().strip()[-500:]}")
        peak = int(told.read())
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, peak


def number(value, digits):
    return f"{value:,.{digits}f}"


def spread(values, scale, digits):
    low, middle, high = (number(v * scale, digits) for v in (min(values), statistics.median(values), max(values)))
    return f"{middle} ({low} - {high})"


def table(titles, rows):
    lines = [titles, ["---"] * len(titles), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)
