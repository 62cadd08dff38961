"""One file mode and one flag are changed: the next report says exactly that."""
import time
import unittest

from support import cluster, scan
from support.kubectl import eventually, get


class Changes(unittest.TestCase):
    def test_a_mode_and_a_flag(self):
        before = scan.run_scan("changes")
        self.assertEqual(scan.verdicts(before)["5.2.1.3"], "Pass")
        self.assertEqual(scan.verdicts(before)["5.3.2.1"], "Fail")
        cluster.in_node("control-plane", "chmod", "644", "/etc/kubernetes/controller-manager.conf")
        cluster.in_node("control-plane", "sed", "-i", "s/^    - kube-scheduler$/&\\n    - --profiling=false/",
                        "/etc/kubernetes/manifests/kube-scheduler.yaml")
        eventually("the scheduler runs with the new flag", scheduler_has_flag)
        time.sleep(1)  # `since` counts in whole seconds
        after = scan.rescan("changes")

        self.assertEqual(after["changes"], {"previous": before["metadata"]["name"], "newlyFailing": ["5.2.1.3"], "fixed": ["5.3.2.1"]})
        old, new = scan.results(before), scan.results(after)
        changed = {i for i in new if new[i]["status"] != old[i]["status"]}
        self.assertEqual(changed, {"5.2.1.3", "5.3.2.1"})
        for i, result in new.items():
            if i in changed:
                self.assertGreater(result["since"], old[i]["since"], i)
            else:
                self.assertEqual(result.get("since"), old[i].get("since"), i)
        self.assertIn("644", str(new["5.2.1.3"]["findings"]))


def scheduler_has_flag():
    pod = get("pod", "-n", "kube-system", "kube-scheduler-control-plane")
    if not pod or "--profiling=false" not in pod["spec"]["containers"][0]["command"]:
        return False
    states = pod["status"].get("containerStatuses", [])
    return bool(states) and all(s["ready"] for s in states)
