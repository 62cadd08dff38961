#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "base/error.h"
#include "base/value.h"
#include "baseline/report.h"

// A report as a document: the fields of the BaselineReport resource, without its metadata.
namespace baseline {

// Free of hidden characters (see base/printable.h), and as JSON not larger than `max_bytes`: what is too
// large is bounded first (see bound). A report in progress carries its whole plan in the field `checkpoint`,
// from which report_from() restores it.
base::Value to_value(const Report& report, std::size_t max_bytes);
base::Value to_value(const Report& report);  // kMaxReportBytes

// Bytes that the API server keeps for a value: Go's encoder writes <, > and & as six characters each, and so
// a text full of them would grow beyond what was measured here.
std::size_t stored_size(const base::Value& value);

// Unknown fields are passed over; a field of the wrong kind, or a status or level that is none, is
// ErrorCode::kInvalid, named by its path.
base::Result<Report> report_from(const base::Value& document);

// Makes a finished report fit; one in progress is bounded as it is written, beside its checkpoint. Where the
// groups take more than half of the room, they lose what they say beside their nodes, then nodes' names, and
// at last whole groups. Then findings are left out, down to the same greatest number for every requirement,
// so that the longest lists lose first; then the remediation texts, which stand in the standard as well; then
// whatever else has a length. Sets `truncated` when anything was left out. False when it is still too large:
// there are more requirements than an object has room for.
bool bound(Report& report, std::size_t max_bytes);

// {pass, fail, manual, error, waived, notApplicable, notChecked}; every one is written, also with 0.
base::Value to_value(const std::map<Status, int>& counts);
base::Result<std::map<Status, int>> status_counts_from(const base::Value& value, const std::string& path);

// The score for people and columns, with its one decimal: "87.5". A string, because the API has no exact
// decimals and would hand back 100.0 as 100.
std::string score_text(double score);
// 0 for a text that is no number.
double score_from(const std::string& text);

}  // namespace baseline
