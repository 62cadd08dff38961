// Judging one node's facts against the whole standard. BASELINE_FACTS names a file written by
// `node-runner --output binary`.
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <benchmark/benchmark.h>

#include "baseline/evaluate.h"
#include "baseline/report_builder.h"
#include "baseline/standard_loader.h"

namespace {

using namespace baseline;

std::shared_ptr<const ResolvedProfile> whole_standard() {
  ProfileSpec spec;
  spec.standard = "kxy-cs001-2023";
  auto profile = resolve_profile(
      "benchmark", spec, [](const std::string&) { return std::nullopt; },
      [](const std::string& id) { return built_in_standard(id); });
  return profile.value_or(nullptr);
}

bool read_facts(facts::NodeFacts& facts) {
  const char* path = std::getenv("BASELINE_FACTS");
  std::ifstream in(path ? path : "", std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(in), {});
  return in && !bytes.empty() && facts.ParseFromString(bytes);
}

void EvaluateNode(benchmark::State& state) {
  state.SetLabel("evaluator: one control-plane node, 97 requirements");
  facts::NodeFacts facts;
  const auto profile = whole_standard();
  if (!profile || !read_facts(facts))
    return state.SkipWithError("no facts: set BASELINE_FACTS to a file of node-runner --output binary");
  for (auto _ : state) benchmark::DoNotOptimize(evaluate_node(*profile, facts, {}, base::Time{}));
}
BENCHMARK(EvaluateNode)->Unit(benchmark::kMillisecond);

// A report over many nodes of one kind: what the operator does for each further node.
void FoldNode(benchmark::State& state) {
  state.SetLabel("report: folding one more node of a known kind");
  facts::NodeFacts facts;
  const auto profile = whole_standard();
  if (!profile || !read_facts(facts))
    return state.SkipWithError("no facts: set BASELINE_FACTS to a file of node-runner --output binary");
  const NodeOutcome outcome = evaluate_node(*profile, facts, {}, base::Time{});
  ReportBuilder builder(profile, Report{});
  int number = 0;
  for (auto _ : state) builder.fold("node-" + std::to_string(++number), outcome);
}
BENCHMARK(FoldNode)->Unit(benchmark::kMicrosecond)->Iterations(5000);

}  // namespace
