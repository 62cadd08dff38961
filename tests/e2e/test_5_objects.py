"""Workloads, images, rights and network policies of a real cluster: judged true to what was applied."""
import json
import pathlib
import tempfile
import unittest

from support import cluster, defective, scan
from support.kubectl import apply, eventually, items, kubectl, run

BAD, GOOD = "e2e-bad", "e2e-good"


def workload(namespace, name, image, pod=None, container=None):
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": namespace},
            "spec": {"replicas": 1, "selector": {"matchLabels": {"app": name}},
                     "template": {"metadata": {"labels": {"app": name}},
                                  "spec": {"terminationGracePeriodSeconds": 0, **(pod or {}),
                                           "containers": [{"name": "main", "image": image, "imagePullPolicy": "Never", **(container or {})}]}}}}


def namespace(name, **labels):
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


BAD_OBJECTS = [
    namespace(BAD),
    {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "e2e-everything"},
     "rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]},
    {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "e2e-admin"},
     "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
     "subjects": [{"kind": "ServiceAccount", "namespace": BAD, "name": "default"}]},
    {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "selects-nothing", "namespace": BAD},
     "spec": {"podSelector": {"matchLabels": {"app": "no-such"}}, "policyTypes": ["Ingress"]}},
    {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings", "namespace": BAD}, "data": {"db-password": defective.SECRET}},
    workload(BAD, "bad", defective.DEFECTIVE, {"hostPID": True, "hostIPC": True, "hostNetwork": True, "volumes": [
        {"name": "etc", "hostPath": {"path": "/etc"}}, {"name": "run", "hostPath": {"path": "/run"}}]},
        {"securityContext": {"privileged": True}, "ports": [{"containerPort": 80, "hostPort": 80}],
         "env": [{"name": "API_TOKEN", "value": defective.SECRET}],
         "volumeMounts": [{"name": "etc", "mountPath": "/host/etc"}, {"name": "run", "mountPath": "/host/run"}]}),
]
GOOD_OBJECTS = [
    namespace(GOOD, **{"pod-security.kubernetes.io/enforce": "restricted"}),
    {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "good", "namespace": GOOD}, "automountServiceAccountToken": False},
    {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "quota", "namespace": GOOD}, "spec": {"hard": {"pods": "10"}}},
    {"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "limits", "namespace": GOOD},
     "spec": {"limits": [{"type": "Container", "default": {"cpu": "10m", "memory": "16Mi"}, "defaultRequest": {"cpu": "1m", "memory": "8Mi"}}]}},
    {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "closed", "namespace": GOOD},
     "spec": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}},
    workload(GOOD, "good", defective.CLEAN,
             {"serviceAccountName": "good", "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}},
             {"securityContext": {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}},
              "resources": {"requests": {"cpu": "1m", "memory": "8Mi"}, "limits": {"cpu": "10m", "memory": "16Mi"}}}),
]

# Rows that the bad workload fails, and that the good one does not.
WORKLOAD_ROWS = ("5.7.2.2", "5.7.2.4", "5.7.2.5", "5.7.2.6", "5.7.2.8", "5.7.2.9", "5.7.2.10", "5.7.2.11", "5.7.2.13",
                 "5.7.2.14", "5.7.2.16", "5.7.2.18", "5.7.2.19", "5.7.5.1", "5.7.5.2", "5.7.4.3")
IMAGE_ROWS = ("5.7.1.7", "5.7.1.9", "5.7.1.10", "5.7.1.11", "5.7.1.12")


class Objects(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        defective.load()
        for manifest in BAD_OBJECTS + GOOD_OBJECTS:
            apply(manifest)
        for name in (BAD, GOOD):
            eventually(f"the pod of {name} runs", lambda name=name: running(name))
        cls.report = scan.run_scan("objects")
        cls.results = scan.results(cls.report)

    @classmethod
    def tearDownClass(cls):
        kubectl("delete", "namespace", BAD, GOOD, "--wait=false")
        kubectl("delete", "clusterrole", "e2e-everything")
        kubectl("delete", "clusterrolebinding", "e2e-admin")

    def findings(self, requirement):
        return self.results[requirement].get("findings", [])

    def about(self, requirement, text):
        return [f for f in self.findings(requirement) if text in f["subject"] or text in f.get("object", "")]

    def test_every_requirement_is_judged(self):
        self.assertEqual([r["id"] for r in self.report["results"] if r["status"] == "NotChecked"], [])
        errors = {r["id"]: r["message"] for r in self.report["results"] if r["status"] == "Error"}
        self.assertEqual(errors, {})

    def test_a_manual_row_lays_out_what_to_look_at(self):
        for result in self.report["results"]:
            if result["status"] == "Manual":
                self.assertTrue(result["message"], result["id"])
                self.assertTrue(result["remediation"], result["id"])

    def test_the_bad_workload_fails_and_the_good_one_does_not(self):
        for requirement in WORKLOAD_ROWS:
            with self.subTest(requirement):
                self.assertEqual(self.results[requirement]["status"], "Fail", self.results[requirement])
                bad = [f for f in self.about(requirement, BAD) if f["status"] == "Fail"]
                self.assertTrue(bad, self.results[requirement])
                self.assertFalse([f for f in self.about(requirement, GOOD) if f["status"] == "Fail"], self.results[requirement])

    def test_findings_name_the_owner_and_count_its_pods(self):
        privileged = self.about("5.7.2.4", f"{BAD}/bad")
        self.assertEqual(len(privileged), 1, privileged)
        self.assertIn("Deployment", privileged[0]["subject"])
        self.assertEqual(privileged[0]["pods"], 1)

    def test_the_defective_image_fails_and_the_clean_one_does_not(self):
        for requirement in IMAGE_ROWS:
            with self.subTest(requirement):
                self.assertEqual(self.results[requirement]["status"], "Fail", self.results[requirement])
                self.assertTrue(self.about(requirement, defective.DEFECTIVE), self.results[requirement])
                self.assertFalse([f for f in self.about(requirement, defective.CLEAN) if f["status"] == "Fail"], self.results[requirement])

    def test_rights_policies_and_quotas(self):
        for requirement, name in (("5.7.3.1", BAD), ("5.7.3.6", "e2e-admin"), ("5.7.3.7", "e2e-everything"), ("5.8.2.2", "selects-nothing"),
                                  ("5.7.5.3", BAD), ("5.7.5.4", BAD)):
            with self.subTest(requirement):
                self.assertEqual(self.results[requirement]["status"], "Fail", self.results[requirement])
                self.assertIn(name, json.dumps(self.findings(requirement)))
                self.assertFalse([f for f in self.about(requirement, GOOD) if f["status"] == "Fail"])

    def test_no_value_of_a_secret_is_in_the_report(self):
        self.assertNotIn(defective.SECRET, json.dumps(self.report))
        self.assertIn("DB_PASSWORD", json.dumps(self.findings("5.7.1.7")))
        self.assertIn("db-password", json.dumps(self.findings("5.7.4.3")))

    def test_what_was_read_is_counted(self):
        objects = self.report["coverage"]["objects"]
        self.assertGreaterEqual(objects["pods"], len(items("pods", "-A")) - 2)
        self.assertGreater(objects["clusterroles.rbac.authorization.k8s.io"], 50)
        self.assertNotIn("secrets", objects)

    def test_system_components_are_waived_by_scenario(self):
        proxy = self.about("5.7.2.4", "kube-proxy")
        self.assertEqual([f["status"] for f in proxy], ["Waived"], proxy)
        self.assertIn("B.1", proxy[0]["waivedBy"])

    def test_the_command_line_gives_the_same_verdicts_from_the_cluster_and_from_files(self):
        program = str(cluster.PROJECT / "build/bin/kubectl-baseline")
        live = json.loads(run(program, "scan", "--cluster", "-o", "json", "--fail-on", "never"))
        kinds = sorted(k for k in live["coverage"]["objects"] if k != "pods") + ["pods"]
        with tempfile.TemporaryDirectory() as folder:
            for kind in kinds:
                pathlib.Path(folder, f"{kind}.yaml").write_text(kubectl("get", kind, "-A", "-o", "yaml"))
            files = json.loads(run(program, "scan", "--manifests", folder, "-o", "json", "--fail-on", "never"))
        a, b = scan.results(live), scan.results(files)
        # Of files, what is not there was perhaps not given.
        different = {i: (a[i]["status"], b[i]["status"], a[i]["message"], b[i]["message"]) for i in a
                     if a[i]["status"] != b[i]["status"] and b[i]["status"] != "NotChecked"}
        self.assertEqual(different, {})
        judged = [i for i in b if b[i]["status"] not in ("NotChecked",)]
        self.assertGreater(len(judged), 35)


def running(name):
    pods = items("pods", "-n", name)
    return pods and all(p["status"].get("phase") == "Running" for p in pods)
