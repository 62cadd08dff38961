#include "node-runner/flatten.h"

#include <gtest/gtest.h>

#include "base/yaml.h"

namespace baseline::runner {
namespace {

facts::ConfigFile flat(const char* yaml, std::string_view role = "config", std::size_t max = 1000) {
  facts::ConfigFile out;
  const auto document = base::parse_yaml(yaml, "test");
  EXPECT_TRUE(document.has_value());
  out.set_error(flatten(*document, role, max, *out.mutable_settings()) ? "" : "incomplete");
  return out;
}

TEST(Flatten, PathsKindsAndOrder) {
  const auto file = flat(
      "b: text\na:\n  n: 3\n  t: true\n  f: 1.5\n  z: null\n  m: {}\n  l: []\nlist: [x, {k: v}]\n\"x.y\": "
      "1\n");
  const std::vector<std::tuple<std::string, std::string, facts::Setting::Kind>> expected = {
      {"b", "text", facts::Setting::STRING},      {"a.n", "3", facts::Setting::INT},
      {"a.t", "true", facts::Setting::BOOL},      {"a.f", "1.5", facts::Setting::NUMBER},
      {"a.z", "", facts::Setting::NULL_VALUE},    {"a.m", "", facts::Setting::EMPTY_MAP},
      {"a.l", "", facts::Setting::EMPTY_LIST},    {"list[0]", "x", facts::Setting::STRING},
      {"list[1].k", "v", facts::Setting::STRING}, {"\"x.y\"", "1", facts::Setting::INT}};
  ASSERT_EQ(static_cast<std::size_t>(file.settings_size()), expected.size());
  for (int i = 0; i < file.settings_size(); ++i) {
    const auto& [path, value, kind] = expected[static_cast<std::size_t>(i)];
    EXPECT_EQ(file.settings(i).path(), path);
    EXPECT_EQ(file.settings(i).value(), value);
    EXPECT_EQ(file.settings(i).kind(), kind);
    EXPECT_FALSE(file.settings(i).redacted());
  }
}

TEST(Flatten, RedactedSettingsKeepTheirPath) {
  const auto file = flat(
      "resources:\n- resources: [secrets]\n  providers:\n  - aescbc: {keys: [{name: k, secret: Q0FO}]}\n  - "
      "identity: {}\n",
      "encryption");
  ASSERT_EQ(file.settings_size(), 4);
  EXPECT_EQ(file.settings(2).path(), "resources[0].providers[0].aescbc.keys[0].secret");
  EXPECT_EQ(file.settings(2).value(), "");
  EXPECT_TRUE(file.settings(2).redacted());
  EXPECT_EQ(file.settings(3).path(), "resources[0].providers[1].identity");
  EXPECT_EQ(file.settings(3).kind(), facts::Setting::EMPTY_MAP);
}

TEST(Flatten, KeysThatHoldASecretAreNotShown) {
  const auto file =
      flat("mirrors: {\"https://user:hunter2@registry.example\": {endpoint: [x]}}\n", "runtime");
  ASSERT_EQ(file.settings_size(), 1);
  EXPECT_EQ(file.settings(0).path(), "mirrors.<redacted>.endpoint[0]");
  EXPECT_EQ(file.settings(0).value(), "x");
}

TEST(Flatten, CommandsAreRedactedAsAWhole) {
  const auto file = flat("command: [x, --token, abc, --v=2]\n", "manifest");
  ASSERT_EQ(file.settings_size(), 4);
  EXPECT_EQ(file.settings(2).value(), "<redacted>");
  EXPECT_TRUE(file.settings(2).redacted());
  EXPECT_EQ(file.settings(3).value(), "--v=2");
}

TEST(Flatten, StopsAtTheBound) {
  EXPECT_EQ(flat("[1, 2, 3]", "config", 3).error(), "");
  EXPECT_EQ(flat("[1, 2, 3]", "config", 2).error(), "incomplete");
}

}  // namespace
}  // namespace baseline::runner
