"""The objects that fill the benchmark's cluster: what a company's shared cluster holds, as its controllers write it.

Everything follows from an object's number, so that two runs compare the same cluster.
"""
import hashlib
import json

NAMESPACES = 50
PODS_OF_A_WORKLOAD = 10
NODES = 1000
TEAMS = ("billing", "catalog", "checkout", "identity", "insight", "logistics", "media", "search", "support", "warehouse")
STAGES = ("dev", "test", "stage", "prod", "batch")
CREATED = "2026-03-01T08:00:00Z"


def digest(*parts):
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()


def namespace(number):
    number %= NAMESPACES
    return f"{TEAMS[number % len(TEAMS)]}-{STAGES[number // len(TEAMS)]}"


def random_name(length, *parts):
    """As the API server and the controllers write the ends of names."""
    letters = "bcdfghjklmnpqrstvwxz2456789"
    return "".join(letters[byte % len(letters)] for byte in bytes.fromhex(digest(*parts))[:length])


def environment(workload, count):
    for i in range(count):
        match i % 5:
            case 0: yield {"name": f"FEATURE_{i:02}_ENABLED", "value": "true" if (workload + i) % 3 else "false"}
            case 1: yield {"name": f"UPSTREAM_{i:02}_URL", "value": f"https://service-{i:02}.{namespace(workload + i)}.svc.cluster.local:8443/api/v2"}
            case 2: yield {"name": f"CLIENT_{i:02}_OPTIONS", "value": "timeout=5s,retries=3,backoff=200ms,keepalive=30s,pool=64"}
            case 3: yield {"name": f"POD_FIELD_{i:02}", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.name"}}}
            case 4: yield {"name": f"SETTING_{i:02}", "valueFrom": {"configMapKeyRef": {"name": f"settings-{workload % 10}", "key": f"setting-{i:02}"}}}


def hardened(workload):
    """Two of three teams have done their work."""
    return workload % 3 != 0


def meshed(workload):
    return workload % 4 == 0


def container(workload, name, image, variables, port=8080):
    """One container as its team wrote it."""
    probe = {"httpGet": {"path": "/healthz", "port": "http", "scheme": "HTTP"}, "periodSeconds": 10, "timeoutSeconds": 3, "failureThreshold": 3, "successThreshold": 1}
    made = {
        "name": name, "image": image, "imagePullPolicy": "IfNotPresent",
        "ports": [{"name": "http", "containerPort": port, "protocol": "TCP"}, {"name": "metrics", "containerPort": port + 1, "protocol": "TCP"}],
        "env": list(environment(workload, variables)),
        "resources": {"requests": {"cpu": "250m", "memory": "256Mi"}},
        "livenessProbe": probe, "readinessProbe": {**probe, "initialDelaySeconds": 5},
        "volumeMounts": [{"name": "settings", "mountPath": f"/etc/{name}", "readOnly": True}, {"name": "scratch", "mountPath": "/tmp"},
                         {"name": "kube-api-access", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount", "readOnly": True}],
        "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
    }
    if hardened(workload):
        made["resources"]["limits"] = {"cpu": "1", "memory": "512Mi"}
        made["securityContext"] = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "runAsNonRoot": True, "runAsUser": 10001,
                                   "capabilities": {"drop": ["ALL"]}, "seccompProfile": {"type": "RuntimeDefault"}}
    elif workload % 30 == 0:
        made["securityContext"] = {"privileged": True}
    return made


def images(workload):
    registry, tag = "registry.example.com", f"2.{workload % 17}.{workload % 7}"
    app = f"{registry}/{namespace(workload)}/service-{workload:05}:{'latest' if workload % 20 == 3 else tag}"
    return {"app": app, "proxy": f"{registry}/mesh/proxy:1.24.3", "migrate": app}


def pod_spec(workload):
    image = images(workload)
    setup = container(workload, "migrate", image["migrate"], 1)
    proxy = [container(workload, "proxy", image["proxy"], 1, 15080)] if meshed(workload) else []
    for part in ("livenessProbe", "readinessProbe", "ports"):
        del setup[part]
    return {
        "serviceAccountName": f"service-{workload % 4}" if workload % 5 else "default",
        "containers": [container(workload, "app", image["app"], 4), *proxy],
        "initContainers": [setup],
        "volumes": [
            {"name": "settings", "configMap": {"name": f"settings-{workload % 10}", "defaultMode": 420}},
            {"name": "scratch", "hostPath": {"path": "/var/tmp", "type": "Directory"}} if workload % 50 == 1 else {"name": "scratch", "emptyDir": {}},
            {"name": "kube-api-access", "projected": {"defaultMode": 420, "sources": [
                {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
                {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
                {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}]}}]}},
        ],
        "restartPolicy": "Always", "terminationGracePeriodSeconds": 30, "dnsPolicy": "ClusterFirst", "schedulerName": "default-scheduler",
        "enableServiceLinks": True, "preemptionPolicy": "PreemptLowerPriority", "hostNetwork": workload % 100 == 9,
        "tolerations": [{"key": f"node.kubernetes.io/{key}", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300} for key in ("not-ready", "unreachable")],
    }


def labels(workload, template_hash):
    return {"app.kubernetes.io/name": f"service-{workload:05}", "app.kubernetes.io/part-of": namespace(workload).split("-", maxsplit=1)[0],
            "app.kubernetes.io/version": images(workload)["app"].rpartition(":")[2], "app.kubernetes.io/managed-by": "Helm",
            "tier": ("frontend", "backend", "worker")[workload % 3], "pod-template-hash": template_hash}


def first_pod(workload):
    """A Deployment's first pod, without status, as its ReplicaSet makes it."""
    template_hash = random_name(10, "template", workload)
    replica_set = f"service-{workload:05}-{template_hash}"
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {
        "name": f"{replica_set}-{random_name(5, workload, 0)}", "namespace": namespace(workload), "generateName": replica_set + "-",
        "labels": labels(workload, template_hash),
        "annotations": {"prometheus.io/scrape": "true", "prometheus.io/port": "8081", "checksum/config": digest("config", workload)},
        "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": replica_set, "uid": uid("replica set", workload),
                             "controller": True, "blockOwnerDeletion": True}]},
        "spec": {**pod_spec(workload), "nodeName": node(workload, 0)}}


def differences(workload, number, first_uid):
    """What the Deployment's pod of this number has where the first one has something of the same length."""
    return {f"-{random_name(5, workload, 0)}": f"-{random_name(5, workload, number)}", first_uid: uid("pod", workload, number),
            node(workload, 0): node(workload, number), address(workload, 0): address(workload, number)}


def node(workload, number):
    return f"node-{(workload * 7 + number * 131) % NODES:04}"


def uid(*parts):
    text = digest(*parts)
    return "-".join((text[:8], text[8:12], "4" + text[13:16], "a" + text[17:20], text[20:32]))


def address(workload, number):
    at = workload * PODS_OF_A_WORKLOAD + number
    return f"10.{100 + at // 10000}.{100 + at // 100 % 100}.{100 + at % 100}"


def status(workload):
    """Of the first pod."""
    def ran(name, state):
        image = images(workload)[name]
        return {"name": name, "image": image, "imageID": f"{image.rpartition(':')[0]}@sha256:{digest('image', image)}", "containerID": f"containerd://{digest('container', name, workload)}",
                "ready": True, "restartCount": 0, "state": state, **({"started": True} if "running" in state else {})}

    conditions = [{"type": kind, "status": "True", "lastTransitionTime": CREATED} for kind in
                  ("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled")]
    running = {"running": {"startedAt": CREATED}}
    ended = {"terminated": {"exitCode": 0, "reason": "Completed", "startedAt": CREATED, "finishedAt": CREATED, "containerID": f"containerd://{digest('container', 'migrate', workload)}"}}
    return {"phase": "Running", "conditions": conditions, "hostIP": "10.0.0.7", "podIP": address(workload, 0), "podIPs": [{"ip": address(workload, 0)}], "startTime": CREATED,
            "containerStatuses": [ran(name, running) for name in ("app", "proxy")[:1 + meshed(workload)]], "initContainerStatuses": [ran("migrate", ended)]}
