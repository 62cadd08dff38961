#include "base/time.h"

#include <gtest/gtest.h>

namespace baseline::base {
namespace {

using namespace std::chrono_literals;

TEST(Time, FormatsAndParsesRfc3339) {
  const Time t = parse_time("2026-01-31T08:15:09Z").value();
  EXPECT_EQ(format_time(t), "2026-01-31T08:15:09Z");
  EXPECT_EQ(parse_time("2026-01-31T16:15:09.123456+08:00").value(), t);
  EXPECT_EQ(format_time(Time{}), "1970-01-01T00:00:00Z");
  for (const char* bad : {"", "2026-01-31", "2026-02-30T00:00:00Z", "2026-01-31T24:00:00Z",
                          "2026-01-31T08:15:09", "2026-01-31T08:15:09+8"}) {
    const auto result = parse_time(bad);
    ASSERT_FALSE(result.has_value()) << bad;
    EXPECT_NE(result.error().message.find("2026-01-31T08:15:00Z"), std::string::npos);
  }
}

TEST(Time, WhatIsReadCanBeWrittenAndReadAgain) {
  for (const char* text : {"0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"}) {
    EXPECT_EQ(format_time(parse_time(text).value()), text);
  }
  for (const char* outside :
       {"9999-12-31T23:59:60Z", "9999-12-31T23:59:59-00:01", "0000-01-01T00:00:00+00:01"}) {
    EXPECT_FALSE(parse_time(outside).has_value()) << outside;
  }
}

TEST(Time, ParsesDates) {
  EXPECT_EQ(format_time(parse_date("2026-01-31").value()), "2026-01-31T00:00:00Z");
  EXPECT_EQ(format_time(parse_date("2026-01-31T10:00:00Z").value()), "2026-01-31T10:00:00Z");
  for (const char* bad : {"31.01.2026", "2026-13-01", "2026-1-1", "tomorrow", "2026-01-3x"})
    EXPECT_FALSE(parse_date(bad).has_value()) << bad;
}

TEST(Time, ParsesGoDurations) {
  EXPECT_EQ(parse_go_duration("90s").value(), 90s);
  EXPECT_EQ(parse_go_duration("1h30m").value(), 90min);
  EXPECT_EQ(parse_go_duration("1.5h").value(), 90min);
  EXPECT_EQ(parse_go_duration("250ms").value(), 250ms);
  EXPECT_EQ(parse_go_duration("-2s").value(), -2s);
  EXPECT_EQ(parse_go_duration("0").value(), 0s);
  for (const char* bad : {"", "5", "s", "1d", "1 s", "1h30", "--1s", "99999999999h"})
    EXPECT_FALSE(parse_go_duration(bad).has_value()) << bad;
}

TEST(Time, FormatsGoDurationsSoThatTheyReadBack) {
  EXPECT_EQ(format_go_duration(90s), "1m30s");
  EXPECT_EQ(format_go_duration(90min), "1h30m0s");
  EXPECT_EQ(format_go_duration(0s), "0s");
  for (const auto d : std::initializer_list<std::chrono::nanoseconds>{1s, 90s, 250ms, 1h, 4h + 1s, -30s}) {
    EXPECT_EQ(parse_go_duration(format_go_duration(d)).value(), d);
  }
}

TEST(Time, SystemClockMoves) {
  const SystemClock clock;
  EXPECT_GT(clock.now(), parse_date("2024-01-01").value());
  const auto before = clock.steady();
  EXPECT_GE(clock.steady(), before);
}

}  // namespace
}  // namespace baseline::base
