#include "cli/facts_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baseline/facts/frame.h"
#include "baseline/facts/schema.h"

namespace baseline::cli {
namespace {

using base::ErrorCode;
using ::testing::HasSubstr;

facts::NodeFacts node() {
  facts::NodeFacts facts;
  facts.set_schema_version(facts::kSchemaVersion);
  facts.mutable_host()->set_hostname("cp-1");
  return facts;
}

TEST(FactsFileTest, ReadsAFrameAndTheBareMessage) {
  const auto framed = read_facts("2026-01-31 stdout noise\n" + facts::encode_frame(node()).text, "f");
  ASSERT_TRUE(framed.has_value()) << framed.error().text();
  EXPECT_EQ(framed->host().hostname(), "cp-1");
  const auto bare = read_facts(node().SerializeAsString(), "f");
  ASSERT_TRUE(bare.has_value()) << bare.error().text();
  EXPECT_EQ(bare->host().hostname(), "cp-1");
}

TEST(FactsFileTest, WhatIsNoneIsRefusedWithAWordOnWhatToGive) {
  for (const std::string text : {"", "hello\n", "{\"host\": {}}", "\xFF\xFF\xFF"}) {
    const auto read = read_facts(text, "f.txt");
    ASSERT_FALSE(read.has_value()) << text;
    EXPECT_EQ(read.error().where, "f.txt");
    EXPECT_THAT(read.error().message, HasSubstr("node-runner"));
  }
}

TEST(FactsFileTest, ABrokenFrameIsRefused) {
  std::string text = facts::encode_frame(node()).text;
  text.resize(text.size() - 10);
  const auto read = read_facts(text, "f.log");
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, ErrorCode::kCorrupt);
}

TEST(FactsFileTest, ANewerSchemaIsRefused) {
  auto newer = node();
  newer.set_schema_version(facts::kSchemaVersion + 1);
  const auto read = read_facts(newer.SerializeAsString(), "f");
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, ErrorCode::kInvalid);
}

}  // namespace
}  // namespace baseline::cli
