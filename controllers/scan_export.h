#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/error.h"
#include "controllers/policy_report.h"
#include "crds/baseline_scan.h"
#include "kube/client.h"

// Brings the exported objects of a scan to what they should be. Each call looks at what is there, so that it
// may be repeated after any fault.
namespace baseline::controllers {

struct ExportOutcome {
  std::size_t written = 0, unchanged = 0, removed = 0;
  std::vector<std::string> taken;    // namespaces where an object of that name is not ours
  std::vector<std::string> refused;  // namespaces where admission refused it
  // Why nothing more could be done until a person acts: "CrdMissing", "Forbidden" or "Refused"; empty when
  // all is done.
  std::string reason, message;

  bool done() const { return reason.empty() && taken.empty() && refused.empty(); }
};

// Writes what differs, and removes objects of this scan that should not be there any more. An error: try
// again, the rest is still to do. A namespace that is gone or on its way out is passed over.
base::Result<ExportOutcome> write_exports(const kube::Client& client, const crds::BaselineScan& scan,
                                          crds::ExportFormat format, const PolicyReports& wanted);

// Removes all objects of this scan and format. Where the kind is not there any more, nothing is.
base::Result<ExportOutcome> remove_exports(const kube::Client& client, const crds::BaselineScan& scan,
                                           crds::ExportFormat format);

}  // namespace baseline::controllers
