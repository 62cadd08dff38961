#pragma once

#include <cstddef>
#include <string>

#include "base/error.h"
#include "base/value.h"
#include "baseline/report.h"

// A report's document in pieces. For report_value.cc, report_read.cc, report_bound.cc and
// report_checkpoint.cc.
namespace baseline {

base::Value to_value(const NodeGroup& group);
base::Value to_value(const Finding& finding);
// Whatever its size. `checkpoint`: see checkpoint_of(); empty: none.
base::Value unbounded(const Report& report, const std::string& checkpoint);

// bound() of report_value.h for a report that is written with a checkpoint.
bool bound(Report& report, std::size_t max_bytes, const std::string& checkpoint);

// Every node of the plan with what became of it so far, and the groups, in few bytes: the lists that people
// read may be cut, this never is. Of a report in progress; empty for a finished one.
std::string checkpoint_of(const Report& report);
// Puts that back into the report read beside it. kCorrupt: it is none.
base::Result<void> take_checkpoint(const std::string& text, Report& report);

}  // namespace baseline
