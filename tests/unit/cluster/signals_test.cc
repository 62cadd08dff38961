#include "baseline/signals.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "../baseline/evaluate_support.h"

namespace baseline::test {
namespace {

using Signals = std::vector<std::string>;

Signals signals_of(std::string_view yaml) {
  return evaluate_node(*profile_of("5.1.2.1"), facts_of(yaml), {}, {}).signals;
}

TEST(Signals, ANodeWithoutAnApiServerHasNone) {
  EXPECT_EQ(signals_of("run: {kubelet: \"\"}"), Signals());
}

TEST(Signals, SayWhatTheApiServerHasInForce) {
  EXPECT_EQ(
      signals_of(R"(
run: {kube-apiserver: "--anonymous-auth=false --authorization-mode=Node,RBAC --enable-admission-plugins=ImagePolicyWebhook --encryption-provider-config=/e.yaml"}
files: {/e.yaml: "0600 root:root"}
configs: {/e.yaml: {role: encryption, of: kube-apiserver, text: {kind: EncryptionConfiguration, resources: [{resources: [secrets], providers: [{aescbc: {keys: []}}, {identity: {}}]}]}}}
)"),
      (Signals{"apiserver.encryption-at-rest", "apiserver.image-policy-webhook",
               "apiserver.no-anonymous-requests", "apiserver.no-pod-security-default", "apiserver.rbac"}));
}

TEST(Signals, SayWhatItLacks) {
  EXPECT_EQ(signals_of("run: {kube-apiserver: \"--authorization-mode=AlwaysAllow\"}"),
            (Signals{"apiserver.anonymous-requests", "apiserver.no-encryption-at-rest",
                     "apiserver.no-image-policy-webhook", "apiserver.no-pod-security-default",
                     "apiserver.no-rbac"}));
  EXPECT_EQ(signals_of("run: {kube-apiserver: \"--authorization-mode=RBAC\"}").front(),
            "apiserver.anonymous-requests");
}

TEST(Signals, WhatIsNotKnownIsNotSaid) {
  // The file that would say it was not read.
  const Signals signals = signals_of(R"(
run: {kube-apiserver: "--authorization-config=/a.yaml --encryption-provider-config=/e.yaml --authentication-config=/n.yaml"}
)");
  EXPECT_EQ(signals, (Signals{"apiserver.no-image-policy-webhook", "apiserver.no-pod-security-default"}));
}

TEST(Signals, OfTwoApiServersOneThatLacksItDecides) {
  const Signals signals = signals_of(
      "run: {kube-apiserver: [{flags: \"--authorization-mode=RBAC\"}, {flags: "
      "\"--authorization-mode=AlwaysAllow\"}]}");
  EXPECT_EQ(std::ranges::count(signals, "apiserver.rbac"), 0);
  EXPECT_EQ(std::ranges::count(signals, "apiserver.no-rbac"), 1);
}

// What is said of Pod Security alone.
Signals pod_security(const std::string& flags, const std::string& configs) {
  const std::string run = "run: {kube-apiserver: {flags: \"" + flags + "\", version: \"1.30.0\"}}\n";
  Signals out;
  for (std::string& one : signals_of(run + "configs: {" + configs + "}\n")) {
    if (one.find("pod-security-") != std::string::npos) out.push_back(std::move(one));
  }
  return out;
}

std::string file(const std::string& path, const std::string& text) {
  return path + ": {role: admission, of: kube-apiserver, text: " + text + "}";
}

TEST(Signals, PodSecurityDefaultsStandInTheAdmissionConfiguration) {
  const std::string named = "--admission-control-config-file=/a.yaml";
  const std::string strict = "defaults: {enforce: baseline}, exemptions: {namespaces: [infra]}";
  const Signals yes{"apiserver.pod-security-default=baseline", "apiserver.pod-security-exempt=infra"};
  EXPECT_EQ(
      pod_security(named, file("/a.yaml", "{plugins: [{name: Other}, {name: PodSecurity, configuration: {" +
                                              strict + "}}]}")),
      yes);
  EXPECT_EQ(pod_security(named, file("/a.yaml", "{plugins: [{name: PodSecurity, path: p.yaml}]}") + ", " +
                                    file("p.yaml", "{" + strict + "}")),
            yes);
}

TEST(Signals, PodSecurityDefaultsThatLeavePodsOutOrAreUnknownAreNone) {
  const std::string named = "--admission-control-config-file=/a.yaml";
  const Signals no{"apiserver.no-pod-security-default"};
  const auto with = [&](const std::string& configuration) {
    return pod_security(named, file("/a.yaml", "{plugins: [{name: PodSecurity, " + configuration + "}]}"));
  };
  EXPECT_EQ(pod_security("", ""), no);
  EXPECT_EQ(pod_security(named, ""), no) << "the file was not read";
  EXPECT_EQ(with("path: gone.yaml"), no);
  EXPECT_EQ(with("configuration: {defaults: {enforce: privileged}}"), no);
  EXPECT_EQ(with("configuration: {defaults: {warn: baseline}}"), no);
  EXPECT_EQ(with("configuration: {defaults: {enforce: baseline}, exemptions: {usernames: [ci]}}"), no);
  EXPECT_EQ(with("configuration: {defaults: {enforce: baseline}, exemptions: {runtimeClasses: [vm]}}"), no);
  EXPECT_EQ(pod_security(named + " --disable-admission-plugins=PodSecurity",
                         file("/a.yaml",
                              "{plugins: [{name: PodSecurity, configuration: {defaults: {enforce: "
                              "baseline}}}]}")),
            no);
}

}  // namespace
}  // namespace baseline::test
