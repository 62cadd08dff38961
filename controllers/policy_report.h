#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "base/value.h"
#include "baseline/report.h"
#include "controllers/namespace_findings.h"
#include "crds/baseline_scan.h"
#include "kube/resource.h"

// What a scan found in each namespace, as objects that other tools read. Pure.
// Schemas: wgpolicyk8s.io/v1alpha2 PolicyReport, openreports.io/v1alpha1 Report.
namespace baseline::controllers {

inline constexpr kube::ResourceKind kPolicyReports{"wgpolicyk8s.io", "v1alpha2", "policyreports",
                                                   "PolicyReport", true};
inline constexpr kube::ResourceKind kOpenReports{"openreports.io", "v1alpha1", "reports", "Report", true};
// Of a format other than kNone.
const kube::ResourceKind& export_kind(crds::ExportFormat format);

// How many findings are counted and not listed; "unknown" where not even all of them could be counted.
inline constexpr const char* kLeftOutAnnotation = "baseline.kxy.io/results-left-out";

// The objects of one scan, made one at a time.
class PolicyReports {
 public:
  // All that is given outlives it. `report` is finished: a requirement that it does not call Fail, Error,
  // Manual or Waived is left out. `owner_uid` is that of its object, named scan.status.last_report.
  PolicyReports(const crds::BaselineScan& scan, crds::ExportFormat format, const Report& report,
                std::string owner_uid, const NamespaceFindings& findings, ExportBounds bounds = {});

  // Namespaces that get an object, sorted.
  const std::vector<std::string>& namespaces() const { return namespaces_; }
  base::Value object(const std::string& ns) const;
  std::size_t results() const { return results_; }  // true number, of all namespaces

 private:
  base::Value metadata(const std::string& ns, std::size_t left_out) const;
  base::Value result(const std::string& ns, const NamespaceFindings::Row& row, int pods) const;

  const crds::BaselineScan& scan_;
  crds::ExportFormat format_;
  const Report& report_;
  std::string owner_uid_;
  const NamespaceFindings& findings_;
  ExportBounds bounds_;
  std::map<std::string, const RequirementResult*, std::less<>> open_;  // requirements that are listed
  std::vector<std::string> namespaces_;
  std::size_t results_ = 0;
};

// "baseline-<scan>", cut to a valid name where the scan's is too long.
std::string export_name(const crds::BaselineScan& scan);
// Selects the objects of a scan, with the uid of this one.
std::string export_selector(const crds::BaselineScan& scan);
// Whether the object has our labels and belongs to a BaselineReport; anything else is somebody's own.
bool is_exported_by(const base::Value& object, const crds::BaselineScan& scan);
// Whether both say the same, the moments of results apart.
bool same_export(const base::Value& there, const base::Value& wanted);

}  // namespace baseline::controllers
