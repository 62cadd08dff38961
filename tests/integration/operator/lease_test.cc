// Two operators, of which one acts.
#include <csignal>

#include <gtest/gtest.h>

#include "integration/operator/operator_process.h"

namespace baseline::integration {
namespace {

class Lease : public testing::Test {
 protected:
  static void SetUpTestSuite() { install(); }
};

bool leads(const OperatorProcess& op) {
  return op.probe("metrics").find("\nbaseline_leader 1") != std::string::npos;
}

TEST_F(Lease, OneLeadsAndTheOtherTakesOverWhenItDies) {
  OperatorProcess first({.identity = "first"});
  ASSERT_TRUE(eventually([&] { return first.holds_lease() && leads(first); })) << first.log();
  OperatorProcess second({.identity = "second"});
  ASSERT_TRUE(eventually([&] { return !second.probe("readyz").empty(); }))
      << "a standby is ready: " << second.log();
  EXPECT_FALSE(leads(second));
  EXPECT_TRUE(leads(first));

  first.process().signal(SIGKILL);
  ASSERT_EQ(first.process().wait(std::chrono::seconds(30)), 128 + SIGKILL);
  EXPECT_TRUE(eventually([&] { return second.holds_lease() && leads(second); })) << second.log();
  EXPECT_EQ(second.stop(), 0) << second.log();
}

TEST_F(Lease, AnOrderlyEndHandsItOver) {
  OperatorProcess first({.lease = "handed", .identity = "first"});
  ASSERT_TRUE(eventually([&] { return first.holds_lease(); })) << first.log();
  EXPECT_EQ(first.stop(), 0) << first.log();
  EXPECT_EQ(lease_holder("handed"), "") << "released, so that nobody need wait for it to run out";
}

TEST_F(Lease, WhoLosesItEnds) {
  OperatorProcess op({.lease = "lost", .identity = "first"});
  ASSERT_TRUE(eventually([&] { return op.holds_lease(); })) << op.log();
  const Finished taken = plane().kubectl({"-n", "baseline-system", "patch", "lease", "lost", "--type=merge",
                                          "-p", R"({"spec":{"holderIdentity":"somebody-else"}})"});
  ASSERT_TRUE(taken.ok()) << taken.text();
  EXPECT_EQ(op.process().wait(std::chrono::seconds(60)), 1) << op.log();
  EXPECT_EQ(lease_holder("lost"), "somebody-else");
}

}  // namespace
}  // namespace baseline::integration
