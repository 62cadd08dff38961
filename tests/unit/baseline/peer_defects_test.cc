// Cases that other tools of this field are known to judge wrongly, each by name.
#include <gtest/gtest.h>

#include "evaluate_support.h"

namespace baseline::test {
namespace {

Status status_of(std::string_view id, std::string_view yaml, const NodeContext& context = {}) {
  return result_of(id, yaml, context).status;
}

TEST(PeerDefects, AlwaysAllowWrittenWithASpaceIsSeen) {
  EXPECT_EQ(status_of("5.1.2.3", R"({run: {kube-apiserver: "--authorization-mode AlwaysAllow"}})"),
            Status::kFail);
}

TEST(PeerDefects, TheLastOfARepeatedFlagIsInForce) {
  EXPECT_EQ(status_of("5.1.4.1", R"({run: {kube-apiserver: "--profiling=false --profiling=true"}})"),
            Status::kFail);
  EXPECT_EQ(status_of("5.1.4.1", R"({run: {kube-apiserver: "--profiling=true --profiling=false"}})"),
            Status::kPass);
  EXPECT_EQ(status_of("5.1.5.2", R"({run: {kube-apiserver: "--audit-log-maxage=30 --audit-log-maxage=1"}})"),
            Status::kFail);
}

// A list flag that is repeated adds up in the API server: AlwaysAllow is in force wherever it stands.
TEST(PeerDefects, ARepeatedListFlagAddsUp) {
  for (const char* flags : {"--authorization-mode=AlwaysAllow --authorization-mode=Node,RBAC",
                            "--authorization-mode=Node,RBAC --authorization-mode=AlwaysAllow"}) {
    EXPECT_EQ(status_of("5.1.2.3", "{run: {kube-apiserver: \"" + std::string(flags) + "\"}}"), Status::kFail)
        << flags;
  }
}

TEST(PeerDefects, AnEmptyFlagSetsNothing) {
  EXPECT_EQ(status_of("5.1.2.11", R"({run: {kube-apiserver: "--client-ca-file="}})"), Status::kFail);
}

TEST(PeerDefects, AutomaticReloadIsNoEncryption) {
  EXPECT_EQ(status_of("5.1.4.2",
                      R"({run: {kube-apiserver: "--encryption-provider-config-automatic-reload=true"}})"),
            Status::kFail);
}

TEST(PeerDefects, NotrootIsNotRoot) {
  EXPECT_EQ(status_of("5.6.1.4", R"({run: {kubelet: "--kubeconfig=/k"}, files: {/k: "0600 notroot:root"}})"),
            Status::kFail);
}

TEST(PeerDefects, AuthorizationConfigurationIsRead) {
  const auto yaml = [](const char* type) {
    return std::string(
               "run: {kube-apiserver: \"--authorization-config=/a.yaml\"}\n"
               "configs: {/a.yaml: {role: authorization, text: {authorizers: [{type: Node}, {type: ") +
           type + "}]}}}\n";
  };
  EXPECT_EQ(status_of("5.1.2.5", yaml("RBAC")), Status::kPass);
  EXPECT_EQ(status_of("5.1.2.3", yaml("AlwaysAllow")), Status::kFail);
}

TEST(PeerDefects, ModesAreSetsOfBitsNotDecimals) {
  const auto yaml = [](const char* mode) {
    return "{run: {kubelet: \"--kubeconfig=/k\"}, files: {/k: \"" + std::string(mode) + " root:root\"}}";
  };
  EXPECT_EQ(status_of("5.6.1.3", yaml("0477")), Status::kFail);
  EXPECT_EQ(status_of("5.6.1.3", yaml("0066")), Status::kFail);
  EXPECT_EQ(status_of("5.6.1.3", yaml("2600")), Status::kFail);
  EXPECT_EQ(status_of("5.6.1.3", yaml("0400")), Status::kPass);
  EXPECT_EQ(status_of("5.6.1.3", yaml("0000")), Status::kPass);
}

TEST(PeerDefects, AManagedControlPlanePassesNothing) {
  const NodeOutcome outcome = evaluate_node(*whole_profile(), facts_of(R"({run: {kubelet: ""}})"), {}, {});
  for (const NodeResult& result : outcome.results) {
    if (!result.id.starts_with("5.1") && !result.id.starts_with("5.2") && !result.id.starts_with("5.3"))
      continue;
    EXPECT_EQ(result.status, Status::kNotApplicable) << describe(result);
    EXPECT_FALSE(result.absent_component.empty()) << result.id;
  }
}

TEST(PeerDefects, ExternalEtcdDoesNotVanish) {
  const std::string_view yaml = R"({run: {kube-apiserver: "--etcd-servers=https://etcd.example:2379"}})";
  const NodeResult result = result_of("5.4.2.2", yaml);
  EXPECT_EQ(result.status, Status::kNotApplicable);
  EXPECT_EQ(result.absent_component, "etcd");
  EXPECT_NE(english(result.message).find("https://etcd.example:2379"), std::string::npos);
  EXPECT_EQ(status_of("5.1.2.12", yaml), Status::kFail);
}

TEST(PeerDefects, TheKubeletsOwnConfigurationFilesAreRead) {
  EXPECT_EQ(status_of("5.6.2.5", R"(
run: {kubelet: "--config=/opt/kubelet.yaml --config-dir=/opt/kubelet.d"}
configs:
  /var/lib/kubelet/config.yaml: {of: kubelet, text: {authentication: {anonymous: {enabled: false}}}}
  /opt/kubelet.yaml: {of: kubelet, text: {authentication: {anonymous: {enabled: false}}}}
  /opt/kubelet.d/50.conf: {of: kubelet, role: config-dir, text: {authentication: {anonymous: {enabled: true}}}}
)"),
            Status::kFail);
}

TEST(PeerDefects, WhatCouldNotBeReadIsNeverAPass) {
  for (
      const char* yaml :
      {R"({run: {kubelet: "--config=/c.yaml"}})",
       R"({run: {kubelet: "--config=/c.yaml"}, configs: {/c.yaml: {of: kubelet, error: "permission denied"}}})",
       R"({run: {kubelet: {flags: "", truncated: true}}})"}) {
    for (const char* id : {"5.6.2.4", "5.6.2.5", "5.6.2.7", "5.6.3.1", "5.6.5.2", "5.6.5.5"}) {
      EXPECT_EQ(status_of(id, yaml), Status::kError) << id << " " << yaml;
    }
  }
}

// Flags are compared whole: the API server's --kubelet-client-certificate is none of the kubelet's.
TEST(PeerDefects, OneFlagIsNotTheBeginningOfAnother) {
  EXPECT_EQ(
      status_of(
          "5.1.2.10",
          R"({run: {kube-apiserver: "--tls-cert-file-extra=/x --tls-private-key-file=/y"}, files: {/y: "0600 root:root"}})"),
      Status::kFail);
}

TEST(PeerDefects, EveryProcessOfAComponentIsJudged) {
  EXPECT_EQ(status_of("5.1.4.1", R"({run: {kube-apiserver: [{flags: "--profiling=false"}, {flags: ""}]}})"),
            Status::kFail);
}

TEST(PeerDefects, PathsOfAProcessAreLookedUpInItsOwnRoot) {
  const std::string_view yaml = R"(
run: {kube-proxy: {flags: "--kubeconfig=/k.conf", root: own, pid: 5}}
files: {"5:/k.conf": "0644 root:root", /k.conf: "0600 root:root"}
)";
  EXPECT_EQ(status_of("5.5.1.1", yaml), Status::kFail);
}

TEST(PeerDefects, WhatABundleHidesIsNotTakenForADefault) {
  EXPECT_EQ(status_of("5.1.2.6", R"({run: {kube-apiserver: {flags: "", bundle: k3s}}})"), Status::kError);
  EXPECT_EQ(
      status_of("5.1.4.1",
                R"({run: {kube-apiserver: {flags: "--kube-apiserver-arg=profiling=false", bundle: k3s}}})"),
      Status::kPass);
  EXPECT_EQ(
      status_of("5.1.4.1",
                R"({run: {kube-apiserver: {flags: "--kube-apiserver-arg profiling=true", bundle: k3s}}})"),
      Status::kFail);
}

}  // namespace
}  // namespace baseline::test
