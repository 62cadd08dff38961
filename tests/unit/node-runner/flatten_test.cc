#include "node-runner/flatten.h"

#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "base/yaml.h"

namespace baseline::runner {
namespace {

facts::ConfigFile flat(const char* yaml, std::string_view list, std::size_t max = 1000) {
  facts::ConfigFile out;
  const auto document = base::parse_yaml(yaml, "test");
  EXPECT_TRUE(document.has_value());
  out.set_error(flatten(*document, list, max, *out.mutable_settings()) ? "" : "incomplete");
  return out;
}

TEST(Flatten, PathsKindsAndOrder) {
  const auto file = flat(
      "cgroupDriver: systemd\nauthentication:\n  x509: {clientCAFile: /ca}\nport: 3\nenableServer: true\n"
      "memoryThrottlingFactor: 1.5\nz: null\nm: {}\nl: []\nclusterDNS: [10.0.0.1]\n"
      "registerWithTaints: [{effect: x}]\nevictionHard: {memory.available: 1Gi}\n",
      "kubelet");
  const std::vector<std::tuple<std::string, std::string, facts::Setting::Kind>> expected = {
      {"cgroupDriver", "systemd", facts::Setting::STRING},
      {"authentication.x509.clientCAFile", "/ca", facts::Setting::STRING},
      {"port", "3", facts::Setting::INT},
      {"enableServer", "true", facts::Setting::BOOL},
      {"memoryThrottlingFactor", "1.5", facts::Setting::NUMBER},
      {"z", "", facts::Setting::NULL_VALUE},
      {"m", "", facts::Setting::EMPTY_MAP},
      {"l", "", facts::Setting::EMPTY_LIST},
      {"clusterDNS[0]", "10.0.0.1", facts::Setting::STRING},
      {"registerWithTaints[0].effect", "x", facts::Setting::STRING},
      {"evictionHard.\"memory.available\"", "1Gi", facts::Setting::STRING}};
  ASSERT_EQ(static_cast<std::size_t>(file.settings_size()), expected.size());
  for (int i = 0; i < file.settings_size(); ++i) {
    const auto& [path, value, kind] = expected[static_cast<std::size_t>(i)];
    EXPECT_EQ(file.settings(i).path(), path);
    EXPECT_EQ(file.settings(i).value(), value);
    EXPECT_EQ(file.settings(i).kind(), kind);
    EXPECT_FALSE(file.settings(i).redacted());
  }
}

TEST(Flatten, WithheldSettingsKeepTheirPathAndKind) {
  const auto file = flat("vendor: {a: text, b: 5, c: 1.5, d: true, e: null}\n", "kubelet");
  ASSERT_EQ(file.settings_size(), 5);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(file.settings(i).value(), "");
    EXPECT_TRUE(file.settings(i).redacted());
  }
  EXPECT_EQ(file.settings(1).path(), "vendor.b");
  EXPECT_EQ(file.settings(1).kind(), facts::Setting::INT);
  // Neither of these tells more than its name does.
  EXPECT_EQ(file.settings(3).value(), "true");
  EXPECT_FALSE(file.settings(4).redacted());
}

TEST(Flatten, AFileOfWhichNothingIsPublishedShowsNames) {
  const auto file = flat("a: [x]\n", "nothing-known");
  ASSERT_EQ(file.settings_size(), 1);
  EXPECT_EQ(file.settings(0).path(), "a[0]");
  EXPECT_TRUE(file.settings(0).redacted());
}

TEST(Flatten, EncryptionShowsItsProviders) {
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
      flat("host: {\"https://user:hunter2@registry.example\": {capabilities: [pull]}}\n", "containerd");
  ASSERT_EQ(file.settings_size(), 1);
  EXPECT_EQ(file.settings(0).path(), "host.<redacted>.capabilities[0]");
  EXPECT_EQ(file.settings(0).value(), "pull");
}

std::vector<std::string> values_of(const facts::ConfigFile& file) {
  std::vector<std::string> out;
  for (const facts::Setting& setting : file.settings()) out.push_back(setting.value());
  return out;
}

TEST(Flatten, CommandsAreReadAsCommandLines) {
  const auto file = flat("command: [kubelet, --token, abc, --v=2]\n", "manifest");
  EXPECT_EQ(values_of(file), (std::vector<std::string>{"kubelet", "--token", "<redacted>", "--v=2"}));
  EXPECT_TRUE(file.settings(2).redacted());
  EXPECT_FALSE(file.settings(3).redacted());
  EXPECT_EQ(values_of(flat("command: [curl, -u, 'a:b', --name=x]\n", "manifest")),
            (std::vector<std::string>{"<redacted>", "-u", "<redacted>", "--name=<redacted>"}));
  // Whose arguments these are stands in the image.
  EXPECT_EQ(values_of(flat("args: [serve, --name=x]\n", "manifest")),
            (std::vector<std::string>{"<redacted>", "--name=<redacted>"}));
}

TEST(Flatten, WhatK3sPassesOnIsReadByTheComponentThatGetsIt) {
  EXPECT_EQ(values_of(flat("kubelet-arg: [v=2, psk=abc]\n", "k3s")),
            (std::vector<std::string>{"v=2", "psk=<redacted>"}));
}

TEST(Flatten, StopsAtTheBound) {
  EXPECT_EQ(flat("[1, 2, 3]", "kubelet", 3).error(), "");
  EXPECT_EQ(flat("[1, 2, 3]", "kubelet", 2).error(), "incomplete");
}

}  // namespace
}  // namespace baseline::runner
