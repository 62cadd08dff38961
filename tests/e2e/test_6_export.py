"""What namespaced teams are given: PolicyReports and OpenReports, as strict CRDs take them."""
import unittest

from support import scan
from support.cluster import PROJECT
from support.kubectl import apply, eventually, get, items, kubectl

SHOP, BANK = "e2e-shop", "e2e-bank"
SCAN = "export"


def strings(*names):
    return {name: {"type": "string"} for name in names}


def integers(*names):
    return {name: {"type": "integer"} for name in names}


REFERENCE = {"type": "object", "properties": strings("apiVersion", "kind", "namespace", "name", "uid", "resourceVersion", "fieldPath")}
RESULT = {
    "type": "object", "required": ["policy"],
    "properties": {
        **strings("source", "policy", "rule", "category", "message"),
        "severity": {"type": "string", "enum": ["critical", "high", "low", "medium", "info"]},
        "result": {"type": "string", "enum": ["pass", "fail", "warn", "error", "skip"]},
        "scored": {"type": "boolean"},
        "timestamp": {"type": "object", "required": ["seconds", "nanos"], "properties": integers("seconds", "nanos")},
        "resources": {"type": "array", "items": REFERENCE},
        "properties": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}


def crd(group, version, plural, kind, **further):
    """A CRD with the fields of the real one that matter here. What it does not know is pruned."""
    schema = {"type": "object", "properties": {
        **strings("apiVersion", "kind"), "metadata": {"type": "object"}, **further, "scope": REFERENCE,
        "summary": {"type": "object", "properties": integers("pass", "fail", "warn", "error", "skip")},
        "results": {"type": "array", "items": RESULT}}}
    return {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": f"{plural}.{group}"},
            "spec": {"group": group, "scope": "Namespaced",
                     "names": {"kind": kind, "listKind": f"{kind}List", "plural": plural, "singular": kind.lower()},
                     "versions": [{"name": version, "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}]}}


POLICY_REPORTS = crd("wgpolicyk8s.io", "v1alpha2", "policyreports", "PolicyReport")
OPEN_REPORTS = crd("openreports.io", "v1alpha1", "reports", "Report", source={"type": "string"})


def privileged(namespace):
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "till", "namespace": namespace},
            "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "till"}},
                     "template": {"metadata": {"labels": {"app": "till"}},
                                  "spec": {"containers": [{"name": "main", "image": "e2e.invalid/none:1", "imagePullPolicy": "Never",
                                                           "securityContext": {"privileged": True}}]}}}}


class Export(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        kubectl("apply", "-f", str(PROJECT / "config/components/policy-reports/rbac.yaml"))
        for name in (SHOP, BANK):
            apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
        apply(privileged(SHOP))
        eventually("the pod is there", lambda: items("pods", "-n", SHOP))

    @classmethod
    def tearDownClass(cls):
        kubectl("delete", "bscan", SCAN, "--ignore-not-found")
        kubectl("delete", "namespace", SHOP, BANK, "--wait=false")
        for definition in (POLICY_REPORTS, OPEN_REPORTS):
            kubectl("delete", "crd", definition["metadata"]["name"], "--ignore-not-found")
        kubectl("delete", "-f", str(PROJECT / "config/components/policy-reports/rbac.yaml"))

    def exported(self, resource):
        return {one["metadata"]["namespace"]: one for one in items(resource, "-A", "-l", f"baseline.kxy.io/scan={SCAN}")}

    def wait_exported(self, report=None):
        report = report or scan.status(SCAN)["lastReport"]
        eventually(f"report {report} is exported", lambda: scan.status(SCAN).get("export", {}).get("report") == report)

    def test_1_without_the_crd_the_scan_completes_and_says_what_is_missing(self):
        scan.run_scan(SCAN, namespaces={"include": [SHOP, BANK]}, export={"format": "PolicyReport"})
        told = eventually("condition Exported is told",
                          lambda: (one := scan.condition(SCAN, "Exported")).get("reason") == "CrdMissing" and one)
        self.assertIn("policyreports.wgpolicyk8s.io", told["message"])
        self.assertTrue([e for e in items("events", "-n", "default") if e["reason"] == "ExportSkipped"])

    def test_2_each_namespace_with_findings_gets_one(self):
        for definition in (POLICY_REPORTS, OPEN_REPORTS):
            apply(definition)
            kubectl("wait", "--for=condition=Established", f"crd/{definition['metadata']['name']}", "--timeout=60s")
        report = scan.rescan(SCAN)
        self.wait_exported()
        there = self.exported("policyreports.wgpolicyk8s.io")
        self.assertEqual(set(there), {SHOP, BANK})  # without policies and quotas, a namespace itself is a finding
        mine = there[SHOP]
        self.assertEqual(mine["metadata"]["name"], f"baseline-{SCAN}")
        self.assertEqual(mine["metadata"]["ownerReferences"][0]["uid"], report["metadata"]["uid"])
        found = [r for r in mine["results"] if r["rule"] == "5.7.2.4"]
        self.assertEqual(len(found), 1, mine["results"])
        self.assertEqual((found[0]["result"], found[0]["severity"], found[0]["source"]), ("fail", "high", "baseline-operator"))
        self.assertEqual(found[0]["resources"], [{"apiVersion": "apps/v1", "kind": "Deployment", "namespace": SHOP, "name": "till"}])
        self.assertEqual((found[0]["properties"]["container"], found[0]["properties"]["pods"]), ("main", "1"))
        self.assertIn("till", found[0]["message"])
        self.assertEqual(mine["summary"]["fail"], len([r for r in mine["results"] if r["result"] == "fail"]))
        self.assertIn(SHOP, kubectl("get", "policyreport", "-A"))

    def test_3_the_next_report_takes_them_over(self):
        before = self.exported("policyreports.wgpolicyk8s.io")
        report = scan.rescan(SCAN)
        self.wait_exported()
        after = self.exported("policyreports.wgpolicyk8s.io")
        self.assertEqual(set(after), set(before))
        for name, one in after.items():
            self.assertEqual(one["metadata"]["uid"], before[name]["metadata"]["uid"])
            self.assertEqual(one["metadata"]["ownerReferences"][0]["uid"], report["metadata"]["uid"])

    def test_4_the_other_format_replaces_them(self):
        before = scan.status(SCAN)["lastReport"]
        kubectl("patch", "bscan", SCAN, "--type=merge", "-p", '{"spec":{"export":{"format":"OpenReports"}}}')
        scan.wait_completed(SCAN, after=before)
        self.wait_exported()
        self.assertEqual(self.exported("policyreports.wgpolicyk8s.io"), {})
        there = self.exported("reports.openreports.io")
        self.assertEqual(set(there), {SHOP, BANK})
        self.assertEqual(there[SHOP]["source"], "baseline-operator")

    def test_5_they_go_away_with_the_scan(self):
        kubectl("delete", "bscan", SCAN)
        eventually("the objects are gone", lambda: not self.exported("reports.openreports.io"))
        self.assertIsNone(get("bscan", SCAN))


if __name__ == "__main__":
    unittest.main()
