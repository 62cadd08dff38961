"""What goes wrong in real clusters: the scan ends all the same, nobody is lost, and it says what happened."""
import json
import subprocess
import time
import unittest

from support import cluster, scan
from support.kubectl import apply, eventually, get, items, kubectl


def node_is(ready):
    def ask():
        node = get("node", "worker-1")
        state = {c["type"]: c["status"] for c in node["status"]["conditions"]}["Ready"]
        return (state == "True") == ready
    return ask


class JobWatch:
    """Every Job that is ever created, by node."""

    def __init__(self):
        self.process = subprocess.Popen(["kubectl", "get", "jobs", "-n", scan.NAMESPACE, "-w", "-o", "json", "--output-watch-events"],
                                        stdout=subprocess.PIPE, text=True)

    def stop(self):
        self.process.terminate()
        text, _ = self.process.communicate()
        created, decoder, at = {}, json.JSONDecoder(), 0
        while at < len(text):
            if text[at].isspace():
                at += 1
                continue
            try:
                event, at = decoder.raw_decode(text, at)
            except json.JSONDecodeError:
                break
            if event["type"] == "ADDED":
                annotations = event["object"]["metadata"].get("annotations", {})
                created.setdefault(annotations.get("baseline.kxy.io/node"), set()).add(event["object"]["metadata"]["uid"])
        return created


class Faults(unittest.TestCase):
    def test_1_a_cordoned_node_is_named(self):
        kubectl("cordon", "worker-1")
        self.addCleanup(kubectl, "uncordon", "worker-1")
        report = scan.run_scan("cordoned")
        self.assertEqual([m["node"] for m in report["coverage"]["missing"]], ["worker-1"])
        self.assertIn("cordon", report["coverage"]["missing"][0]["reason"])
        self.assertEqual(scan.condition("cordoned", "Ready")["reason"], "CompletedWithMissingNodes")

    def test_2_an_image_that_cannot_be_had_is_named(self):
        self.addCleanup(cluster.use_runner_image, cluster.runner_image())
        cluster.use_runner_image("baseline.invalid/no-such-image:1")
        report = scan.run_scan("no-image", timeout="15s")
        self.assertEqual(sorted(m["node"] for m in report["coverage"]["missing"]), ["control-plane", "worker-1"])
        for missing in report["coverage"]["missing"]:
            self.assertRegex(missing["reason"], "ErrImagePull|ImagePullBackOff")
        self.assertNotIn("Pass", {r["status"] for r in report["results"] if r["scope"] == "node"})
        self.assertNotIn("Pass", {v for k, v in scan.verdicts(report).items() if k in ("5.7.1.4", "5.7.1.7", "5.7.1.9")})  # images are on nodes

    def test_3_the_operator_is_killed_in_the_middle(self):
        whole = scan.without_volatile(scan.run_scan("whole", parallelism=1))
        watch = JobWatch()
        apply(scan.scan_object("killed", parallelism=1))
        eventually("the first node is folded in", lambda: scan.status("killed").get("progress") == "1/2", every=0.05)
        kubectl("-n", scan.NAMESPACE, "delete", "pod", "-l", "app.kubernetes.io/name=baseline-operator", "--force", "--grace-period=0")
        report = scan.wait_completed("killed")
        created = watch.stop()
        resumed = scan.without_volatile(report)
        resumed["scan"] = whole["scan"]
        self.assertEqual(resumed, whole)
        self.assertEqual({node: len(uids) for node, uids in created.items()}, {"control-plane": 1, "worker-1": 1})

    def test_4_a_wrong_profile_stops_the_scan_and_says_so(self):
        apply({"apiVersion": "baseline.kxy.io/v1alpha1", "kind": "BaselineProfile", "metadata": {"name": "wrong"},
               "spec": {"extends": "kxy-cs001-2023", "requirements": {"exclude": ["9.9.9"]}, "parameters": {"5.1.5.2": {"minimum": "many"}}}})
        apply(scan.scan_object("unhappy", profile="wrong"))
        stalled = eventually("the scan is stalled", lambda: scan.condition("unhappy", "Stalled"))
        self.assertEqual((stalled["status"], stalled["reason"]), ("True", "ProfileNotReady"))
        for word in ("9.9.9", "5.1.5.2"):
            self.assertIn(word, stalled["message"])
        ready = {c["type"]: c for c in get("baselineprofile", "wrong")["status"]["conditions"]}["Ready"]
        self.assertEqual(ready["status"], "False")
        self.assertEqual(scan.runner_jobs(), [])
        apply({"apiVersion": "baseline.kxy.io/v1alpha1", "kind": "BaselineProfile", "metadata": {"name": "wrong"},
               "spec": {"extends": "kxy-cs001-2023", "requirements": {"exclude": ["5.1"]}}})
        report = scan.wait_completed("unhappy")  # by itself, once the profile is right
        self.assertFalse(any(i.startswith("5.1.") for i in scan.verdicts(report)))

    def test_5_a_kubelet_that_stops_during_the_scan_is_named(self):
        cluster.kubelet("worker-1", "stop")
        self.addCleanup(eventually, "worker-1 is back", node_is(True))
        self.addCleanup(cluster.kubelet, "worker-1", "start")
        report = scan.run_scan("stopped", timeout="15s")
        self.assertEqual([m["node"] for m in report["coverage"]["missing"]], ["worker-1"])
        self.assertTrue(report["coverage"]["missing"][0]["reason"])
        self.assertEqual(report["coverage"]["nodesReported"], 1)

        eventually("worker-1 is NotReady", node_is(False), seconds=180)
        report = scan.rescan("stopped")
        self.assertIn("not Ready", report["coverage"]["missing"][0]["reason"])

    def test_6_deleting_a_scan_leaves_nothing(self):
        report = scan.run_scan("gone")
        kubectl("delete", "bscan", "gone")
        eventually("its report is gone", lambda: get("baselinereport", report["metadata"]["name"]) is None)
        eventually("no Job is left", lambda: not scan.runner_jobs())

    def test_7_at_rest_nothing_is_written_and_little_is_asked(self):
        eventually("no Job is left", lambda: not scan.runner_jobs())
        versions = {o["metadata"]["name"]: o["metadata"]["resourceVersion"] for kind in ("baselinescans", "baselineprofiles", "baselinereports")
                    for o in items(kind)}
        before = requests()
        time.sleep(30)
        asked = {key: n - before.get(key, 0) for key, n in requests().items() if n != before.get(key, 0)}
        others = {key: n for key, n in asked.items() if 'resource="leases' not in key and 'verb="watch"' not in key}
        self.assertEqual(others, {})
        self.assertEqual(versions, {o["metadata"]["name"]: o["metadata"]["resourceVersion"]
                                    for kind in ("baselinescans", "baselineprofiles", "baselinereports") for o in items(kind)})


def requests():
    """Requests to the API server so far, as the operator counts them."""
    pod = items("pods", "-n", scan.NAMESPACE, "-l", "app.kubernetes.io/name=baseline-operator")[0]["metadata"]["name"]
    text = kubectl("get", "--raw", f"/api/v1/namespaces/{scan.NAMESPACE}/pods/{pod}:8082/proxy/metrics")
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in text.splitlines()
            if line.startswith("baseline_api_requests_total")}
