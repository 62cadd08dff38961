// A cluster's objects, judged. The input is manifests in YAML. The first byte says how they were read (from
// an API server, from files, or not at all) and, by its highest bit, whether a report is made of the outcome.
#include <algorithm>
#include <map>

#include "base/json.h"
#include "base/yaml.h"
#include "baseline/cluster/evaluator.h"
#include "baseline/report_builder.h"
#include "baseline/report_value.h"
#include "objects/parse.h"
#include "support.h"
#include "whole_standard.h"

namespace {

using namespace baseline;
using Given = std::map<cluster::Kind, std::vector<cluster::Object>>;

constexpr base::Time kNow{std::chrono::seconds(1'800'000'000)};

Given read_manifests(std::string_view text) {
  Given given;
  const base::YamlLimits limits{.bytes = 64U << 10, .nodes = 5'000, .depth = 48};
  const auto documents = base::parse_yaml_documents(text, "input", limits);
  objects::ObjectParser parser({.seccomp_annotations = true, .default_namespace = "default"});
  for (const base::Value& document : documents.value_or(std::vector<base::Value>{})) {
    const auto read =
        parser.parse_manifest(base::write_json(document), [&](objects::ManifestObject&& object) {
          fuzz::require(!object.error || object.objects.empty(), "a broken object leaves nothing behind");
          if (!object.kind) return;
          for (auto& one : object.objects) given[*object.kind].push_back(std::move(one));
        });
    if (!read) fuzz::require_sentence(read.error().error());
  }
  return given;
}

// `mode`: 0 an API server; 1 files; 2 an API server that refuses everything.
ClusterOutcome judge(const Given& given, unsigned mode, bool backwards) {
  cluster::ClusterContext context;
  context.live = mode != 1;
  context.version = Version{1, 30, 0};
  cluster::ClusterEvaluator evaluator(fuzz::whole_standard(), context, kNow);
  for (const cluster::KindInfo& info : cluster::kinds()) {
    if (mode == 2) {
      evaluator.unreadable(info.kind, {"objects.broke-off", {cluster::resource_name(info.kind), "refused"}});
      continue;
    }
    const auto found = given.find(info.kind);
    if (found == given.end()) {
      if (context.live) info.optional ? evaluator.not_served(info.kind) : evaluator.read(info.kind);
      continue;
    }
    std::vector<cluster::Object> objects = found->second;
    if (backwards) std::ranges::reverse(objects);
    for (cluster::Object& object : objects) evaluator.add(std::move(object));
    evaluator.read(info.kind);
  }
  return std::move(evaluator).finish();
}

void check_result(const ObjectResult& result, bool nothing_known) {
  fuzz::require(!render(result.message, Language::kEnglish).empty() &&
                    !render(result.message, Language::kChinese).empty(),
                "a result says why in both languages", result.id);
  fuzz::require(result.status != Status::kPass || !nothing_known, "nothing known is no Pass", result.id);
  fuzz::require(result.findings.size() <= kMaxFindingsPerRequirement, "findings are bounded", result.id);
  for (const ObjectFinding& finding : result.findings) {
    fuzz::require(!finding.subject.empty() && finding.pods >= 0, "a finding is about something", result.id);
    fuzz::require(result.status != Status::kPass || finding.status == Status::kPass ||
                      finding.status == Status::kWaived || finding.status == Status::kNotApplicable,
                  "a Pass has no finding that is worse", result.id);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const unsigned mode = (data[0] & 0x7FU) % 3U;
  const Given given = read_manifests(fuzz::text_of(data + 1, size - 1));
  const ClusterOutcome outcome = judge(given, mode, false);
  for (const ObjectResult& result : outcome.results)
    check_result(result, mode == 2 || (mode == 1 && given.empty()));
  const ClusterOutcome backwards = judge(given, mode, true);
  fuzz::require(outcome.results.size() == backwards.results.size(), "the order of objects does not matter");
  for (std::size_t i = 0; i < outcome.results.size(); ++i) {
    const ObjectResult& one = outcome.results[i];
    const ObjectResult& other = backwards.results[i];
    fuzz::require(one.id == other.id && one.status == other.status && one.message == other.message &&
                      one.findings == other.findings,
                  "the order of objects does not matter", one.id);
  }
  if (data[0] < 0x80) return 0;  // a report takes ten times as long as all of the above
  ReportBuilder builder(fuzz::whole_standard(), Report{});
  builder.fold_cluster(outcome);
  const base::Value document = to_value(std::move(builder).finish(kNow, false));
  fuzz::require(base::write_json(document).size() <= kMaxReportBytes, "a report fits into an object");
  fuzz::require(report_from(document).has_value(), "a report reads back");
  return 0;
}
