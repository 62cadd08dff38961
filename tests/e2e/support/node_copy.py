"""Copies of a node's files and of what /proc tells of its components: a folder that node-runner takes as a root."""
import os
import pathlib
import shutil
import stat

COMPONENTS = {"kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd", "kube-proxy", "kubelet", "containerd"}
PLACES = ["etc/kubernetes", "var/lib/kubelet/config.yaml", "var/lib/kubelet/kubeadm-flags.env", "var/lib/kubelet/pki",
          "etc/cni", "etc/containerd", "etc/passwd", "etc/group", "etc/os-release", "usr/lib/os-release", "etc/hostname",
          "usr/lib/systemd/system/kubelet.service", "usr/lib/systemd/system/kubelet.service.d", "etc/systemd/system",
          "lib/systemd/system/kubelet.service", "lib/systemd/system/kubelet.service.d",
          "etc/containers", "etc/docker", "sys/kernel/security/lsm", "sys/module/apparmor/parameters/enabled",
          "proc/sys/kernel/osrelease", "proc/sys/kernel/hostname"]


def copy_node(root, to):
    """Everything the collector may look at: configuration, and processes as folders below proc/."""
    to.mkdir(parents=True)
    for place in PLACES:
        copy_path(root, to, place)
    copy_directory_alone(root, to, "var/lib/etcd")
    for pod in sorted((root / "var/log/pods").iterdir()):
        copy_directory_alone(root, to, f"var/log/pods/{pod.name}")
    (to / "proc/1").mkdir(parents=True)
    (to / "proc/1/cgroup").write_bytes(read(root / "proc/1/cgroup"))
    for process in sorted((root / "proc").iterdir(), key=lambda p: p.name):
        if process.name.isdigit():
            copy_process(root, process, to)


def copy_path(root, to, place):
    source, target = root / place, to / place
    try:
        kind = source.lstat().st_mode
    except OSError:
        return
    make_parents(root, to, pathlib.PurePath(place))
    if stat.S_ISLNK(kind):
        if not target.is_symlink():
            target.symlink_to(os.readlink(source))
        return
    if stat.S_ISDIR(kind):
        target.mkdir(exist_ok=True)
        for child in sorted(source.iterdir()):
            copy_path(root, to, str(pathlib.PurePath(place) / child.name))
    elif stat.S_ISREG(kind):
        target.write_bytes(read(source))
    keep_owner_and_mode(source, target)


def copy_directory_alone(root, to, place):
    if not (root / place).is_dir():
        return
    make_parents(root, to, pathlib.PurePath(place))
    (to / place).mkdir(exist_ok=True)
    keep_owner_and_mode(root / place, to / place)


def make_parents(root, to, place):
    for parent in reversed(place.parents):
        if parent == pathlib.PurePath("."):
            continue
        source, target = root / parent, to / parent
        if source.is_symlink():
            if not target.is_symlink():
                target.symlink_to(os.readlink(source))
        elif not target.exists():
            target.mkdir()
            keep_owner_and_mode(source, target)


def keep_owner_and_mode(source, target):
    have = source.lstat()
    os.chown(target, have.st_uid, have.st_gid)
    os.chmod(target, stat.S_IMODE(have.st_mode))


def read(path):
    """The bytes, or nothing for what the kernel does not hand out."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def copy_process(root, process, to):
    """One component's process; its own root, where it has one, with the files its arguments name."""
    argv = read(process / "cmdline").split(b"\0")
    name = os.path.basename(argv[0].decode(errors="replace"))
    if name not in COMPONENTS:
        return
    target = to / "proc" / process.name
    target.mkdir(parents=True, exist_ok=True)
    for entry in ("cmdline", "comm", "cgroup", "stat", "status", "environ"):
        (target / entry).write_bytes(read(process / entry))
    for link in ("exe", "cwd"):
        try:
            (target / link).symlink_to(os.readlink(process / link))
        except OSError:
            pass
    (target / "net").mkdir()
    for table in ("tcp", "tcp6"):
        (target / "net" / table).write_bytes(read(process / "net" / table))
    (target / "fd").mkdir()
    for number in os.listdir(process / "fd"):
        try:
            (target / "fd" / number).symlink_to(os.readlink(process / "fd" / number))
        except OSError:
            pass
    own_root = process / "root"
    if same_directory(own_root, root):
        (target / "root").symlink_to("/")
        return
    (target / "root").mkdir()
    for argument in argv:
        path = argument.decode(errors="replace").rpartition("=")[2]
        if path.startswith("/"):
            copy_reachable(own_root, target / "root", path.lstrip("/"))


def copy_reachable(root, to, place):
    """A file or folder and, for the links of a mounted ConfigMap, what lies beside it."""
    if (root / place).is_dir():
        copy_directory_alone(root, to, place)
        return
    folder = str(pathlib.PurePath(place).parent)
    if (root / folder / "..data").is_symlink() or folder.endswith(("pki", "pki/etcd")):
        copy_path(root, to, folder)
    elif (root / place).exists():
        copy_path(root, to, place)


def same_directory(one, other):
    a, b = os.stat(one), os.stat(other)
    return (a.st_dev, a.st_ino) == (b.st_dev, b.st_ino)


def remove(folder):
    shutil.rmtree(folder, ignore_errors=True)
