// Something that a node sends ends the process that judges it: once, and then this node is refused and no
// other.
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
