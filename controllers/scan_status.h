#pragma once

#include <string>

#include "base/time.h"
#include "baseline/report.h"
#include "controllers/scan_trigger.h"
#include "crds/baseline_scan.h"

// How the status of a BaselineScan moves. Pure functions on the status; conditions follow kstatus.
namespace baseline::controllers {

void status_waiting(crds::BaselineScan& scan, const Due& due, base::Time now);
// The scan cannot run: its profile is wrong or missing, its schedule makes no sense, no node matches.
void status_stalled(crds::BaselineScan& scan, const std::string& reason, const std::string& message,
                    bool failed, base::Time now);
void status_started(crds::BaselineScan& scan, crds::ScanRun run, base::Time now);
void status_progress(crds::BaselineScan& scan, const Report& report);
void status_evaluating(crds::BaselineScan& scan);
void status_completed(crds::BaselineScan& scan, const Report& report, base::Time now);
// Whether the profile is still the one the last report was made with.
void status_profile_changed(crds::BaselineScan& scan, const std::string& profile_hash, base::Time now);

}  // namespace baseline::controllers
