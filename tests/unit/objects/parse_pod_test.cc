#include <gmock/gmock.h>

#include "support.h"

namespace baseline::objects::test {
namespace {

using cluster::Container;
using cluster::Kind;
using cluster::Pod;
using ::testing::ElementsAre;

Pod pod(std::string_view spec, std::string_view annotations = "{}", ParseOptions options = {}) {
  return parsed<Pod>(Kind::kPod, pod_json(spec, annotations), std::move(options));
}

TEST(ParsePod, AbsentFieldsAreTheDefaults) {
  const Pod it = pod(R"({"containers":[{"name":"web","image":"nginx"}]})");
  EXPECT_EQ(it.metadata.ns, "shop");
  EXPECT_EQ(it.metadata.name, "cart");
  EXPECT_EQ(it.service_account, "default");
  EXPECT_FALSE(it.is_template || it.host_network || it.host_ipc || it.host_pid || it.windows || it.truncated);
  EXPECT_EQ(it.automount_token, std::nullopt);
  EXPECT_EQ(it.host_users, std::nullopt);
  ASSERT_EQ(it.containers.size(), 1U);
  const Container& web = it.containers[0];
  EXPECT_EQ(web.image, "nginx");
  EXPECT_EQ(web.list, Container::List::kContainer);
  EXPECT_EQ(web.security.privileged, std::nullopt);
  EXPECT_EQ(web.security.allow_privilege_escalation, std::nullopt);
  EXPECT_EQ(web.security.run_as_user, std::nullopt);
  EXPECT_EQ(web.security.seccomp.type, "");
  EXPECT_FALSE(web.cpu_limit || web.cpu_request || web.memory_limit || web.memory_request);
}

TEST(ParsePod, Metadata) {
  const Pod it = parsed<Pod>(Kind::kPod, R"({"metadata":{"namespace":"shop","name":"cart-1",
    "creationTimestamp":"2026-01-31T08:15:00Z","labels":{"app":"cart"},"annotations":{"a":"b","n":1},
    "ownerReferences":[{"kind":"Other","name":"x"},{"kind":"ReplicaSet","name":"cart","controller":true}]},
    "spec":{"nodeName":"n1"},"status":{"phase":"Running"}})");
  EXPECT_EQ(it.metadata.labels, (cluster::Labels{{"app", "cart"}}));
  EXPECT_EQ(it.metadata.annotations, (cluster::Labels{{"a", "b"}}));
  EXPECT_EQ(it.metadata.controller_kind, "ReplicaSet");
  EXPECT_EQ(it.metadata.controller_name, "cart");
  ASSERT_TRUE(it.metadata.created.has_value());
  EXPECT_EQ(base::format_time(*it.metadata.created), "2026-01-31T08:15:00Z");
  EXPECT_EQ(it.node, "n1");
  EXPECT_EQ(it.phase, "Running");
}

TEST(ParsePod, ListsOfContainers) {
  const Pod it = pod(R"({"initContainers":[{"name":"a"},{"name":"b","restartPolicy":"Always"}],
    "containers":[{"name":"c","restartPolicy":"Always"}],"ephemeralContainers":[{"name":"d"}]})");
  ASSERT_EQ(it.containers.size(), 4U);
  EXPECT_EQ(it.containers[0].list, Container::List::kInit);
  EXPECT_EQ(it.containers[1].list, Container::List::kSidecar);
  EXPECT_EQ(it.containers[2].list, Container::List::kContainer);
  EXPECT_EQ(it.containers[3].list, Container::List::kEphemeral);
}

TEST(ParsePod, PodFields) {
  const Pod it = pod(R"({"hostNetwork":true,"hostIPC":true,"hostPID":true,"hostUsers":false,
    "serviceAccountName":"robot","automountServiceAccountToken":false,"os":{"name":"windows"},
    "securityContext":{"runAsNonRoot":true,"runAsUser":1000,"seccompProfile":{"type":"RuntimeDefault"}},
    "resources":{"requests":{"cpu":"1"},"limits":{"memory":"1Gi"}}})");
  EXPECT_TRUE(it.host_network && it.host_ipc && it.host_pid && it.windows);
  EXPECT_EQ(it.host_users, false);
  EXPECT_EQ(it.service_account, "robot");
  EXPECT_EQ(it.automount_token, false);
  EXPECT_EQ(it.security.run_as_non_root, true);
  EXPECT_EQ(it.security.run_as_user, 1000);
  EXPECT_EQ(it.security.seccomp.type, "RuntimeDefault");
  EXPECT_TRUE(it.pod_cpu_request && it.pod_memory_limit && it.pod_memory_request);
  EXPECT_FALSE(it.pod_cpu_limit);
}

TEST(ParsePod, WindowsByNodeSelectorAndTheOldAccountField) {
  EXPECT_TRUE(pod(R"({"nodeSelector":{"kubernetes.io/os":"windows"}})").windows);
  EXPECT_FALSE(pod(R"({"nodeSelector":{"kubernetes.io/os":"linux"}})").windows);
  EXPECT_EQ(pod(R"({"serviceAccount":"old"})").service_account, "old");
}

TEST(ParsePod, ContainerSecurity) {
  const Pod it = pod(R"({"containers":[{"name":"web","securityContext":{"privileged":true,
    "allowPrivilegeEscalation":false,"readOnlyRootFilesystem":true,"runAsNonRoot":false,"runAsUser":0,
    "capabilities":{"add":["NET_ADMIN"],"drop":["ALL"]},
    "seccompProfile":{"type":"Localhost","localhostProfile":"p.json"},"appArmorProfile":{"type":"Unconfined"},
    "seLinuxOptions":{"type":"spc_t"},"windowsOptions":{"hostProcess":true}}}]})");
  const cluster::SecurityContext& security = it.containers.at(0).security;
  EXPECT_EQ(security.privileged, true);
  EXPECT_EQ(security.allow_privilege_escalation, false);
  EXPECT_EQ(security.read_only_root_filesystem, true);
  EXPECT_EQ(security.run_as_non_root, false);
  EXPECT_EQ(security.run_as_user, 0);
  EXPECT_THAT(security.capabilities_add, ElementsAre("NET_ADMIN"));
  EXPECT_THAT(security.capabilities_drop, ElementsAre("ALL"));
  EXPECT_EQ(security.seccomp, (cluster::SecurityProfile{"Localhost", "p.json"}));
  EXPECT_EQ(security.apparmor.type, "Unconfined");
  EXPECT_TRUE(security.selinux);
  EXPECT_EQ(security.selinux_type, "spc_t");
  EXPECT_EQ(security.host_process, true);
}

TEST(ParsePod, OldAnnotationsStandForTheFields) {
  constexpr std::string_view kAnnotations = R"({"seccomp.security.alpha.kubernetes.io/pod":"docker/default",
    "container.seccomp.security.alpha.kubernetes.io/web":"unconfined",
    "container.apparmor.security.beta.kubernetes.io/web":"localhost/strict",
    "container.apparmor.security.beta.kubernetes.io/db":"runtime/default"})";
  constexpr std::string_view kSpec =
      R"({"containers":[{"name":"web"},{"name":"db","securityContext":{"appArmorProfile":{"type":"Unconfined"}}}]})";
  const Pod it = pod(kSpec, kAnnotations);
  EXPECT_EQ(it.security.seccomp.type, "RuntimeDefault");
  EXPECT_EQ(it.containers.at(0).security.seccomp.type, "Unconfined");
  EXPECT_EQ(it.containers.at(0).security.apparmor, (cluster::SecurityProfile{"Localhost", "strict"}));
  EXPECT_EQ(it.containers.at(1).security.apparmor.type, "Unconfined") << "the field wins";
  EXPECT_EQ(it.containers.at(1).security.seccomp.type, "");
}

TEST(ParsePod, SeccompAnnotationsThatTheServerIgnoresDoNotCount) {
  const Pod it = pod(R"({"containers":[{"name":"web"}]})",
                     R"({"seccomp.security.alpha.kubernetes.io/pod":"runtime/default",
    "container.apparmor.security.beta.kubernetes.io/web":"runtime/default"})",
                     {.seccomp_annotations = false});
  EXPECT_EQ(it.security.seccomp.type, "");
  EXPECT_EQ(it.containers.at(0).security.apparmor.type, "RuntimeDefault");
}

TEST(ParsePod, PortsAndTheHostNetwork) {
  constexpr std::string_view kContainers =
      R"("containers":[{"name":"a","ports":[{"containerPort":80},{"containerPort":53,"hostPort":5353,"protocol":"UDP"}]}])";
  const Pod plain = pod("{" + std::string(kContainers) + "}");
  ASSERT_EQ(plain.containers.at(0).ports.size(), 2U);
  EXPECT_EQ(plain.containers[0].ports[0].host_port, 0);
  EXPECT_EQ(plain.containers[0].ports[0].protocol, "TCP");
  EXPECT_EQ(plain.containers[0].ports[1].host_port, 5353);
  const Pod host = pod(R"({"hostNetwork":true,)" + std::string(kContainers) + "}");
  EXPECT_EQ(host.containers.at(0).ports.at(0).host_port, 80);
  EXPECT_EQ(host.containers.at(0).ports.at(1).host_port, 5353);
}

TEST(ParsePod, EnvironmentMountsAndDevices) {
  const Pod it = pod(R"({"containers":[{"name":"a","env":[{"name":"A","value":"x"},
    {"name":"B","valueFrom":{"secretKeyRef":{"name":"db","key":"k"}}},
    {"name":"C","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}],
    "envFrom":[{"configMapRef":{"name":"c"}},{"secretRef":{"name":"all"}}],
    "volumeMounts":[{"name":"v","mountPath":"/v","readOnly":true}],"volumeDevices":[{"name":"disk"}]}]})");
  const Container& it0 = it.containers.at(0);
  ASSERT_EQ(it0.env.size(), 3U);
  EXPECT_EQ(it0.env[0].literal, "x");
  EXPECT_EQ(it0.env[1].secret, "db");
  EXPECT_EQ(it0.env[2].literal + it0.env[2].secret, "");
  EXPECT_THAT(it0.env_from_secrets, ElementsAre("all"));
  EXPECT_EQ(it0.mounts.at(0).path, "/v");
  EXPECT_TRUE(it0.mounts.at(0).read_only);
  EXPECT_THAT(it0.devices, ElementsAre("disk"));
}

TEST(ParsePod, Volumes) {
  const Pod it = pod(R"({"volumes":[{"name":"h","hostPath":{"path":"/var/run/docker.sock","type":"Socket"}},
    {"name":"t","projected":{"sources":[{"serviceAccountToken":{"path":"token"}}]}},
    {"name":"o","projected":{"sources":[{"serviceAccountToken":{"audience":"vault"}}]}},
    {"name":"s","csi":{"driver":"secrets-store.csi.k8s.io"}},{"name":"e","emptyDir":{}}]})");
  ASSERT_EQ(it.volumes.size(), 5U);
  EXPECT_TRUE(it.volumes[0].is_host_path);
  EXPECT_EQ(it.volumes[0].host_path, "/var/run/docker.sock");
  EXPECT_EQ(it.volumes[0].host_path_type, "Socket");
  EXPECT_TRUE(it.volumes[1].service_account_token);
  EXPECT_FALSE(it.volumes[2].service_account_token);
  EXPECT_EQ(it.volumes[3].csi_driver, "secrets-store.csi.k8s.io");
  EXPECT_FALSE(it.volumes[4].is_host_path);
}

TEST(ParsePod, ResourcesAsTheServerCompletesThem) {
  const auto container = [](std::string_view resources) {
    return pod(R"({"containers":[{"name":"a","resources":)" + std::string(resources) + "}]}")
        .containers.at(0);
  };
  const Container limits = container(R"({"limits":{"cpu":"500m","memory":134217728}})");
  EXPECT_TRUE(limits.cpu_limit && limits.cpu_request && limits.memory_limit && limits.memory_request);
  const Container requests = container(R"({"requests":{"cpu":0.5,"memory":"64Mi"}})");
  EXPECT_TRUE(requests.cpu_request && requests.memory_request);
  EXPECT_FALSE(requests.cpu_limit || requests.memory_limit);
  const Container nothing = container(R"({"limits":{"cpu":"0","memory":"0Gi"},"requests":{"cpu":0}})");
  EXPECT_FALSE(nothing.cpu_limit || nothing.memory_limit || nothing.cpu_request || nothing.memory_request)
      << "a limit of nothing limits nothing";
}

}  // namespace
}  // namespace baseline::objects::test
