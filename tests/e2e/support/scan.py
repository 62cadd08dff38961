"""BaselineScans: applying one, waiting for its end, reading its report."""
import time

from support.kubectl import apply, eventually, get, items, kubectl

NAMESPACE = "baseline-system"
# What differs between two reports of the same cluster, whatever was found.
VOLATILE = ("metadata", "started", "finished", "changes", "profileHash")


def scan_object(name, profile="kxy-cs001-2023", **spec):
    return {"apiVersion": "baseline.kxy.io/v1alpha1", "kind": "BaselineScan", "metadata": {"name": name},
            "spec": {"profileRef": {"name": profile}, **spec}}


def status(name):
    return (get("baselinescan", name) or {}).get("status", {})


def condition(name, kind):
    for one in status(name).get("conditions", []):
        if one["type"] == kind:
            return one
    return {}


def wait_completed(name, after="", seconds=180):
    """Until the scan has completed a report other than `after`; returns that report."""
    def done():
        now = status(name)
        return now.get("phase") == "Completed" and now.get("lastReport") not in ("", None, after)
    eventually(f"scan {name} is Completed", done, seconds)
    return get("baselinereport", status(name)["lastReport"])


def run_scan(name, **spec):
    apply(scan_object(name, **spec))
    return wait_completed(name)


def rescan(name):
    before = status(name).get("lastReport", "")
    kubectl("annotate", "bscan", name, "--overwrite", f"baseline.kxy.io/rescan={time.time_ns()}")
    return wait_completed(name, after=before)


def results(report):
    return {result["id"]: result for result in report["results"]}


def verdicts(report):
    return {result["id"]: result["status"] for result in report["results"]}


def without_volatile(report):
    """The part of a report that the cluster alone determines."""
    kept = {key: value for key, value in report.items() if key not in VOLATILE}
    kept["results"] = [{k: v for k, v in r.items() if k != "since"} for r in report["results"]]
    return kept


def runner_jobs():
    return items("jobs", "-n", NAMESPACE, "-l", "app.kubernetes.io/managed-by=baseline-operator")
