#include <set>
#include <unordered_map>
#include <utility>

#include "baseline/cluster/checks/verdict.h"
#include "baseline/name_pattern.h"
#include "baseline/text.h"

// 5.7.5.3 and 5.7.5.4: each namespace has a ResourceQuota and a LimitRange.
namespace baseline::cluster {
namespace {

struct Wording {
  const char *expected, *has, *lacks, *pass, *fail;
};

// What the objects of each namespace hold, by namespace.
using Held = std::unordered_map<std::string, std::set<std::string>>;

// `kind`: of what the namespaces hold; of one that was refused nobody knows what it says.
ObjectResult judge(const CheckInput& input, FindingSet& findings, const Held& held, Kind kind,
                   const Wording& words) {
  std::set<std::string> refused;
  for (const RefusedObject& one : input.facts.refused) {
    if (one.kind == kind) refused.insert(one.ns);
  }
  const NamePatterns system(input.texts("system-namespaces"));
  std::size_t judged = 0;
  for (const Namespace& one : input.facts.namespaces) {
    const std::string& name = one.metadata.name;
    if (system.match(name) || one.phase == "Terminating" || !input.context.covers(name)) continue;
    ++judged;
    const FindingSubject subject{"Namespace", "", name, "", &one.metadata.labels, nullptr};
    const auto found = held.find(name);
    if (refused.contains(name) && (found == held.end() || found->second.empty())) continue;
    if (found == held.end()) {
      findings.add(subject, Status::kFail, Phrase{words.expected, {}}, Phrase{words.lacks, {}});
    } else if (found->second.empty()) {
      findings.add(subject, Status::kFail, Phrase{words.expected, {}}, phrase("resource.empty"));
    } else {
      findings.add(subject, Status::kPass, Phrase{words.expected, {}},
                   Phrase{words.has, {join(found->second, ", ")}});
    }
  }
  if (judged == 0) return findings.take(Status::kNotApplicable, phrase("resource.no-namespaces"));
  return conclude(findings,
                  {Phrase{words.pass, {number(judged)}}, Phrase{words.fail, {}}, Phrase{words.fail, {}}});
}

ObjectResult judge_quotas(const CheckInput& input, FindingSet& findings) {
  if (auto none = nothing_given(input, {Kind::kNamespace})) return findings.take(Status::kNotChecked, *none);
  if (auto none = nothing_given(input, {Kind::kResourceQuota}))
    return findings.take(Status::kNotChecked, *none);
  Held held;
  for (const ResourceQuota& one : input.facts.quotas) {
    held[one.metadata.ns].insert(one.hard.begin(), one.hard.end());
  }
  return judge(input, findings, held, Kind::kResourceQuota,
               {"resource.expected-quota", "resource.has-quota", "resource.no-quota", "resource.quota-pass",
                "resource.quota-fail"});
}

ObjectResult judge_limit_ranges(const CheckInput& input, FindingSet& findings) {
  if (auto none = nothing_given(input, {Kind::kNamespace})) return findings.take(Status::kNotChecked, *none);
  if (auto none = nothing_given(input, {Kind::kLimitRange})) return findings.take(Status::kNotChecked, *none);
  Held held;
  for (const LimitRange& one : input.facts.limit_ranges) {
    held[one.metadata.ns].insert(one.types.begin(), one.types.end());
  }
  return judge(input, findings, held, Kind::kLimitRange,
               {"resource.expected-range", "resource.has-range", "resource.no-range", "resource.range-pass",
                "resource.range-fail"});
}

}  // namespace

std::vector<ObjectBuiltin> resource_builtins() {
  const std::vector<BuiltinArgument> arguments{{"system-namespaces", Parameter::Type::kStringList, false}};
  return {
      {"resource-quotas", {Kind::kNamespace, Kind::kResourceQuota}, arguments, fact_check<judge_quotas>},
      {"limit-ranges", {Kind::kNamespace, Kind::kLimitRange}, arguments, fact_check<judge_limit_ranges>},
  };
}

}  // namespace baseline::cluster
