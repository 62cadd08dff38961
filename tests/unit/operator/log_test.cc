#include "operator/log.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace baseline::op {
namespace {

const base::Time kNow = base::parse_time("2026-01-31T08:15:00Z").value();

TEST(LogLine, TextNamesItsFields) {
  EXPECT_EQ(
      log_line(false, Log::Level::kInfo, kNow, "scan started", {{"scan", "nightly"}, {"why", "a rescan"}}),
      "2026-01-31T08:15:00Z info  scan started scan=nightly why=\"a rescan\"");
  EXPECT_EQ(log_line(false, Log::Level::kError, kNow, "x", {{"empty", ""}}),
            "2026-01-31T08:15:00Z error x empty=\"\"");
}

TEST(LogLine, JsonIsOneObject) {
  const std::string line =
      log_line(true, Log::Level::kWarn, kNow, "node will not report", {{"node", "n \"1\""}});
  const auto read = base::parse_json(line, "line");
  ASSERT_TRUE(read.has_value()) << line;
  EXPECT_EQ((*read)["time"].as_string(), "2026-01-31T08:15:00Z");
  EXPECT_EQ((*read)["level"].as_string(), "warn");
  EXPECT_EQ((*read)["message"].as_string(), "node will not report");
  EXPECT_EQ((*read)["node"].as_string(), "n \"1\"");
}

TEST(LogLine, NoNameFromTheClusterForgesALine) {
  const std::string evil = "n1\n2026-01-31T08:15:00Z info  all is well\r\x1b[2J\x7f\u009b\u202e\u200b";
  for (const bool json : {false, true}) {
    const std::string line =
        log_line(json, Log::Level::kInfo, kNow, evil, {{"node", evil}, {"bare", "a\nb"}});
    for (const char c : line) EXPECT_TRUE(c >= 0x20 && c < 0x7F) << static_cast<int>(c) << " in " << line;
  }
}

TEST(LogLevel, UnknownMeansInfo) {
  EXPECT_EQ(log_level("debug"), Log::Level::kDebug);
  EXPECT_EQ(log_level("warn"), Log::Level::kWarn);
  EXPECT_EQ(log_level("error"), Log::Level::kError);
  EXPECT_EQ(log_level("loud"), Log::Level::kInfo);
}

}  // namespace
}  // namespace baseline::op
