#include "cli/check_words.h"

#include <map>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baseline/checks/builtins.h"
#include "baseline/cluster/object_check.h"
#include "baseline/standard_loader.h"

namespace baseline::cli {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const Requirement& requirement(const std::string& id) {
  static const auto standard = built_in_standard("kxy-cs001-2023");
  static const Requirement none;
  const Requirement* found = standard ? standard->find(id) : nullptr;
  EXPECT_NE(found, nullptr) << id;
  return found ? *found : none;
}

std::string all_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

TEST(CheckWordsTest, EveryBuiltInCheckHasWordsInBothLanguages) {
  const Requirement none{};
  std::map<std::string, std::vector<BuiltinArgument>> builtins;
  for (const std::string& name : builtin_names()) builtins[name] = find_builtin(name)->arguments;
  for (const std::string& name : cluster::object_builtin_names()) {
    EXPECT_FALSE(builtins.contains(name)) << name << " is one word for two things";
    builtins[name] = cluster::find_object_builtin(name)->arguments;
  }
  for (const auto& [name, arguments] : builtins) {
    BuiltinCheck check{name, {}};
    for (const BuiltinArgument& argument : arguments) {
      check.with.emplace_back(argument.name, Operand{base::Value("x"), ""});
    }
    for (const Language language : {Language::kEnglish, Language::kChinese}) {
      const std::string words = builtin_words(none, check, language);
      EXPECT_THAT(words, Not(IsEmpty())) << name;
      EXPECT_THAT(words, Not(HasSubstr("{"))) << name;
    }
  }
}

TEST(CheckWordsTest, ASettingIsNamedByFlagAndPlaceInTheConfigurationFile) {
  Requirement one;
  SettingCheck setting;
  setting.setting = {"kubelet", "pod-max-pids"};
  setting.expect.kind = Expectation::Kind::kInteger;
  setting.expect.minimum = Operand{base::Value(1), ""};
  one.check = std::make_shared<const Check>(Check{setting});
  EXPECT_THAT(all_of(judged_by(one, Language::kEnglish)), HasSubstr("of at least 1"));
  EXPECT_THAT(all_of(judged_by(one, Language::kEnglish)), HasSubstr("kubelet --pod-max-pids"));
  EXPECT_THAT(all_of(judged_by(one, Language::kChinese)), HasSubstr("不小于 1"));
}

TEST(CheckWordsTest, AParameterIsToldWithItsDefault) {
  const std::string words = all_of(judged_by(requirement("5.1.5.2"), Language::kEnglish));
  EXPECT_THAT(words, HasSubstr("parameter"));
  EXPECT_THAT(words, HasSubstr("(default 30)"));
}

TEST(CheckWordsTest, FilesAreToldWithModeOwnersAndPlaces) {
  FilesCheck files;
  FileSelector manifest;
  manifest.kind = FileSelector::Kind::kManifest;
  manifest.name = "etcd";
  FileSelector place;
  place.kind = FileSelector::Kind::kWellKnown;
  place.name = "/etc/kubernetes/manifests/etcd.yaml";
  FileSelector first;
  first.kind = FileSelector::Kind::kFirst;
  first.first = {manifest, place};
  files.select = {first};
  files.mode = 0600;
  Requirement one;
  one.check = std::make_shared<const Check>(Check{files});
  const std::string words = all_of(judged_by(one, Language::kEnglish));
  EXPECT_THAT(words, HasSubstr("no permission bit outside 0600"));
  EXPECT_THAT(words,
              HasSubstr("  - the static pod manifest of etcd\n  - /etc/kubernetes/manifests/etcd.yaml\n"));
  EXPECT_THAT(words, HasSubstr("does not apply"));
  files.mode.reset();
  files.owners = Operand{base::Value(base::Value::List{"root:root", "etcd:etcd"}), ""};
  files.absent = FilesCheck::Absent::kFail;
  one.check = std::make_shared<const Check>(Check{files});
  EXPECT_THAT(all_of(judged_by(one, Language::kChinese)), HasSubstr("root:root、etcd:etcd"));
  EXPECT_THAT(all_of(judged_by(one, Language::kEnglish)), HasSubstr("this fails"));
}

TEST(CheckWordsTest, WhatHasNoCheckSaysSo) {
  const Requirement none{};
  EXPECT_THAT(judged_by(none, Language::kEnglish), Contains(HasSubstr("NotChecked")));
  EXPECT_THAT(evidence_of(none, Language::kChinese), Not(IsEmpty()));
}

TEST(CheckWordsTest, VersionsAreTold) {
  EXPECT_THAT(all_of(judged_by(requirement("5.1.6.1"), Language::kEnglish)),
              HasSubstr("below Kubernetes 1.22"));
}

}  // namespace
}  // namespace baseline::cli
