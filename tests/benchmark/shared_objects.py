"""Everything but pods in the benchmark's cluster: the same, however many pods there are."""
from pod_objects import NAMESPACES, STAGES, TEAMS, digest, namespace

RBAC = "rbac.authorization.k8s.io"
ACCOUNTS = 4
SETTINGS = 10


def made(api_version, kind, ns, name, **rest):
    metadata = {"name": name, "labels": {"app.kubernetes.io/managed-by": "Helm"}, **({"namespace": ns} if ns else {})}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **rest}


def rule(group, resources, verbs):
    return {"apiGroups": [group], "resources": resources, "verbs": verbs}


def binding(kind, ns, name, role, *subjects):
    return made(f"{RBAC}/v1", kind, ns, name, roleRef={"apiGroup": RBAC, "kind": role[0], "name": role[1]}, subjects=list(subjects))


def account(ns, name):
    return {"kind": "ServiceAccount", "namespace": ns, "name": name}


def group(name):
    return {"kind": "Group", "apiGroup": RBAC, "name": name}


def access(ns, number):
    for i in range(ACCOUNTS):
        yield made("v1", "ServiceAccount", ns, f"service-{i}", **({"automountServiceAccountToken": False} if i % 2 else {}))
        yield made(f"{RBAC}/v1", "Role", ns, f"service-{i}", rules=[
            rule("", ["configmaps", "endpoints"], ["get", "list", "watch"]), rule("coordination.k8s.io", ["leases"], ["get", "create", "update"]),
            *([rule("", ["secrets"], ["get", "list"])] if (number + i) % 7 == 0 else [])])
        yield binding("RoleBinding", ns, f"service-{i}", ("Role", f"service-{i}"), account(ns, f"service-{i}"))
    team = ns.split("-", maxsplit=1)[0]
    yield binding("RoleBinding", ns, "developers", ("ClusterRole", "edit" if number < NAMESPACES // 2 else "view"), group(f"{team}:developers"))
    yield binding("RoleBinding", ns, "operators", ("ClusterRole", "admin"), group(f"{team}:operators"), {"kind": "User", "apiGroup": RBAC, "name": f"{team}-lead@example.com"})


def of_namespace(number):
    ns = namespace(number)
    yield from access(ns, number)
    for i in range(SETTINGS):
        yield made("v1", "ConfigMap", ns, f"settings-{i}", data={f"setting-{key:02}": digest(ns, i, key) for key in range(20)})
    for i in range(4):
        yield made("v1", "Service", ns, f"tier-{i}", spec={
            "type": "NodePort" if number % 10 == 0 and i == 0 else "ClusterIP", "selector": {"tier": ("frontend", "backend", "worker")[i % 3]},
            "ports": [{"name": "http", "port": 80, "targetPort": 8080}]})
    if number % 5:
        yield made("networking.k8s.io/v1", "NetworkPolicy", ns, "deny-all", spec={"podSelector": {}, "policyTypes": ["Ingress", "Egress"]})
        for tier in ("frontend", "backend", "worker"):
            yield made("networking.k8s.io/v1", "NetworkPolicy", ns, f"allow-{tier}", spec={
                "podSelector": {"matchExpressions": [{"key": "tier", "operator": "In", "values": [tier]}]}, "policyTypes": ["Ingress"],
                "ingress": [{"from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": ns}}}], "ports": [{"port": 8080}]}]})
    if number % 4:
        yield made("v1", "ResourceQuota", ns, "team", spec={"hard": {"requests.cpu": "10000", "requests.memory": "20000Gi", "pods": "100000"}})
        yield made("v1", "LimitRange", ns, "team", spec={"limits": [{"type": "Container", "defaultRequest": {"cpu": "100m", "memory": "128Mi"}}]})


def of_cluster():
    for team in TEAMS:
        yield made(f"{RBAC}/v1", "ClusterRole", None, f"{team}:reader", rules=[
            rule("apps", ["deployments", "statefulsets", "replicasets"], ["get", "list", "watch"]), rule("", ["pods", "pods/log", "events"], ["get", "list", "watch"])])
        yield binding("ClusterRoleBinding", None, f"{team}:reader", ("ClusterRole", f"{team}:reader"), group(f"{team}:developers"))
    yield binding("ClusterRoleBinding", None, "platform", ("ClusterRole", "cluster-admin"), group("platform:on-call"))
    yield made(f"{RBAC}/v1", "ClusterRole", None, "deployer", rules=[rule("*", ["*"], ["*"])])
    yield binding("ClusterRoleBinding", None, "deployer", ("ClusterRole", "deployer"), account(f"{TEAMS[0]}-{STAGES[0]}", "service-0"))


def namespaces():
    for number in range(NAMESPACES):
        yield made("v1", "Namespace", None, namespace(number))


def others():
    yield from of_cluster()
    for number in range(NAMESPACES):
        yield from of_namespace(number)
