"""A tenant who wants to mislead the report or to stop the scan: the report is as without them, and names what was refused."""
import json
import os
import pathlib
import tempfile
import unittest

from support import cluster, defective, scan
from support.kubectl import Failed, apply, eventually, items, kubectl

TENANT = "e2e-tenant"
POSING = "e2e.example/posing:1"
# Each is the pause program under another name; what they are told would pass or fail many rows.
COMPONENTS = {
    "kubelet": ["--anonymous-auth=true", "--authorization-mode=AlwaysAllow", "--read-only-port=10255", "--cni-conf-dir=/etc/evil",
                "--hostname-override=control-plane"],
    "containerd": ["--config=/etc/evil.toml"],
    "kube-proxy": ["--config=/etc/evil.yaml"],
    "etcd": ["--client-cert-auth=false", "--data-dir=/evil"],
    "kube-apiserver": ["--anonymous-auth=true", "--authorization-mode=AlwaysAllow"],
}


def load_image():
    program = (0o755, defective.pause_program())
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/posing.tar"
        defective.archive(path, POSING, {"Env": ["PATH=/"], "User": "65535:65535", "WorkingDir": "/"},
                          [defective.step("COPY . /")], [defective.layer({name: program for name in COMPONENTS})])
        cluster.cluster("load", path)


def posing_pod():
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "posing", "namespace": TENANT},
            "spec": {"nodeSelector": {"kubernetes.io/hostname": "worker-1"}, "terminationGracePeriodSeconds": 0,
                     "containers": [{"name": name, "image": POSING, "imagePullPolicy": "Never", "command": [f"/{name}", *arguments]}
                                    for name, arguments in COMPONENTS.items()]}}


def large_policy(name):
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": name, "namespace": TENANT},
            "spec": {"podSelector": {"matchExpressions": [{"key": "a", "operator": "In", "values": ["b"] * 300_000}]},
                     "policyTypes": ["Ingress"]}}


def guard():
    """The objects of config/components/guard, made for what config/default installs."""
    with tempfile.TemporaryDirectory() as folder:
        config = os.path.relpath(cluster.PROJECT / "config", folder)
        pathlib.Path(folder, "kustomization.yaml").write_text(json.dumps({
            "apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization",
            "resources": [f"{config}/default"], "components": [f"{config}/components/guard"]}), encoding="utf-8")
        made = kubectl("kustomize", folder)
    return "---\n".join(one for one in made.split("---\n") if "kind: ValidatingAdmissionPolicy" in one)


def reaching_pod(**container):
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "reaching", "namespace": scan.NAMESPACE},
            "spec": {"containers": [{"name": "main", "image": POSING, "imagePullPolicy": "Never", "command": ["/kubelet"],
                                     "volumeMounts": [{"name": "host", "mountPath": "/host"}], **container}],
                     "volumes": [{"name": "host", "hostPath": {"path": "/"}}]}}


def restarts():
    pods = items("pods", "-n", scan.NAMESPACE, "-l", "app.kubernetes.io/name=baseline-operator")
    return [status["restartCount"] for pod in pods for status in pod["status"].get("containerStatuses", [])]


def node_verdicts(report):
    return {r["id"]: (r["status"], r.get("findings")) for r in report["results"] if r["scope"] == "node"}


class Hostile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        load_image()
        cls.before = scan.run_scan("hostile")
        apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": TENANT}})

    @classmethod
    def tearDownClass(cls):
        kubectl("delete", "namespace", TENANT, "--wait=false")

    def test_1_processes_named_like_components_change_no_verdict_about_nodes(self):
        apply(posing_pod())
        eventually("the posing pod runs", lambda: all(
            pod["status"]["phase"] == "Running" for pod in items("pods", "-n", TENANT)) and items("pods", "-n", TENANT))
        report = scan.rescan("hostile")
        self.assertEqual(node_verdicts(report), node_verdicts(self.before))
        self.assertEqual(len(report["nodeGroups"]), len(self.before["nodeGroups"]))
        named = {one["component"]: one["object"] for one in report["coverage"]["lookalikes"] if one["object"].startswith(TENANT)}
        self.assertEqual(named, {name: f"{TENANT}/Pod/posing" for name in COMPONENTS})

    def test_2_objects_beyond_the_limits_are_refused_by_name(self):
        was = restarts()
        for index in range(5):
            kubectl("create", "-f", "-", stdin=json.dumps(large_policy(f"large-{index}")))
        report = scan.rescan("hostile")
        self.assertEqual(restarts(), was)
        result = scan.results(report)["5.8.2.2"]
        self.assertNotEqual(result["status"], "Pass")
        refused = [f for f in result["findings"] if f["status"] == "Error" and "large-" in json.dumps(f)]
        self.assertTrue(refused, result)

    def test_3_a_scan_does_not_choose_what_runs_on_nodes(self):
        wanted = scan.scan_object("powers", runner={"image": "evil.example/root:1", "priorityClassName": "system-node-critical"})
        kubectl("apply", "--validate=false", "-f", "-", stdin=json.dumps(wanted))
        self.addCleanup(kubectl, "delete", "bscan", "powers", "--wait=false")
        eventually("the scan is held back", lambda: scan.condition("powers", "Stalled").get("reason") == "PriorityClassNotAllowed")
        del wanted["spec"]["runner"]["priorityClassName"]
        kubectl("apply", "--validate=false", "-f", "-", stdin=json.dumps(wanted))
        report = scan.wait_completed("powers")
        self.assertEqual(report["coverage"]["nodesReported"], 2)
        ignored = scan.condition("powers", "FieldsIgnored")
        self.assertEqual(ignored.get("status"), "True")
        self.assertIn("spec.runner.image", ignored["message"])

    def test_4_with_the_guard_only_the_node_runner_reaches_nodes(self):
        objects = guard()
        kubectl("apply", "-f", "-", stdin=objects)
        self.addCleanup(kubectl, "delete", "-f", "-", stdin=objects)

        def refused(*arguments, **given):
            try:
                kubectl(*arguments, **given)
            except Failed as words:
                return "baseline-guard" in str(words)
            return False

        # A policy takes a moment to be in force; until then the pod would be let in, so nothing is created.
        eventually("the guard is in force", lambda: refused(
            "create", "--dry-run=server", "-f", "-", stdin=json.dumps(reaching_pod())))
        privileged = reaching_pod(image=cluster.runner_image(), securityContext={"privileged": True})
        self.assertTrue(refused("create", "--dry-run=server", "-f", "-", stdin=json.dumps(privileged)))
        self.assertTrue(refused("-n", scan.NAMESPACE, "exec", "deployment/baseline-operator", "--", "/true"))
        report = scan.rescan("hostile")
        self.assertEqual(report["coverage"]["nodesReported"], 2)
