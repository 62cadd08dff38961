#!/usr/bin/env python3
"""tree.py [RULE...]: holds the source tree to the rules of this house; names each breach by file and line.

Without arguments every rule. Exit status 1 when one is broken. The rules are the functions below named rule_*.
"""
import pathlib
import re
import subprocess
import sys

import yaml

import rooms

PROJECT = pathlib.Path(__file__).resolve().parents[2]
CODE = {".cc", ".h", ".proto", ".py", ".sh", ".cmake"}
# What a test reads is as it is found in the world: long, oddly spaced, broken on purpose.
DATA = ("tests/data/", "tests/fuzz/seeds/")
MAX_LINES = 700


def files():
    """Every file of the project, by its path from the root: what git knows or would add; without git all there is."""
    listed = subprocess.run(["git", "-C", PROJECT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        names = filter(None, listed.stdout.split("\0"))
    else:
        names = (str(path.relative_to(PROJECT)) for path in PROJECT.rglob("*"))
    for name in sorted(names):
        path = PROJECT / name
        if path.is_file() and not path.is_symlink() and not name.startswith(("build/", ".git/")):
            yield name


def text_of(name):
    return (PROJECT / name).read_bytes().decode("utf-8", errors="replace")


def text_files():
    """(name, text) of every file that people write."""
    for name in files():
        if not name.startswith(DATA) and b"\0" not in (PROJECT / name).read_bytes()[:8000]:
            yield name, text_of(name)


def is_code(name, text):
    return pathlib.PurePath(name).suffix in CODE or name.endswith("CMakeLists.txt") or text.startswith("#!")


def rule_length():
    """No file of code is longer than people read in one go."""
    for name, text in text_files():
        lines = text.count("\n")
        if is_code(name, text) and lines > MAX_LINES:
            yield f"{name}: {lines} lines, at most {MAX_LINES}: give each purpose a file of its own"


def rule_spaces():
    """No spaces at the ends of lines, no carriage returns; a file ends with one line end."""
    for name, text in text_files():
        if not text:
            continue
        for number, line in enumerate(text.split("\n"), 1):
            if line != line.rstrip():
                yield f"{name}:{number}: spaces at the end of the line"
        if not text.endswith("\n") or text.endswith("\n\n"):
            yield f"{name}: must end with exactly one line end"


# A path that exists on one developer's machine alone, and hosts that packages or images are fetched from there.
FORBIDDEN = {
    "a path of one machine": re.compile(r"(?<![\w./${}*-])/(?:work|root|home/\w+)/(?!\.kube\b|\.ssh\b)"),
    "a host that modules or packages come from": re.compile(
        r"GOPROXY=\S*https?:|(?:proxy|sum)\.golang\.org|(?:files\.)?pypi(?:thonhosted)?\.org|deb\.debian\.org"),
    "something put off": re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b"),
}
# Paths inside the nodes of the tests' cluster, which have a root of their own.
OF_A_NODE = ("scripts/cluster.d/",)


def rule_forbidden():
    """Nothing of one machine, nothing put off."""
    for name, text in text_files():
        if name == "tests/house/tree.py" or name.startswith(OF_A_NODE) or name.endswith("go.sum"):
            continue
        for number, line in enumerate(text.split("\n"), 1):
            for what, pattern in FORBIDDEN.items():
                if (found := pattern.search(line)) and not ("XXX" in found.group(0) and "mktemp" in line):
                    yield f"{name}:{number}: {what}: {found.group(0)}"


class UniqueKeys(yaml.SafeLoader):
    """A key that stands twice in a map is a mistake: readers take the first or the last of them, silently."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, (str, int)) and key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key} stands twice", key_node.start_mark)
            if isinstance(key, (str, int)):
                seen.add(key)
        return super().construct_mapping(node, deep)


def rule_yaml():
    """Every YAML file can be read, and no key stands twice in a map."""
    for name, text in text_files():
        if name.endswith((".yaml", ".yml")):
            try:
                for _ in yaml.load_all(text, UniqueKeys):
                    pass
            except yaml.YAMLError as error:
                yield f"{name}: {error}"


def includes(text):
    for number, line in enumerate(text.split("\n"), 1):
        if found := re.match(r'\s*#\s*include\s*"([^"]+)"', line):
            yield number, found.group(1)


def room_sources():
    for name in files():
        if name.endswith((".cc", ".h")) and (room := rooms.room_of(name)):
            yield room, name, text_of(name)


def rule_direction():
    """A room includes itself and the rooms below it, by paths from the project's root."""
    for room, name, text in room_sources():
        for number, included in includes(text):
            target = rooms.room_of(included)
            if target is None:
                yield f'{name}:{number}: "{included}" is no path from the project\'s root to a room'
            elif target != room and target not in rooms.MAY_INCLUDE[room]:
                allowed = ", ".join(sorted(rooms.MAY_INCLUDE[room])) or "no other"
                yield f"{name}:{number}: {room} must not know of {target}; it may include {allowed}"


def rule_own_header_first():
    """x.cc includes x.h before all else: so each header is known to compile alone. See headers.cmake for the rest."""
    for _, name, text in room_sources():
        header = name.removesuffix(".cc") + ".h"
        if name.endswith(".cc") and (PROJECT / header).exists():
            first = re.search(r'^\s*#\s*include\s*["<]([^">]+)', text, flags=re.M)
            if first is None or first.group(1) != header:
                yield f'{name}: the first include must be "{header}"'


def rule_pragma_once():
    """Headers can be included twice."""
    for name, text in text_files():
        if name.endswith(".h") and "#pragma once" not in text:
            yield f"{name}: #pragma once is missing"


def rule_listed():
    """Every source of a room stands in its CMakeLists.txt: what is not listed is not built and not tested."""
    for room, name, _ in room_sources():
        relative = name.removeprefix(room + "/")
        lists = PROJECT / room / "CMakeLists.txt"
        if name.endswith(".cc") and not re.search(rf"(?<![\w/-]){re.escape(relative)}\b", lists.read_text()):
            yield f"{name}: is not listed in {room}/CMakeLists.txt"


def rule_readme():
    """Every room says what it is for and what it must not know."""
    for room in rooms.MAY_INCLUDE:
        if (PROJECT / room).exists() and not (PROJECT / room / "README.md").exists():
            yield f"{room}: README.md is missing"


def main():
    rules = {name.removeprefix("rule_"): rule for name, rule in globals().items() if name.startswith("rule_")}
    chosen = sys.argv[1:] or list(rules)
    broken = 0
    for name in chosen:
        if name not in rules:
            sys.exit(f"there is no rule {name}; the rules are: {', '.join(rules)}")
        for breach in rules[name]():
            print(f"{name}: {breach}")
            broken += 1
    if broken:
        sys.exit(f"{broken} breaches; what each rule is for stands in tests/house/tree.py")


if __name__ == "__main__":
    main()
