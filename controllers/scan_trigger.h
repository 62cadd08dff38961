#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "base/time.h"
#include "crds/baseline_scan.h"

namespace baseline::controllers {

// Why a run begins.
struct Trigger {
  std::string kind;  // "Generation", "Rescan" or "Schedule", as in ScanRun::trigger
  std::string rescan;
  std::optional<base::Time> scheduled;
};

struct Due {
  std::optional<Trigger> trigger;  // a run is due now
  std::optional<base::Time>
      next_run;  // when the schedule asks for one; nothing without a schedule or while suspended
};

// Whether a scan is due. Pure. Without a schedule: once for each generation. With one: at its moments; of
// those missed while no operator ran or the scan was suspended, one run makes up for all. A new value of the
// rescan annotation is always due. A suspended scan starts nothing. kInvalid for a schedule or time zone that
// cannot be understood.
base::Result<Due> due_now(const crds::BaselineScan& scan, base::Time now);

// The run that answers a trigger. Its id and its report's name hold the moment it began, so that they are
// new.
crds::ScanRun new_run(const crds::BaselineScan& scan, const Trigger& trigger, const std::string& profile_hash,
                      base::Time now);

}  // namespace baseline::controllers
