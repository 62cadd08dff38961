#include "support.h"

namespace baseline::objects::test {
namespace {

using cluster::Kind;
using cluster::NetworkPolicy;

std::string body(std::string_view spec) {
  return R"({"metadata":{"namespace":"shop","name":"p"},"spec":)" + std::string(spec) + "}";
}
NetworkPolicy policy(std::string_view spec, Kind kind = Kind::kNetworkPolicy) {
  return parsed<NetworkPolicy>(kind, body(spec));
}
// "I" and "E" for the directions, "i" and "e" where they are closed.
std::string directions(const NetworkPolicy& it) {
  std::string out;
  if (it.ingress) out += it.ingress_closed ? "i" : "I";
  if (it.egress) out += it.egress_closed ? "e" : "E";
  return out;
}

TEST(NetworkPolicy, DirectionsAsTheServerCompletesThem) {
  EXPECT_EQ(directions(policy(R"({"podSelector":{}})")), "i");
  EXPECT_EQ(directions(policy(R"({"podSelector":{},"ingress":[{}]})")), "I");
  EXPECT_EQ(directions(policy(R"({"egress":[{}]})")), "iE");
  EXPECT_EQ(directions(policy(R"({"egress":[]})")), "i");
  EXPECT_EQ(directions(policy(R"({"policyTypes":["Egress"]})")), "e");
  EXPECT_EQ(directions(policy(R"({"policyTypes":["Ingress","Egress"],"ingress":[{"from":[]}]})")), "Ie");
  EXPECT_EQ(directions(policy(R"({"policyTypes":["ingress"]})")), "") << "no type of the API";
}

TEST(NetworkPolicy, SelectorsAndTheirMistakes) {
  const NetworkPolicy it = policy(R"({"podSelector":{"matchLabels":{"app":"x"}}})");
  EXPECT_EQ(it.kind, Kind::kNetworkPolicy);
  EXPECT_EQ(it.pods.match_labels.at("app"), "x");
  EXPECT_FALSE(policy("{}").pods.invalid);
  EXPECT_TRUE(policy(R"({"podSelector":"app=x"})").pods.invalid);
}

TEST(CiliumPolicy, KeysWithTheirSource) {
  const NetworkPolicy it =
      policy(R"({"endpointSelector":{"matchLabels":{"k8s:app":"x","any:tier":"y","z":"1"}},
    "ingress":[{"fromEndpoints":[{}]}]})",
             Kind::kCiliumNetworkPolicy);
  EXPECT_EQ(it.kind, Kind::kCiliumNetworkPolicy);
  EXPECT_EQ(it.unsupported, "");
  EXPECT_EQ(it.pods.match_labels, (cluster::Labels{{"app", "x"}, {"tier", "y"}, {"z", "1"}}));
  EXPECT_EQ(directions(it), "I");
}

TEST(CiliumPolicy, Directions) {
  const auto of = [](const std::string& rest) {
    return directions(policy(R"({"endpointSelector":{})" + rest + "}", Kind::kCiliumNetworkPolicy));
  };
  EXPECT_EQ(of(""), "");
  EXPECT_EQ(of(R"(,"ingress":[],"egress":[])"), "") << "no entries, no default";
  EXPECT_EQ(of(R"(,"ingress":[{}],"egress":[{}])"), "ie")
      << "an entry without conditions lets nothing through";
  EXPECT_EQ(of(R"(,"egress":[{"toEntities":["world"]}])"), "E");
  EXPECT_EQ(of(R"(,"ingressDeny":[{"fromEntities":["world"]}])"), "i");
  EXPECT_EQ(of(R"(,"ingress":[{"fromEntities":["all"]}],"enableDefaultDeny":{"ingress":false})"), "");
}

TEST(CiliumPolicy, WhatIsNotAboutLabelsOfPods) {
  const auto unsupported = [](std::string_view spec) {
    return policy(spec, Kind::kCiliumClusterwideNetworkPolicy).unsupported;
  };
  EXPECT_EQ(unsupported(R"({"ingress":[{}]})"), "endpointSelector: null");
  EXPECT_EQ(unsupported(R"({"endpointSelector":{"matchLabels":{"reserved:host":""}}})"),
            R"(endpointSelector: {"matchLabels":{"reserved:host":""}})");
  EXPECT_NE(unsupported(R"({"endpointSelector":{"matchLabels":{"k8s:io.kubernetes.pod.namespace":"x"}}})"),
            "");
}

TEST(HostPolicy, CoversNoPod) {
  const auto count = [](Kind kind, std::string_view spec) {
    ObjectParser parser;
    std::vector<cluster::Object> out;
    EXPECT_TRUE(
        parser.parse(kind, R"({"metadata":{"name":"p"},)" + std::string(spec) + "}", Padding::kNone, out)
            .has_value());
    return out.size();
  };
  const auto cilium = Kind::kCiliumClusterwideNetworkPolicy;
  EXPECT_EQ(count(cilium, R"("spec":{"nodeSelector":{},"ingress":[{}]})"), 0U);
  EXPECT_EQ(count(cilium, R"("specs":[{"nodeSelector":{"matchLabels":{"a":"b"}}},{"endpointSelector":{}}])"),
            1U);
  EXPECT_EQ(count(cilium, R"("spec":{"nodeSelector":null,"endpointSelector":{}})"), 1U);
  EXPECT_EQ(count(Kind::kCalicoGlobalNetworkPolicy, R"("spec":{"preDNAT":true,"applyOnForward":true})"), 0U);
  EXPECT_EQ(count(Kind::kCalicoGlobalNetworkPolicy, R"("spec":{"doNotTrack":true})"), 0U);
  EXPECT_EQ(count(Kind::kCalicoGlobalNetworkPolicy, R"("spec":{"doNotTrack":false})"), 1U);
}

TEST(CiliumPolicy, SeveralRulesAreSeveralPolicies) {
  ObjectParser parser;
  std::vector<cluster::Object> out;
  ASSERT_TRUE(parser
                  .parse(Kind::kCiliumNetworkPolicy,
                         R"({"metadata":{"namespace":"shop","name":"p"},"specs":[{"endpointSelector":{}},
                           {"endpointSelector":{"matchLabels":{"a":"b"}}}]})",
                         Padding::kNone, out)
                  .has_value());
  ASSERT_EQ(out.size(), 2U);
  for (const cluster::Object& one : out) EXPECT_EQ(std::get<NetworkPolicy>(one).metadata.name, "p");
  EXPECT_EQ(refused(Kind::kCiliumNetworkPolicy, R"({"metadata":{"name":"p"}})").path, "spec");
}

TEST(CalicoPolicy, SelectorsAndTypes) {
  const NetworkPolicy it = policy(
      R"({"selector":"app == 'x'","types":["Ingress","Egress"],"ingress":[{"action":"Deny"}],"egress":[{"action":"Allow"}]})",
      Kind::kCalicoNetworkPolicy);
  EXPECT_EQ(it.unsupported, "");
  ASSERT_EQ(it.pods.expressions.size(), 1U);
  EXPECT_EQ(directions(it), "iE");
  EXPECT_EQ(directions(policy("{}", Kind::kCalicoGlobalNetworkPolicy)), "i");
  EXPECT_EQ(directions(policy(R"({"egress":[]})", Kind::kCalicoGlobalNetworkPolicy)), "e");
}

TEST(CalicoPolicy, WhatIsNotAboutLabelsOfPods) {
  const auto unsupported = [](std::string_view spec) {
    return policy(spec, Kind::kCalicoGlobalNetworkPolicy).unsupported;
  };
  EXPECT_EQ(unsupported(R"j({"selector":"a == 'b' || c == 'd'"})j"), "selector: a == 'b' || c == 'd'");
  EXPECT_EQ(unsupported(R"j({"namespaceSelector":"env == 'prod'"})j"), "namespaceSelector: env == 'prod'");
  EXPECT_EQ(unsupported(R"j({"namespaceSelector":"all()","serviceAccountSelector":"has(x)"})j"),
            "serviceAccountSelector: has(x)");
  EXPECT_EQ(unsupported(R"j({"namespaceSelector":"all()"})j"), "");
}

}  // namespace
}  // namespace baseline::objects::test
