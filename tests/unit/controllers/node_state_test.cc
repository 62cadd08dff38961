#include "controllers/node_state.h"

#include <gtest/gtest.h>

#include "cluster.h"

namespace baseline::controllers {
namespace {

using testing::yaml;

base::Value node(std::string_view spec, std::string_view ready) {
  base::Value value = yaml("{metadata: {name: n1, labels: {a: b}, resourceVersion: '7'}}");
  value.set("spec", yaml(spec));
  base::Value& status = value.set("status", yaml("{nodeInfo: {kubeletVersion: v1.36.3}}"));
  status.set("conditions", yaml(ready));
  return value;
}

constexpr const char* kReady = "[{type: MemoryPressure, status: 'False'}, {type: Ready, status: 'True'}]";

TEST(NodeState, ReadsWhatARunNeedsToKnow) {
  const NodeState state = node_state(node("{}", kReady));
  EXPECT_EQ(state.name, "n1");
  EXPECT_EQ(state.labels.at("a"), "b");
  EXPECT_EQ(state.kubelet_version, "1.36.3");
  EXPECT_TRUE(state.ready);
  EXPECT_TRUE(state.unavailable_reason({}).empty());
}

TEST(NodeState, LongWordsAreCutBetweenCharacters) {
  base::Value condition = yaml("{type: Ready, status: 'False', reason: KubeletNotReady}");
  std::string message = "x";
  for (int i = 0; i < 200; ++i) message += "汉";
  condition.set("message", message);
  base::Value object = node("{}", "[]");
  object.find("status")->set("conditions", base::Value(base::Value::List{std::move(condition)}));
  const std::string reason = node_state(object).not_ready_reason;
  EXPECT_TRUE(reason.ends_with("汉…")) << reason;
  EXPECT_LT(reason.size(), 230U);
}

TEST(NodeState, NamesWhyNoRunnerIsSent) {
  const auto reason = [](std::string_view spec, std::string_view ready,
                         const std::vector<crds::Toleration>& tolerations = {}) {
    return node_state(node(spec, ready)).unavailable_reason(tolerations);
  };
  EXPECT_EQ(reason("{unschedulable: true}", kReady).key, "node-cordoned");
  EXPECT_EQ(reason("{}", "[]"), (Phrase{"node-not-ready", {"no Ready condition reported"}}));
  EXPECT_EQ(reason("{}", "[{type: Ready, status: Unknown, reason: NodeStatusUnknown, message: stopped}]"),
            (Phrase{"node-not-ready", {"NodeStatusUnknown: stopped"}}));
  // Without tolerations in the scan every taint is tolerated; with some, all taints must be.
  constexpr const char* kTainted = "{taints: [{key: gpu, value: 'yes', effect: NoSchedule}]}";
  EXPECT_TRUE(reason(kTainted, kReady).empty());
  const crds::Toleration other{
      .key = "other", .op = "Exists", .value = "", .effect = "", .toleration_seconds = {}};
  const crds::Toleration gpu{
      .key = "gpu", .op = "Exists", .value = "", .effect = "", .toleration_seconds = {}};
  EXPECT_EQ(reason(kTainted, kReady, {other}), (Phrase{"node-taint-not-tolerated", {"gpu:NoSchedule"}}));
  EXPECT_TRUE(reason(kTainted, kReady, {gpu}).empty());
}

TEST(NodeState, DeletionComesFirst) {
  base::Value leaving = node("{unschedulable: true}", "[]");
  leaving.find("metadata")->set("deletionTimestamp", "2026-01-01T00:00:00Z");
  EXPECT_EQ(node_state(leaving).unavailable_reason({}).key, "node-deleting");
}

TEST(ProjectNode, KeepsWhatIsReadAndNoHeartbeat) {
  const base::Value before = node("{unschedulable: true, taints: [{key: k, effect: NoExecute}]}", kReady);
  base::Value after = before;
  after.find("metadata")->set("resourceVersion", "8");
  after.find("status")->set("conditions", yaml("[{type: Ready, status: 'True', lastHeartbeatTime: later}]"));
  EXPECT_EQ(project_node(base::Value(before)), project_node(base::Value(after)));
  const NodeState whole = node_state(before), kept = node_state(project_node(base::Value(before)));
  EXPECT_EQ(kept.name, whole.name);
  EXPECT_EQ(kept.labels, whole.labels);
  EXPECT_EQ(kept.kubelet_version, whole.kubelet_version);
  EXPECT_EQ(kept.ready, whole.ready);
  EXPECT_TRUE(kept.cordoned);
  ASSERT_EQ(kept.taints.size(), 1U);
  EXPECT_EQ(kept.taints[0].key, "k");
}

}  // namespace
}  // namespace baseline::controllers
