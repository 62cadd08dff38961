// Something that a node sends ends the process that judges it: once, and then this node is refused and no
// other.
#include <csignal>
#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster.h"
#include "operator/rehearsal.h"

namespace baseline::controllers {
namespace {

using testing::Cluster;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

NodeOutcome die_of_poison(const ResolvedProfile& profile, const facts::NodeFacts& facts,
                          const NodeContext& context, base::Time now) {
  if (facts.host().os_id() == "poison") {
    std::signal(SIGABRT, SIG_DFL);
    std::abort();
  }
  return testing::tiny_evaluate(profile, facts, context, now);
}

struct Poison : ::testing::Test {
  Poison() {
    c.settings.evaluate = die_of_poison;
    c.settings.rehearse = [this](const std::function<void()>& work) {
      ++rehearsed;
      return op::rehearse(work);
    };
    c.restart();
    for (const char* name : {"n1", "n2", "n3"}) c.add_node(name);
    c.set_scan("nightly", "profileRef: {name: base}");
  }

  Cluster c;
  int rehearsed = 0;
};

TEST_F(Poison, TheHealthyCaseRehearsesNothing) {
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(rehearsed, 0);
  EXPECT_THAT(c.missing(), IsEmpty());
}

TEST_F(Poison, AKilledOperatorMakesNoHealthyNodeMissing) {
  ASSERT_TRUE(c.reconcile().has_value());  // Jobs are out
  c.restart();                             // killed before anything was judged
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(rehearsed, 3);
  EXPECT_THAT(c.missing(), IsEmpty());
  EXPECT_EQ(c.status()["progress"].as_string(), "3/3");
}

TEST_F(Poison, ThePayloadThatEndedTheOperatorIsRefusedAndTheRunEnds) {
  c.os_ids["n2"] = "poison";
  ASSERT_TRUE(c.reconcile().has_value());
  EXPECT_DEATH(static_cast<void>(c.reconcile()), "");  // this operator's end; the API server lives on
  c.restart();
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_EQ(c.phase(), "Completed");
  EXPECT_EQ(c.status()["progress"].as_string(), "2/3");
  EXPECT_EQ(c.missing().size(), 1U);
  EXPECT_THAT(c.missing()["n2"], HasSubstr("ends by signal 6"));
  EXPECT_EQ(c.jobs_created["n1"], 1);
}

TEST_F(Poison, TheNextPayloadOfTheNodeIsLookedAtAnew) {
  c.os_ids["n2"] = "poison";
  ASSERT_TRUE(c.reconcile().has_value());
  c.restart();
  ASSERT_TRUE(c.run_to_rest());
  ASSERT_EQ(c.missing().size(), 1U);
  c.os_ids.clear();
  c.annotate("nightly", "again");
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_THAT(c.missing(), IsEmpty());
}

// The pass over objects, with kinds of which one may end it.
struct PoisonKind : Poison {
  PoisonKind() {
    c.settings.judge_cluster = [this](const std::shared_ptr<const ResolvedProfile>&,
                                      const cluster::ClusterContext& context, base::Time) {
      asked_before_kinds = context.on_kind != nullptr;
      for (const std::string kind : {"roles", "networkpolicies", "pods"}) {
        if (context.on_kind) {
          if (const auto reason = context.on_kind(kind)) {
            refused.push_back(render(*reason, Language::kEnglish));
            continue;
          }
        }
        if (kind == deadly) throw Ended();
      }
      return ClusterOutcome{};
    };
    c.restart();
  }
  struct Ended {};

  // One life of the operator; whether it lived.
  bool live() {
    c.restart();
    try {
      return c.run_to_rest();
    } catch (const Ended&) {
      return false;
    }
  }

  std::string deadly;
  std::vector<std::string> refused;
  bool asked_before_kinds = false;
};

TEST_F(PoisonKind, TheHealthyCaseWritesNothingMore) {
  ASSERT_TRUE(live());
  EXPECT_FALSE(asked_before_kinds);
}

TEST_F(PoisonKind, IsLeftOutAfterTwoEndsWithItAlone) {
  deadly = "networkpolicies";
  int ends = 0;
  while (!live()) ASSERT_LT(++ends, 10) << "a crash loop";
  EXPECT_EQ(ends, 3);  // the first, of which nobody knows what it was, and two with it alone
  EXPECT_EQ(c.phase(), "Completed");
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_THAT(refused[0], HasSubstr("networkpolicies are not read"));
  // The next run reads it again.
  refused.clear();
  deadly.clear();
  c.annotate("nightly", "again");
  ASSERT_TRUE(live());
  EXPECT_THAT(refused, IsEmpty());
}

TEST_F(PoisonKind, AnOperatorKilledOnceLeavesNothingOut) {
  deadly = "pods";
  EXPECT_FALSE(live());
  EXPECT_FALSE(live());
  deadly.clear();
  ASSERT_TRUE(live());
  EXPECT_THAT(refused, IsEmpty());
  EXPECT_EQ(c.phase(), "Completed");
}

TEST_F(Poison, WhereNoProcessCanBeStartedTheNodeWaits) {
  int refused = 2;
  c.settings.rehearse = [&](const std::function<void()>& work) -> base::Result<void> {
    if (refused-- > 0) return base::fail(base::ErrorCode::kUnavailable, "no process");
    return op::rehearse(work);
  };
  ASSERT_TRUE(c.reconcile().has_value());
  c.restart();
  ASSERT_TRUE(c.run_to_rest());
  EXPECT_THAT(c.missing(), IsEmpty());
}

}  // namespace
}  // namespace baseline::controllers
