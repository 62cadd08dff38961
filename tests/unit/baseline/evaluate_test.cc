#include "baseline/evaluate.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/time.h"
#include "evaluate_support.h"

namespace baseline::test {
namespace {

constexpr std::string_view kOpenFile = R"(
run: {kubelet: "--kubeconfig=/k.conf"}
files: {/k.conf: "0644 root:root"}
)";

base::Time at(std::string_view text) {
  return *base::parse_time(text);
}

Exemption exempt(std::string id) {
  Exemption exemption;
  exemption.requirements = {std::move(id)};
  exemption.reason = "agreed with audit";
  return exemption;
}

NodeResult with_exemption(const Exemption& exemption, const NodeContext& context = {},
                          std::string_view now = "2026-01-01T00:00:00Z", std::string_view facts = kOpenFile) {
  auto profile = profile_of("5.6.1.3");
  profile->exemptions = {exemption};
  return evaluate_node(*profile, facts_of(facts), context, at(now)).results.front();
}

TEST(Evaluate, AnExemptionWaivesTheFail) {
  const NodeResult result = with_exemption(exempt("5.6"));
  EXPECT_EQ(result.status, Status::kWaived) << describe(result);
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.findings[0].status, Status::kWaived);
  EXPECT_EQ(result.findings[0].waived_by, "agreed with audit");
  EXPECT_NE(english(result.message).find("agreed with audit"), std::string::npos);
}

TEST(Evaluate, AnExpiredExemptionWaivesNothing) {
  Exemption exemption = exempt("5.6.1.3");
  exemption.expires = at("2026-01-01T00:00:00Z");
  EXPECT_EQ(with_exemption(exemption, {}, "2025-12-31T23:59:59Z").status, Status::kWaived);
  EXPECT_EQ(with_exemption(exemption, {}, "2026-01-01T00:00:00Z").status, Status::kFail);
}

TEST(Evaluate, AnExemptionReachesOnlyItsRequirementsAndNodes) {
  EXPECT_EQ(with_exemption(exempt("5.6.1.4")).status, Status::kFail);
  Exemption edge = exempt("5.6.1.3");
  edge.scope.node_selector = {{"pool", "edge"}};
  EXPECT_EQ(with_exemption(edge).status, Status::kFail);
  NodeContext context;
  context.labels = {{"pool", "edge"}};
  EXPECT_EQ(with_exemption(edge, context).status, Status::kWaived);
  context.labels = {{"pool", "core"}};
  EXPECT_EQ(with_exemption(edge, context).status, Status::kFail);
}

TEST(Evaluate, AnExemptionCoversNoError) {
  const NodeResult unknown =
      with_exemption(exempt("5.6.1.3"), {}, "2026-01-01T00:00:00Z",
                     R"({run: {kubelet: "--kubeconfig=/k.conf"}, files: {/k.conf: unreadable}})");
  EXPECT_EQ(unknown.status, Status::kError);
  const NodeResult both = with_exemption(exempt("5.6.1.3"), {}, "2026-01-01T00:00:00Z", R"(
run: {kubelet: [{flags: "--kubeconfig=/k.conf"}, {flags: "--kubeconfig=/l.conf"}]}
files: {/k.conf: "0644 root:root", /l.conf: unreadable}
)");
  EXPECT_EQ(both.status, Status::kError) << describe(both);
  EXPECT_NE(english(both.message).find("/l.conf"), std::string::npos);
}

TEST(Evaluate, LikeNodesHaveEqualOutcomes) {
  const auto profile = whole_profile();
  const auto outcome_of = [&](std::string_view yaml) {
    return evaluate_node(*profile, facts_of(yaml), {}, {});
  };
  const NodeOutcome a = outcome_of(R"(
host: worker-17
run: {kubelet: {flags: "--config=/c.yaml --hostname-override=worker-17 --tls-cert-file=/pki/worker-17.crt", pid: 812, listens: ["10.0.0.17:10250"]}}
configs: {/c.yaml: {of: kubelet, text: {kind: KubeletConfiguration}}}
files: {/c.yaml: "0600 root:root"}
)");
  const NodeOutcome b = outcome_of(R"(
host: worker-18
run: {kubelet: {flags: "--config=/c.yaml --hostname-override=worker-18 --tls-cert-file=/pki/worker-18.crt", pid: 4711, listens: ["10.0.0.18:10250"]}}
configs: {/c.yaml: {of: kubelet, text: {kind: KubeletConfiguration}}}
files: {/c.yaml: "0600 root:root"}
)");
  EXPECT_EQ(a.hash, b.hash);
  EXPECT_EQ(a.hash.size(), 64U);
  const NodeOutcome c = outcome_of(R"(
host: worker-18
run: {kubelet: {flags: "--config=/c.yaml --hostname-override=worker-18 --tls-cert-file=/pki/worker-18.crt", pid: 4711}}
configs: {/c.yaml: {of: kubelet, text: {kind: KubeletConfiguration}}}
files: {/c.yaml: "0640 root:root"}
)");
  EXPECT_NE(a.hash, c.hash);
}

TEST(Evaluate, TheNodesNameIsTakenOutOnlyWhereItStandsAlone) {
  const NodeResult result = result_of("5.4.2.1", R"(
host: etcd-1
run: {etcd: "--cert-file=/pki/member-etcd-1.pem --key-file=/pki/etcd-10.key"}
files: {/pki/member-etcd-1.pem: missing, /pki/etcd-10.key: missing}
)");
  const std::string all = describe(result);
  EXPECT_NE(all.find("/pki/member-<node>.pem"), std::string::npos) << all;
  EXPECT_NE(all.find("/pki/etcd-10.key"), std::string::npos) << all;
}

TEST(Evaluate, ResultsFollowTheProfilesOrderAndFindingsAreSorted) {
  const auto profile = whole_profile();
  const NodeOutcome outcome =
      evaluate_node(*profile, facts_of(R"({run: {kubelet: "", kube-apiserver: ""}})"), {}, {});
  ASSERT_EQ(outcome.results.size(), 97U);
  EXPECT_EQ(outcome.results.front().id, "5.1.1.1");
  EXPECT_EQ(outcome.results.back().id, "5.8.2.1");
  EXPECT_EQ(outcome.components, (std::vector<std::string>{"kube-apiserver", "kubelet"}));
  for (const NodeResult& result : outcome.results) {
    EXPECT_TRUE(std::ranges::is_sorted(result.findings)) << result.id;
    EXPECT_FALSE(result.message.empty()) << result.id;
    if (result.status == Status::kPass) {
      EXPECT_FALSE(result.findings.empty()) << result.id;
    }
  }
}

TEST(Evaluate, CountsTheMembersThatEtcdNames) {
  const auto profile = profile_of("5.4.2.5");
  const auto members = [&](std::string_view yaml) {
    return evaluate_node(*profile, facts_of(yaml), {}, {}).etcd_members;
  };
  EXPECT_EQ(members(R"({run: {kubelet: ""}})"), 0);
  EXPECT_EQ(members(R"({run: {etcd: ""}})"), 1);
  EXPECT_EQ(members(R"({run: {etcd: "--initial-cluster=a=https://10.0.0.1:2380,b=https://10.0.0.2:2380"}})"),
            2);
  EXPECT_EQ(members(R"({run: {etcd: {flags: "", env: {ETCD_INITIAL_CLUSTER: "a=x,b=y,c=z"}}}})"), 3);
}

// However many files a node names and however long, what it says about one requirement has an end.
TEST(Evaluate, FindingsOfOneNodeAreBounded) {
  facts::NodeFacts facts = facts_of(R"({run: {kube-apiserver: ""}})");
  const std::string pki = "/etc/kubernetes/pki";
  facts::Directory& folder = *facts.add_directories();
  folder.set_path(pki);
  folder.set_presence(facts::PRESENT);
  folder.set_complete(true);
  folder.set_recursive(true);
  for (int i = 0; i < 3000; ++i) {
    facts::File& file = *facts.add_files();
    file.set_path(pki + "/" + std::string(2000, 'n') + std::to_string(i) + ".key");
    file.set_presence(facts::PRESENT);
    file.set_mode(i < 1000 ? 0600 : 0644);
    folder.add_entries(file.path());
  }
  const NodeOutcome outcome = evaluate_node(*profile_of("5.1.1.3"), facts, {}, {});
  const NodeResult& result = outcome.results.front();
  EXPECT_EQ(result.status, Status::kFail);
  ASSERT_EQ(result.findings.size(), kMaxNodeFindings);
  EXPECT_EQ(result.findings.size() + static_cast<std::size_t>(result.more),
            2000U + 4U);  // and the four folders of other distributions, which nobody looked into
  EXPECT_TRUE(std::ranges::is_sorted(result.findings));
  for (const NodeFinding& finding : result.findings) {
    EXPECT_EQ(finding.status, Status::kFail);
    for (const std::string& arg : finding.subject.args) EXPECT_LT(arg.size(), 1024U);
  }
}

// A runner never writes such paths; whoever owns a node may.
TEST(Evaluate, PathsThatAreNoneEnd) {
  facts::NodeFacts facts = facts_of(R"({run: {kubelet: "", kube-apiserver: "--client-ca-file=ca.crt"}})");
  facts.mutable_cni()->set_conf_dir("net.d");
  facts.mutable_cni()->set_conf_dir_origin("a setting");
  for (const char* path : {"/etc/cni/net.d", "net.d", "/", ""}) {
    facts::Directory& folder = *facts.add_directories();
    folder.set_path(path);
    folder.set_presence(facts::PRESENT);
    folder.set_complete(true);
    folder.set_recursive(true);
    for (const char* entry :
         {"", "/", "//////////////////////", "a-name-longer-than-the-folder", "/etc/x", "a/b/c"})
      folder.add_entries(entry);
  }
  for (const char* folder : {"net.d", "/etc/cni/net.d", "/"}) {
    facts.mutable_cni()->set_conf_dir(folder);
    const NodeOutcome outcome = evaluate_node(*whole_profile(), facts, {}, {});
    EXPECT_FALSE(outcome.results.empty());
    for (const NodeResult& result : outcome.results) {
      if (result.id.starts_with("5.8.1.")) {
        EXPECT_NE(result.status, Status::kPass) << folder << ' ' << describe(result);
      }
    }
  }
}

TEST(Evaluate, FactsOfAnotherVersionAreNeverJudged) {
  facts::NodeFacts facts = facts_of(R"({run: {kubelet: ""}})");
  for (const std::uint32_t version : {0U, 99U}) {
    facts.set_schema_version(version);
    const NodeOutcome outcome = evaluate_node(*whole_profile(), facts, {}, {});
    for (const NodeResult& result : outcome.results) EXPECT_EQ(result.status, Status::kError) << result.id;
  }
}

TEST(Evaluate, ProcessesThatMayBeHiddenAreNotAbsent) {
  const NodeResult hidden = result_of("5.1.2.2", R"(
run: {kubelet: ""}
errors: [{table: processes, subject: /proc, reason: process 1 is not visible}]
)");
  EXPECT_EQ(hidden.status, Status::kError);
  EXPECT_EQ(hidden.absent_component, "");
  const NodeResult other = result_of("5.1.2.2", R"(
run: {kubelet: ""}
errors: [{table: processes, subject: sockets of containerd, reason: not permitted}]
)");
  EXPECT_EQ(other.status, Status::kNotApplicable);
}

// The API server knows a kubelet here: a process table without one is not this node's.
TEST(Evaluate, ANodeWithoutItsKubeletWasNotSeen) {
  NodeContext context;
  context.kubelet_version = "v1.36.3";
  EXPECT_EQ(result_of("5.1.2.2", "{}", context).status, Status::kError);
  EXPECT_EQ(result_of("5.1.2.2", R"({run: {kubelet: ""}})", context).status, Status::kNotApplicable);
}

}  // namespace
}  // namespace baseline::test
