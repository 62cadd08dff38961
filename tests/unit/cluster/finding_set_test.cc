#include "baseline/cluster/finding_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baseline/report_builder.h"

namespace baseline::cluster {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Field;

struct FindingSets : testing::Test {
  FindingSet make() { return {profile, "5.7.2.4", base::Time{}, used}; }

  static Exemption exemption(std::string reason, ExemptionScope scope) {
    return {{"5.7.2"}, std::move(scope), std::move(reason), "owner", {}};
  }
  static FindingSubject workload(const std::string& name, const std::string& container = "web") {
    return {"Deployment", "shop", name, container, nullptr, nullptr};
  }

  ResolvedProfile profile;
  std::set<std::size_t> used;
};

TEST_F(FindingSets, EqualFindingsAreOneThatCountsItsPods) {
  FindingSet set = make();
  for (int i = 0; i < 12; ++i) set.add(workload("cart"), Status::kFail, phrase("e"), phrase("a"), 1);
  set.add(workload("cart", "proxy"), Status::kFail, phrase("e"), phrase("a"), 1);
  EXPECT_EQ(set.total(), 2U);
  const ObjectResult result = set.take(Status::kFail, phrase("m"));
  ASSERT_EQ(result.findings.size(), 2U);
  EXPECT_EQ(render(result.findings[1].subject, Language::kEnglish), "Deployment shop/cart, container web");
  EXPECT_EQ(result.findings[0].pods, 1);
  EXPECT_EQ(result.findings[1].pods, 12);
  EXPECT_EQ(result.findings[1].object, "shop/Deployment/cart");
}

TEST_F(FindingSets, AnExemptionWaivesFailAloneAndIsNotedAsUsed) {
  profile.exemptions = {
      exemption("for others", {.namespaces = {"other"}}),
      exemption("the cart may", {.namespaces = {"sho*"}, .names = {"cart"}, .containers = {"web"}})};
  FindingSet set = make();
  set.add(workload("cart"), Status::kFail, {}, phrase("a"), 1);
  set.add(workload("cart"), Status::kManual, {}, phrase("b"), 1);
  set.add(workload("cart", "proxy"), Status::kFail, {}, phrase("a"), 1);
  EXPECT_EQ(set.count(Status::kWaived), 1U);
  EXPECT_EQ(set.count(Status::kManual), 1U);
  EXPECT_EQ(set.worst(), Status::kFail);
  EXPECT_THAT(used, ElementsAre(1));
}

TEST_F(FindingSets, AnExpiredExemptionCoversNothing) {
  profile.exemptions = {exemption("once", {})};
  profile.exemptions[0].expires = base::Time{};
  FindingSet set = make();
  set.add(workload("cart"), Status::kFail, {}, phrase("a"), 1);
  EXPECT_EQ(set.worst(), Status::kFail);
  EXPECT_TRUE(used.empty());
}

TEST_F(FindingSets, LabelsThatAreNotKnownMatchNoSelector) {
  profile.exemptions = {exemption("labelled", {.labels = {{"tier", "infra"}}})};
  const Labels labels{{"tier", "infra"}};
  FindingSet set = make();
  set.add(workload("a"), Status::kFail, {}, phrase("a"), 1);
  FindingSubject known = workload("b");
  known.labels = &labels;
  set.add(known, Status::kFail, {}, phrase("a"), 1);
  EXPECT_EQ(set.count(Status::kFail), 1U);
  EXPECT_EQ(set.count(Status::kWaived), 1U);
}

TEST_F(FindingSets, MemoryIsBoundedAndTotalsAreTrue) {
  FindingSet set = make();
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 20'000; ++i) {
      set.add(workload("w" + std::to_string(i)), Status::kFail, phrase("e"), phrase("a"), 1);
    }
  }
  EXPECT_EQ(set.total(), 20'000U);
  const ObjectResult result = set.take(Status::kFail, phrase("m"));
  ASSERT_EQ(result.findings.size(), static_cast<std::size_t>(kMaxFindingsPerRequirement));
  EXPECT_EQ(result.more.size(), 20'000U - kMaxFindingsPerRequirement);
  EXPECT_THAT(result.findings, Each(Field(&ObjectFinding::pods, 2)));
}

TEST_F(FindingSets, TheWorstAreKept) {
  FindingSet set = make();
  for (int i = 0; i < 100; ++i)
    set.add(workload("a" + std::to_string(i)), Status::kPass, {}, phrase("fine"), 1);
  set.add(workload("z"), Status::kFail, {}, phrase("bad"), 1);
  const ObjectResult result = set.take(Status::kFail, phrase("m"));
  ASSERT_EQ(result.findings.size(), 1U) << "what is right is no finding beside what is wrong";
  EXPECT_EQ(result.findings[0].object, "shop/Deployment/z");
  EXPECT_TRUE(result.more.empty());
}

TEST_F(FindingSets, TheOrderInWhichTheyComeDoesNotMatter) {
  FindingSet forwards = make();
  FindingSet backwards = make();
  for (int i = 0; i < 300; ++i) {
    forwards.add(workload(std::to_string(i)), Status::kFail, {}, phrase("a"), 1);
    backwards.add(workload(std::to_string(299 - i)), Status::kFail, {}, phrase("a"), 1);
  }
  const ObjectResult a = forwards.take(Status::kFail, phrase("m"));
  const ObjectResult b = backwards.take(Status::kFail, phrase("m"));
  EXPECT_EQ(a.findings, b.findings);
  EXPECT_EQ(a.more, b.more);
}

TEST_F(FindingSets, AHostileNameIsCut) {
  FindingSet set = make();
  set.add(workload(std::string(100'000, 'x')), Status::kFail, {}, phrase("a", std::string(100'000, 'y')), 1);
  const ObjectResult result = set.take(Status::kFail, phrase("m"));
  EXPECT_LT(result.findings[0].object.size(), 300U);
  EXPECT_LT(result.findings[0].actual.args[0].size(), 300U);
}

TEST_F(FindingSets, WhoListensIsToldOfEachFindingAndWhetherItIsNew) {
  profile.exemptions = {exemption("the cart may", {.names = {"cart"}})};
  std::vector<std::string> told;
  const OnFinding listen = [&](const FoundObject& found) {
    told.push_back(std::string(found.requirement) + " " + std::string(found.kind) + " " +
                   std::string(found.ns) + "/" + std::string(found.name) + "." +
                   std::string(found.container) + " " + std::string(to_string(found.finding.status)) + " " +
                   std::to_string(found.pods) + (found.is_new ? " new" : ""));
  };
  FindingSet set{profile, "5.7.2.4", base::Time{}, used, &listen};
  set.add(workload("cart"), Status::kFail, phrase("e"), phrase("a"), 1);
  set.add(workload("till"), Status::kFail, phrase("e"), phrase("a"), 1);
  set.add(workload("till"), Status::kFail, phrase("e"), phrase("a"), 1);
  EXPECT_THAT(told, ElementsAre("5.7.2.4 Deployment shop/cart.web Waived 1 new",
                                "5.7.2.4 Deployment shop/till.web Fail 1 new",
                                "5.7.2.4 Deployment shop/till.web Fail 1"));
}

TEST_F(FindingSets, WhoListensIsToldOnceThatOneIsNewAlsoBeyondTheBound) {
  int fresh = 0;
  const OnFinding listen = [&](const FoundObject& found) { fresh += found.is_new ? 1 : 0; };
  FindingSet set{profile, "5.7.2.4", base::Time{}, used, &listen};
  constexpr int kMany = 3 * kMaxFindingsPerRequirement;
  for (int round = 0; round < 2; ++round) {
    for (int i = kMany; i > 0; --i) set.add(workload("w" + std::to_string(i)), Status::kFail, {}, {}, 1);
  }
  EXPECT_EQ(fresh, kMany);
  const OnFinding none;
  FindingSet quiet{profile, "5.7.2.4", base::Time{}, used, &none};
  quiet.add(workload("cart"), Status::kFail, {}, {}, 1);
  EXPECT_EQ(quiet.total(), 1U);
}

TEST_F(FindingSets, AMillionFindingsAreCountedInBoundedMemory) {
  FindingSet set = make();
  constexpr std::size_t kPods = 1'000'000;
  for (std::size_t i = 0; i < kPods; ++i) {
    const std::string name = "w" + std::to_string(kPods + i);
    set.add(workload(name), Status::kFail, {}, phrase("a"), 1);
    if (i % 1'000 == 0) set.add(workload(name), Status::kFail, {}, phrase("a"), 1);  // its second pod
  }
  EXPECT_EQ(set.total(), kPods);
  EXPECT_EQ(set.count(Status::kFail), kPods);
  const ObjectResult result = set.take(Status::kFail, phrase("m"));
  EXPECT_EQ(result.findings.size(), static_cast<std::size_t>(kMaxFindingsPerRequirement));
  EXPECT_EQ(result.more.size(), FindingSet::kMostKeys);
  EXPECT_EQ(result.findings.size() + result.more.size() + result.beyond, kPods);
}

}  // namespace
}  // namespace baseline::cluster
