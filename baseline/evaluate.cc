#include "baseline/evaluate.h"

#include <algorithm>

#include "base/digest.h"
#include "baseline/checks/check_context.h"
#include "baseline/cluster/node_objects.h"
#include "baseline/exemption.h"
#include "baseline/facts/schema.h"
#include "baseline/report_merge.h"
#include "baseline/signals.h"
#include "baseline/text.h"

namespace baseline {
namespace {

// Nothing of the node's own name may tell nodes apart that are set up alike. Only a name that could not stand
// there for another reason is replaced: one with a digit, a dash or a dot, between characters of no word.
class NameMask {
 public:
  explicit NameMask(std::string name) : name_(std::move(name)) {
    if (name_.size() < 3 || name_.find_first_of("0123456789-.") == std::string::npos) name_.clear();
  }

  void apply(Phrase& phrase) const {
    if (name_.empty()) return;
    for (std::string& arg : phrase.args) {
      for (std::size_t at = 0; (at = arg.find(name_, at)) != std::string::npos;) {
        const bool start = at == 0 || !is_word(arg[at - 1]);
        const std::size_t end = at + name_.size();
        if (start && (end == arg.size() || !is_word(arg[end]))) {
          arg.replace(at, name_.size(), "<node>");
          at += 6;
        } else {
          at = end;
        }
      }
    }
  }

 private:
  static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
  std::string name_;
};

// Outside its versions a requirement is NotApplicable; the reason names the version that runs.
std::optional<CheckOutcome> outside_versions(const Requirement& requirement, const CheckContext& context) {
  if (requirement.versions == VersionRange{}) return std::nullopt;
  const auto* processes = context.node.processes(requirement.object);
  if (!processes) return absent(requirement.object, context);
  bool inside = false;
  for (const ProcessView& process : *processes) {
    if (!process.version) {
      const Phrase reason = phrase("unknown.version", requirement.object);
      return outcome(Status::kError, reason, phrase("subject.component", requirement.object),
                     phrase("expected.version"), reason);
    }
    inside = inside || in_range(*process.version, requirement.versions);
  }
  if (inside) return std::nullopt;
  const std::string found = minor_text(*processes->front().version);
  const VersionRange& range = requirement.versions;
  if (range.below.empty())
    return not_applicable(phrase("versions.from", requirement.object, found, range.from));
  if (range.from.empty())
    return not_applicable(phrase("versions.below", requirement.object, found, range.below));
  return not_applicable(phrase("versions.between", requirement.object, found, range.from, range.below));
}

CheckOutcome judge(const CheckContext& context) {
  const Requirement& requirement = *context.selected.requirement;
  if (!requirement.check) return {Status::kNotChecked, phrase("unknown.no-check"), {}, {}};
  if (auto outside = outside_versions(requirement, context)) return std::move(*outside);
  return run_check(*requirement.check, context);
}

// A Fail whose every finding is covered is Waived; an exemption covers no Error and nothing that waits for a
// person.
void apply_exemption(NodeResult& result, const ResolvedProfile& profile, const NodeContext& context,
                     base::Time now) {
  if (result.status != Status::kFail) return;
  const Exemption* exemption = covering_exemption(profile.exemptions, result.id, context.labels, now);
  if (!exemption) return;
  Status status = Status::kWaived;
  for (NodeFinding& finding : result.findings) {
    if (finding.status == Status::kFail) {
      finding.status = Status::kWaived;
      finding.waived_by = exemption->reason;
    }
    status = worse(status, finding.status);
  }
  std::ranges::sort(result.findings);
  result.status = status;
  if (status == Status::kWaived) {
    result.message = phrase("waived", exemption->reason);
    return;
  }
  // What is left decides, and says so.
  const auto left = std::ranges::find(result.findings, status, &NodeFinding::status);
  result.message = left->actual;
}

int etcd_members(const NodeView& node) {
  const auto* processes = node.processes("etcd");
  if (!processes) return 0;
  int members = 1;
  for (const ProcessView& etcd : *processes) {
    const EffectiveValue cluster = setting_of(etcd, "initial-cluster");
    if (cluster.unknown) return 0;
    members = std::max(members, static_cast<int>(cluster.items.size()));
  }
  return members;
}

// Length before text: no two different outcomes are written alike.
void write(std::string& out, std::string_view text) {
  out += std::to_string(text.size());
  out += ':';
  out += text;
}

void write(std::string& out, const Phrase& phrase) {
  write(out, phrase.key);
  out += std::to_string(phrase.args.size());
  for (const std::string& arg : phrase.args) write(out, arg);
}

std::string hash_of(const NodeOutcome& outcome) {
  std::string out;
  for (const NodeResult& result : outcome.results) {
    write(out, result.id);
    write(out, to_string(result.status));
    write(out, result.message);
    write(out, result.absent_component);
    out += std::to_string(result.findings.size());
    if (result.more != 0) write(out, std::to_string(result.more));
    for (const NodeFinding& finding : result.findings) {
      write(out, finding.subject);
      write(out, finding.expected);
      write(out, finding.actual);
      write(out, to_string(finding.status));
      write(out, finding.waived_by);
    }
  }
  for (const std::string& component : outcome.components) write(out, component);
  for (const std::string& signal : outcome.signals) write(out, signal);
  out += std::to_string(outcome.etcd_members);
  return base::sha256_hex(out);
}

// More than is ever shown of an argument, so that a cut one is shown as such.
constexpr std::size_t kMaxArgument = 768;

void bound(Phrase& phrase) {
  for (std::string& arg : phrase.args) arg = cut_text(std::move(arg), kMaxArgument);
}

// What one node says about one requirement has an end: the worst findings stay, and how many a report would
// have shown beyond them.
void bound(NodeResult& result) {
  bound(result.message);
  if (result.findings.size() > kMaxNodeFindings) {
    const auto shown = [&](const NodeFinding& finding) { return is_shown(finding.status, result.status); };
    std::ranges::stable_sort(result.findings, [](const NodeFinding& a, const NodeFinding& b) {
      return a.status != b.status && worse(a.status, b.status) == a.status;
    });
    const auto all = std::ranges::count_if(result.findings, shown);
    result.findings.resize(kMaxNodeFindings);
    result.findings.shrink_to_fit();
    result.more = std::max(0, static_cast<int>(all) - static_cast<int>(kMaxNodeFindings));
    std::ranges::sort(result.findings);
  }
  for (NodeFinding& finding : result.findings) {
    bound(finding.subject);
    bound(finding.expected);
    bound(finding.actual);
  }
}

NodeResult to_result(const Requirement& requirement, CheckOutcome outcome, const NameMask& mask) {
  NodeResult result{requirement.id, outcome.status, std::move(outcome.message), std::move(outcome.findings),
                    std::move(outcome.absent_component)};
  mask.apply(result.message);
  for (NodeFinding& finding : result.findings) {
    mask.apply(finding.subject);
    mask.apply(finding.expected);
    mask.apply(finding.actual);
  }
  std::ranges::sort(result.findings);
  return result;
}

}  // namespace

NodeOutcome evaluate_node(const ResolvedProfile& profile, const facts::NodeFacts& facts,
                          const NodeContext& context, base::Time now) {
  NodeOutcome outcome;
  const NodeView node(facts, context, built_in_components(), profile.system_namespaces);
  const NameMask mask(facts.host().hostname());
  const bool readable = facts.schema_version() == facts::kSchemaVersion;
  for (const SelectedRequirement& selected : profile.requirements) {
    const Requirement& requirement = *selected.requirement;
    if (requirement.scope != Scope::kNode) continue;
    const CheckContext check{node, selected};
    CheckOutcome judged =
        readable
            ? judge(check)
            : CheckOutcome{
                  Status::kError, phrase("unknown.schema", std::to_string(facts.schema_version())), {}, {}};
    NodeResult result = to_result(requirement, std::move(judged), mask);
    apply_exemption(result, profile, context, now);
    bound(result);
    outcome.results.push_back(std::move(result));
  }
  if (readable) {
    outcome.components = node.components();
    outcome.etcd_members = etcd_members(node);
    outcome.signals = signals::of_node(node);
    if (context.pods) outcome.signals.emplace_back(signals::kPodsJudged);
    outcome.lookalikes = node.lookalikes();
    outcome.lookalikes_total = node.lookalikes_total();
  }
  outcome.objects = cluster::judge_node_objects(profile, node, facts, context, now);
  outcome.hash = hash_of(outcome);
  return outcome;
}

}  // namespace baseline
