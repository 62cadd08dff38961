"""The kubeadm cluster that all cases share, with the operator installed."""
import json
import os
import pathlib
import subprocess

from support.kubectl import eventually, get, kubectl, run

PROJECT = pathlib.Path(__file__).resolve().parents[3]
NAME = "e2e"
CANNOT_RUN_HERE = 3


def cluster(*arguments, check=True):
    return run(str(PROJECT / "scripts/cluster"), "--name", NAME, *arguments, check=check, timeout=600)


def start():
    """Exit status of scripts/cluster up: 0, or 3 when this machine cannot run one. Its progress is shown."""
    return subprocess.run([str(PROJECT / "scripts/cluster"), "--name", NAME, "up", "--workers", "1"], check=False).returncode


def use():
    """Points kubectl at the cluster."""
    for line in cluster("env").splitlines():
        name, _, value = line.removeprefix("export ").partition("=")
        os.environ[name] = value.strip('"').replace("$PATH", os.environ["PATH"]).replace('"', "")


def install():
    images = run(str(PROJECT / "scripts/images")).split()
    cluster("load", *images)
    kubectl("apply", "-k", str(PROJECT / "config/default"))
    # The cases stop the worker's kubelet: the operator must not live there. And they read its metrics.
    patch = {"spec": {"template": {"spec": {
        "nodeSelector": {"kubernetes.io/hostname": "control-plane"},
        "containers": [{"name": "baseline-operator", "env": [{"name": "BASELINE_METRICS_ADDRESS", "value": "0.0.0.0"}]}]}}}}
    kubectl("-n", "baseline-system", "patch", "deployment", "baseline-operator", "-p", json.dumps(patch))
    kubectl("wait", "--for=condition=Established", "crd", "-l", "app.kubernetes.io/part-of=baseline-operator", "--timeout=60s")
    kubectl("-n", "baseline-system", "rollout", "status", "deployment/baseline-operator", "--timeout=180s")
    kubectl("apply", "-k", str(PROJECT / "config/profiles"))
    eventually("the profiles are Ready", profiles_ready)


def runner_image():
    """The image of node-runners that the operator sends."""
    containers = get("deployment", "baseline-operator", "-n", "baseline-system")["spec"]["template"]["spec"]["containers"]
    return next(v["value"] for v in containers[0]["env"] if v["name"] == "BASELINE_RUNNER_IMAGE")


def use_runner_image(image):
    kubectl("-n", "baseline-system", "set", "env", "deployment/baseline-operator", f"BASELINE_RUNNER_IMAGE={image}")
    kubectl("-n", "baseline-system", "rollout", "status", "deployment/baseline-operator", "--timeout=180s")


def profiles_ready():
    found = get("baselineprofiles")["items"]
    return found and all(any(c["type"] == "Ready" and c["status"] == "True" for c in p.get("status", {}).get("conditions", []))
                         for p in found)


def stop():
    cluster("down", check=False)


def node_root(node):
    """The node's whole file system as seen from this machine."""
    return pathlib.Path(cluster("node", node, "root").strip())


def kubelet(node, action):
    cluster("node", node, "kubelet", action)


def in_node(node, *command):
    return cluster("node", node, "exec", *command)
