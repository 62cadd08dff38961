#include "baseline/cluster/node_objects.h"

#include <set>
#include <utility>
#include <variant>

#include "baseline/cluster/node_row.h"
#include "baseline/facts/schema.h"
#include "baseline/operand.h"

namespace baseline::cluster {
namespace {

bool is_readable(const facts::NodeFacts& facts) {
  return facts.schema_version() == facts::kSchemaVersion;
}

JudgeNodeRow row_of(const BuiltinCheck& check, const NodeContext& context) {
  if (const JudgeNodeRow judge = image_row(check.name)) return judge;
  return context.pods ? runtime_row(check.name) : nullptr;
}

}  // namespace

std::vector<std::string> NodeRow::texts(std::string_view argument) const {
  return texts_of(check, selected, argument);
}

ObjectResult conclude_row(const NodeRow& row, RowSentences sentences, bool judged,
                          const std::optional<Phrase>& unknown) {
  FindingSet& findings = row.findings;
  const Status worst = !findings.empty() ? findings.worst() : judged ? Status::kPass : Status::kNotApplicable;
  if (worst == Status::kFail) return findings.take(worst, std::move(sentences.fail));
  if (unknown) return findings.take(Status::kError, *unknown);
  switch (worst) {
    case Status::kError:
      return findings.take(worst, phrase("node.incomplete"));
    case Status::kManual:
      return findings.take(worst, std::move(sentences.manual));
    case Status::kWaived:
      return findings.take(worst, phrase("node.waived"));
    case Status::kPass:
      return findings.take(worst, std::move(sentences.pass));
    default:
      return findings.take(Status::kNotApplicable, phrase("node.no-containers"));
  }
}

std::vector<ObjectResult> judge_node_objects(const ResolvedProfile& profile, const NodeView& node,
                                             const facts::NodeFacts& facts, const NodeContext& context,
                                             base::Time now) {
  std::vector<ObjectResult> results;
  const NodeInventory inventory(node, context);
  const bool readable = is_readable(facts);
  std::set<std::size_t> used;  // told by the findings' waived_by
  for (const SelectedRequirement& selected : profile.requirements) {
    const Requirement& requirement = *selected.requirement;
    if (requirement.scope != Scope::kCluster || !requirement.check) continue;
    const auto* check = std::get_if<BuiltinCheck>(&requirement.check->form);
    const JudgeNodeRow judge = check ? row_of(*check, context) : nullptr;
    if (!judge) continue;
    if (!readable) {
      const Phrase reason = phrase("unknown.schema", std::to_string(facts.schema_version()));
      results.push_back({requirement.id, Status::kError, reason, {}, {}});
      continue;
    }
    FindingSet findings(profile, requirement.id, now, used);
    if (auto result = judge({selected, *check, inventory, findings})) results.push_back(std::move(*result));
  }
  return results;
}

}  // namespace baseline::cluster
