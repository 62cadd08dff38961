// A node judged by whatever facts it may report, folded into a report. A wrong Pass is the worst that can
// happen.
#include <algorithm>

#include "base/json.h"
#include "baseline/evaluate.h"
#include "baseline/facts/bounds.h"
#include "baseline/report_builder.h"
#include "baseline/report_value.h"
#include "support.h"
#include "whole_standard.h"

namespace {

using namespace baseline;

bool says_nothing(const facts::NodeFacts& facts) {
  return facts.processes_size() + facts.files_size() + facts.directories_size() + facts.configs_size() +
                 facts.certificates_size() + facts.units_size() + facts.runtimes_size() +
                 facts.containers_size() + facts.images_size() ==
             0 &&
         !facts.has_cni() && !facts.has_lsm() && !facts.containers_known();
}

template <typename Result>
void check_result(const Result& result, bool nothing_known) {
  fuzz::require(!render(result.message, Language::kEnglish).empty(), "a result says why", result.id);
  fuzz::require(!render(result.message, Language::kChinese).empty(), "in both languages", result.id);
  fuzz::require(result.status != Status::kPass || !nothing_known, "nothing known is no Pass", result.id);
  for (const auto& finding : result.findings) {
    fuzz::require(!finding.subject.empty(), "a finding is about something", result.id);
    fuzz::require(result.status != Status::kPass || finding.status == Status::kPass ||
                      finding.status == Status::kWaived || finding.status == Status::kNotApplicable,
                  "a Pass has no finding that is worse", result.id);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  facts::NodeFacts facts;
  if (!facts::check_bounds(fuzz::text_of(data, size))) return 0;
  if (!facts.ParseFromArray(data, static_cast<int>(size))) return 0;
  constexpr base::Time kNow{std::chrono::seconds(1'800'000'000)};
  const NodeOutcome outcome = evaluate_node(*fuzz::whole_standard(), facts, {}, kNow);
  const auto of_nodes = std::ranges::count_if(
      fuzz::whole_standard()->requirements,
      [](const SelectedRequirement& selected) { return selected.requirement->scope == Scope::kNode; });
  fuzz::require(static_cast<std::ptrdiff_t>(outcome.results.size()) == of_nodes,
                "each requirement has its result");
  for (const NodeResult& result : outcome.results) {
    check_result(result, says_nothing(facts));
    fuzz::require(std::ranges::is_sorted(result.findings), "findings are sorted", result.id);
    fuzz::require(result.findings.size() <= kMaxNodeFindings, "findings are bounded", result.id);
  }
  for (const ObjectResult& result : outcome.objects) check_result(result, says_nothing(facts));
  fuzz::require(outcome.hash.size() == 64, "an outcome has a hash");

  facts::NodeFacts visited = facts;
  for (const char* component : {"kubelet", "kube-apiserver", "etcd"}) {
    facts::Process& process = *visited.add_processes();
    process.set_component(component);
    process.add_argv(component);
    process.add_argv("--anonymous-auth=false");
    process.set_origin(facts::ORIGIN_POD);
    process.set_pod_namespace("a-tenant");
  }
  fuzz::require(evaluate_node(*fuzz::whole_standard(), visited, {}, kNow).hash == outcome.hash,
                "a tenant's pod changes nothing of a node");

  ReportBuilder builder(fuzz::whole_standard(), Report{});
  builder.fold("node-1", outcome);
  const Report report = std::move(builder).finish(kNow);
  const base::Value document = to_value(report);
  fuzz::require(base::write_json(document).size() <= kMaxReportBytes, "a report fits into an object");
  const auto again = report_from(document);
  fuzz::require(again.has_value(), "a report reads back", again ? "" : again.error().text());
  return 0;
}
