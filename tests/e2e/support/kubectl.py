"""kubectl, and waiting for what it shows."""
import json
import os
import subprocess
import time


class Failed(AssertionError):
    """A command that had to succeed did not."""


def run(*command, stdin=None, check=True, env=None, timeout=300):
    """Runs a command; returns its standard output. Raises Failed with what it said."""
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, timeout=timeout,
                          env={**os.environ, **(env or {})})
    if check and done.returncode != 0:
        raise Failed(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def kubectl(*arguments, stdin=None, check=True):
    return run("kubectl", *arguments, stdin=stdin, check=check)


def get(*arguments):
    """One object or a list, as a dict; None when it does not exist."""
    text = kubectl("get", *arguments, "--ignore-not-found", "-o", "json")
    return json.loads(text) if text.strip() else None


def items(*arguments):
    found = get(*arguments)
    return found["items"] if found else []


def apply(manifest):
    kubectl("apply", "-f", "-", stdin=json.dumps(manifest))


def eventually(what, question, seconds=120, every=0.3):
    """Asks until the answer is true; returns it. The limit is a net, not an expectation."""
    end = time.monotonic() + seconds
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > end:
            raise Failed(f"after {seconds} s still not: {what}")
        time.sleep(every)
