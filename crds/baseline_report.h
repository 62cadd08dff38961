#pragma once

#include "base/error.h"
#include "base/value.h"
#include "baseline/report.h"
#include "crds/object_meta.h"

namespace baseline::crds {

// Written only by the operator and the command line, never edited. Has neither spec nor status: the fields of
// the report stand at the top.
struct BaselineReport {
  ObjectMeta metadata;
  Report report;
  bool operator==(const BaselineReport&) const = default;
};

// Unknown fields are passed over; a field of the wrong kind, or a status or level that is none, is
// ErrorCode::kInvalid, named by its path.
base::Result<BaselineReport> report_from_value(const base::Value& object);
// The whole object, with apiVersion and kind.
base::Value to_value(const BaselineReport& report);
// The report in it as JSON not larger than `max_bytes`: see baseline::to_value().
base::Value to_value(const BaselineReport& report, std::size_t max_bytes);

}  // namespace baseline::crds
