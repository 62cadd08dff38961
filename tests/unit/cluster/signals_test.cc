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
  EXPECT_EQ(signals_of(R"(
run: {kube-apiserver: "--anonymous-auth=false --authorization-mode=Node,RBAC --enable-admission-plugins=ImagePolicyWebhook --encryption-provider-config=/e.yaml"}
files: {/e.yaml: "0600 root:root"}
configs: {/e.yaml: {role: encryption, of: kube-apiserver, text: {kind: EncryptionConfiguration, resources: [{resources: [secrets], providers: [{aescbc: {keys: []}}, {identity: {}}]}]}}}
)"),
            (Signals{"apiserver.encryption-at-rest", "apiserver.image-policy-webhook",
                     "apiserver.no-anonymous-requests", "apiserver.rbac"}));
}

TEST(Signals, SayWhatItLacks) {
  EXPECT_EQ(signals_of("run: {kube-apiserver: \"--authorization-mode=AlwaysAllow\"}"),
            (Signals{"apiserver.anonymous-requests", "apiserver.no-encryption-at-rest",
                     "apiserver.no-image-policy-webhook", "apiserver.no-rbac"}));
  EXPECT_EQ(signals_of("run: {kube-apiserver: \"--authorization-mode=RBAC\"}").front(),
            "apiserver.anonymous-requests");
}

TEST(Signals, WhatIsNotKnownIsNotSaid) {
  // The file that would say it was not read.
  const Signals signals = signals_of(R"(
run: {kube-apiserver: "--authorization-config=/a.yaml --encryption-provider-config=/e.yaml --authentication-config=/n.yaml"}
)");
  EXPECT_EQ(signals, (Signals{"apiserver.no-image-policy-webhook"}));
}

TEST(Signals, OfTwoApiServersOneThatLacksItDecides) {
  const Signals signals = signals_of(
      "run: {kube-apiserver: [{flags: \"--authorization-mode=RBAC\"}, {flags: "
      "\"--authorization-mode=AlwaysAllow\"}]}");
  EXPECT_EQ(std::ranges::count(signals, "apiserver.rbac"), 0);
  EXPECT_EQ(std::ranges::count(signals, "apiserver.no-rbac"), 1);
}

}  // namespace
}  // namespace baseline::test
