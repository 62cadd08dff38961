"""Writes an image as a docker archive (`docker load`, `ctr image import`), reproducibly."""
import hashlib
import io
import json
import os
import pathlib
import platform
import tarfile

EPOCH = "1970-01-01T00:00:00Z"
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def write(image, tag, path):
    """Writes `path` in one step; returns the image id (hex) and the layer's size in bytes."""
    layer = layer_of(image.entries)
    layer_digest = hashlib.sha256(layer).hexdigest()
    config = encoded({
        "architecture": ARCHITECTURES.get(platform.machine(), platform.machine()),
        "os": "linux",
        "created": EPOCH,
        "config": {
            "User": image.user,
            "Entrypoint": image.entrypoint,
            "Env": image.env or ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
            "WorkingDir": "/",
            "Labels": image.labels | {"org.opencontainers.image.version": tag},
        },
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{layer_digest}"]},
        "history": [{"created": EPOCH, "created_by": "scripts/images"}],
    })
    digest = hashlib.sha256(config).hexdigest()
    manifest = encoded([{
        "Config": f"{digest}.json",
        "RepoTags": [f"{image.name}:{tag}"],
        "Layers": [f"{layer_digest}/layer.tar"],
    }])
    new = pathlib.Path(f"{path}.new")
    with tarfile.open(new, "w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in ((f"{digest}.json", config), (f"{layer_digest}/layer.tar", layer),
                              ("manifest.json", manifest)):
            add(tar, name, tarfile.REGTYPE, 0o644, content)
    os.replace(new, path)
    return digest, len(layer)


def layer_of(entries):
    """A tar of the entries and the folders above them: sorted, owned by root, dated 1970."""
    folders = {str(parent) for path in entries for parent in pathlib.PurePath(path).parents} - {"/"}
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for path in sorted(folders | set(entries)):
            name = path.lstrip("/")
            if path in folders:
                add(tar, name, tarfile.DIRTYPE, 0o755)
            elif entries[path].target:
                add(tar, name, tarfile.SYMTYPE, 0o777, target=entries[path].target)
            else:
                add(tar, name, tarfile.REGTYPE, entries[path].mode, entries[path].content)
    return buffer.getvalue()


def add(tar, name, kind, mode, content=b"", target=""):
    info = tarfile.TarInfo(name)
    info.type, info.mode, info.size, info.linkname, info.mtime = kind, mode, len(content), target, 0
    tar.addfile(info, io.BytesIO(content) if kind == tarfile.REGTYPE else None)


def encoded(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
