#include "cli/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "baseline/standard_loader.h"
#include "program.h"

namespace baseline::cli {
namespace {

using test::lines_in;
using test::Program;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(ExplainTest, EveryRequirementHasEveryPartInBothLanguages) {
  const auto standard = built_in_standard("kxy-cs001-2023");
  ASSERT_TRUE(standard);
  ASSERT_EQ(standard->requirements.size(), 156U);
  Program program;
  for (const Requirement& requirement : standard->requirements) {
    for (const std::string language : {"en", "zh"}) {
      const auto ran = program({"explain", requirement.id, "--lang", language, "-o", "json"});
      ASSERT_EQ(ran.status, 0) << requirement.id;
      const auto value = base::parse_json(ran.out, "explain");
      ASSERT_TRUE(value.has_value()) << requirement.id;
      for (const char* part : {"title", "level", "explanation", "remediation"}) {
        EXPECT_THAT((*value)[part].as_string(), Not(IsEmpty())) << requirement.id << ' ' << part;
      }
      EXPECT_THAT((*value)["judged"].items(), Not(IsEmpty())) << requirement.id;
      EXPECT_THAT((*value)["evidence"].items(), Not(IsEmpty())) << requirement.id;
      EXPECT_EQ((*value)["parameters"].items().size(), requirement.parameters.size());
      for (const base::Value& line : (*value)["judged"].items()) {
        EXPECT_THAT(line.as_string(), Not(IsEmpty())) << requirement.id;
        EXPECT_THAT(line.as_string(), Not(HasSubstr("{rule}"))) << requirement.id;
      }
      const auto table = program({"explain", requirement.id, "--lang", language});
      EXPECT_EQ(table.status, 0);
      EXPECT_THAT(table.out, HasSubstr(requirement.id));
    }
  }
}

TEST(ExplainTest, WhatBeginsWithAFlagKeepsItsDashes) {
  Program program;
  EXPECT_THAT(program({"explain", "5.1.4.2"}).out, HasSubstr("  --encryption-provider-config"));
  EXPECT_THAT(program({"explain", "5.4.1.1"}).out, HasSubstr("5.4.1.1  etcd"));
}

TEST(ExplainTest, LinesFitTheTerminal) {
  Program program;
  program.width = 60;
  for (const std::string language : {"en", "zh"}) {
    std::istringstream lines(program({"explain", "5.1.2.1", "--lang", language}).out);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 60U * 3) << line;
  }
}

TEST(ExplainTest, APrefixListsWhatIsBelowIt) {
  Program program;
  const auto ran = program({"explain", "5.4"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.out, HasSubstr("5.4.1.1"));
  EXPECT_THAT(ran.out, HasSubstr("12 requirements"));
  EXPECT_THAT(ran.out, Not(HasSubstr("5.5.1.1")));
  const auto list = base::parse_json(program({"explain", "5.4", "-o", "json"}).out, "explain");
  ASSERT_TRUE(list.has_value());
  EXPECT_EQ(list->items().size(), 12U);
  EXPECT_THAT(program({"explain", "--lang", "zh"}).out, HasSubstr("共 156 条要求"));
}

TEST(ExplainTest, AnUnknownIdNamesItsNeighbours) {
  Program program;
  const auto ran = program({"explain", "5.4.1.11"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_EQ(lines_in(ran.err), 1U);
  EXPECT_THAT(ran.err, HasSubstr("did you mean"));
  EXPECT_THAT(ran.err, HasSubstr("5.4.1.1"));
  EXPECT_THAT(program({"explain", "nothing like it"}).err, HasSubstr("such as 5.1.1.1"));
  EXPECT_THAT(program({"explain", "x\x1b[31m"}).err, Not(HasSubstr("\x1b")));
}

TEST(ExplainTest, AWordFindsTheTitlesThatHoldIt) {
  const auto standard = built_in_standard("kxy-cs001-2023");
  EXPECT_THAT(near_requirements(*standard, "AlwaysPullImages"), Not(IsEmpty()));
  EXPECT_THAT(near_requirements(*standard, "etcd"), Contains("5.4.1.1"));
  EXPECT_LE(near_requirements(*standard, "5").size(), 3U);
  EXPECT_THAT(near_requirements(*standard, ""), IsEmpty());
  EXPECT_THAT(near_requirements(*standard, "5.4.1.11"),
              ::testing::ElementsAre("5.4.1.1", ::testing::_, ::testing::_));
}

}  // namespace
}  // namespace baseline::cli
