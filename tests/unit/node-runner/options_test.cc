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

TEST(ParseOptions, MistakesInOneSentence) {
  EXPECT_THAT(parse({"--rot", "/"}).error().message, HasSubstr("unknown option --rot"));
  EXPECT_THAT(parse({"word"}).error().message, HasSubstr("unknown option word"));
  EXPECT_THAT(parse({"--root"}).error().message, HasSubstr("--root needs a value"));
  EXPECT_THAT(parse({"--root="}).error().message, HasSubstr("--root needs a value"));
  EXPECT_THAT(parse({"--output", "xml"}).error().message, HasSubstr("log, binary or json, not xml"));
}

}  // namespace
}  // namespace baseline::runner
