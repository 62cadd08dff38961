#include "baseline/cluster/evaluator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baseline/standard_loader.h"

namespace baseline::cluster {
namespace {

// The built-in standard, as it is: these tests use the row on privileged containers (pods) and the one on
// quotas (namespaces and quotas).
constexpr const char* kPrivileged = "5.7.2.4";
constexpr const char* kQuotas = "5.7.5.3";

std::shared_ptr<const ResolvedProfile> whole() {
  ProfileSpec spec;
  spec.standard = "kxy-cs001-2023";
  return resolve_profile(
             "p", spec, [](const std::string&) { return std::nullopt; },
             [](const std::string& id) { return built_in_standard(id); })
      .value();
}

Pod pod(const std::string& ns, const std::string& name, bool privileged) {
  Pod p;
  p.metadata.ns = ns;
  p.metadata.name = name;
  p.phase = "Running";
  p.containers.resize(1);
  p.containers[0].name = "web";
  p.containers[0].security.privileged = privileged;
  return p;
}

Namespace name_space(const std::string& name) {
  Namespace ns;
  ns.metadata.name = name;
  ns.phase = "Active";
  return ns;
}

ObjectResult row(const ClusterOutcome& outcome, const std::string& id) {
  for (const ObjectResult& result : outcome.results) {
    if (result.id == id) return result;
  }
  ADD_FAILURE() << id << " has no result";
  return {};
}

std::string message(const ObjectResult& result) {
  return render(result.message, Language::kEnglish);
}

struct Evaluation : testing::Test {
  ClusterEvaluator& evaluator(ClusterContext context = {}) {
    made = std::make_unique<ClusterEvaluator>(whole(), std::move(context), base::Time{});
    return *made;
  }
  void read_all() {
    for (const KindInfo& kind : kinds()) made->read(kind.kind);
  }
  ClusterOutcome finish() { return std::move(*made).finish(); }

  std::unique_ptr<ClusterEvaluator> made;
};

TEST_F(Evaluation, EveryRowThatObjectsDecideHasAResultWithAMessage) {
  evaluator();
  read_all();
  const ClusterOutcome outcome = finish();
  EXPECT_GT(outcome.results.size(), 40U);
  for (const ObjectResult& result : outcome.results) {
    EXPECT_FALSE(result.message.empty()) << result.id;
    EXPECT_NE(result.status, Status::kNotChecked) << result.id;
  }
}

TEST_F(Evaluation, PodsAreJudgedAsTheyCome) {
  evaluator();
  made->add(pod("shop", "good", false));
  made->add(pod("shop", "bad", true));
  read_all();
  const ClusterOutcome outcome = finish();
  const ObjectResult result = row(outcome, kPrivileged);
  EXPECT_EQ(result.status, Status::kFail);
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.findings[0].object, "shop/Pod/bad");
  EXPECT_EQ(outcome.objects.at("pods"), 2);
}

TEST_F(Evaluation, WhoListensIsToldOfFindingsWhileTheyAreMade) {
  std::vector<std::string> told;
  ClusterContext context;
  context.on_finding = [&](const FoundObject& found) {
    if (found.requirement == kPrivileged && found.finding.status == Status::kFail)
      told.push_back(std::string(found.ns) + "/" + std::string(found.name));
  };
  evaluator(std::move(context));
  made->add(pod("shop", "good", false));
  made->add(pod("shop", "bad", true));
  EXPECT_EQ(told, std::vector<std::string>{"shop/bad"});
  read_all();
  EXPECT_EQ(row(finish(), kPrivileged).status, Status::kFail);
}

TEST_F(Evaluation, WhatCannotBeReadIsAnErrorWithItsReason) {
  evaluator();
  made->add(name_space("shop"));
  made->add(pod("shop", "good", false));
  read_all();
  made->unreadable(Kind::kResourceQuota, phrase("object.not-read", "resourcequotas"));
  const ClusterOutcome outcome = finish();
  EXPECT_EQ(row(outcome, kQuotas).status, Status::kError);
  EXPECT_TRUE(row(outcome, kQuotas).findings.empty()) << "no namespace is blamed for what was not read";
  EXPECT_THAT(message(row(outcome, kQuotas)), testing::HasSubstr("resourcequotas"));
  EXPECT_EQ(row(outcome, kPrivileged).status, Status::kPass);
}

TEST_F(Evaluation, OfPodsThatBrokeOffAFailStandsAndAPassDoesNot) {
  for (const bool bad : {false, true}) {
    evaluator();
    made->add(pod("shop", "a", bad));
    read_all();
    made->unreadable(Kind::kPod, phrase("object.not-read", "pods"));
    EXPECT_EQ(row(finish(), kPrivileged).status, bad ? Status::kFail : Status::kError);
  }
}

TEST_F(Evaluation, AKindThatNobodyReadIsAnError) {
  evaluator();
  made->add(pod("shop", "good", false));
  const ClusterOutcome outcome = finish();
  for (const ObjectResult& result : outcome.results) EXPECT_NE(result.status, Status::kPass) << result.id;
}

TEST_F(Evaluation, EndedPodsAndOtherNamespacesDoNotCount) {
  evaluator({.include_namespaces = {"shop*"}, .exclude_namespaces = {"shop-test"}});
  for (const char* phase : {"Succeeded", "Failed"}) {
    Pod ended = pod("shop", "ended", true);
    ended.phase = phase;
    made->add(std::move(ended));
  }
  made->add(pod("elsewhere", "bad", true));
  made->add(pod("shop-test", "bad", true));
  made->add(pod("shop-2", "good", false));
  read_all();
  EXPECT_EQ(row(finish(), kPrivileged).status, Status::kPass);
}

TEST_F(Evaluation, OfFilesWhatWasNotGivenIsNotChecked) {
  evaluator({.live = false});
  made->add(pod("shop", "bad", true));
  made->read(Kind::kPod);
  const ClusterOutcome outcome = finish();
  EXPECT_EQ(row(outcome, kPrivileged).status, Status::kFail);
  EXPECT_EQ(row(outcome, kQuotas).status, Status::kNotChecked);
}

TEST_F(Evaluation, ATemplateCountsWhereItsWorkloadHasNoPod) {
  const auto of_cart = [](bool is_template) {
    Pod p = pod("shop", "cart-0", true);
    p.metadata.controller_kind = "StatefulSet";
    p.metadata.controller_name = "cart";
    p.is_template = is_template;
    return p;
  };
  for (const bool with_pod : {false, true}) {
    evaluator({.live = false});
    made->add(of_cart(true));
    if (with_pod) made->add(of_cart(false));
    made->read(Kind::kPod);
    const ObjectResult result = row(finish(), kPrivileged);
    ASSERT_EQ(result.findings.size(), 1U);
    EXPECT_EQ(result.findings[0].pods, with_pod ? 1 : 0);
  }
}

TEST_F(Evaluation, RowsThatOnlyNodesTellAreLeftToThem) {
  evaluator();
  read_all();
  for (const ObjectResult& result : finish().results) EXPECT_NE(result.id, "5.7.1.9");
}

TEST(Kinds, AreFoundByTheirNames) {
  EXPECT_EQ(kind_of("v1", "Pod"), Kind::kPod);
  EXPECT_EQ(kind_of("networking.k8s.io/v1", "NetworkPolicy"), Kind::kNetworkPolicy);
  EXPECT_EQ(kind_of("crd.projectcalico.org/v1", "NetworkPolicy"), Kind::kCalicoNetworkPolicy);
  EXPECT_EQ(kind_of("rbac.authorization.k8s.io/v1beta1", "Role"), Kind::kRole);
  EXPECT_EQ(kind_of("v1", "Secret"), std::nullopt) << "never read";
  EXPECT_EQ(resource_name(Kind::kPod), "pods");
  EXPECT_EQ(kinds().back().kind, Kind::kPod) << "pods come last";
}

}  // namespace
}  // namespace baseline::cluster
