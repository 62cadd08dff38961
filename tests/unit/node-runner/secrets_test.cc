// No secret leaves the node, in no form of output.
#include <gmock/gmock.h>

#include "base/digest.h"
#include "base/json.h"
#include "baseline/facts/facts_json.h"
#include "baseline/facts/frame.h"
#include "lookup.h"
#include "node_layouts.h"

namespace baseline::runner {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Every secret laid out below contains this, plainly or in base64 at any alignment.
constexpr const char* kCanary = "CANARY";

void expect_silent(const std::string& text) {
  EXPECT_THAT(text, Not(HasSubstr(kCanary)));
  EXPECT_THAT(text, Not(HasSubstr("Q0FOQVJZ")));
  EXPECT_THAT(text, Not(HasSubstr("NBTkFSW")));
  EXPECT_THAT(text, Not(HasSubstr("DQU5BUl")));
}

void lay_out_secrets(test::NodeTree& tree) {
  const std::string root = "/run/containerd/kube-apiserver/rootfs";
  auto argv = test::api_server_argv();
  argv.insert(argv.end(),
              {"--encryption-provider-config=/etc/k/enc.yaml",
               "--authentication-token-webhook-config-file=/etc/k/hook",
               "--token-auth-file=/etc/k/tokens.csv", "--db-password", "CANARY1", "--token=CANARY2",
               "--datastore=postgres://u:CANARY3@db/x", "--bearer=CANARY4",
               "--secret-thing=/CANARY5/+base64=", "--client-key=-----BEGIN PRIVATE KEY-----CANARY6"});
  tree.process({.pid = test::kApiServerPid, .argv = argv, .root = root});
  tree.file(root + "/etc/k/enc.yaml",
            "kind: EncryptionConfiguration\nresources:\n- resources: [secrets]\n  providers:\n  - aescbc:\n  "
            "    keys:\n      "
            "- {name: key1, secret: Q0FOQVJZ}\n  - vendor: {material: CANARY7, list: [CANARY8]}\n");
  tree.file(root + "/etc/k/hook",
            "apiVersion: v1\nkind: Config\nusers:\n- name: u\n  user:\n    token: CANARY9\n    username: "
            "CANARY10\n    password: "
            "CANARY11\n    exec:\n      command: /bin/helper\n      args: [--key, CANARY12]\n      env:\n    "
            "  - {name: A, value: "
            "CANARY13}\n    client-key-data: Q0FOQVJZ\n    client-certificate-data: Q0FOQVJZ\n    "
            "auth-provider:\n      config: "
            "{id-token: CANARY14, refresh: CANARY15}\n");
  tree.file(root + "/etc/k/tokens.csv", "CANARY16,admin,1\n");
  tree.file("/etc/kubernetes/manifests/kube-scheduler.yaml",
            "kind: Pod\nmetadata:\n  annotations: {note: CANARY17}\nspec:\n  containers:\n  - command: "
            "[kube-scheduler, --token, "
            "CANARY18, \"--password=CANARY19\"]\n    args: [\"export TOKEN=CANARY20\"]\n    env:\n    - "
            "{name: KEY, value: "
            "CANARY21}\n    livenessProbe: {httpGet: {httpHeaders: [{name: A, value: CANARY22}]}}\n");
  tree.file("/etc/containerd/config.toml",
            "[plugins.\"io.containerd.grpc.v1.cri\".registry]\nconfig_path = \"/etc/containerd/certs.d\"\n"
            "[plugins.\"io.containerd.grpc.v1.cri\".registry.configs.\"r\".auth]\nusername = "
            "\"CANARY23\"\npassword = "
            "\"CANARY24\"\nauth = "
            "\"Q0FOQVJZ\"\n[plugins.\"io.containerd.grpc.v1.cri\".registry.mirrors.r]\nendpoint = "
            "[\"https://u:CANARY25@r\"]\n");
  tree.file("/etc/containerd/certs.d/r/hosts.toml",
            "server = \"https://u:CANARY26@r\"\n[host.\"https://u:pw@r2\".header]\nAuthorization = \"Basic "
            "CANARY27\"\nx-thing = "
            "[\"CANARY28\"]\n");
  tree.file("/etc/cni/net.d/10-bridge.conflist",
            "{\"name\": \"n\", \"plugins\": [{\"type\": \"calico\", \"policy\": {\"type\": \"k8s\", "
            "\"k8s_auth_token\": "
            "\"CANARY29\"}, \"etcd_key\": \"-----BEGIN RSA PRIVATE KEY-----CANARY30\"}]}");
  tree.file("/var/lib/kubelet/config.yaml",
            test::kubelet_config() +
                "staticPodURLHeader:\n  Authorization: [\"Bearer CANARY31\"]\nsomePassword: CANARY32\n");
  auto kubelet = test::kubelet_argv();
  kubelet.emplace_back("--manifest-url-header=X:CANARY33");
  tree.process({.pid = test::kKubeletPid, .argv = kubelet});
  tree.process({.pid = test::kEtcdPid,
                .argv = {"etcd", "--config-file=/etc/etcd.yaml"},
                .root = "/run/containerd/etcd/rootfs",
                .env = {{"ETCD_INITIAL_CLUSTER_TOKEN", "CANARY34"},
                        {"ETCD_X_PASSWORD", "CANARY35"},
                        {"SECRET", "CANARY36"}}});
  tree.file("/run/containerd/etcd/rootfs/etc/etcd.yaml",
            "initial-cluster-token: CANARY37\nclient-transport-security: {}\n");
  // Broken files: an error must not quote what it could not read.
  tree.file("/etc/kubernetes/scheduler.conf",
            "users:\n- token: CANARY38\n  token: CANARY39\n  CANARY40: 1\n  CANARY40: 2\n");
  tree.remove("/run/containerd/kube-scheduler")
      .container("/run/containerd/kube-scheduler/rootfs", {"/etc/kubernetes/scheduler.conf"});
}

TEST(Secrets, NothingLeavesInAnyForm) {
  test::NodeTree tree;
  test::lay_out_control_plane(tree);
  lay_out_secrets(tree);
  const auto node = collect_from(tree);
  ASSERT_NE(find_config(node, "/etc/k/enc.yaml"), nullptr);
  ASSERT_NE(find_config(node, "/etc/k/hook"), nullptr);
  expect_silent(node.SerializeAsString());
  expect_silent(base::write_json_pretty(facts::to_value(node)));
  const auto back = facts::decode_frame(facts::encode_frame(node).text, "");
  ASSERT_TRUE(back.has_value());
  expect_silent(back->SerializeAsString());
}

TEST(Secrets, NothingLeavesABundle) {
  test::NodeTree tree;
  test::lay_out_k3s(tree);
  tree.file("/etc/rancher/k3s/registries.yaml", "configs: {r: {auth: {password: CANARY}}}\n");
  const auto node = collect_from(tree);
  ASSERT_NE(find_config(node, "/etc/rancher/k3s/config.yaml"), nullptr);
  expect_silent(node.SerializeAsString());
}

TEST(Secrets, WhatIsJudgedStaysVisible) {
  test::NodeTree tree;
  test::lay_out_control_plane(tree);
  lay_out_secrets(tree);
  const auto node = collect_from(tree);
  const auto* server = find_process(node, "kube-apiserver");
  const auto has = [server](std::string_view word) {
    return find_in(server->argv(), [&](const std::string& w) { return w == word; }) != nullptr;
  };
  EXPECT_TRUE(has("--token-auth-file=/etc/k/tokens.csv"));
  EXPECT_TRUE(has("--token=<redacted>"));
  EXPECT_TRUE(has("--enable-bootstrap-token-auth=true"));
  EXPECT_TRUE(has("--tls-private-key-file=/etc/kubernetes/pki/apiserver.key"));
  const auto* encryption = find_config(node, "/etc/k/enc.yaml");
  EXPECT_EQ(find_setting(*encryption, "resources[0].resources[0]")->value(), "secrets");
  EXPECT_TRUE(find_setting(*encryption, "resources[0].providers[0].aescbc.keys[0].secret")->redacted());
}

}  // namespace
}  // namespace baseline::runner
