#include "baseline/cluster/checks/access_scan.h"

#include <algorithm>
#include <utility>

namespace baseline::cluster {
namespace {

constexpr std::size_t kMaxRulesOfGrant = 3;

}  // namespace

AccessScan::AccessScan(const CheckInput& input, FindingSet& findings, Picks picks)
    : input_(input), findings_(findings), picks_(std::move(picks)), index_(input.facts, input.context.live) {}

const std::vector<EffectiveRule>& AccessScan::picked(const Role& role) {
  const auto [at, fresh] = picked_.try_emplace(&role);
  if (!fresh) return at->second;
  for (const EffectiveRule& one : index_.rules(role)) {
    if (picks_(*one.rule)) at->second.push_back(one);
  }
  // The worse come first, so that a few of them tell what the grant comes to.
  std::ranges::stable_partition(at->second, [](const EffectiveRule& one) { return !is_narrowed(*one.rule); });
  return at->second;
}

void AccessScan::run(const Phrase& expected, const Weighs& weigh) {
  for (const Grant& grant : index_.grants()) {
    if (!covered(input_, *grant.binding)) continue;
    ++seen_;
    if (is_built_in(grant)) continue;
    if (!grant.role) {
      // In a cluster a role that is not there gives nothing; a folder may have left it out.
      if (!input_.context.live) {
        findings_.add(subject_of(grant), Status::kManual, expected,
                      phrase("access.role-not-given", binding_name(*grant.binding), grant.binding->role_kind,
                             grant.binding->role_name));
      }
      continue;
    }
    std::size_t told = 0;
    for (const EffectiveRule& rule : picked(*grant.role)) {
      const auto status = weigh(grant, rule);
      if (!status) continue;
      // Further rules of the same grant say little more.
      if (++told > kMaxRulesOfGrant) break;
      findings_.add(subject_of(grant), *status, expected, path_to(grant, rule));
    }
  }
  close();
}

void AccessScan::close() {
  if (!index_.gave_up()) return;
  findings_.add({"ClusterRole", "", "*", "", nullptr, nullptr}, Status::kError,
                phrase("access.expected-aggregation"), phrase("access.aggregation-too-deep"));
}

bool gives_rights(RbacIndex& index, const Role& role) {
  if (is_discovery(role)) return false;
  for (const EffectiveRule& one : index.rules(role)) {
    if (!one.rule->verbs.empty() && !(one.source != &role && is_discovery(*one.source))) return true;
  }
  return false;
}

bool covered(const CheckInput& input, const RoleBinding& binding) {
  return binding.cluster || input.context.covers(binding.metadata.ns);
}

}  // namespace baseline::cluster
