#include "baseline/cluster/access_evidence.h"

#include <algorithm>
#include <array>
#include <set>

#include "baseline/cluster/checks/access_scan.h"
#include "baseline/text.h"

namespace baseline::cluster {
namespace {

constexpr std::string_view kClientSigner = "kubernetes.io/kube-apiserver-client";

constexpr std::size_t kMostAnonymous = 2'000;  // findings: nobody needs the next one

// kubeadm lets joining nodes read the ConfigMap that tells them where the cluster is.
bool is_cluster_info(const Grant& grant, const PolicyRule& rule) {
  return grant.binding->metadata.ns == "kube-public" && rule.verbs == std::vector<std::string>{"get"} &&
         rule.resources == std::vector<std::string>{"configmaps"} &&
         rule.resource_names == std::vector<std::string>{"cluster-info"};
}

ObjectFinding finding(const FindingSubject& subject, Status status, Phrase expected, Phrase actual) {
  const std::string object = (subject.ns.empty() ? "" : subject.ns + "/") + subject.kind + "/" + subject.name;
  return {subject_phrase(subject), std::move(expected), std::move(actual), status, object, "", 0};
}

void sort_unique(std::vector<ObjectFinding>& findings) {
  std::ranges::sort(findings);
  const auto twice = std::ranges::unique(findings);
  findings.erase(twice.begin(), twice.end());
}

}  // namespace

std::vector<ObjectFinding> anonymous_grants(const ClusterFacts& facts) {
  RbacIndex index(facts, /*live=*/true);
  std::set<ObjectFinding> out;
  for (const Grant& grant : index.grants()) {
    if (out.size() >= kMostAnonymous) break;
    const std::string& who = grant.subject->name;
    const bool anonymous = (grant.subject->kind == "User" && who == "system:anonymous") ||
                           (grant.subject->kind == "Group" && who == "system:unauthenticated");
    if (!anonymous || !grant.role || is_discovery(*grant.role)) continue;
    for (const EffectiveRule& one : index.rules(*grant.role)) {
      if (one.rule->verbs.empty() || is_cluster_info(grant, *one.rule)) continue;
      out.insert(finding(subject_of(grant), Status::kFail, phrase("access.expected-anonymous"),
                         path_to(grant, one)));
      if (out.size() >= kMostAnonymous) break;
    }
  }
  return {out.begin(), out.end()};
}

std::vector<ObjectFinding> human_certificate_requests(const ClusterFacts& facts) {
  std::vector<ObjectFinding> out;
  for (const CertificateSigningRequest& request : facts.certificate_requests) {
    if (request.denied || request.signer != kClientSigner) continue;
    // Components and nodes name themselves with system:.
    if (request.readable && request.common_name.starts_with("system:")) continue;
    const FindingSubject subject{
        "CertificateSigningRequest", "", request.metadata.name, "", nullptr, nullptr};
    out.push_back(finding(subject, Status::kManual, phrase("access.expected-no-person"),
                          request.readable ? phrase("access.request-person", request.common_name,
                                                    join(request.organizations, ", "), request.requester)
                                           : phrase("access.request-unreadable", request.requester)));
  }
  sort_unique(out);
  return out;
}

}  // namespace baseline::cluster
