#include "controllers/cron_schedule.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace baseline::controllers {
namespace {

base::Time at(std::string_view text) {
  return base::parse_time(text).value();
}

std::string next(std::string_view schedule, std::string_view after, std::string_view zone = "") {
  const auto parsed = CronSchedule::parse(schedule);
  if (!parsed) return parsed.error().message;
  const auto moment = parsed->next_after(at(after), zone);
  if (!moment) return moment.error().message;
  return *moment ? base::format_time(**moment) : "never";
}

struct Case {
  const char *schedule, *after, *zone, *expected;
};

class NextRun : public ::testing::TestWithParam<Case> {};

TEST_P(NextRun, IsTheFirstMomentThatMatches) {
  const Case& c = GetParam();
  EXPECT_EQ(next(c.schedule, c.after, c.zone), c.expected)
      << c.schedule << " after " << c.after << " " << c.zone;
}

INSTANTIATE_TEST_SUITE_P(
    Table, NextRun,
    ::testing::Values(
        Case{"0 2 * * *", "2026-01-31T01:59:59Z", "", "2026-01-31T02:00:00Z"},
        Case{"0 2 * * *", "2026-01-31T02:00:00Z", "", "2026-02-01T02:00:00Z"},  // strictly after
        Case{"*/15 * * * *", "2026-01-31T02:00:01Z", "UTC", "2026-01-31T02:15:00Z"},
        Case{"5/20 3 * * *", "2026-01-31T03:06:00Z", "", "2026-01-31T03:25:00Z"},
        Case{"0 0 1,15 * *", "2026-01-02T00:00:00Z", "", "2026-01-15T00:00:00Z"},
        Case{"0 0 * * sun", "2026-01-01T00:00:00Z", "", "2026-01-04T00:00:00Z"},
        Case{"0 0 * * 7", "2026-01-01T00:00:00Z", "", "2026-01-04T00:00:00Z"},
        Case{"0 0 * * 1-5", "2026-01-02T00:00:00Z", "", "2026-01-05T00:00:00Z"},   // Friday to Monday
        Case{"0 0 13 * fri", "2026-01-01T00:00:00Z", "", "2026-01-02T00:00:00Z"},  // either day
        Case{"0 0 29 feb *", "2026-01-01T00:00:00Z", "", "2028-02-29T00:00:00Z"},
        Case{"0 0 31 2 *", "2026-01-01T00:00:00Z", "", "never"},
        Case{"@daily", "2026-01-31T12:00:00Z", "", "2026-02-01T00:00:00Z"},
        Case{"@yearly", "2026-01-31T12:00:00Z", "", "2027-01-01T00:00:00Z"},
        Case{"30 8 * * *", "2026-01-31T00:00:00Z", "Asia/Shanghai", "2026-01-31T00:30:00Z"},
        Case{"30 8 * * *", "2026-01-31T00:30:00Z", "Asia/Shanghai", "2026-02-01T00:30:00Z"},
        Case{"0 2 * * *", "2026-01-31T12:00:00Z", "America/New_York", "2026-02-01T07:00:00Z"},
        Case{"0 2 * * *", "2026-07-31T12:00:00Z", "America/New_York", "2026-08-01T06:00:00Z"},
        // 8 March 2026: 02:30 does not exist in New York; it runs when the clocks change, at 07:00 UTC.
        Case{"30 2 * * *", "2026-03-08T05:00:00Z", "America/New_York", "2026-03-08T07:00:00Z"},
        Case{"30 2 * * *", "2026-03-08T07:00:00Z", "America/New_York", "2026-03-09T06:30:00Z"},
        // 1 November 2026: 01:30 comes twice; only the first counts.
        Case{"30 1 * * *", "2026-11-01T04:00:00Z", "America/New_York", "2026-11-01T05:30:00Z"},
        Case{"30 1 * * *", "2026-11-01T05:30:00Z", "America/New_York", "2026-11-02T06:30:00Z"},
        // In the second 01:15 already: the hour is over for the schedule.
        Case{"*/30 * * * *", "2026-11-01T06:15:00Z", "America/New_York", "2026-11-01T07:00:00Z"}));

TEST(CronSchedule, NamesTheFieldThatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {{"", "0 fields"},
                                                       {"* * * *", "4 fields"},
                                                       {"60 * * * *", "minute"},
                                                       {"* 24 * * *", "hour"},
                                                       {"* * 0 * *", "day of month"},
                                                       {"* * * 13 *", "month"},
                                                       {"* * * * 8", "day of week"},
                                                       {"*/0 * * * *", "minute"},
                                                       {"5-1 * * * *", "minute"},
                                                       {"1--2 * * * *", "minute"},
                                                       {"a * * * *", "minute"},
                                                       {"1, * * * *", "minute"},
                                                       {"1/2/3 * * * *", "minute"},
                                                       {"@reboot", "1 fields"}};
  for (const auto& [text, expected] : cases) {
    const auto schedule = CronSchedule::parse(text);
    ASSERT_FALSE(schedule.has_value()) << text;
    EXPECT_NE(schedule.error().message.find(expected), std::string::npos)
        << text << ": " << schedule.error().message;
  }
}

TEST(CronSchedule, RefusesAnUnknownZone) {
  EXPECT_NE(next("0 2 * * *", "2026-01-31T00:00:00Z", "Mars/Olympus").find("no time zone"),
            std::string::npos);
}

}  // namespace
}  // namespace baseline::controllers
