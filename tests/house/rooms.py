"""The rooms of the project, from the bottom of the house to the top, and which of the others each may include."""

MAY_INCLUDE = {
    "base": set(),
    "baseline/facts": {"base"},
    "baseline": {"base", "baseline/facts"},
    "kube": {"base"},
    "objects": {"base", "baseline", "baseline/facts", "kube"},
    "crds": {"base", "baseline", "baseline/facts"},
    "controllers": {"base", "baseline", "baseline/facts", "crds", "kube", "objects"},
    "operator": {"base", "baseline", "baseline/facts", "crds", "kube", "objects", "controllers"},
    "node-runner": {"base", "baseline/facts"},
    "cli": {"base", "baseline", "baseline/facts", "crds", "kube", "objects", "node-runner"},
}


def room_of(path):
    """The room that a path from the project's root lies in: the innermost one; None outside of all."""
    inside = [room for room in MAY_INCLUDE if path.startswith(room + "/")]
    return max(inside, key=len, default=None)
