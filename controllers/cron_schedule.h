#pragma once

#include <bitset>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "base/time.h"

namespace baseline::controllers {

// A schedule in the five fields of crontab(5): minute, hour, day of month, month, day of week. Lists, ranges,
// steps, three-letter names and the words @hourly, @daily, @midnight, @weekly, @monthly, @yearly and
// @annually are understood; as in cron, when both days are restricted, either of them is enough. A value.
class CronSchedule {
 public:
  // kInvalid names the field that is wrong and what it may hold.
  static base::Result<CronSchedule> parse(std::string_view text);

  // The first moment after `after` at which a wall clock in the zone ("Asia/Shanghai"; empty: UTC) shows a
  // scheduled minute. A minute that a change to summer time leaves out runs at the moment of the change; one
  // that comes twice runs once. kInvalid for an unknown zone; nothing when the schedule never comes up (31
  // February).
  base::Result<std::optional<base::Time>> next_after(base::Time after, std::string_view zone) const;

 private:
  bool day_matches(std::chrono::local_days day) const;

  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;
  std::bitset<13> months_;
  std::bitset<7> weekdays_;  // 0 is Sunday
  bool any_day_ = false, any_weekday_ = false;
};

}  // namespace baseline::controllers
