"""Fills an API server with objects.

The first pod of each Deployment is made through the API. The others are put into etcd as what the API server has
stored there for the first, with a name, uid, node and address of their own: minutes become seconds.
"""
import base64
import http.client
import json
import multiprocessing
import pathlib
import queue
import re
import signal
import ssl
import time

import pod_objects
import shared_objects

CONNECTIONS = 4
BATCH = 10  # workloads
SECONDS_OF_SILENCE = 5
PLURALS = {"ConfigMap": "configmaps", "LimitRange": "limitranges", "NetworkPolicy": "networkpolicies"}


class ApiServer:
    """One connection to a control plane of scripts/control-plane, as its administrator."""

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        context = ssl.create_default_context(cafile=folder / "pki/ca.crt")
        context.load_cert_chain(folder / "pki/admin.crt", folder / "pki/admin.key")
        self.connection = http.client.HTTPSConnection("127.0.0.1", int((folder / "port").read_text()), context=context, timeout=120)

    def ask(self, method, path, body=None, kind="application/json", accept="application/json"):
        """The reply's body."""
        self.connection.request(method, path, body, {"Content-Type": kind, "Accept": accept})
        reply = self.connection.getresponse()
        text = reply.read()
        if reply.status >= 300:
            raise RuntimeError(f"{method} {path}: {reply.status} {text[:300]!r}")
        return text

    def create(self, item):
        group, _, _ = item["apiVersion"].rpartition("/")
        ns = item["metadata"].get("namespace")
        plural = PLURALS.get(item["kind"], item["kind"].lower() + "s")
        self.ask("POST", f"/{'apis' if group else 'api'}/{item['apiVersion']}/{f'namespaces/{ns}/' if ns else ''}{plural}", json.dumps(item))


class Etcd:
    """The control plane's etcd, through its gateway."""

    def __init__(self, folder):
        command = (pathlib.Path(folder) / "apiserver.command").read_text()
        self.connection = http.client.HTTPConnection(re.search("--etcd-servers=http://([^\n]+)", command).group(1), timeout=120)

    def ask(self, what, body):
        self.connection.request("POST", f"/v3/kv/{what}", json.dumps(body), {"Content-Type": "application/json"})
        reply = self.connection.getresponse()
        text = reply.read()
        if reply.status != 200:
            raise RuntimeError(f"etcd, {what}: {reply.status} {text[:300]!r}")
        return json.loads(text)

    def get(self, key):
        return base64.b64decode(self.ask("range", {"key": text64(key)})["kvs"][0]["value"])

    def put(self, values):
        """{key: value}, at once."""
        self.ask("txn", {"success": [{"requestPut": {"key": text64(key), "value": text64(value)}} for key, value in values.items()]})


def text64(what):
    return base64.b64encode(what if isinstance(what, bytes) else what.encode()).decode()


def replaced(value, differences):
    for old, new in differences.items():
        if len(old) != len(new):
            raise ValueError(f"{old} and {new} differ in length")
        value = value.replace(old.encode(), new.encode())
    return value


def create_workloads(folder, numbers, made):
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one answers it
    server, etcd = ApiServer(folder), Etcd(folder)
    for at, number in enumerate(numbers, 1):
        pod = pod_objects.first_pod(number)
        ns, name = pod["metadata"]["namespace"], pod["metadata"]["name"]
        created = json.loads(server.ask("POST", f"/api/v1/namespaces/{ns}/pods", json.dumps(pod)))
        server.ask("PATCH", f"/api/v1/namespaces/{ns}/pods/{name}/status", json.dumps({"status": pod_objects.status(number)}), "application/merge-patch+json")
        key = f"/registry/pods/{ns}/{name}"
        stored, others = etcd.get(key), {}
        for other in range(1, pod_objects.PODS_OF_A_WORKLOAD):
            differences = pod_objects.differences(number, other, created["metadata"]["uid"])
            others[replaced(key.encode(), differences)] = replaced(stored, differences)
        etcd.put(others)
        if at % BATCH == 0 or at == len(numbers):
            made.put((at - 1) % BATCH + 1)


def fill_shared(folder):
    """Everything but pods."""
    server = ApiServer(folder)
    count = 0
    for item in (*shared_objects.namespaces(), *shared_objects.others()):
        server.create(item)
        count += 1
    return count


def fill_pods(folder, before, after, progress):
    """Pods from number `before` up to `after`; progress(pods so far) now and then. Raises what a connection raised."""
    step = pod_objects.PODS_OF_A_WORKLOAD
    numbers = range(before // step, after // step)
    context = multiprocessing.get_context("spawn")
    made = context.Queue()
    # Daemons end with this process, whatever ends it.
    workers = [context.Process(target=create_workloads, args=(folder, numbers[i::CONNECTIONS], made), daemon=True) for i in range(CONNECTIONS)]
    for worker in workers:
        worker.start()
    done = 0
    told = time.monotonic()
    try:
        while done < len(numbers):
            try:
                done += made.get(timeout=1)
                if done == len(numbers) or time.monotonic() > told + SECONDS_OF_SILENCE:
                    told = time.monotonic()
                    progress(before + done * step)
            except queue.Empty:
                if any(worker.exitcode for worker in workers):
                    raise RuntimeError("a connection that fills the cluster failed; its message is above") from None
    finally:
        for worker in workers:
            worker.terminate()
            worker.join()
