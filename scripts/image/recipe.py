"""Reads an image recipe and gathers what it names into a list of entries."""
import dataclasses
import os
import pathlib
import re
import subprocess
import tempfile

try:
    import tomllib
except ModuleNotFoundError as error:
    raise SystemExit("error: Python 3.11 or later is needed (its tomllib reads the recipes)") from error


class Mistake(Exception):
    """One clear sentence about what is wrong with a recipe or its input."""


@dataclasses.dataclass
class Entry:
    """One file (content) or symbolic link (target) of an image."""

    mode: int = 0o644
    content: bytes = b""
    target: str = ""


@dataclasses.dataclass
class Image:
    name: str
    labels: dict
    entrypoint: list
    user: str
    env: list
    entries: dict = dataclasses.field(default_factory=dict)  # absolute path -> Entry


KEYS = {"name", "title", "description", "entrypoint", "user", "env", "max_bytes",
        "program", "file", "link", "tree", "text"}


def read(path, values):
    """The image that the recipe at `path` describes, `{names}` replaced from `values`."""
    with open(path, "rb") as stream:
        try:
            data = tomllib.load(stream)
        except tomllib.TOMLDecodeError as error:
            raise Mistake(f"{path}: {error}") from error
    if unknown := set(data) - KEYS:
        raise Mistake(f"{path}: unknown key {sorted(unknown)[0]}; known are {', '.join(sorted(KEYS))}")
    for key in ("name", "entrypoint"):
        if key not in data:
            raise Mistake(f"{path}: the key {key} is missing")

    def filled(text):
        try:
            return text.format(**values)
        except KeyError as error:
            raise Mistake(f"{path}: {text}: give a value with --set {error.args[0]}=...") from error

    def source(item):
        return pathlib.Path(filled(item["from"]))

    image = Image(filled(data["name"]),
                  {f"org.opencontainers.image.{key}": data[key] for key in ("title", "description") if key in data},
                  data["entrypoint"], data.get("user", "0:0"), data.get("env", []))
    for item in data.get("program", []):
        add_program(image, source(item), item["to"], item.get("static", False), item.get("strip", True))
    for item in data.get("file", []):
        mode = int(item["mode"], 8) if "mode" in item else 0o644
        image.entries[item["to"]] = Entry(mode, content_of(source(item)))
    for item in data.get("tree", []):
        add_tree(image, source(item), filled(item["to"]), set(item.get("without", [])), item.get("libraries", False))
    for item in data.get("link", []):
        image.entries[item["to"]] = Entry(target=filled(item["target"]))
    for item in data.get("text", []):
        image.entries[item["to"]] = Entry(content=item["content"].lstrip("\n").encode())
    size = sum(len(entry.content) for entry in image.entries.values())
    if size > data.get("max_bytes", size):
        raise Mistake(f"{image.name} has {size:,} bytes, more than the {data['max_bytes']:,} that {path} allows; "
                      f"look at what was linked into {data['program'][0]['to']}")
    return image


def content_of(path):
    if not path.is_file():
        raise Mistake(f"{path} is not there; build it first (scripts/build)")
    return path.read_bytes()


def add_program(image, path, to, static, strip):
    """The executable, by default without its symbol tables, and the shared libraries it names."""
    content = content_of(path)
    if content[:4] != b"\x7fELF":
        raise Mistake(f"{path} is not an ELF program")
    libraries = libraries_of(path)
    if static and libraries:
        raise Mistake(f"{path} must be static but needs {', '.join(sorted(map(os.path.basename, libraries)))}")
    image.entries[to] = Entry(0o755, stripped(path) if strip else content)
    for library in libraries:
        image.entries[library] = Entry(0o755, pathlib.Path(library).resolve().read_bytes())


def libraries_of(path):
    """Absolute paths by which the dynamic linker finds the program's libraries, itself included."""
    answer = subprocess.run(["ldd", path], capture_output=True, text=True, check=False)
    if "not a dynamic executable" in answer.stderr or "statically linked" in answer.stdout:
        return []
    if missing := re.findall(r"(\S+) => not found", answer.stdout):
        raise Mistake(f"{path} needs {missing[0]}, which is not on this machine; run scripts/setup")
    if answer.returncode != 0:
        raise Mistake(f"ldd {path}: {answer.stderr.strip()}")
    return re.findall(r"(?:=> |^\s*)(/\S+) \(0x", answer.stdout, re.MULTILINE)


def stripped(path):
    with tempfile.NamedTemporaryFile() as output:
        subprocess.run(["strip", "--strip-all", "-o", output.name, path], check=True)
        return pathlib.Path(output.name).read_bytes()


def add_tree(image, folder, to, without, libraries):
    """The folder's files and the links between them; `libraries`: also what its .so files need."""
    if not folder.is_dir():
        raise Mistake(f"{folder} is not there; run scripts/setup")
    for where, folders, files in os.walk(folder):
        inside = os.path.relpath(where, folder)
        folders[:] = [name for name in folders if os.path.normpath(f"{inside}/{name}") not in without]
        for name in files:
            relative = os.path.normpath(f"{inside}/{name}")
            if relative in without:
                continue
            path = pathlib.Path(where, name)
            if path.is_symlink() and not os.readlink(path).startswith("/"):
                image.entries[f"{to}/{relative}"] = Entry(target=os.readlink(path))
            elif path.is_file():
                image.entries[f"{to}/{relative}"] = Entry(0o644, path.read_bytes())
                if libraries and path.suffix == ".so":
                    for library in libraries_of(path):
                        image.entries[library] = Entry(0o755, pathlib.Path(library).resolve().read_bytes())
