#include "node-runner/options.h"

#include <vector>

#include <gmock/gmock.h>

namespace baseline::runner {
namespace {

using ::testing::HasSubstr;

base::Result<Options> parse(std::vector<const char*> words) {
  return parse_options(words);
}

TEST(ParseOptions, DefaultsAndBothWaysOfWriting) {
  EXPECT_EQ(parse({})->root, "/");
  EXPECT_EQ(parse({})->output, Output::kLog);
  const auto options = parse({"--root", "/host", "--output=json", "--termination-log=/t"});
  ASSERT_TRUE(options.has_value());
  EXPECT_EQ(options->root, "/host");
  EXPECT_EQ(options->output, Output::kJson);
  EXPECT_EQ(options->termination_log, "/t");
  EXPECT_EQ(parse({"--output", "binary"})->output, Output::kBinary);
  EXPECT_TRUE(parse({"--help"})->help);
  EXPECT_TRUE(parse({"--version"})->version);
}

TEST(ParseOptions, BudgetsOfTheWalk) {
  EXPECT_EQ(parse({})->limits.walk_time, std::chrono::seconds(10));
  EXPECT_EQ(parse({})->limits.walk_files, 200'000U);
  EXPECT_EQ(parse({})->limits.walk_total, std::chrono::seconds(60));
  const auto options = parse({"--walk-duration", "1m30s", "--walk-files=7", "--walk-total", "2m"});
  ASSERT_TRUE(options.has_value());
  EXPECT_EQ(options->limits.walk_time, std::chrono::seconds(90));
  EXPECT_EQ(options->limits.walk_files, 7U);
  EXPECT_EQ(options->limits.walk_total, std::chrono::minutes(2));
  for (const char* wrong : {"0", "-1s", "soon", "5"})
    EXPECT_THAT(parse({"--walk-duration", wrong}).error().message, HasSubstr("--walk-duration is a time"))
        << wrong;
  for (const char* wrong : {"0", "-1", "many", "1.5"})
    EXPECT_THAT(parse({"--walk-files", wrong}).error().message, HasSubstr("--walk-files is a number"))
        << wrong;
}

TEST(ParseOptions, OnlyANamedSwitchLeavesTheFilterOut) {
  EXPECT_TRUE(parse({})->seccomp);
  EXPECT_FALSE(parse({"--no-seccomp"})->seccomp);
  EXPECT_FALSE(parse({"--no-seccomp=yes"}).has_value());
}

TEST(ParseOptions, MistakesInOneSentence) {
  EXPECT_THAT(parse({"--rot", "/"}).error().message, HasSubstr("unknown option --rot"));
  EXPECT_THAT(parse({"word"}).error().message, HasSubstr("unknown option word"));
  EXPECT_THAT(parse({"--root"}).error().message, HasSubstr("--root needs a value"));
  EXPECT_THAT(parse({"--root="}).error().message, HasSubstr("--root needs a value"));
  EXPECT_THAT(parse({"--output", "xml"}).error().message, HasSubstr("log, binary or json, not xml"));
}

}  // namespace
}  // namespace baseline::runner
