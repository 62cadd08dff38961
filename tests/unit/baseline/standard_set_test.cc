#include "baseline/standard_set.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/yaml.h"
#include "baseline/standard_folders.h"
#include "evaluate_support.h"
#include "object_form_support.h"

namespace baseline {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string head(const std::string& id) {
  return "standard: " + id + "\nversion: \"1\"\ntitle: T\nsections: [{id: acme, title: S}]\n";
}
const std::string kRows =
    "requirements:\n"
    "  - {id: acme.1, level: mandatory, scope: node, object: kubelet, title: T, explanation: E, remediation: "
    "R,\n"
    "     check: {setting: {component: kubelet, name: anonymous-auth, expect: {equals: false}}}}\n";

std::string all(const std::vector<Mistake>& mistakes) {
  std::string text;
  for (const Mistake& mistake : mistakes) text += mistake.text() + "\n";
  return text;
}

class Folders : public ::testing::Test {
 protected:
  Folders() {
    std::string pattern = (fs::temp_directory_path() / "standards-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data()) != nullptr ? pattern : std::string();
  }
  ~Folders() override {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  void file(const std::string& name, const std::string& text) const {
    fs::create_directories(fs::path(path_ + "/" + name).parent_path());
    std::ofstream(path_ + "/" + name, std::ios::binary) << text;
  }
  std::string load(const std::string& folder = "") {
    return all(add_standard_folders(set_, {path_ + folder}));
  }

  std::string path_;
  StandardSet set_;
};

TEST(StandardSet, KnowsTheBuiltInOnesFirst) {
  StandardSet set;
  ASSERT_EQ(set.all().size(), 1U);
  EXPECT_EQ(set.find("kxy-cs001-2023"), built_in_standard("kxy-cs001-2023"));
  EXPECT_EQ(set.find("other"), nullptr);
}

TEST(StandardSet, AddsOneOfTextsOrOfBothLanguages) {
  StandardSet set;
  EXPECT_THAT(all(set.add("acme", {{"h.yaml", head("acme")}, {"r.yaml", kRows}})), IsEmpty());
  ASSERT_NE(set.find("acme"), nullptr);
  EXPECT_EQ(set.find("acme")->title.zh, "T");
  EXPECT_EQ(set.all().front()->id, "acme");
  EXPECT_EQ(set.lookup()("acme"), set.find("acme"));
}

TEST(StandardSet, TheHashDoesNotDependOnTheFolder) {
  StandardSet here;
  StandardSet there;
  here.add("a", {{"a/h.yaml", head("acme")}, {"a/r.yaml", kRows}});
  there.add("/b", {{"/b/c/h.yaml", head("acme")}, {"/b/c/r.yaml", kRows}});
  EXPECT_EQ(here.find("acme")->hash, there.find("acme")->hash);
}

TEST(StandardSet, RefusesAnIdThatIsThereAndAStandardOfNothing) {
  StandardSet set;
  EXPECT_THAT(all(set.add("d", {{"h", head("kxy-cs001-2023")}, {"r", kRows}})), HasSubstr("d: the standard"));
  EXPECT_THAT(all(set.add("d", {{"h", head("Acme")}, {"r", kRows}})), HasSubstr("is no id of a standard"));
  EXPECT_THAT(all(set.add("d", {{"h", head("acme")}})), HasSubstr("no requirement"));
  EXPECT_THAT(all(set.add("d", {{"h", head("acme")}, {"r", kRows}})), IsEmpty());
  EXPECT_THAT(all(set.add("e", {{"h", head("acme")}, {"r", kRows}})), HasSubstr("another folder already"));
  EXPECT_EQ(set.added().size(), 1U);
}

TEST_F(Folders, AFolderIsAStandardOrHoldsFoldersOfThem) {
  file("one/standard.yaml", head("one"));
  file("one/rows.yml", kRows);
  file("one/README.md", "no YAML: [");
  file("two/standard.yaml", head("two"));
  file("two/rows.yaml", kRows);
  file("..data/standard.yaml", "not: [read");
  EXPECT_THAT(load(), IsEmpty());
  EXPECT_NE(set_.find("one"), nullptr);
  EXPECT_NE(set_.find("two"), nullptr);
  StandardSet again;
  EXPECT_THAT(all(add_standard_folders(again, {path_ + "/one", path_ + "/two"})), IsEmpty());
}

TEST_F(Folders, AMountedConfigMapIsReadThroughItsLinks) {
  file("..2026/standard.yaml", head("one"));
  file("..2026/rows.yaml", kRows);
  fs::create_symlink("..2026", path_ + "/..data");
  fs::create_symlink("..data/standard.yaml", path_ + "/standard.yaml");
  fs::create_symlink("..data/rows.yaml", path_ + "/rows.yaml");
  fs::create_symlink("nowhere.yaml", path_ + "/broken.yaml");
  EXPECT_THAT(load(), IsEmpty());
  EXPECT_NE(set_.find("one"), nullptr);
}

TEST_F(Folders, EveryMistakeIsNamedByFileAndLine) {
  file("one/standard.yaml", head("one"));
  file("one/rows.yaml", kRows + "  - {id: other.1}\n");
  file("two/standard.yaml", "standard: [\n");
  const std::string text = load();
  EXPECT_THAT(text, HasSubstr(path_ + "/one/rows.yaml:4: "));
  EXPECT_THAT(text, HasSubstr(path_ + "/two/standard.yaml:"));
  EXPECT_THAT(set_.added(), IsEmpty());
}

TEST_F(Folders, WhatIsNoStandardIsAMistake) {
  EXPECT_THAT(load(), HasSubstr("there is no standard here"));
  EXPECT_THAT(load("/gone"), HasSubstr(path_ + "/gone: the folder cannot be read"));
  file("empty/notes.txt", "");
  EXPECT_THAT(load(), HasSubstr(path_ + "/empty: there is no standard in this folder"));
  file("deep/er/standard.yaml", head("deep"));
  EXPECT_THAT(load("/deep/er"), HasSubstr("no requirement"));
  file("big.yaml", std::string((4U << 20) + 1, '#'));
  EXPECT_THAT(load(), HasSubstr("larger than"));
}

// The example that docs/own-requirements.md walks through.
class Example : public ::testing::Test {
 protected:
  Example() {
    mistakes_ = all(add_standard_folders(set_, {std::string(PROJECT_DIR) + "/config/samples/own-standard"}));
    std::ifstream in(std::string(PROJECT_DIR) + "/config/samples/profile-own.yaml");
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto spec = parse_profile_spec(base::parse_yaml(text, "profile-own.yaml").value()["spec"]);
    if (!spec) mistakes_ += all(spec.error());
    const auto resolved = resolve_profile("acme", spec.value_or(ProfileSpec{}), nullptr, set_.lookup());
    if (!resolved) mistakes_ += all(resolved.error());
    profile_ = resolved.value_or(nullptr);
  }

  StandardSet set_;
  std::string mistakes_;
  std::shared_ptr<const ResolvedProfile> profile_;
};

TEST_F(Example, HasNoMistakes) {
  EXPECT_EQ(mistakes_, "");
  ASSERT_NE(profile_, nullptr);
  ASSERT_EQ(profile_->requirements.size(), 4U);
  EXPECT_NE(profile_->find("acme.1"), nullptr);
  EXPECT_EQ(profile_->find("1.2")->requirement->title.zh, profile_->find("1.2")->requirement->title.en);
}

TEST_F(Example, IsJudgedOverNodes) {
  ASSERT_NE(profile_, nullptr);
  const auto judge = [&](const std::string& facts) {
    return evaluate_node(*profile_, test::facts_of(facts), {}, base::Time{}).results;
  };
  const auto good =
      judge("run: {kubelet: \"--pod-max-pids=1000\"}\nfiles: {/etc/default/kubelet: \"0644 root:root\"}\n");
  ASSERT_EQ(good.size(), 2U);
  EXPECT_EQ(good[0].status, Status::kPass);
  EXPECT_EQ(good[1].status, Status::kFail);
  EXPECT_EQ(judge("run: {kubelet: \"\"}\n")[0].status, Status::kFail);
}

TEST_F(Example, IsJudgedOverObjects) {
  ASSERT_NE(profile_, nullptr);
  testing::Pass pass(profile_);
  pass.see("Service", "{metadata: {namespace: shop, name: cart}, spec: {type: NodePort}}");
  pass.see("Service", "{metadata: {namespace: shop, name: edge}, spec: {type: LoadBalancer}}");
  pass.see("Deployment.apps", "{metadata: {namespace: shop, name: cart, labels: {example.com/team: shop}}}");
  pass.see("Deployment.apps", "{metadata: {namespace: shop, name: old}}");
  pass.finish();
  ASSERT_EQ(pass.outcome().results.size(), 2U);
  EXPECT_THAT(testing::lines(pass.outcome().results[0]),
              ElementsAre("Fail Service shop/cart | none of these: NodePort | spec.type: NodePort"));
  EXPECT_THAT(testing::lines(pass.outcome().results[1]),
              ElementsAre("Fail Deployment shop/old | set, with nothing but these: shop,payments,platform | "
                          "metadata.labels[\"example.com/team\"] is not there"));
}

}  // namespace
}  // namespace baseline
