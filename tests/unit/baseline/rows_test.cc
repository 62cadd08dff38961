// The truth tables of tests/data/rows: every node requirement of the built-in standard against described
// nodes.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "base/yaml.h"
#include "evaluate_support.h"
#include "facts_dsl.h"

namespace baseline::test {
namespace {

struct Case {
  std::string file, row;
  base::Value description;
};

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.file << ":" << one.description.line() << " " << one.row;
}

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(TEST_DATA_DIR) + "/rows")) {
    if (entry.path().extension() != ".yaml") continue;
    std::ifstream in(entry.path());
    std::ostringstream text;
    text << in.rdbuf();
    const std::string name = entry.path().filename().string();
    const auto document = base::parse_yaml(text.str(), name);
    EXPECT_TRUE(document) << document.error().text();
    if (!document) continue;
    for (const auto& [row, list] : document->members()) {
      for (const base::Value& item : list.items()) cases.push_back({name, row, item});
    }
  }
  return cases;
}

std::string case_name(const testing::TestParamInfo<Case>& info) {
  std::string name = info.param.row + "_line_" + std::to_string(info.param.description.line());
  std::ranges::replace(name, '.', '_');
  return name;
}

// Every phrase has a template in both languages that uses exactly its arguments.
void expect_whole(const Phrase& phrase) {
  static const std::vector<PhraseTemplate> templates = phrase_templates();
  const auto found = std::ranges::find(templates, phrase.key, &PhraseTemplate::key);
  ASSERT_NE(found, templates.end()) << "no template for the key " << phrase.key;
  for (const std::string* text : {&found->en, &found->zh}) {
    for (std::size_t i = 0; i < 6; ++i) {
      const bool used = text->find("{" + std::to_string(i) + "}") != std::string::npos;
      EXPECT_EQ(used, i < phrase.args.size()) << phrase.key << ": {" << i << "} in \"" << *text << "\"";
    }
  }
}

class Row : public testing::TestWithParam<Case> {};

TEST_P(Row, IsJudgedAsTheTableSays) {
  const auto& [file, row, description] = GetParam();
  const auto profile = profile_of(row);
  for (const auto& [name, value] : description["parameters"].members()) {
    ASSERT_TRUE(profile->requirements.front().parameters.contains(name)) << name;
    profile->requirements.front().parameters[name] = value;
  }
  NodeContext context;
  context.kubelet_version = description["context"]["kubelet"].as_string();
  context.apiserver_version = description["context"]["apiserver"].as_string();
  const NodeOutcome outcome = evaluate_node(*profile, facts_from(description), context, {});
  ASSERT_EQ(outcome.results.size(), 1U);
  const NodeResult& result = outcome.results.front();
  const std::string all = describe(result);

  EXPECT_EQ(to_string(result.status), description["is"].as_string()) << all;
  EXPECT_EQ(result.absent_component, description["absent"].as_string()) << all;
  EXPECT_NE(english(result.message).find(description["says"].as_string()), std::string::npos) << all;
  if (description.contains("finds")) {
    EXPECT_NE(all.find(description["finds"].as_string(), all.find('\n')), std::string::npos) << all;
  }
  // Evidence stands behind every verdict, and a reason behind the rest.
  if (result.status != Status::kNotApplicable) {
    EXPECT_FALSE(result.findings.empty()) << all;
  }
  expect_whole(result.message);
  for (const NodeFinding& finding : result.findings) {
    expect_whole(finding.subject);
    expect_whole(finding.expected);
    expect_whole(finding.actual);
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, Row, testing::ValuesIn(all_cases()), case_name);

TEST(Rows, EveryNodeRequirementHasAPassAndAFail) {
  std::map<std::string, std::map<std::string, int>> seen;
  for (const Case& one : all_cases()) ++seen[one.row][one.description["is"].as_string()];
  const auto profile = whole_profile();
  int node_rows = 0;
  for (const SelectedRequirement& selected : profile->requirements) {
    if (selected.requirement->scope != Scope::kNode) continue;
    ++node_rows;
    const std::string& id = selected.requirement->id;
    EXPECT_GE(seen[id]["Pass"], 1) << id;
    EXPECT_GE(seen[id]["Fail"], 1) << id;
  }
  EXPECT_EQ(node_rows, 97);
}

}  // namespace
}  // namespace baseline::test
