#include "row_tables.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/yaml.h"

namespace baseline::test {
namespace {

std::vector<std::filesystem::path> tables_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".yaml") paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  return paths;
}

base::Value read_table(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  auto document = base::parse_yaml(text.str(), path.filename().string());
  EXPECT_TRUE(document) << document.error().text();
  return document ? *std::move(document) : base::Value();
}

bool has(const std::string& text, const base::Value& words, std::size_t from = 0) {
  return text.find(words.as_string(), from) != std::string::npos;
}

}  // namespace

void PrintTo(const RowCase& one, std::ostream* out) {
  *out << one.file << ":" << one.description.line() << " " << one.row;
}

std::vector<RowCase> row_cases(std::string_view folder) {
  std::vector<RowCase> cases;
  for (const std::filesystem::path& path : tables_in(std::filesystem::path(TEST_DATA_DIR) / folder)) {
    const std::string file = path.filename().string();
    const base::Value table = read_table(path);
    for (const auto& [row, list] : table.members()) {
      if (row == "anchors") continue;
      EXPECT_FALSE(list.items().empty()) << file << ": " << row << " has no cases";
      for (const base::Value& item : list.items()) cases.push_back({file, row, item});
    }
  }
  EXPECT_FALSE(cases.empty()) << "no table in " << folder;
  return cases;
}

std::string row_case_name(const testing::TestParamInfo<RowCase>& info) {
  std::string name = info.param.row + "_line_" + std::to_string(info.param.description.line()) + "_of_" +
                     std::filesystem::path(info.param.file).stem().string();
  std::ranges::replace_if(name, [](char c) { return c == '.' || c == '-'; }, '_');
  return name;
}

std::map<std::string, std::map<std::string, int>> verdicts_by_row(const std::vector<RowCase>& cases) {
  std::map<std::string, std::map<std::string, int>> seen;
  for (const RowCase& one : cases) ++seen[one.row][one.description["is"].as_string()];
  return seen;
}

void set_parameters(ResolvedProfile& profile, const RowCase& one) {
  ASSERT_EQ(profile.requirements.size(), 1U);
  auto& parameters = profile.requirements.front().parameters;
  for (const auto& [name, value] : one.description["parameters"].members()) {
    ASSERT_TRUE(parameters.contains(name)) << name;
    parameters[name] = value;
  }
}

void expect_verdict(const RowCase& one, Status status, const Phrase& message, const std::string& all) {
  const base::Value& wanted = one.description;
  EXPECT_EQ(to_string(status), wanted["is"].as_string()) << all;
  EXPECT_TRUE(has(render(message, Language::kEnglish), wanted["says"]))
      << "says: " << wanted["says"].as_string() << "\n"
      << all;
  // Without findings there is no second line, and nothing is found in them.
  const std::size_t findings = std::min(all.find('\n'), all.size());
  if (wanted.contains("finds")) {
    EXPECT_TRUE(has(all, wanted["finds"], findings)) << "finds: " << wanted["finds"].as_string() << "\n"
                                                     << all;
  }
  if (wanted.contains("lacks")) {
    EXPECT_FALSE(has(all, wanted["lacks"])) << "lacks: " << wanted["lacks"].as_string() << "\n" << all;
  }
}

}  // namespace baseline::test
