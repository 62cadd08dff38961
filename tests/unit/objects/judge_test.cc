#include "objects/judge.h"

#include <gmock/gmock.h>

#include "base/json.h"
#include "kube/fake_api_server.h"

namespace baseline::objects::test {
namespace {

using kube::testing::FakeApiServer;
using ::testing::ElementsAre;

struct PodsOfNode : ::testing::Test {
  void put(const std::string& name, const std::string& spec, const std::string& phase = "Running") {
    server.put(kube::kPod,
               base::parse_json(R"({"metadata":{"namespace":"shop","name":")" + name + R"("},"spec":)" +
                                    spec + R"(,"status":{"phase":")" + phase + "\"}}",
                                "test")
                   .value());
  }
  std::optional<std::vector<cluster::Pod>> read() { return pods_of_node(kube::Client(server), "n"); }
  static std::vector<std::string> names(const std::vector<cluster::Pod>& pods) {
    std::vector<std::string> out;
    for (const cluster::Pod& pod : pods) out.push_back(pod.metadata.name);
    return out;
  }

  FakeApiServer server;
};

TEST_F(PodsOfNode, AreThoseThatRunThereAndCanBeRead) {
  put("a", R"({"nodeName":"n"})");
  put("b", R"({"nodeName":"other"})");
  put("c", R"({"nodeName":"n"})", "Failed");
  put("d", R"({"nodeName":"n","hostPID":"yes"})");
  put("e", R"({"nodeName":"n"})");
  const auto pods = read();
  ASSERT_TRUE(pods.has_value());
  EXPECT_THAT(names(*pods), ElementsAre("a", "e"));
}

TEST_F(PodsOfNode, OfMoreBytesThanANodeRunsAreNotHeld) {
  const std::string large = R"({"nodeName":"n","x":")" + std::string(1U << 20, 'x') + "\"}";
  for (int i = 0; i < 15; ++i) put("p" + std::to_string(10 + i), large);
  EXPECT_TRUE(read().has_value());
  for (int i = 0; i < 5; ++i) put("q" + std::to_string(i), large);
  EXPECT_FALSE(read().has_value());
}

TEST_F(PodsOfNode, AreNothingWhereTheListBreaksOff) {
  put("a", R"({"nodeName":"n"})");
  server.fail_next("GET", "/pods", 403);
  EXPECT_FALSE(read().has_value());
}

}  // namespace
}  // namespace baseline::objects::test
