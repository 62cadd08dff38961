"""Two images for the cases about images: one with every defect that a requirement names, one with none."""
import hashlib
import io
import json
import pathlib
import tarfile
import tempfile

from support import cluster

DEFECTIVE = "e2e.example/defective:1"
CLEAN = "e2e.example/clean:1"
EPOCH = "1970-01-01T00:00:00Z"
SECRET = "hunter2-must-never-leave-the-node"


def step(command, empty=False):
    return {"created": EPOCH, "created_by": command} | ({"empty_layer": True} if empty else {})


def layer(files):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for folder in sorted({str(p) for path in files for p in pathlib.PurePath(path).parents} - {"."}):
            info = tarfile.TarInfo(folder)
            info.type, info.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(info)
        for path, (mode, content) in sorted(files.items()):
            info = tarfile.TarInfo(path)
            info.mode, info.size = mode, len(content)
            tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def archive(path, name, config, history, layers):
    blobs = {hashlib.sha256(one).hexdigest(): one for one in layers}
    text = json.dumps({"architecture": "amd64", "os": "linux", "created": EPOCH, "config": config, "history": history,
                       "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}" for digest in blobs]}}).encode()
    image = hashlib.sha256(text).hexdigest()
    manifest = [{"Config": f"{image}.json", "RepoTags": [name], "Layers": [f"{d}/layer.tar" for d in blobs]}]
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
        for file, content in [(f"{image}.json", text), *((f"{d}/layer.tar", b) for d, b in blobs.items()),
                              ("manifest.json", json.dumps(manifest).encode())]:
            info = tarfile.TarInfo(file)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))


def load():
    """Makes both images and has every node know them."""
    pause = (0o755, pause_program())
    base = layer({"pause": pause, "bin/sh": (0o755, b"#!shell"), "usr/bin/apt-get": (0o755, b"#!manager"),
                  "usr/bin/passwd": (0o4755, b"#!setuid"), "usr/bin/gcc": (0o755, b"#!compiler"),
                  "etc/os-release": (0o644, b'PRETTY_NAME="Defective Linux 1"\n')})
    added = layer({"srv/archive.txt": (0o644, b"added")})
    with tempfile.TemporaryDirectory() as folder:
        bad, good = f"{folder}/bad.tar", f"{folder}/good.tar"
        archive(bad, DEFECTIVE, {
            "Entrypoint": ["/pause"], "Env": ["PATH=/bin", f"DB_PASSWORD={SECRET}"],
            "ExposedPorts": {"9999/tcp": {}}, "WorkingDir": "/"},
            [step("/bin/sh -c #(nop) ADD file:0123456789abcdef in / "), step("MAINTAINER somebody@example.com", True),
             step(f"/bin/sh -c #(nop)  ENV DB_PASSWORD={SECRET}", True), step("RUN /bin/sh -c apt-get update # buildkit", True),
             step("ADD archive.tar.gz /srv # buildkit")],
            [base, added])
        archive(good, CLEAN, {"Entrypoint": ["/pause"], "Env": ["PATH=/bin"], "User": "65535:65535", "WorkingDir": "/"},
                [step("COPY pause /pause # buildkit")], [layer({"pause": pause})])
        cluster.cluster("load", bad, good)


def pause_program():
    """The program of the cluster's own pause image: it runs, does nothing and needs nothing."""
    for process in (cluster.node_root("control-plane") / "proc").iterdir():
        try:
            if process.name.isdigit() and (process / "cmdline").read_bytes().split(b"\0")[0] == b"/pause":
                return (process / "root/pause").read_bytes()
        except OSError:
            continue  # it has ended
    raise AssertionError("no pause container runs on the control plane")
