#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "baseline/report.h"
#include "controllers/scan_trigger.h"
#include "crds/baseline_scan.h"

// How the status of a BaselineScan moves. Pure functions on the status; conditions follow kstatus.
namespace baseline::controllers {

// Reason of condition Stalled while the scan's selector matches no node.
inline constexpr std::string_view kNoNodes = "NoNodes";

// Nothing is due and nothing is wrong.
void status_waiting(crds::BaselineScan& scan, const Due& due, base::Time now);
// Names the fields of the scan that have no effect any more, or says nothing where there are none.
void status_former_fields(crds::BaselineScan& scan, base::Time now);
// The scan cannot run: its profile is wrong or missing, its schedule makes no sense, no node matches.
void status_stalled(crds::BaselineScan& scan, const std::string& reason, const std::string& message,
                    crds::ScanPhase phase, base::Time now);
void status_started(crds::BaselineScan& scan, crds::ScanRun run, base::Time now);
// The run in status.run goes on, whatever was told before. Told once it does: what stands in its way stays
// told while it is tried again.
void status_collecting(crds::BaselineScan& scan, base::Time now);
// The run in status.run is held up by something that a person must mend.
void status_trouble(crds::BaselineScan& scan, const std::string& message, base::Time now);
// Whether that was told last.
bool is_troubled(const crds::BaselineScan& scan);
void status_progress(crds::BaselineScan& scan, const Report& report);
void status_evaluating(crds::BaselineScan& scan);
void status_completed(crds::BaselineScan& scan, const Report& report, base::Time now);
// Whether the profile is still the one the last report was made with.
void status_profile_changed(crds::BaselineScan& scan, const std::string& profile_hash, base::Time now);

}  // namespace baseline::controllers
