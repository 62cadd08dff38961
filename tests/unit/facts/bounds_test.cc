#include "baseline/facts/bounds.h"

#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <malloc.h>

#include "baseline/facts/facts.pb.h"
#include "baseline/facts/schema.h"

namespace baseline::facts {
namespace {

using base::ErrorCode;
using ::testing::HasSubstr;

std::string refusal(const NodeFacts& facts) {
  const auto result = check_bounds(facts.SerializeAsString());
  if (result) return {};
  EXPECT_EQ(result.error().code, ErrorCode::kLimit) << result.error().message;
  return result.error().message;
}

// "name" or "name:Message" of each field of each message of the schema, in the order of their numbers.
std::map<std::string, std::vector<std::string>> schema() {
  std::ostringstream text;
  text << std::ifstream("baseline/facts/facts.proto").rdbuf();
  const std::regex message(R"(^message (\w+) \{)"), field(R"(^  (repeated )?(\w+) (\w+) = (\d+);)");
  std::map<std::string, std::vector<std::string>> all;
  std::istringstream lines(text.str());
  std::string current;
  for (std::string line; std::getline(lines, line);) {
    std::smatch found;
    if (std::regex_search(line, found, message)) current = found[1];
    if (!std::regex_search(line, found, field)) continue;
    auto& fields = all[current];
    EXPECT_EQ(found[4], std::to_string(fields.size() + 1)) << current << ": numbers have no gaps";
    const std::string type = found[2];

    fields.push_back(found[3].str() + " " + (found[1].matched ? "repeated " : "") + type);
  }
  return all;
}

void hold_against_schema(const MessageBound& bound,
                         const std::map<std::string, std::vector<std::string>>& schema,
                         std::set<std::string>& seen) {
  if (!seen.insert(std::string(bound.name)).second) return;
  const auto& fields = schema.at(std::string(bound.name));
  ASSERT_EQ(bound.fields.size(), fields.size()) << bound.name;
  ASSERT_LE(fields.size(), 32U) << "the walk has room for so many";
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const FieldBound& field = bound.fields[i];
    const std::string place = std::string(bound.name) + "." + std::string(field.name);
    EXPECT_TRUE(fields[i].starts_with(std::string(field.name) + " ")) << place << " is " << fields[i];
    const bool is_text = fields[i].ends_with(" string");
    const bool repeated = fields[i].contains(" repeated ");
    EXPECT_EQ(field.form == FieldBound::Form::kText, is_text) << place;
    EXPECT_EQ(field.count > 1, repeated) << place;
    EXPECT_EQ(field.text_bytes > 0, is_text) << place;
    if (field.form == FieldBound::Form::kMessage) {
      EXPECT_TRUE(fields[i].ends_with(" " + std::string(field.message->name))) << place;
      hold_against_schema(*field.message, schema, seen);
    } else if (!is_text) {
      EXPECT_FALSE(schema.contains(fields[i].substr(fields[i].rfind(' ') + 1))) << place;
    }
  }
}

TEST(Bounds, EveryFieldOfTheSchemaHasOne) {
  const auto all = schema();
  std::set<std::string> seen;
  hold_against_schema(node_facts_bound(), all, seen);
  EXPECT_EQ(seen.size(), all.size());
}

TEST(Bounds, EveryTableHasAShareOfMemory) {
  std::size_t total = 0;
  for (const FieldBound& table : node_facts_bound().fields) {
    if (table.form != FieldBound::Form::kMessage) continue;
    EXPECT_GT(table.bytes, 0U) << table.name;
    total += table.bytes;
  }
  // With the message they came in, a log under way and a profile that is judged by, they fit into the
  // operator.
  EXPECT_LE(total, std::size_t{40} << 20);
}

TEST(Bounds, RowsAreCounted) {
  NodeFacts facts;
  for (int i = 0; i < 256; ++i) facts.add_processes()->set_component("kubelet");
  EXPECT_EQ(refusal(facts), "");
  facts.add_processes();
  EXPECT_THAT(refusal(facts), HasSubstr("more than 256 processes"));
}

TEST(Bounds, WhatRepeatsWithinARowIsCounted) {
  NodeFacts facts;
  RootFilesystem& root = *facts.add_images()->mutable_root();
  for (int i = 0; i < 65; ++i) root.add_set_id_files();
  EXPECT_THAT(refusal(facts), HasSubstr("more than 64 images.root.set_id_files"));
}

TEST(Bounds, TextsAreMeasured) {
  NodeFacts facts;
  facts.add_files()->set_path(std::string(20'000, 'a'));
  EXPECT_THAT(refusal(facts), HasSubstr("files.path has more than"));
}

TEST(Bounds, MemoryOfATableIsMeasured) {
  NodeFacts facts;
  for (int i = 0; i < 2000; ++i) facts.add_files()->set_path(std::string(4000, 'a'));
  EXPECT_THAT(refusal(facts), HasSubstr("files take more than"));
  // Empty rows are cheap on the wire and not in memory.
  NodeFacts settings;
  for (int i = 0; i < 20; ++i) {
    ConfigFile& config = *settings.add_configs();
    for (int j = 0; j < 20'000; ++j) config.add_settings();
  }
  EXPECT_LT(settings.ByteSizeLong(), std::size_t{1} << 20);
  EXPECT_THAT(refusal(settings), HasSubstr("configs take more than"));
}

TEST(Bounds, NothingIsHiddenByRepeatingWhatStandsOnce) {
  const std::string one("\x4a\x00", 2);  // cni {}
  EXPECT_TRUE(check_bounds(one).has_value());
  EXPECT_EQ(check_bounds(one + one).error().code, ErrorCode::kLimit);
}

TEST(Bounds, GroupsAndBrokenFieldsAreNoFacts) {
  for (const std::string& message :
       {std::string("\x7b\x7c", 2), std::string("\x22"), std::string("\x22\x7f"), std::string("\x09zz"),
        std::string(11, '\xff'), std::string("just a text")}) {
    const auto result = check_bounds(message);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, ErrorCode::kCorrupt);
  }
}

TEST(Bounds, AFewUnknownFieldsOfANewerRunnerAreTaken) {
  const std::string field("\xfa\x07\x01x", 4);          // number 127: "x"
  const std::string other_type("\x22\x00\x20\x05", 4);  // files {}, then the same as a number
  EXPECT_TRUE(check_bounds(field + other_type).has_value());
  std::string many;
  for (int i = 0; i < 1000; ++i) many += field;
  EXPECT_EQ(check_bounds(many).error().code, ErrorCode::kLimit);
  const std::string none("\x02\x00", 2);  // number 0
  EXPECT_FALSE(NodeFacts().ParseFromString(none));
}

// The bound is on what is measured beforehand, so that must not be less than what is taken.
TEST(Bounds, MemoryIsNotTakenForLessThanItIs) {
  NodeFacts facts;
  for (int i = 0; i < 4000; ++i) {
    File& file = *facts.add_files();
    file.set_path("/etc/kubernetes/pki/" + std::to_string(i));
    file.set_owner("root");
    file.set_target(std::string(300, 't'));
    facts.add_directories()->add_entries(std::string(static_cast<std::size_t>(i % 40), 'e'));
    facts.mutable_configs()->Add()->add_settings()->set_value("v");
  }
  std::size_t measured = 0;
  for (const File& file : facts.files())
    measured += row_bytes(NodeFacts::kFilesFieldNumber, file.SerializeAsString()).value();
  for (const Directory& one : facts.directories())
    measured += row_bytes(NodeFacts::kDirectoriesFieldNumber, one.SerializeAsString()).value();
  for (const ConfigFile& one : facts.configs())
    measured += row_bytes(NodeFacts::kConfigsFieldNumber, one.SerializeAsString()).value();
  const std::string message = facts.SerializeAsString();
  const std::size_t before = mallinfo2().uordblks;
  NodeFacts parsed;
  ASSERT_TRUE(parsed.ParseFromString(message));
  const std::size_t taken = mallinfo2().uordblks - before;
  if (taken == 0) GTEST_SKIP() << "the allocator of this build does not count";
  EXPECT_LE(taken, measured + measured / 8);
}

}  // namespace
}  // namespace baseline::facts
