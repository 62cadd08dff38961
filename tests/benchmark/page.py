"""docs/benchmarks.md: a section for each part of scripts/bench, each replaced when that part has been measured."""
import os
import platform
import re

from measure import memory

TITLES = {"nodes": "Nodes and the operator", "cluster": "A cluster's objects"}
HEAD = "# Benchmarks\n\nWritten by `scripts/bench`; medians, with the smallest and the largest value.\n"


def machine(kubernetes):
    cpu = next((line.partition(":")[2].strip() for line in open("/proc/cpuinfo", encoding="utf-8") if line.startswith("model name")), platform.machine())
    return f"{os.cpu_count()} CPUs ({cpu}), {memory('MemTotal') / 2**30:.0f} GiB, Linux {platform.release()}, Kubernetes {kubernetes}"


def with_section(page, part, text):
    """The page with this part's section as it was measured now."""
    sections = dict(re.findall(r"^## (.+)\n((?:(?!## ).*\n)*)", page, flags=re.M))
    sections[TITLES[part]] = f"\n{text}"
    return HEAD + "".join(f"\n## {title}\n{sections[title].rstrip()}\n" for title in TITLES.values() if title in sections)
