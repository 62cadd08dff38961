#include <algorithm>
#include <array>
#include <ranges>

#include "baseline/cluster/checks/access_checks.h"
#include "baseline/cluster/checks/access_scan.h"
#include "baseline/text.h"

// What is judged by roles and bindings alone: 5.7.3.4 to 5.7.3.7 and 5.7.4.5.
namespace baseline::cluster {
namespace {

constexpr std::string_view kRbac = "rbac.authorization.k8s.io";
constexpr std::string_view kMasters = "system:masters";
constexpr std::string_view kKubeadmAdmins = "kubeadm:cluster-admins";

const std::vector<Kind> kRights{Kind::kRole, Kind::kClusterRole, Kind::kRoleBinding,
                                Kind::kClusterRoleBinding};
const std::vector<Kind> kBindings{Kind::kRoleBinding, Kind::kClusterRoleBinding};

bool has(const std::vector<std::string>& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

ObjectResult not_checked(FindingSet& findings, Phrase reason) {
  return findings.take(Status::kNotChecked, std::move(reason));
}

// The three verbs count on what the API server asks them about.
bool escalates(const PolicyRule& rule) {
  for (const std::string_view verb : {"bind", "escalate"}) {
    for (const std::string_view resource : {"roles", "clusterroles"}) {
      if (allows(rule, verb, kRbac, resource)) return true;
    }
  }
  // From 1.35 on there are kinds of impersonation too: impersonate:user-info and the like.
  const bool acts = std::ranges::any_of(rule.verbs, [](const std::string& verb) {
    return verb == "*" || verb == "impersonate" || verb.starts_with("impersonate:");
  });
  if (!acts) return false;
  PolicyRule any_verb = rule;
  any_verb.verbs = {"*"};
  return std::ranges::any_of(std::to_array<std::string_view>({"users", "groups", "serviceaccounts"}),
                             [&](std::string_view what) { return allows(any_verb, "*", "", what); }) ||
         std::ranges::any_of(
             std::to_array<std::string_view>({"uids", "userextras", "users", "groups", "nodes"}),
             [&](std::string_view what) { return allows(any_verb, "*", "authentication.k8s.io", what); }) ||
         std::ranges::any_of(rule.resources,
                             [](const std::string& what) { return what.starts_with("userextras/"); });
}

Status weigh_escalation(const Grant& grant, const EffectiveRule& rule) {
  if (is_narrowed(*rule.rule)) return Status::kManual;
  // The roles "admin" and "edit" act as the accounts of their namespace, as whoever may create pods there
  // can.
  const std::string& name = grant.role->metadata.name;
  const bool of_namespace = is_built_in(*grant.role) && (name == "admin" || name == "edit") &&
                            !grant.binding->cluster && grant.binding->metadata.ns != "kube-system";
  return of_namespace ? Status::kManual : Status::kFail;
}

bool reads_secrets(const PolicyRule& rule) {
  return std::ranges::any_of(std::to_array<std::string_view>({"get", "list", "watch"}),
                             [&](std::string_view verb) { return allows(rule, verb, "", "secrets"); });
}

// Subjects that nobody is kept out of, and accounts that pods have unasked.
bool is_anybody(const Grant& grant) {
  const Principal who = principal_of(*grant.binding, *grant.subject);
  if (who.kind == Principal::Kind::kServiceAccount) return who.name == "default";
  if (who.name == "system:anonymous") return true;
  return who.kind == Principal::Kind::kGroup &&
         (who.name == "system:authenticated" || who.name == "system:unauthenticated" ||
          who.name == "system:serviceaccounts" || who.name.starts_with("system:serviceaccounts:"));
}

bool has_wildcard(const PolicyRule& rule) {
  const auto starred = [](const std::string& word) { return word == "*" || word.starts_with("*/"); };
  return std::ranges::any_of(rule.verbs, starred) || std::ranges::any_of(rule.api_groups, starred) ||
         has(rule.non_resource_urls, "*") || has(rule.non_resource_urls, "/*") ||
         std::ranges::any_of(rule.resources,
                             [](const std::string& word) { return word.find('*') != std::string::npos; });
}

void add_requests(const CheckInput& input, FindingSet& findings) {
  const Phrase expected = phrase("access.expected-no-masters");
  for (const CertificateSigningRequest& request : input.facts.certificate_requests) {
    if (request.denied) continue;
    const FindingSubject subject{"CertificateSigningRequest", "",     request.metadata.name, "",
                                 &request.metadata.labels,    nullptr};
    if (!request.readable) {
      findings.add(subject, Status::kManual, expected,
                   phrase("access.request-unreadable", request.requester));
    } else if (has(request.organizations, kMasters)) {
      findings.add(subject, Status::kFail, expected,
                   phrase("access.request-masters", request.common_name, request.requester));
    }
  }
}

}  // namespace

ObjectResult judge_masters(const CheckInput& input, FindingSet& findings) {
  std::vector<Kind> kinds = kBindings;
  kinds.push_back(Kind::kCertificateSigningRequest);
  if (auto none = nothing_given(input, kinds)) return not_checked(findings, *none);
  const RbacIndex index(input.facts, input.context.live);
  for (const Grant& grant :
       index.of_group(std::string(kMasters)) | std::views::transform([](const Grant* one) { return *one; })) {
    if (is_built_in(grant) || !covered(input, *grant.binding)) continue;
    findings.add(subject_of(grant), Status::kFail, phrase("access.expected-no-masters"),
                 phrase("access.binds", binding_name(*grant.binding), grant.binding->role_kind,
                        grant.binding->role_name));
  }
  add_requests(input, findings);
  return conclude(findings, {phrase("access.masters-pass", number(input.facts.bindings.size()),
                                    number(input.facts.certificate_requests.size())),
                             phrase("access.masters-fail"), phrase("access.masters-manual")});
}

ObjectResult judge_escalation(const CheckInput& input, FindingSet& findings) {
  if (auto none = nothing_given(input, kBindings)) return not_checked(findings, *none);
  AccessScan scan(input, findings, escalates);
  scan.run(phrase("access.expected-no-escalation"), weigh_escalation);
  return conclude(findings, {phrase("access.escalation-pass", number(scan.seen())),
                             phrase("access.escalation-fail"), phrase("access.escalation-manual")});
}

ObjectResult judge_cluster_admin(const CheckInput& input, FindingSet& findings) {
  if (auto none = nothing_given(input, kBindings)) return not_checked(findings, *none);
  const RbacIndex index(input.facts, input.context.live);
  for (const Grant& grant : index.grants()) {
    const RoleBinding& binding = *grant.binding;
    if (binding.role_kind != "ClusterRole" || binding.role_name != "cluster-admin") continue;
    if (is_built_in(grant) || !covered(input, binding)) continue;
    // kubeadm's own administrators: whose certificates name the group cannot be seen from here.
    const bool of_kubeadm = binding.cluster && binding.metadata.name == kKubeadmAdmins &&
                            grant.subject->kind == "Group" && grant.subject->name == kKubeadmAdmins;
    findings.add(subject_of(grant), of_kubeadm ? Status::kManual : Status::kFail,
                 phrase("access.expected-no-cluster-admin"),
                 phrase("access.binds", binding_name(binding), binding.role_kind, binding.role_name));
  }
  return conclude(findings, {phrase("access.cluster-admin-pass", number(index.grants().size())),
                             phrase("access.cluster-admin-fail"), phrase("access.cluster-admin-manual")});
}

ObjectResult judge_role_wildcards(const CheckInput& input, FindingSet& findings) {
  if (auto none = nothing_given(input, {Kind::kRole, Kind::kClusterRole}))
    return not_checked(findings, *none);
  AccessScan scan(input, findings, has_wildcard);
  std::size_t own = 0;
  for (const Role& role : input.facts.roles) {
    if (is_built_in(role) || (!role.cluster && !input.context.covers(role.metadata.ns))) continue;
    ++own;
    for (const EffectiveRule& one : scan.index().rules(role)) {
      if (!has_wildcard(*one.rule)) continue;
      const bool aggregated = one.source != &role;
      if (aggregated && !is_built_in(*one.source)) continue;  // found where it is written
      findings.add({role.cluster ? "ClusterRole" : "Role", role.metadata.ns, role.metadata.name, "",
                    &role.metadata.labels, nullptr},
                   Status::kFail, phrase("access.expected-no-wildcard"),
                   aggregated ? phrase("access.rule-aggregated", role_name(*one.source), rule_text(*one.rule))
                              : phrase("access.rule", rule_text(*one.rule)));
    }
  }
  scan.close();
  return conclude(findings, {phrase("access.wildcards-pass", number(own)), phrase("access.wildcards-fail"),
                             phrase("access.wildcards-fail")});
}

ObjectResult judge_secret_readers(const CheckInput& input, FindingSet& findings) {
  if (auto none = nothing_given(input, kBindings)) return not_checked(findings, *none);
  AccessScan scan(input, findings, reads_secrets);
  scan.run(phrase("access.expected-few-readers"), [](const Grant& grant, const EffectiveRule&) {
    return is_anybody(grant) ? Status::kFail : Status::kManual;
  });
  return conclude(findings, {phrase("access.readers-pass", number(scan.seen())),
                             phrase("access.readers-fail"), phrase("access.readers-manual")});
}

}  // namespace baseline::cluster
