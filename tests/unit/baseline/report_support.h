#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "baseline/report_builder.h"
#include "profile_support.h"

// Outcomes of nodes and builders over the small standard.
namespace baseline::testing {

// Texts without a template render as key and arguments: "x a b".
inline Phrase words(std::string key, std::vector<std::string> args = {}) {
  return {std::move(key), std::move(args)};
}

inline NodeFinding finding(const std::string& subject, Status status = Status::kFail,
                           const std::string& waived_by = {}) {
  return {words(subject), words("wanted"), words("found"), status, waived_by};
}

inline NodeResult judged(std::string id, Status status, std::string message = "said",
                         std::vector<NodeFinding> findings = {}) {
  return {std::move(id), status, words(std::move(message)), std::move(findings), {}};
}

inline NodeResult absent(std::string id, std::string component) {
  NodeResult result = judged(std::move(id), Status::kNotApplicable, "absent");
  result.absent_component = std::move(component);
  return result;
}

// An outcome in which each node-scoped requirement passes, but for those given.
inline NodeOutcome outcome(const std::string& hash, const std::vector<NodeResult>& results,
                           std::vector<std::string> components = {"kubelet"}, int etcd_members = 0) {
  NodeOutcome out;
  const auto standard = small_standard();
  for (const Requirement& requirement : standard->requirements) {
    if (requirement.scope != Scope::kNode) continue;
    NodeResult result = judged(requirement.id, Status::kPass, "fine");
    for (const NodeResult& given : results) {
      if (given.id == requirement.id) result = given;
    }
    out.results.push_back(std::move(result));
  }
  out.components = std::move(components);
  out.etcd_members = etcd_members;
  out.hash = hash + std::string(64 - hash.size(), '0');
  return out;
}

// A worker: nothing of the control plane runs there.
inline NodeOutcome worker(const std::string& hash = "b", std::vector<NodeResult> results = {}) {
  for (const char* id : {"5.1.2.1", "5.1.2.2"}) results.push_back(absent(id, "kube-apiserver"));
  results.push_back(absent("5.4.2.4", "etcd"));
  return outcome(hash, results);
}

inline std::shared_ptr<const ResolvedProfile> profile(const std::string& more = {}) {
  return resolve("p", {{"p", "standard: small\n" + more}}).value();
}

inline Report header(int nodes_expected) {
  Report report;
  report.scan = "nightly";
  report.cluster_uid = "uid";
  report.started = at("2026-01-01");
  report.coverage.nodes_expected = nodes_expected;
  return report;
}

inline const RequirementResult& result(const Report& report, const std::string& id) {
  for (const RequirementResult& r : report.results) {
    if (r.id == id) return r;
  }
  static const RequirementResult kNone;
  return kNone;
}

inline const base::Time kNow = at("2026-01-01T01:00:00Z");

}  // namespace baseline::testing
