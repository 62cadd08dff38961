#include "baseline/facts/published.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

namespace baseline::facts {
namespace {

using enum ValueType;

TEST(MayTravel, WhatIsOfItsType) {
  const std::vector<std::pair<ValueType, std::vector<std::string>>> values = {
      {kBoolean, {"true", "T", "0", " false ", "", "Yes", "off"}},
      {kInteger, {"30", "-1", "+5", "030", "0x1F", "0o17", "1_000"}},
      {kNumber, {"0.55", "1e3", "50"}},
      {kDuration, {"4h0m0s", "1.5h", "0", "300ms", "-1s"}},
      {kNames,
       {"RBAC", "Node,RBAC", "Node, \"RBAC\"", "*,-ttl", "system:masters",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "kernel.shm*", "pods#100", "kubernetes-admin@kubernetes",
        "registry.k8s.io/pause:3.10", "30000-32767",
        "r:5000/x@sha256:0123456789012345678901234567890123456789012345678901234567890123"}},
      {kAddresses, {"127.0.0.1", "::1", "[::]:10256", "10.96.0.0/12,fd00::/108", "host.example:6443"}},
      {kUrls,
       {"https://127.0.0.1:2379,https://[::1]:2379", "unix:///run/containerd/containerd.sock",
        "a=https://b:2380", "/run/crio/crio.sock", "api", "fd://"}},
      {kPaths,
       {"/etc/kubernetes/pki/ca.crt", "kubelet.yaml", "./x", "pki/ca", "-", "/etc/a.crt,/etc/b.crt",
        "/\xE8\xAF\x81\xE4\xB9\xA6/ca.crt", "/system.slice", "/"}},
      {kSwitches, {"A=true,B=false", "kube:AllBeta=true", "api/all=true", "apps/v1=1"}},
      {kAmounts,
       {"memory.available<100Mi,nodefs.available<10%", "cpu=100m,memory=1Gi", "1.31", "kube=1.31",
        "full-pcpus-only=true", "memory.available=1m30s"}},
  };
  for (const auto& [type, texts] : values) {
    for (const std::string& text : texts) EXPECT_TRUE(may_travel(type, text)) << text;
  }
}

TEST(MayTravel, WhatIsNotIsWithheld) {
  const std::vector<std::pair<ValueType, std::vector<std::string>>> values = {
      {kBoolean, {"yes!", "hunter2"}},
      {kInteger, {"hunter2", "deadbeef", "1 2", std::string(64, '1')}},
      {kNumber, {"hunter2", "NaN"}},
      {kDuration, {"hunter2", "soon", "4 hours"}},
      {kNames,
       {"two words", "root:hunter2@host", "root:hunter2@sha256:abc",
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.sig", "abcdef.0123456789abcdef", "a=b", std::string(256, 'a'),
        "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGh"}},
      {kAddresses, {"u:hunter2@host", "two words"}},
      {kUrls,
       {"https://u:hunter2@host", "https://token@host", "https://host/?key=hunter2", "https://host/#hunter2",
        "https://host/AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGh", "https://ok,https://u:p@h",
        "mysql://u:p@tcp(db)/k"}},
      {kPaths,
       {"hunter2", "two words", "/etc/a b", "https://host/x", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.sig",
        "-----BEGIN PRIVATE KEY-----", "/etc/x?hunter2"}},
      {kSwitches, {"A", "A=hunter2", "hunter2"}},
      {kAmounts, {"cpu=hunter2", "hunter2", "memory<"}},
      {kText, {"x", "true", "1"}},
  };
  for (const auto& [type, texts] : values) {
    for (const std::string& text : texts) EXPECT_FALSE(may_travel(type, text)) << text;
  }
  EXPECT_FALSE(may_travel(kPaths, "/" + std::string(10'000, 'a')));
}

TEST(Published, FlagsByComponent) {
  EXPECT_EQ(published_flag("kubelet", "max-pods"), kInteger);
  EXPECT_EQ(published_flag("kubelet", "max_pods"), kInteger);
  EXPECT_EQ(published_flag("kubelet", "profiling"), kBoolean);  // what all have
  EXPECT_EQ(published_flag("kubelet", "node-labels"), kText);
  EXPECT_EQ(published_flag("kube-proxy", "max-pods"), std::nullopt);
  EXPECT_EQ(published_flag("etcd", "token"), std::nullopt);
  EXPECT_EQ(published_flag("nothing", "v"), std::nullopt);
}

TEST(Published, FieldsByPlace) {
  EXPECT_EQ(published_field("kubelet", {"authentication", "x509", "clientCAFile"}), kPaths);
  EXPECT_EQ(published_field("kubelet", {"authentication", "x509"}), std::nullopt);
  EXPECT_EQ(published_field("kubelet", {"authentication.x509.clientCAFile"}), std::nullopt);
  EXPECT_EQ(published_field("kubelet", {"featureGates", "A"}), kSwitches);
  EXPECT_EQ(published_field("kubelet", {"featureGates"}), std::nullopt);
  EXPECT_EQ(published_field("kubelet", {"featureGates", "A", "B"}), std::nullopt);
  EXPECT_EQ(published_field("cni", {"plugins", "ipam", "subnet"}), kAddresses);
  EXPECT_EQ(published_field("cni", {"ipam", "subnet"}), kAddresses);
  EXPECT_EQ(published_field("etcd", {"data-dir"}), kPaths);  // a flag and a field
  EXPECT_EQ(published_field("kubeconfig", {"users", "user", "token"}), std::nullopt);
}

// The lists are read without a word about mistakes: here they are held against their form.
TEST(Published, ListsHaveTheFormThatIsRead) {
  const std::set<std::string> kTypes = {"boolean", "integer", "number",   "duration", "names", "addresses",
                                        "urls",    "paths",   "switches", "amounts",  "text"};
  std::size_t lists = 0;
  for (const auto& entry : std::filesystem::directory_iterator(PROJECT_DIR "/baseline/facts/published")) {
    SCOPED_TRACE(entry.path().string());
    ++lists;
    std::ifstream in(entry.path());
    std::set<std::pair<std::string, std::string>> seen;
    std::string what;
    for (std::string line; std::getline(in, line);) {
      if (line.starts_with("#")) continue;
      std::istringstream words(line);
      std::string word;
      words >> word;
      if (line.starts_with("  ")) {
        ASSERT_NE(what, "") << line;
        do {
          EXPECT_TRUE(seen.emplace(what == "settings" ? "flags" : what, word).second)
              << word << " stands twice";
        } while (words >> word);
        continue;
      }
      std::string type;
      words >> type;
      if (word == "like") {
        EXPECT_TRUE(std::filesystem::exists(entry.path().parent_path() / (type + ".txt"))) << type;
        continue;
      }
      what = word;
      EXPECT_TRUE(what == "flags" || what == "fields" || what == "settings") << line;
      EXPECT_TRUE(kTypes.contains(type)) << line;
    }
  }
  EXPECT_GE(lists, 18U);
}

}  // namespace
}  // namespace baseline::facts
