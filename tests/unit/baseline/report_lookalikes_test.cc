// What is only named like a component, over nodes: joined by workload, bounded, with the true number.
#include <string>
#include <utility>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baseline/report_value.h"
#include "report_support.h"

namespace baseline {
namespace {

using ::testing::ElementsAre;
using testing::header;
using testing::kNow;
using testing::profile;
using ::testing::SizeIs;
using testing::worker;

NodeOutcome with(std::vector<Lookalike> lookalikes) {
  NodeOutcome out = worker();
  for (const Lookalike& one : lookalikes) out.lookalikes_total += one.processes;
  out.lookalikes = std::move(lookalikes);
  return out;
}

TEST(ReportLookalikes, AreJoinedByWorkloadAndMakeNoGroups) {
  ReportBuilder builder(profile(), header(3));
  builder.fold("a", with({{"shop/Deployment/cart", "kubelet", 2, 1}, {"shop/Pod/b", "etcd", 1, 1}}));
  builder.fold("b", with({{"shop/Deployment/cart", "kubelet", 3, 1}}));
  builder.fold("c", with({}));
  builder.fold("b", with({{"shop/Deployment/cart", "kubelet", 3, 1}}));  // a node counts once
  const Report report = std::move(builder).finish(kNow);
  EXPECT_THAT(report.node_groups, SizeIs(1));
  EXPECT_THAT(report.coverage.lookalikes, ElementsAre(Lookalike{"shop/Deployment/cart", "kubelet", 5, 2},
                                                      Lookalike{"shop/Pod/b", "etcd", 1, 1}));
  EXPECT_EQ(report.coverage.lookalikes_total, 6);
  EXPECT_EQ(report_from(to_value(report)).value(), report);
}

// 200 workloads on 40 nodes, in whatever order and through a restart: the same 50, each with its whole count.
TEST(ReportLookalikes, AreBoundedWhateverTheOrder) {
  const auto node = [](int at) {
    std::vector<Lookalike> own;
    for (int i = 0; i < 30; ++i)
      add_lookalike(own, {fmt::format("ns/Pod/{:03}", (at * 7 + i) % 200), "etcd", 1, 1});
    return with(std::move(own));
  };
  const auto fold = [&](int step) {
    ReportBuilder builder(profile(), header(40));
    for (int i = 0; i < 40; ++i) {
      const int at = i * step % 40;
      builder.fold(fmt::format("n-{:02}", at), node(at));
      if (i != 20) continue;
      auto stored = report_from(to_value(builder.report()));
      EXPECT_TRUE(stored);
      builder = ReportBuilder::resume(profile(), *std::move(stored)).value();
    }
    return std::move(builder).finish(kNow);
  };
  const Report report = fold(1);
  EXPECT_THAT(report.coverage.lookalikes, SizeIs(kMaxLookalikes));
  EXPECT_EQ(report.coverage.lookalikes_total, 1200);
  EXPECT_EQ(report.coverage.lookalikes.front().object, "ns/Pod/000");
  EXPECT_EQ(report.coverage.lookalikes.front().nodes, 5);
  EXPECT_EQ(fold(39), report);
  EXPECT_EQ(fold(17), report);
}

}  // namespace
}  // namespace baseline
