#pragma once

#include <string>
#include <utility>

#include "baseline/report.h"

namespace baseline::cli::test {

inline RequirementResult result(const std::string& id, std::string title, Status status,
                                std::string message) {
  RequirementResult result;
  result.id = id;
  result.section = id.substr(0, id.rfind('.'));
  result.title = std::move(title);
  result.status = status;
  result.message = std::move(message);
  return result;
}

// Four requirements over two groups of nodes.
inline Report sample_report() {
  Report report;
  report.scan = "nightly";
  report.standard = "kxy-cs001-2023";
  report.profile = "prod";
  report.profile_hash = std::string(64, 'a');
  report.cluster_uid = "11111111-2222-3333-4444-555555555555";
  report.cluster_version = "v1.36.3";
  report.finished = *base::parse_time("2026-01-30T02:00:09Z");
  report.coverage.nodes_expected = 8;
  report.coverage.nodes_reported = 8;
  report.node_groups = {
      {"group-1", {"cp-1"}, {"etcd", "kubelet"}, 1, {}, "x"},
      {"group-2", {"w-1", "w-2", "w-3", "w-4", "w-5", "w-6", "w-7"}, {"kubelet"}, 0, {}, "y"}};
  RequirementResult pass =
      result("5.1.1.1", "Manifest of the API server", Status::kPass, "The file has mode 600.");
  RequirementResult soft = result("5.1.1.2", "A recommended one", Status::kFail, "It is not so.");
  soft.level = Level::kRecommended;
  RequirementResult error =
      result("5.1.2.1", "Anonymous requests", Status::kError, "The command line could not be read.");
  RequirementResult hard = result("5.6.1.1", "kubelet 的 kubeconfig 文件仅允许属主访问", Status::kFail,
                                  "One file is open to others than its owner.");
  hard.remediation = "chmod 600 /etc/kubernetes/kubelet.conf";
  for (const char* group : {"group-1", "group-2"}) {
    Finding finding;
    finding.subject = "/etc/kubernetes/kubelet.conf";
    finding.expected = "600 or stricter";
    finding.actual = "644";
    finding.node_group = group;
    hard.findings.push_back(std::move(finding));
  }
  hard.findings_total = 2;
  report.results = {pass, soft, error, hard};
  report.summary = summarize(report.results);
  return report;
}

}  // namespace baseline::cli::test
