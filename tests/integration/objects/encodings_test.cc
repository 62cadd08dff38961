// Pods in Protobuf are read as their JSON is.
#include <map>
#include <variant>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "integration/objects/judged.h"
#include "kube/resource.h"
#include "objects/parse.h"

namespace baseline::integration {
namespace {

using kube::Encoding;

using Pods = std::map<std::string, cluster::Pod>;

void take(objects::ObjectParser& parser, std::string_view item, Encoding encoding, Pods& out) {
  std::vector<cluster::Object> made;
  const auto done = parser.parse_item(cluster::Kind::kPod, item, encoding, made);
  ASSERT_TRUE(done.has_value()) << done.error().error().text();
  auto& pod = std::get<cluster::Pod>(made.at(0));
  out.emplace(pod.metadata.ns + "/" + pod.metadata.name, pod);
}

// Among them one that uses every field that is read.
class Encodings : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    for (const char* file : {"cluster.yaml", "every-field.yaml"}) {
      const Finished made = plane().kubectl(
          {"apply", "--validate=false", "-f", std::string(PROJECT_DIR "/tests/integration/objects/") + file});
      ASSERT_TRUE(made.ok()) << made.text();
    }
    // By its own subresource alone; a server of 1.20 has it switched off.
    const Connection admin;
    const auto ephemeral = base::parse_json(
        R"({"spec":{"ephemeralContainers":[{"name":"debug","image":"registry.example/debug",
            "targetContainerName":"all","securityContext":{"capabilities":{"add":["SYS_PTRACE"]}}}]}})",
        "");
    const auto patched = admin->patch(kube::kPod, "judged-fields", "every-field", *ephemeral,
                                      {.subresource = "ephemeralcontainers"});
    has_ephemeral_ = patched.has_value();
  }

  static Pods in_json(int page_size) {
    const Connection admin;
    objects::ObjectParser parser;
    Pods pods;
    const auto end = admin->list_raw(kube::kPod, {.page_size = page_size}, [&](std::string_view item) {
      take(parser, item, Encoding::kJson, pods);
      return true;
    });
    EXPECT_TRUE(end.has_value()) << end.error().text();
    return pods;
  }

  static Pods in_protobuf(int page_size) {
    const Connection admin;
    objects::ObjectParser parser;
    Pods pods;
    const auto end = admin->list_encoded(kube::kPod, {.page_size = page_size},
                                         [&](std::string_view item, Encoding encoding) {
                                           EXPECT_EQ(encoding, Encoding::kProtobuf);
                                           take(parser, item, encoding, pods);
                                           return true;
                                         });
    EXPECT_TRUE(end.has_value()) << end.error().text();
    return pods;
  }

  static inline bool has_ephemeral_ = false;
};

TEST_F(Encodings, GiveTheSamePods) {
  const Pods json = in_json(500);
  const Pods protobuf = in_protobuf(2);
  EXPECT_GE(json.size(), 5U);
  ASSERT_EQ(json.size(), protobuf.size());
  for (const auto& [name, pod] : json) EXPECT_TRUE(protobuf.at(name) == pod) << name;
}

TEST_F(Encodings, LeaveNoFieldOut) {
  const cluster::Pod pod = in_protobuf(500).at("judged-fields/every-field");
  EXPECT_FALSE(pod.uid.empty());
  EXPECT_TRUE(pod.metadata.created.has_value());
  EXPECT_THAT(pod.metadata.labels, testing::Contains(testing::Pair("app", "every-field")));
  EXPECT_THAT(pod.metadata.annotations, testing::Contains(testing::Pair("example.com/note", "seen")));
  EXPECT_EQ(pod.metadata.controller_kind, "ReplicaSet");
  EXPECT_EQ(pod.metadata.controller_name, "every");
  EXPECT_EQ(pod.node, "node-that-is-not-there");
  EXPECT_EQ(pod.phase, "Pending");
  EXPECT_EQ(pod.service_account, "worker");
  EXPECT_EQ(pod.automount_token, false);
  EXPECT_TRUE(pod.host_network && pod.host_ipc && pod.host_pid);
  EXPECT_EQ(pod.security.run_as_user, 0);
  EXPECT_EQ(pod.security.run_as_non_root, false);
  EXPECT_EQ(pod.security.seccomp, (cluster::SecurityProfile{"Localhost", "profiles/pod.json"}));
  EXPECT_EQ(pod.security.selinux_type, "spc_t");

  ASSERT_EQ(pod.containers.size(), has_ephemeral_ ? 3U : 2U);
  EXPECT_EQ(pod.containers[0].name, "prepare");
  EXPECT_NE(pod.containers[0].list, cluster::Container::List::kContainer);
  const cluster::Container& all = pod.containers[1];
  EXPECT_EQ(all.image, "registry.example/all:1");
  EXPECT_EQ(all.security.privileged, true);
  EXPECT_EQ(all.security.allow_privilege_escalation, true);
  EXPECT_EQ(all.security.read_only_root_filesystem, false);
  EXPECT_EQ(all.security.run_as_non_root, false);
  EXPECT_EQ(all.security.run_as_user, 0);
  EXPECT_THAT(all.security.capabilities_add, testing::ElementsAre("SYS_ADMIN"));
  EXPECT_THAT(all.security.capabilities_drop, testing::ElementsAre("NET_RAW"));
  EXPECT_EQ(all.security.seccomp.type, "Unconfined");
  EXPECT_TRUE(all.security.selinux);
  EXPECT_EQ(all.ports.at(0), (cluster::ContainerPort{8080, 8080, "UDP"}));
  EXPECT_EQ(all.env.at(0), (cluster::EnvironmentVariable{"MODE", "plain", ""}));
  EXPECT_EQ(all.env.at(1), (cluster::EnvironmentVariable{"PASSWORD", "", "db"}));
  EXPECT_THAT(all.env_from_secrets, testing::ElementsAre("more"));
  EXPECT_THAT(all.mounts, testing::Contains(cluster::VolumeMount{"host", "/host", true}));
  EXPECT_THAT(all.devices, testing::ElementsAre("disk"));
  EXPECT_TRUE(all.memory_request && all.memory_limit);
  EXPECT_FALSE(all.cpu_request || all.cpu_limit) << "an amount of 0 is none";
  if (has_ephemeral_) {
    EXPECT_EQ(pod.containers[2].list, cluster::Container::List::kEphemeral);
    EXPECT_THAT(pod.containers[2].security.capabilities_add, testing::ElementsAre("SYS_PTRACE"));
  }

  ASSERT_GE(pod.volumes.size(), 5U);
  const auto volume = [&](std::string_view name) {
    for (const cluster::Volume& one : pod.volumes) {
      if (one.name == name) return one;
    }
    return cluster::Volume{};
  };
  EXPECT_EQ(volume("host").host_path, "/var/run");
  EXPECT_EQ(volume("host").host_path_type, "Directory");
  EXPECT_TRUE(volume("host").is_host_path);
  EXPECT_TRUE(volume("token").service_account_token);
  EXPECT_FALSE(volume("other-token").service_account_token);
  EXPECT_EQ(volume("store").csi_driver, "secrets-store.csi.k8s.io");
}

TEST_F(Encodings, AMissingRightIsSaidAsInJson) {
  ASSERT_TRUE(plane().kubectl({"-n", "judged-fields", "create", "serviceaccount", "nobody"}).ok());
  const Connection nobody(plane().config_of("judged-fields", "nobody"), {});
  const auto refused = nobody->list_encoded(kube::kPod, {}, [](std::string_view, Encoding) { return true; });
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, base::ErrorCode::kForbidden);
  EXPECT_THAT(refused.error().message,
              testing::AllOf(testing::HasSubstr("not allowed to list pods"),
                             testing::HasSubstr("the server said: pods is forbidden")));
}

}  // namespace
}  // namespace baseline::integration
