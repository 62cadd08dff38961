#include "baseline/report.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "baseline/report_order.h"

namespace baseline {
namespace {

bool fails(Status status) {
  return status == Status::kFail || status == Status::kError;
}

// What was wrong is wrong no more. A waiver only accepts it, and what was not looked at may still be wrong.
bool mends(Status status) {
  return !fails(status) && status != Status::kWaived && status != Status::kNotChecked;
}

const RequirementResult* find(const Report& report, const std::string& id) {
  const auto it = std::ranges::find(report.results, id, &RequirementResult::id);
  return it == report.results.end() ? nullptr : &*it;
}

// Rounded, but never to "all" or "none" when that is not so.
double score_of(int pass, int judged) {
  if (judged == 0) return 0;
  const double tenths = std::round(1000.0 * pass / judged);
  if (pass == judged) return 100;
  return pass == 0 ? 0 : std::clamp(tenths, 1.0, 999.0) / 10;
}

// Position of the group's name among names of one prefix, by number.
auto group_key(const std::string& name) {
  return std::pair<std::size_t, std::string_view>(name.size(), name);
}

}  // namespace

std::string_view to_string(ExemptionNote::State state) {
  switch (state) {
    case ExemptionNote::State::kUsed:
      return "used";
    case ExemptionNote::State::kUnused:
      return "unused";
    case ExemptionNote::State::kExpiring:
      return "expiring";
    case ExemptionNote::State::kExpired:
      return "expired";
  }
  return "used";
}

std::optional<ExemptionNote::State> exemption_state_from(std::string_view name) {
  using enum ExemptionNote::State;
  for (const ExemptionNote::State state : {kUsed, kUnused, kExpiring, kExpired}) {
    if (to_string(state) == name) return state;
  }
  return std::nullopt;
}

bool comes_before(const Finding& a, const Finding& b) {
  if (a.status != b.status) return worse(a.status, b.status) == a.status;
  const auto texts = [](const Finding& f) {
    return std::tie(f.subject, f.expected, f.actual, f.object, f.waived_by);
  };
  if (texts(a) != texts(b)) return texts(a) < texts(b);
  return group_key(a.node_group) < group_key(b.node_group);
}

int Summary::count(Status status) const {
  const auto it = by_status.find(status);
  return it == by_status.end() ? 0 : it->second;
}

Summary summarize(const std::vector<RequirementResult>& results) {
  Summary summary;
  for (const RequirementResult& result : results) {
    ++summary.by_status[result.status];
    ++summary.by_level[result.level][result.status];
  }
  const int pass = summary.count(Status::kPass);
  summary.score = score_of(pass, pass + summary.count(Status::kFail) + summary.count(Status::kError));
  return summary;
}

void compare_with_previous(Report& report, const std::string& previous_name, const Report* previous,
                           base::Time now) {
  report.changes = {};
  if (previous) report.changes.previous = previous_name;
  for (RequirementResult& result : report.results) {
    const RequirementResult* before = previous ? find(*previous, result.id) : nullptr;
    const bool same = before && before->status == result.status && before->since;
    result.since = same ? before->since : now;
    if (!previous) continue;
    const bool failed = before && fails(before->status);
    if (fails(result.status) && !failed) report.changes.newly_failing.push_back(result.id);
    if (failed && mends(result.status)) report.changes.fixed.push_back(result.id);
  }
}

}  // namespace baseline
