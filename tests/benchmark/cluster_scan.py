"""The part of scripts/bench about a cluster's objects: a real API server filled with pods, and what it costs to judge
them beside what it costs to fetch them."""
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import tempfile
import time

import fill
import growth_chart
from measure import Starved, number, once, progress, spread, table

PROJECT = pathlib.Path(__file__).resolve().parents[2]
BIN = PROJECT / "build/bin"
PROGRAMS = PROJECT / "build/release/bin"
SCAN, BARE, KUBECTL = "`kubectl-baseline scan --cluster`", "bare download of the same lists", "`kubectl get pods -A -o json`"
ENCODINGS = {"JSON": "application/json", "Protobuf": "application/vnd.kubernetes.protobuf"}
PAGE = 500
LINES_OF_PODS = 500


class ControlPlane:
    """etcd and an API server; stopped and removed when this program ends, in whatever way."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="baseline-bench-")
        self.script = str(PROJECT / "scripts/control-plane")
        # Reads until this program's end of the pipe is closed: by stop(), or by the kernel.
        self.guardian = subprocess.Popen(["sh", "-c", 'cat; exec "$0" stop --dir "$1"', self.script, self.folder],
                                         stdin=subprocess.PIPE, start_new_session=True)

    def start(self):
        # A hundred thousand pods are more than etcd's usual bound of 2 GiB.
        subprocess.run([self.script, "start", "--dir", self.folder], check=True, stdout=subprocess.DEVNULL,
                       env={**os.environ, "ETCD_QUOTA_BACKEND_BYTES": str(16 << 30)})

    def stop(self):
        self.guardian.stdin.close()
        self.guardian.wait()
        if os.path.exists(self.folder):  # a control plane that did not come up leaves its logs
            shutil.rmtree(self.folder)

    def kubeconfig(self):
        return f"{self.folder}/kubeconfig"

    def version(self):
        return json.loads(fill.ApiServer(self.folder).ask("GET", "/version"))["gitVersion"]

    def cpu_seconds(self):
        """Of the API server, so far."""
        pid = pathlib.Path(self.folder, "apiserver.pid").read_text().split()[0]
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def kubectl_program():
    told = subprocess.run([PROJECT / "scripts/kubernetes/build", "kubectl"], check=True, stdout=subprocess.PIPE, text=True)
    return told.stdout.splitlines()[-1] + "/kubectl"


def commands(plane):
    kubeconfig = plane.kubeconfig()
    return {SCAN: [str(BIN / "kubectl-baseline"), "scan", "--cluster", "--kubeconfig", kubeconfig, "-o", "json", "--fail-on", "never"],
            BARE: [str(PROGRAMS / "bare_download"), kubeconfig],
            KUBECTL: [kubectl_program(), "--kubeconfig", kubeconfig, "get", "pods", "-A", "-o", "json"]}


def check_scan(command, pods):
    """A scan that did not see every pod would be fast, and worth nothing."""
    report = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    read = report["coverage"].get("objects", {})
    if read.get("pods") != pods:
        raise SystemExit(f"the scan of {pods} pods says that it read {json.dumps(read)}")


def costs_of(asked, pods, runs):
    """{name: the runs' (wall, CPU, memory)}, or in their place the memory in KiB at which a program had to be ended. In
    turns, so that what else the machine does falls upon all of them."""
    costs = {name: [] for name in asked}
    for turn in range(1, runs + 1):
        progress(f"{pods:,} pods: {', '.join(name.strip('`') for name in asked)}; turn {turn} of {runs}")
        for name, command in asked.items():
            if isinstance(costs[name], list):
                try:
                    costs[name].append(once(command))
                except Starved as starved:
                    costs[name] = starved.args[0]
    return costs


def continue_token(encoding, body):
    if encoding == "JSON":
        found = re.search(rb'"continue":"([^"]*)"', body[:4096])
        return found.group(1).decode() if found else ""
    # Behind "k8s\0": runtime.Unknown, whose field 2 is the list, whose field 1 is its metadata, of which 3 is the token.
    return field(field(field(memoryview(body)[4:], 2), 1), 3).tobytes().decode()


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value, shift, at = value | (byte & 127) << shift, shift + 7, at + 1
        if byte < 128:
            return value, at


def fields(data, wanted):
    """The length-delimited fields of that number in a Protobuf message that has no fields of fixed length."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        length, at = varint(data, at)
        if key & 7 == 2:
            if key >> 3 == wanted:
                yield data[at:at + length]
            at += length


def field(data, wanted):
    return next(fields(data, wanted), data[:0])


def fetch_pods(server, encoding):
    """Bytes of all pages of the list of pods."""
    token, size = "", 0
    while True:
        body = server.ask("GET", f"/api/v1/pods?limit={PAGE}" + (f"&continue={token}" if token else ""), accept=ENCODINGS[encoding])
        size += len(body)
        token = continue_token(encoding, body)
        if not token:
            return size


def encodings(plane, pods, runs):
    server = fill.ApiServer(plane.folder)
    for encoding in ENCODINGS:
        progress(f"{pods:,} pods: the list as {encoding}, {runs} runs")
        fetch_pods(server, encoding)
        walls, cpus = [], []
        for _ in range(runs):
            cpu, began = plane.cpu_seconds(), time.perf_counter()
            size = fetch_pods(server, encoding)
            walls.append(time.perf_counter() - began)
            cpus.append(plane.cpu_seconds() - cpu)
        yield [f"{pods:,}", encoding, number(size / 1e6, 1), spread(walls, 1, 2), spread(cpus, 1, 2)]


def row(pods, name, costs):
    if not isinstance(costs, list):
        return [f"{pods:,}", name, "ended: no memory left", "", f"more than {number(costs / 1024, 0)}"]
    wall, cpu, peak = zip(*costs)
    return [f"{pods:,}", name, spread(wall, 1, 2), spread(cpu, 1, 2), spread(peak, 1 / 1024, 1)]


def median(costs, column):
    return statistics.median(one[column] for one in costs)


def chart(figures):
    series = [{}, {}]
    missing = []
    for name in (SCAN, BARE, KUBECTL):
        plain = name.strip("`")
        for part, column, scale in ((0, 0, 1), (1, 2, 1 / 1024)):
            series[part][plain] = {pods: median(costs[name], column) * scale for pods, costs in figures.items() if isinstance(costs[name], list)}
        missing += [f"{plain} of {pods:,} pods ended for want of memory." for pods, costs in figures.items() if not isinstance(costs[name], list)]
    panels = [("Time, s", series[0]), ("Peak memory, MiB", series[1])]
    return growth_chart.svg("Time and memory by the number of pods in the cluster", panels, " ".join(["Both axes are logarithmic.", *missing]))


def library(pods_file):
    """Rows about what costs time beside the network."""
    for program, what in (("cluster_benchmark", "reading pods, rights of 20,000 bindings"), ("images_benchmark", "a node with 100 images")):
        progress(what)
        told = subprocess.run([str(PROGRAMS / program), "--benchmark_format=json", "--benchmark_min_time=1"], check=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, "BASELINE_PODS": pods_file})
        for result in json.loads(told.stdout)["benchmarks"]:
            if result.get("error_occurred"):
                raise SystemExit(f"{result['name']}: {result['error_message']}")
            speed = f", {result['bytes_per_second'] / 1e6:,.0f} MB/s" if "bytes_per_second" in result else ""
            yield [result["label"], f"{result['cpu_time']:.2f} {result['time_unit']} CPU{speed}"]


def sample_of_pods(plane, path):
    """Some pods as the API server sends them, one in each line, in both encodings. Returns their mean size in JSON, in bytes."""
    json_page, protobuf_page = (fill.ApiServer(plane.folder).ask("GET", f"/api/v1/pods?limit={LINES_OF_PODS}", accept=accept)
                                for accept in ENCODINGS.values())
    pods = [json.dumps(pod, separators=(",", ":")) for pod in json.loads(json_page)["items"]]
    lines = [f"{pod}\t{message.hex()}" for pod, message in zip(pods, fields(field(memoryview(protobuf_page)[4:], 2), 2), strict=True)]
    pathlib.Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return sum(map(len, pods)) / len(pods)


def build_programs():
    progress("building the benchmark programs")
    subprocess.run(["cmake", "--preset", "release", "-DBASELINE_BENCHMARKS=ON", "-S", str(PROJECT)], cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", str(PROJECT / "build/release"), "bare_download", "cluster_benchmark", "images_benchmark"], check=True, stdout=subprocess.DEVNULL)


def run(sizes, runs):
    """(Markdown of the section, the chart as SVG, the version of Kubernetes)."""
    build_programs()
    plane = ControlPlane()
    try:
        progress("starting etcd and an API server")
        plane.start()
        others = fill.fill_shared(plane.folder)
        figures, wire, had = {}, [], 0
        for pods in sizes:
            fill.fill_pods(plane.folder, had, pods, lambda so_far, all_of=pods: progress(f"{so_far:,} of {all_of:,} pods made"))
            had = pods
            asked = commands(plane)
            check_scan(asked[SCAN], pods)
            figures[pods] = costs_of(asked, pods, runs)
            wire += encodings(plane, pods, runs)
        with tempfile.NamedTemporaryFile() as pods_file:
            size = sample_of_pods(plane, pods_file.name)
            rows = list(library(pods_file.name))
        return section(others, size, figures, wire, rows), chart(figures), plane.version()
    finally:
        progress("stopping the API server")
        plane.stop()


def section(others, size, figures, wire, rows):
    costs = table(["pods", "what", "wall, s", "CPU, s", "peak memory, MiB"],
                  [row(pods, name, one) for pods, of_size in figures.items() for name, one in of_size.items()])
    ratios = ", ".join(f"{median(of_size[SCAN], 0) / median(of_size[BARE], 0):.2f} with {pods:,} pods" for pods, of_size in figures.items())
    growth = max(median(of_size[SCAN], 2) for of_size in figures.values()) - min(median(of_size[SCAN], 2) for of_size in figures.values())
    return (f"A real API server with etcd on the same machine, filled with pods of {size / 1000:.1f} kB of JSON each and {others:,} other objects. "
            "The bare download fetches the lists that the scan reads, in the same pages and encodings, and drops them: no reader can be "
            "faster.\n\n"
            f"{costs}\nA scan takes this many times the bare download: {ratios}. Its memory differs by {growth / 1024:.1f} MiB between the sizes.\n\n"
            "![Time and memory by the number of pods](benchmarks-cluster.svg)\n\n"
            f"The list of pods in pages of {PAGE}, fetched and dropped, in both encodings that the API server has:\n\n"
            f"{table(['pods', 'encoding', 'MB', 'wall, s', 'CPU of the API server, s'], wire)}\n{table(['what', 'figure'], rows)}")
