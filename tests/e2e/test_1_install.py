"""The operator runs as a Deployment under its own rights, and its resources explain themselves."""
import unittest

from support.kubectl import get, kubectl


class Install(unittest.TestCase):
    def test_the_operator_is_confined(self):
        pod = get("pods", "-n", "baseline-system", "-l", "app.kubernetes.io/name=baseline-operator")["items"][0]
        container = pod["spec"]["containers"][0]
        self.assertTrue(pod["spec"]["securityContext"]["runAsNonRoot"])
        self.assertTrue(container["securityContext"]["readOnlyRootFilesystem"])
        self.assertEqual(container["securityContext"]["capabilities"]["drop"], ["ALL"])
        self.assertFalse(container["securityContext"]["allowPrivilegeEscalation"])
        self.assertEqual(pod["spec"].get("volumes", [])[0]["name"][:15], "kube-api-access")
        self.assertEqual(len(pod["spec"]["volumes"]), 1)

    def test_rights_are_least(self):
        who = "--as=system:serviceaccount:baseline-system:baseline-operator"

        def can(*question):
            return kubectl("auth", "can-i", *question, who, check=False).strip() == "yes"
        for question in (["list", "secrets", "-A"], ["get", "secrets", "-n", "baseline-system"], ["create", "pods", "-n", "baseline-system"],
                         ["update", "baselineprofiles"], ["patch", "baselinescans"], ["delete", "nodes"],
                         ["create", "jobs", "-n", "default"], ["get", "configmaps", "-A"]):
            self.assertFalse(can(*question), question)
        for question in (["create", "jobs", "-n", "baseline-system"], ["update", "baselinereports"],
                         ["patch", "baselinescans", "--subresource=status"]):
            self.assertTrue(can(*question), question)
        runner = "--as=system:serviceaccount:baseline-system:node-runner"
        self.assertNotEqual(kubectl("auth", "can-i", "list", "pods", "-n", "baseline-system", runner, check=False).strip(), "yes")

    def test_columns_and_short_names(self):
        self.assertEqual(self.columns("bscan"), "NAME PROFILE PHASE PROGRESS PASS FAIL MANUAL SCORE LAST NEXT AGE")
        self.assertEqual(self.columns("breport"), "NAME SCAN PASS FAIL MANUAL ERROR SCORE NODES AGE")
        self.assertTrue(kubectl("get", "baseline", "-o", "name"))

    def columns(self, kind):
        crd = get("crd", kubectl("get", "--raw", "/apis/baseline.kxy.io/v1alpha1") and
                  {"bscan": "baselinescans.baseline.kxy.io", "breport": "baselinereports.baseline.kxy.io"}[kind])
        columns = crd["spec"]["versions"][0]["additionalPrinterColumns"]
        return " ".join(["NAME"] + [c["name"].upper() for c in columns])

    def test_explain(self):
        text = kubectl("explain", "baselinescan.spec")
        for field in ("profileRef", "schedule", "timeZone", "parallelism", "timeout", "history", "runner"):
            self.assertIn(field, text)
        self.assertNotIn("<no description>", kubectl("explain", "baselinereport", "--recursive=false"))

    def test_bad_objects_are_refused_in_words(self):
        for spec, word in (({"profileRef": {"name": "x"}, "timeZone": "UTC"}, "schedule"),
                           ({"profileRef": {"name": "x"}, "parallelism": 0}, "parallelism"),
                           ({}, "profileRef")):
            with self.assertRaises(AssertionError) as refused:
                kubectl("create", "-f", "-", stdin=str({"apiVersion": "baseline.kxy.io/v1alpha1", "kind": "BaselineScan",
                                                        "metadata": {"name": "bad"}, "spec": spec}).replace("'", '"'))
            self.assertIn(word, str(refused.exception))
