// A value that did not leave the node is unknown: never the default, never unset, never a Pass.
#include <map>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/time.h"
#include "baseline/component.h"
#include "baseline/facts/published.h"
#include "evaluate_support.h"

namespace baseline::test {
namespace {

// One process of each component, in which all else is in order as far as one setting goes.
facts::NodeFacts plain_node() {
  return facts_of(R"(
run:
  kube-apiserver: "--authorization-mode=Node,RBAC --anonymous-auth=true --client-ca-file=/there"
  kube-controller-manager: ""
  kube-scheduler: ""
  kubelet: ""
  kube-proxy: ""
  etcd: ""
files: {/there: "0600 root:root", /open: "0666 notroot:notroot", /gone: missing}
certificates: {/there: [{subject: a, issuer: b, sha256: aa}], /open: [{subject: a, issuer: a, sha256: bb}]}
configs: {/there: {text: {kind: X, rules: [{level: Metadata}]}}, /open: {text: {kind: Y}}}
)");
}

std::vector<std::string> samples_of(const SettingSpec& setting) {
  switch (setting.type) {
    case SettingType::kBoolean:
      return {"true", "false"};
    case SettingType::kInteger:
      return {"0", "1", "100", "100000"};
    case SettingType::kDuration:
      return {"0s", "5m", "500h"};
    case SettingType::kMap:
      return {"RotateKubeletServerCertificate=true", "RotateKubeletServerCertificate=false"};
    case SettingType::kList:
      return {"AlwaysAllow",
              "RBAC",
              "TLS_AES_128_GCM_SHA256",
              "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
              "AlwaysAdmit",
              "NodeRestriction",
              "a=https://a:2380,b=https://b:2380"};
    case SettingType::kString:
      return {"127.0.0.1", "0.0.0.0", "AlwaysAllow", "Webhook", "/there"};
    default:
      return {"/there", "/open", "/gone"};
  }
}

std::map<std::string, Status> statuses_with(const std::string& component, const std::string& word) {
  static const std::shared_ptr<ResolvedProfile> profile = whole_profile();
  facts::NodeFacts node = plain_node();
  for (facts::Process& process : *node.mutable_processes()) {
    if (process.component() == component) process.add_argv(word);
  }
  std::map<std::string, Status> out;
  for (const NodeResult& result :
       evaluate_node(*profile, node, {}, *base::parse_time("2026-01-01T00:00:00Z")).results)
    out.emplace(result.id, result.status);
  return out;
}

// Whichever row the value of a setting decides, by whatever form of check: what decides it is missing.
TEST(Withheld, RowsThatAValueDecidesNeverPassWithoutIt) {
  std::set<std::string> decided;
  for (const Component& component : built_in_components().all()) {
    for (const SettingSpec& setting : component.settings) {
      if (!setting.flag) continue;
      std::map<std::string, std::set<Status>> seen;
      for (const std::string& sample : samples_of(setting)) {
        for (const auto& [id, status] : statuses_with(component.name, "--" + setting.name + "=" + sample))
          seen[id].insert(status);
      }
      const std::string withheld = fmt::format("--{}={}", setting.name, facts::kWithheld);
      for (const auto& [id, status] : statuses_with(component.name, withheld)) {
        if (seen[id].size() < 2) continue;
        decided.insert(id);
        EXPECT_TRUE(status == Status::kError || status == Status::kFail)
            << id << " with " << component.name << " " << withheld << ": " << static_cast<int>(status);
      }
    }
  }
  EXPECT_GT(decided.size(), 40U);
}

struct Case {
  const char* id;
  const char* facts;
};

TEST(Withheld, IsAnErrorThatSaysSo) {
  const std::vector<Case> cases = {
      {"5.1.2.1", R"(run: {kube-apiserver: "--anonymous-auth=<redacted>"})"},
      {"5.6.2.1", R"(run: {kubelet: "--read-only-port=<redacted>"})"},
      {"5.6.2.1", R"(run: {kubelet: "--read-only-port <redacted>"})"},
      {"5.6.2.1",
       R"({run: {kubelet: "--config=/c"}, configs: {/c: {of: kubelet, text: {readOnlyPort: <redacted>}}}})"},
      // Which file is in force is not known.
      {"5.6.2.1", R"(run: {kubelet: "--config=<redacted>"})"},
      {"5.6.2.1", R"(run: {kubelet: "--config-dir=<redacted>"})"},
      {"5.4.2.1",
       R"({run: {etcd: {flags: [], env: {ETCD_KEY_FILE: /k, ETCD_CERT_FILE: <redacted>}}}, files: {/k: "0600 root:root"}})"},
      {"5.4.2.1", R"(run: {etcd: {flags: [], env: {ETCD_CONFIG_FILE: <redacted>}}})"},
      {"5.1.4.2",
       R"({run: {kube-apiserver: "--encryption-provider-config=/e"}, files: {/e: "0600 root:root"}, configs:
           {/e: {role: encryption, text: {resources: [{resources: [<redacted>], providers: [{aescbc: {}}]}]}}}})"},
      {"5.1.5.5",
       R"({run: {kube-apiserver: "--audit-policy-file=/a"}, files: {/a: "0600 root:root"}, configs:
           {/a: {role: audit-policy, text: {kind: Policy, rules: [{level: Metadata}, {level: <redacted>}]}}}})"},
      {"5.1.2.1",
       R"({run: {kube-apiserver: "--authentication-config=/a"}, configs:
           {/a: {role: authentication, text: {anonymous: {enabled: true, conditions: [{path: <redacted>}]}}}}})"},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.facts);
    const NodeResult result = result_of(one.id, one.facts);
    EXPECT_EQ(result.status, Status::kError) << describe(result);
    EXPECT_EQ(english(result.message).find("{"), std::string::npos);
    EXPECT_FALSE(result.message.empty());
  }
}

TEST(Withheld, ATitleThatAProcessGaveItselfShowsNoFlags) {
  facts::NodeFacts node = facts_of(R"(run: {kubelet: ""})");
  node.mutable_processes(0)->set_argv(0, std::string(facts::kWithheld));
  const auto profile = profile_of("5.6.2.1");
  const auto outcome = evaluate_node(*profile, node, {}, *base::parse_time("2026-01-01T00:00:00Z"));
  EXPECT_EQ(outcome.results.front().status, Status::kError);
}

TEST(Withheld, AuthorizersOfAFile) {
  for (const char* id : {"5.1.2.3", "5.1.2.4", "5.1.2.5"}) {
    const NodeResult result = result_of(id, R"({run: {kube-apiserver: "--authorization-config=/a"}, configs:
           {/a: {role: authorization, text: {authorizers: [{type: Node}, {type: RBAC}, {type: <redacted>}]}}}})");
    EXPECT_EQ(result.status, Status::kError) << id << describe(result);
  }
}

// Whether it is set at all is told by the name.
TEST(Withheld, PresenceAloneIsKnown) {
  const NodeResult result = result_of("5.6.5.3", R"(run: {kubelet: "--hostname-override=<redacted>"})");
  EXPECT_EQ(result.status, Status::kFail) << describe(result);
}

TEST(Withheld, OneOfSeveralUsesOfAListHidesTheList) {
  const NodeResult result =
      result_of("5.1.2.1", R"(run: {kube-apiserver: "--anonymous-auth=true --anonymous-auth=<redacted>"})");
  EXPECT_EQ(result.status, Status::kError) << describe(result);
  const NodeResult plugins = result_of(
      "5.1.2.20",
      R"(run: {kube-apiserver: "--enable-admission-plugins=NodeRestriction --enable-admission-plugins=<redacted>"})");
  EXPECT_EQ(plugins.status, Status::kError) << describe(plugins);
}

TEST(Withheld, HowManyMembersEtcdHasIsThenNotKnown) {
  const auto profile = whole_profile();
  const auto members = [&](const char* facts) {
    return evaluate_node(*profile, facts_of(facts), {}, *base::parse_time("2026-01-01T00:00:00Z"))
        .etcd_members;
  };
  EXPECT_EQ(members(R"(run: {etcd: "--initial-cluster=a=https://a:2380,b=https://b:2380"})"), 2);
  EXPECT_EQ(members(R"(run: {etcd: "--initial-cluster=<redacted>"})"), 0);
}

}  // namespace
}  // namespace baseline::test
