#!/usr/bin/env python3
"""Objects as large as tenants can make them, given to the real program: its memory stays within the operator's limit,
what is too large is named as Error, and everybody else's verdicts are what they are without it.

usage: objects.py KUBECTL_BASELINE
"""
import http.server
import json
import os
import subprocess
import sys
import tempfile
import unittest
import urllib.parse
import urllib.request

MOST_MIB = 256  # the operator's memory limit
PROGRAM = ""


def named(kind, api_version, ns, name, **rest):
    return {"apiVersion": api_version, "kind": kind, "metadata": {"namespace": ns, "name": name}, **rest}


def victims():
    """A namespace with a policy that covers its pod, one without; a Role and a ConfigMap that fail."""
    policy = {"podSelector": {"matchLabels": {"app": "cart"}}, "policyTypes": ["Ingress"], "ingress": [{}]}
    for ns in ("covered", "bare"):
        yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": ns}}
        yield named("Pod", "v1", ns, "cart", spec={"containers": [{"name": "c", "image": "example/c:1"}]})
    yield named("NetworkPolicy", "networking.k8s.io/v1", "covered", "all", spec={**policy, "podSelector": {}})
    yield named("Role", "rbac.authorization.k8s.io/v1", "covered", "wide",
                rules=[{"verbs": ["*"], "apiGroups": [""], "resources": ["pods"]}])
    yield named("ConfigMap", "v1", "covered", "settings", data={"password": "hunter2-and-more"})


def hostile():
    values = ["b"] * 350_000
    for i in range(30):
        selector = {"matchExpressions": [{"key": "app", "operator": "In", "values": values}]}
        yield named("NetworkPolicy", "networking.k8s.io/v1", "tenant", f"p{i}", spec={"podSelector": selector})
    for i in range(30):
        # Half of them one rule with many names, half of them many rules.
        rules = [{"verbs": ["get"], "resources": ["pods"], "resourceNames": values}]
        if i % 2:
            rules = [{"verbs": ["get"]}] * 80_000
        yield named("Role", "rbac.authorization.k8s.io/v1", "tenant", f"r{i}", rules=rules)
    data = {f"password{i}": "x" * 12 for i in range(45_000)}
    for i in range(100):
        yield named("ConfigMap", "v1", "tenant", f"c{i}", data=data)


class QuietServer(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        """Whoever had enough hangs up."""


GROUPS = ("rbac.authorization.k8s.io", "networking.k8s.io", "certificates.k8s.io", "admissionregistration.k8s.io")
PATHS = {
    "Namespace": "/api/v1/namespaces",
    "Pod": "/api/v1/pods",
    "ConfigMap": "/api/v1/configmaps",
    "NetworkPolicy": "/apis/networking.k8s.io/v1/networkpolicies",
    "Role": "/apis/rbac.authorization.k8s.io/v1/roles",
    "RoleBinding": "/apis/rbac.authorization.k8s.io/v1/rolebindings",
}


def within_limits():
    """Nothing too large by itself, and together far more than is held: 40 namespaces of one tenant."""
    for ns in (f"tenant-{i}" for i in range(40)):
        for i in range(8):
            subjects = [{"kind": "User", "name": f"somebody-with-a-long-name-{i}-{j}"} for j in range(3_000)]
            yield named("RoleBinding", "rbac.authorization.k8s.io/v1", ns, f"b{i}", subjects=subjects,
                        roleRef={"kind": "Role", "name": "r"})
        for i in range(3_000):
            selector = {"matchLabels": {"app": "none", "n": str(i)}}
            yield named("NetworkPolicy", "networking.k8s.io/v1", ns, f"p{i}", spec={"podSelector": selector})
            yield {"metadata": {"namespace": ns, "name": f"w{i}", "labels": {"n": str(i)}}, "kind": "Pod",
                   "spec": {"containers": [{"name": "c", "image": "example/c:1"}]}}


class FakeServer(http.server.BaseHTTPRequestHandler):
    """As much of an API server as a scan asks for: versions, discovery, lists by pages."""

    protocol_version = "HTTP/1.1"
    objects = {}  # JSON texts by path
    asked = []  # lists: path and limit

    def log_message(self, *_):
        pass

    def answer(self, body, status=200):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")  # as real ones answer: the length is not known before
        self.end_headers()
        try:
            for at in range(0, len(data), 1 << 16):
                part = data[at:at + (1 << 16)]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
            self.wfile.write(b"0\r\n\r\n")
        except OSError:  # too large for who asked
            self.close_connection = True

    def do_GET(self):
        url = urllib.parse.urlparse(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        if url.path == "/asked":
            return self.answer(FakeServer.asked)
        if url.path == "/version":
            return self.answer({"major": "1", "minor": "36", "gitVersion": "v1.36.1"})
        if url.path == "/apis":
            return self.answer({"groups": [{"name": name, "versions": [{"version": "v1"}]} for name in GROUPS]})
        if url.path.startswith("/api/v1/namespaces/"):
            return self.answer({"kind": "Status", "code": 404}, 404)
        if "limit" not in query:
            return self.answer({"resources": []})
        limit, at = int(query["limit"]), int(query.get("continue", "0"))
        FakeServer.asked.append((url.path, limit))
        items = FakeServer.objects.get(url.path, [])
        page = b",".join(items[at:at + limit])
        token = str(at + limit) if at + limit < len(items) else ""
        self.answer(b'{"kind":"List","metadata":{"continue":"%s"},"items":[%s]}' % (token.encode(), page))


def make(folder):
    """files/: an object each; lists/: Lists of some of a kind; texts/: what the server gives; quiet.json: the victims."""
    texts = {kind: [] for kind in PATHS}
    for name in ("files", "lists", "texts", "within"):
        os.mkdir(os.path.join(folder, name))
    for number, one in enumerate([*victims(), *hostile()]):
        with open(os.path.join(folder, "files", f"{number:03}.json"), "w", encoding="utf-8") as file:
            json.dump(one, file)
        texts[one["kind"]].append(json.dumps(one, separators=(",", ":")).encode())
    for kind, of_kind in texts.items():
        for at in range(0, len(of_kind), 35):
            with open(os.path.join(folder, "lists", f"{kind}-{at}.json"), "wb") as file:
                file.write(b'{"apiVersion":"v1","items":[\n' + b",\n".join(of_kind[at:at + 35]) + b'],"kind":"List"}')
        with open(os.path.join(folder, "texts", kind), "wb") as file:
            file.write(b"".join(text + b"\n" for text in of_kind))
    files = {kind: open(os.path.join(folder, "within", kind), "wb") for kind in PATHS}
    for one in [*victims(), *within_limits()]:
        files[one["kind"]].write(json.dumps(one, separators=(",", ":")).encode() + b"\n")
    for file in files.values():
        file.close()
    with open(os.path.join(folder, "quiet.json"), "w", encoding="utf-8") as file:
        json.dump({"apiVersion": "v1", "kind": "List", "items": list(victims())}, file)


def serve(folder):
    for kind, path in PATHS.items():
        with open(os.path.join(folder, kind), "rb") as file:
            FakeServer.objects[path] = file.read().splitlines()
    server = QuietServer(("127.0.0.1", 0), FakeServer)
    print(server.server_port, flush=True)
    server.serve_forever()


class HostileObjects(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        # In processes of their own: what this one takes would count for those that it starts.
        subprocess.run([sys.executable, __file__, "--make", cls.folder.name], check=True)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def scan(self, *arguments):
        """The results by requirement, and what was said beside them."""
        with open(self.path("stdout"), "wb") as out, open(self.path("stderr"), "wb") as err:
            child = subprocess.Popen([PROGRAM, "scan", "-o", "json", "--lang", "en", *arguments], stdout=out, stderr=err)
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        with open(self.path("stderr"), encoding="utf-8") as file:
            said = file.read()
        self.assertIn(child.returncode, (0, 1, 2), said[-2000:])
        print(f"{arguments[0]}: peak {usage.ru_maxrss / 1024:.0f} MiB, CPU {usage.ru_utime + usage.ru_stime:.2f} s")
        self.assertLess(usage.ru_maxrss / 1024, MOST_MIB)
        with open(self.path("stdout"), encoding="utf-8") as file:
            report = json.load(file)
        results = report.get("results") or report["report"]["results"]
        return {row["id"]: row for row in results}, said

    def findings(self, row, ns):
        return sorted((f["object"], f["status"]) for f in row.get("findings", [])
                      if f.get("object", "").startswith(ns + "/") or f.get("object", "") == "Namespace/" + ns)

    def hold(self, rows):
        quiet, _ = self.scan("--manifests", self.path("quiet.json"))
        for row, kind in (("5.8.2.2", "NetworkPolicy"), ("5.8.2.3", "NetworkPolicy"), ("5.7.3.7", "Role"),
                          ("5.7.4.3", "ConfigMap")):
            of_tenant = [f for f in self.findings(rows[row], "tenant") if f[0] != "Namespace/tenant"]
            self.assertEqual({status for _, status in of_tenant}, {"Error"}, row)
            self.assertTrue(all(name.startswith(f"tenant/{kind}/") for name, _ in of_tenant), of_tenant)
            self.assertIn(f"tenant/{kind}/*", [name for name, _ in of_tenant], "the rest are counted")
            self.assertIn(rows[row]["status"], ("Error", "Fail"))
            for ns in ("covered", "bare"):
                wrong = [f for f in self.findings(quiet[row], ns) if f[1] == "Fail"]
                self.assertEqual([f for f in self.findings(rows[row], ns) if f[1] == "Fail"], wrong, row)
        self.assertEqual(quiet["5.8.2.2"]["status"], "Pass")
        self.assertEqual(rows["5.8.2.2"]["status"], "Error", "a Pass without the refused objects would be none")
        self.assertEqual(self.findings(rows["5.8.2.3"], "bare"), [("Namespace/bare", "Fail")])

    def test_files_of_one_object(self):
        rows, said = self.scan("--manifests", self.path("files"))
        self.hold(rows)
        self.assertIn("spec.podSelector", said, "the mistake is named with its file")

    def test_lists(self):
        rows, _ = self.scan("--manifests", self.path("lists"))
        self.hold(rows)

    def scan_server(self, folder):
        """The same of an API server that has what the folder holds, and the lists that were asked for."""
        server = subprocess.Popen([sys.executable, __file__, "--serve", self.path(folder)], stdout=subprocess.PIPE)
        try:
            address = f"http://127.0.0.1:{server.stdout.readline().decode().strip()}"
            with open(self.path("kubeconfig"), "w", encoding="utf-8") as file:
                json.dump({"apiVersion": "v1", "kind": "Config", "current-context": "c",
                           "clusters": [{"name": "c", "cluster": {"server": address}}],
                           "users": [{"name": "u", "user": {"token": "none"}}],
                           "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}]}, file)
            rows, _ = self.scan("--cluster", "--kubeconfig", self.path("kubeconfig"))
            with urllib.request.urlopen(address + "/asked") as reply:
                return rows, json.load(reply)
        finally:
            server.kill()
            server.wait()
            server.stdout.close()

    def test_an_api_server(self):
        rows, asked = self.scan_server("texts")
        self.hold(rows)
        sizes = [limit for path, limit in asked if path == PATHS["NetworkPolicy"]]
        self.assertEqual(sizes[0], 500)
        self.assertLess(sizes[-1], 10, "large objects come a few at a time")
        self.assertLess(len(sizes), 60)

    def test_more_than_is_held_in_all(self):
        rows, _ = self.scan_server("within")
        self.assertEqual(rows["5.8.2.3"]["status"], "Fail", "a namespace without a policy is one")
        self.assertEqual(self.findings(rows["5.8.2.3"], "bare"), [("Namespace/bare", "Fail")])
        self.assertEqual(rows["5.7.3.5"]["status"], "Error")
        self.assertIn("RoleBinding", rows["5.7.3.5"]["message"])
        self.assertEqual(self.findings(rows["5.7.3.7"], "covered"), [("covered/Role/wide", "Fail")])


if __name__ == "__main__":
    if sys.argv[1] == "--make":
        make(sys.argv[2])
    elif sys.argv[1] == "--serve":
        serve(sys.argv[2])
    else:
        PROGRAM = sys.argv[1]
        unittest.main(argv=sys.argv[:1])
