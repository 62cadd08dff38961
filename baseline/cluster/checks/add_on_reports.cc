#include <chrono>
#include <optional>
#include <set>
#include <utility>

#include "baseline/cluster/checks/add_on_checks.h"
#include "baseline/cluster/checks/verdict.h"

// 5.7.1.2: the reports of a scanner in the cluster, and whether they cover what runs.
namespace baseline::cluster {
namespace {

// "ns/kind/name": what a report is about, or what a pod belongs to.
std::string about(const std::string& ns, const std::string& kind, const std::string& name) {
  return ns + "/" + kind + "/" + name;
}

class VulnerabilityReports final : public ObjectCheck {
 public:
  VulnerabilityReports(const CheckInput& input, FindingSet& findings) : input_(input), findings_(findings) {
    if (const auto given = base::parse_go_duration(input.text("maximum-report-age")))
      max_age_ = std::chrono::duration_cast<std::chrono::seconds>(*given);
    for (const VulnerabilityReport& report : input.facts.vulnerability_reports) {
      if (input.context.covers(report.metadata.ns)) take(report);
    }
  }

  void see(const Pod& pod, const Workload& workload) override {
    const std::string& ns = pod.metadata.ns;
    const bool known =
        covered_.contains(about(ns, pod.metadata.controller_kind, pod.metadata.controller_name)) ||
        covered_.contains(about(ns, workload.kind, workload.name)) ||
        covered_.contains(about(ns, "Pod", pod.metadata.name));
    if (known || reports_ == 0) return;
    findings_.add({workload.kind, ns, workload.name, "", &pod.metadata.labels, nullptr}, Status::kManual,
                  expected(), phrase("reports.none-for"), 1);
  }

  ObjectResult finish() override {
    if (reports_ == 0) {
      if (auto none = nothing_given(input_, {Kind::kVulnerabilityReport}))
        return findings_.take(Status::kNotChecked, *none);
      return findings_.take(Status::kManual, phrase("reports.none"));
    }
    return conclude(findings_, {phrase("reports.pass", number(reports_)), phrase("reports.fail"),
                                phrase("reports.manual")});
  }

 private:
  static Phrase expected() { return phrase("reports.expected"); }

  bool young(const VulnerabilityReport& report) const {
    return report.updated && max_age_ && input_.now - *report.updated <= *max_age_;
  }

  void take(const VulnerabilityReport& report) {
    ++reports_;
    const Metadata& meta = report.metadata;
    const FindingSubject subject{"VulnerabilityReport", meta.ns, meta.name, "", &meta.labels, nullptr};
    if (!young(report)) {
      // Old news proves nothing, but it does tell what it is about: the pods count as covered by it.
      findings_.add(subject, Status::kManual, expected(),
                    phrase("reports.old", report.image,
                           report.updated ? base::format_time(*report.updated) : std::string("?")));
    } else if (report.fixable_critical > 0) {
      findings_.add(subject, Status::kFail, expected(),
                    phrase("reports.critical", report.image, std::to_string(report.fixable_critical)));
    }
    if (!meta.controller_name.empty())
      covered_.insert(about(meta.ns, meta.controller_kind, meta.controller_name));
    const auto label = [&](const char* name) {
      const auto found = meta.labels.find(std::string("trivy-operator.resource.") + name);
      return found == meta.labels.end() ? std::string() : found->second;
    };
    if (!label("name").empty()) covered_.insert(about(meta.ns, label("kind"), label("name")));
  }

  const CheckInput& input_;
  FindingSet& findings_;
  std::optional<std::chrono::seconds> max_age_;
  std::set<std::string> covered_;
  std::size_t reports_ = 0;
};

}  // namespace

std::unique_ptr<ObjectCheck> vulnerability_reports(const CheckInput& input, FindingSet& findings) {
  return std::make_unique<VulnerabilityReports>(input, findings);
}

}  // namespace baseline::cluster
