// What a scan of a cluster costs beside its network: reading pods, and working out who may do what.
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "baseline/cluster/checks/rbac_index.h"
#include "objects/parse.h"

namespace {

using namespace baseline;

// A line of the file that BASELINE_PODS names is a pod's JSON, a tab, and the hexadecimal digits of its
// Protobuf. With room behind each, as behind the items of a page.
std::vector<std::string> pods(kube::Encoding encoding) {
  const char* path = std::getenv("BASELINE_PODS");
  std::ifstream in(path ? path : "");
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);) {
    const std::size_t tab = line.find('\t');
    std::string& item = out.emplace_back();
    item.reserve(line.size() + 64);
    if (encoding == kube::Encoding::kJson) {
      item.assign(line, 0, tab);
      continue;
    }
    for (std::size_t at = tab + 1; at + 1 < line.size(); at += 2) {
      item += static_cast<char>(std::stoi(line.substr(at, 2), nullptr, 16));
    }
  }
  return out;
}

void read_pods(benchmark::State& state, const char* label, kube::Encoding encoding) {
  state.SetLabel(label);
  const std::vector<std::string> items = pods(encoding);
  if (items.empty()) return state.SkipWithError("no pods: BASELINE_PODS names a file with one in each line");
  objects::ObjectParser parser;
  std::vector<cluster::Object> out;
  std::size_t at = 0;
  std::size_t bytes = 0;
  for (auto _ : state) {
    const std::string& item = items[at++ % items.size()];
    out.clear();
    if (!parser.parse_item(cluster::Kind::kPod, item, encoding, out)) return state.SkipWithError("no pod");
    bytes += item.size();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}

void ReadJson(benchmark::State& state) {
  read_pods(state, "reading one pod out of its JSON", kube::Encoding::kJson);
}
BENCHMARK(ReadJson)->Unit(benchmark::kMicrosecond);

void ReadProtobuf(benchmark::State& state) {
  read_pods(state, "reading one pod out of its Protobuf", kube::Encoding::kProtobuf);
}
BENCHMARK(ReadProtobuf)->Unit(benchmark::kMicrosecond);

constexpr std::size_t kBindings = 20'000, kRoles = 2'000, kNamespaces = 200;

cluster::PolicyRule rule(std::string verb, std::string resource) {
  return {{std::move(verb)}, {""}, {std::move(resource)}, {}, {}};
}

// Roles of several rules, a tenth of them aggregated; bindings of one to three subjects of every kind.
cluster::ClusterFacts access() {
  cluster::ClusterFacts facts;
  for (std::size_t i = 0; i < kRoles; ++i) {
    cluster::Role role;
    role.metadata.name = fmt::format("role-{}", i);
    role.cluster = true;
    role.metadata.labels = {{fmt::format("aggregate-to-{}", i % (kRoles / 10)), "true"}};
    for (const char* verb : {"get", "list", "watch", "create"}) role.rules.push_back(rule(verb, "pods"));
    if (i % 10 == 0) {
      role.aggregated = true;
      role.aggregation.emplace_back().match_labels = {{fmt::format("aggregate-to-{}", i / 10), "true"}};
      role.metadata.labels.clear();
    }
    facts.roles.push_back(std::move(role));
  }
  for (std::size_t i = 0; i < kBindings; ++i) {
    cluster::RoleBinding binding;
    binding.metadata.ns = fmt::format("team-{}", i % kNamespaces);
    binding.metadata.name = fmt::format("binding-{}", i);
    binding.role_kind = "ClusterRole";
    binding.role_name = fmt::format("role-{}", i % kRoles);
    binding.subjects.push_back({"ServiceAccount", binding.metadata.ns, fmt::format("account-{}", i % 5'000)});
    if (i % 2 == 0) binding.subjects.push_back({"User", "", fmt::format("user-{}@example.com", i % 3'000)});
    if (i % 3 == 0) binding.subjects.push_back({"Group", "", fmt::format("group-{}", i % 500)});
    facts.bindings.push_back(std::move(binding));
  }
  return facts;
}

void RbacIndex(benchmark::State& state) {
  state.SetLabel("rights of every subject of 20,000 bindings and 2,000 roles");
  const cluster::ClusterFacts facts = access();
  for (auto _ : state) {
    cluster::RbacIndex index(facts, true);
    std::size_t rules = 0;
    for (const cluster::Grant& grant : index.grants()) {
      if (grant.role) rules += index.rules(*grant.role).size();
    }
    benchmark::DoNotOptimize(rules);
    if (index.gave_up()) return state.SkipWithError("the index gave up");
  }
}
BENCHMARK(RbacIndex)->Unit(benchmark::kMillisecond);

}  // namespace
