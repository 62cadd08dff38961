#!/usr/bin/env python3
"""borders.py --compiler CXX --project DIR ROOM=INCLUDE-DIRS...: the build itself refuses includes that go the wrong way.

For each room, with the include path that the build gives it: a header of every room that it may not know does not
compile, for the reason that it is not found, and a header of its own is found. INCLUDE-DIRS are separated by commas.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys

import rooms


def some_header(project, room):
    """A header of the room, not of a room inside it."""
    for path in sorted((project / room).rglob("*.h")):
        name = str(path.relative_to(project))
        if rooms.room_of(name) == room:
            return name
    return None


def not_found(compiler, directories, header):
    """Whether compiling a file that includes the header ends with the compiler's word that it is not there."""
    done = subprocess.run([compiler, "-std=c++23", "-x", "c++", "-E", *(f"-I{d}" for d in directories), "-"],
                          input=f'#include "{header}"\n', env={**os.environ, "LC_ALL": "C"}, capture_output=True, cwd="/",
                          text=True, check=False)
    said = rf"(?:fatal error: {re.escape(header)}: No such file|fatal error: '{re.escape(header)}' file not found)"
    return done.returncode != 0 and re.search(said, done.stderr) is not None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--project", type=pathlib.Path, required=True)
    parser.add_argument("rooms", nargs="+")
    options = parser.parse_args()
    broken = []
    for argument in options.rooms:
        room, _, joined = argument.partition("=")
        directories = [d for d in joined.split(",") if d]
        for other in rooms.MAY_INCLUDE:
            header = some_header(options.project, other)
            if header is None:
                continue
            missing = not_found(options.compiler, directories, header)
            if other == room and missing:
                broken.append(f"{room} cannot include its own {header}")
            elif other != room and other not in rooms.MAY_INCLUDE[room] and not missing:
                broken.append(f"{room} can include {header}, which it must not know of")
    sys.exit("\n".join(broken) if broken else 0)


if __name__ == "__main__":
    main()
