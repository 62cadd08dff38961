#pragma once

#include <string>

#include "base/error.h"
#include "base/value.h"
#include "crds/baseline_report.h"
#include "crds/baseline_scan.h"
#include "kube/client.h"

// The BaselineReport object of a run on the API server.
namespace baseline::controllers {

// Whether the scan owns this report object.
bool is_owned_by(const base::Value& report, const crds::BaselineScan& scan);
// Whether it is the one that the run in scan.status.run writes: owned by the scan and begun when the run was.
bool is_report_of_run(const base::Value& report, const crds::BaselineScan& scan);

// Creates or replaces the object named in scan.status.run. `version` is its resourceVersion as last seen,
// empty when unknown; it is kept up to date, so that a checkpoint takes one request. False, and nothing is
// written: the name belongs to an object that is not this run's report. A report that is refused is tried
// with less in it; kLimit: it cannot be made to fit, and the sentence says what a person can do.
base::Result<bool> write_report(const kube::Client& client, const crds::BaselineScan& scan,
                                const Report& report, std::string& version);

}  // namespace baseline::controllers
