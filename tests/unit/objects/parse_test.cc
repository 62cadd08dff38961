#include <gmock/gmock.h>

#include "support.h"

namespace baseline::objects::test {
namespace {

using cluster::Kind;
using ::testing::ElementsAre;

TEST(Parse, NamespaceAndServiceAccount) {
  const auto ns = parsed<cluster::Namespace>(
      Kind::kNamespace, R"({"metadata":{"name":"shop","labels":{"a":"b"}},"status":{"phase":"Active"}})");
  EXPECT_EQ(ns.metadata.name, "shop");
  EXPECT_EQ(ns.metadata.labels.at("a"), "b");
  EXPECT_EQ(ns.phase, "Active");
  const auto account = parsed<cluster::ServiceAccount>(
      Kind::kServiceAccount,
      R"({"metadata":{"namespace":"shop","name":"default"},"automountServiceAccountToken":false})");
  EXPECT_EQ(account.automount_token, false);
  EXPECT_EQ(
      parsed<cluster::ServiceAccount>(Kind::kServiceAccount, R"({"metadata":{"name":"x"}})").automount_token,
      std::nullopt);
}

TEST(Parse, Roles) {
  const auto role = parsed<cluster::Role>(Kind::kClusterRole, R"({"metadata":{"name":"r"},
    "rules":[{"verbs":["get","*"],"apiGroups":[""],"resources":["pods"],"resourceNames":["x"]},
             {"verbs":["get"],"nonResourceURLs":["/metrics"]}],
    "aggregationRule":{"clusterRoleSelectors":[{"matchLabels":{"a":"b"}}]}})");
  EXPECT_TRUE(role.cluster && role.aggregated);
  ASSERT_EQ(role.rules.size(), 2U);
  EXPECT_THAT(role.rules[0].verbs, ElementsAre("get", "*"));
  EXPECT_THAT(role.rules[0].api_groups, ElementsAre(""));
  EXPECT_THAT(role.rules[0].resource_names, ElementsAre("x"));
  EXPECT_THAT(role.rules[1].non_resource_urls, ElementsAre("/metrics"));
  ASSERT_EQ(role.aggregation.size(), 1U);
  EXPECT_EQ(role.aggregation[0].match_labels.at("a"), "b");
  const auto plain =
      parsed<cluster::Role>(Kind::kRole, R"({"metadata":{"namespace":"n","name":"r"},"rules":null})");
  EXPECT_FALSE(plain.cluster || plain.aggregated);
  EXPECT_TRUE(plain.rules.empty());
}

TEST(Parse, Bindings) {
  const auto binding =
      parsed<cluster::RoleBinding>(Kind::kRoleBinding, R"({"metadata":{"namespace":"n","name":"b"},
    "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"edit"},
    "subjects":[{"kind":"ServiceAccount","namespace":"n","name":"robot"},{"kind":"Group","name":"dev"}]})");
  EXPECT_FALSE(binding.cluster);
  EXPECT_EQ(binding.role_kind, "ClusterRole");
  EXPECT_EQ(binding.role_name, "edit");
  ASSERT_EQ(binding.subjects.size(), 2U);
  EXPECT_EQ(binding.subjects[0].ns, "n");
  EXPECT_EQ(binding.subjects[1].kind, "Group");
  EXPECT_TRUE(
      parsed<cluster::RoleBinding>(Kind::kClusterRoleBinding, R"({"metadata":{"name":"b"}})").cluster);
}

TEST(Parse, Services) {
  const auto service = parsed<cluster::Service>(Kind::kService, R"({"metadata":{"name":"s"},"spec":
    {"type":"NodePort","selector":{"app":"x"},"ports":[{"port":80,"nodePort":30080},{"port":81}]}})");
  EXPECT_EQ(service.type, "NodePort");
  EXPECT_EQ(service.selector.at("app"), "x");
  EXPECT_THAT(service.node_ports, ElementsAre(30080));
  EXPECT_EQ(parsed<cluster::Service>(Kind::kService, R"({"metadata":{"name":"s"},"spec":{}})").type,
            "ClusterIP");
}

TEST(Parse, QuotasAndLimitRanges) {
  EXPECT_THAT(
      parsed<cluster::ResourceQuota>(
          Kind::kResourceQuota, R"({"metadata":{"name":"q"},"spec":{"hard":{"pods":"4","limits.cpu":"2"}}})")
          .hard,
      ElementsAre("pods", "limits.cpu"));
  EXPECT_THAT(parsed<cluster::LimitRange>(
                  Kind::kLimitRange,
                  R"({"metadata":{"name":"l"},"spec":{"limits":[{"type":"Container"},{"type":"Pod"}]}})")
                  .types,
              ElementsAre("Container", "Pod"));
}

TEST(Parse, ConfigMapsNameKeysAndKeepNoValue) {
  const auto map = parsed<cluster::ConfigMap>(Kind::kConfigMap, R"({"metadata":{"name":"c",
    "annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"password\":\"hunter2\"}"}},
    "data":{"db.password":"hunter2","url":"postgres://app:hunter2@db/x","log-level":"debug","empty-token":"",
      "id":"-----BEGIN RSA PRIVATE KEY-----\nMII\n","nginx.conf":"server { listen 80; }",
      "ref":"password: ${DB_PASSWORD}"},
    "binaryData":{"k":"LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0t","logo":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v"}})");
  EXPECT_THAT(map.secret_keys, ElementsAre("db.password", "url", "id", "k"));
  EXPECT_THAT(map.private_keys, ElementsAre("id", "k"));
  EXPECT_TRUE(map.metadata.annotations.empty());
}

// CN=alice, O=ops, O=system:masters; P-256.
constexpr std::string_view kRequest =
    "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIeU1JR1pBZ0VBTURjeERqQU1CZ05WQkFNTUJXRnNhV05sTVF3"
    "d0NnWURWUVFLREFOdmNITXhGekFWQmdOVgpCQW9NRG5ONWMzUmxiVHB0WVhOMFpYSnpNRmt3RXdZSEtvWkl6ajBDQVFZSUtvWkl6"
    "ajBEQVFjRFFnQUVYZW1IClNBV2QxZEh1ZkYwT0lHVGRxNnVDRWtkNjBrNEhUQUpFT2hmZ1EwRjFDQitFb29sa1JFdmN6eVlOeUdp"
    "TTlYbzcKNE14Rm9TVHBya3NWT0FPNHVxQUFNQW9HQ0NxR1NNNDlCQU1DQTBnQU1FVUNJRHdUSkU4VXNINHJkSUlqczVrbApnZG1j"
    "RUdUU2tZTzdSRU1pbzYvbks4V0hBaUVBNmcrcjZFb0RHMEFyanpXbm1YVEpmWUJJY2lRcERDai9PVTNpCjEzNlo3RFU9Ci0tLS0t"
    "RU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=";

TEST(Parse, CertificateSigningRequests) {
  const std::string text =
      R"({"metadata":{"name":"csr"},"spec":{"signerName":"kubernetes.io/kube-apiserver-client",
    "username":"admin","request":")" +
      std::string(kRequest) + R"("},
    "status":{"conditions":[{"type":"Approved","status":"True"},{"type":"Denied","status":"False"}],"certificate":"eA=="}})";
  const auto request = parsed<cluster::CertificateSigningRequest>(Kind::kCertificateSigningRequest, text);
  EXPECT_TRUE(request.readable);
  EXPECT_EQ(request.common_name, "alice");
  EXPECT_THAT(request.organizations, ElementsAre("ops", "system:masters"));
  EXPECT_EQ(request.signer, "kubernetes.io/kube-apiserver-client");
  EXPECT_EQ(request.requester, "admin");
  EXPECT_TRUE(request.approved && request.issued);
  EXPECT_FALSE(request.denied);
}

TEST(Parse, CertificateSigningRequestsThatCannotBeRead) {
  for (const char* request : {"", "!!!", "aGVsbG8=", "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K"}) {
    const auto it = parsed<cluster::CertificateSigningRequest>(
        Kind::kCertificateSigningRequest,
        R"({"metadata":{"name":"csr"},"spec":{"request":")" + std::string(request) + R"("}})");
    EXPECT_FALSE(it.readable) << request;
    EXPECT_FALSE(it.approved || it.issued);
  }
}

TEST(Parse, VulnerabilityReports) {
  const auto report =
      parsed<cluster::VulnerabilityReport>(Kind::kVulnerabilityReport, R"({"metadata":{"name":"v"},
    "report":{"updateTimestamp":"2026-01-31T08:15:00Z","registry":{"server":"index.docker.io"},
      "artifact":{"repository":"library/nginx","tag":"1.25"},"summary":{"criticalCount":2},
      "vulnerabilities":[{"severity":"CRITICAL","fixedVersion":"1.2"},{"severity":"CRITICAL","fixedVersion":""},
        {"severity":"HIGH","fixedVersion":"3"}]}})");
  EXPECT_EQ(report.image, "index.docker.io/library/nginx:1.25");
  EXPECT_EQ(report.critical, 2);
  EXPECT_EQ(report.fixable_critical, 1);
  ASSERT_TRUE(report.updated.has_value());
  const auto unlisted = parsed<cluster::VulnerabilityReport>(
      Kind::kVulnerabilityReport, R"({"metadata":{"name":"v"},"report":{"summary":{"criticalCount":3}}})");
  EXPECT_EQ(unlisted.fixable_critical, 3) << "what is not listed may have a fix";
}

TEST(Parse, AVulnerabilityReportWithoutFiguresIsNoCleanBill) {
  const ParseError error =
      refused(Kind::kVulnerabilityReport, R"({"metadata":{"namespace":"n","name":"v"},"report":{}})");
  EXPECT_EQ(error.object, "n/v");
  EXPECT_EQ(error.path, "report.summary.criticalCount");
}

TEST(Parse, OtherKindsKeepSpecWebhooksAndStatus) {
  const auto hook =
      parsed<cluster::OtherObject>(Kind::kValidatingWebhook, R"({"metadata":{"name":"w","labels":{"a":"b"}},
    "webhooks":[{"name":"x","failurePolicy":"Fail","timeoutSeconds":5,"clientConfig":{"caBundle":"AAAA","url":"u"}}],
    "status":{"ready":true},"extra":1})");
  EXPECT_EQ(hook.kind, Kind::kValidatingWebhook);
  EXPECT_EQ(hook.metadata.labels.at("a"), "b");
  const base::Value& first = hook.document["webhooks"].items().at(0);
  EXPECT_EQ(first["timeoutSeconds"].as_int(), 5);
  EXPECT_EQ(first["clientConfig"]["url"].as_string(), "u");
  EXPECT_FALSE(first["clientConfig"].contains("caBundle"));
  EXPECT_TRUE(hook.document["status"]["ready"].as_bool());
  EXPECT_FALSE(hook.document.contains("extra"));
}

TEST(Parse, EveryKindReadsAnObjectOfNothingButAName) {
  for (const cluster::KindInfo& info : cluster::kinds()) {
    if (info.kind == Kind::kVulnerabilityReport || info.kind == Kind::kCiliumNetworkPolicy ||
        info.kind == Kind::kCiliumClusterwideNetworkPolicy) {
      continue;  // these say nothing without a body: an error
    }
    ObjectParser parser;
    std::vector<cluster::Object> out;
    EXPECT_TRUE(parser.parse(info.kind, R"({"metadata":{"name":"x"}})", Padding::kNone, out).has_value())
        << cluster::resource_name(info.kind);
    EXPECT_EQ(out.size(), 1U) << cluster::resource_name(info.kind);
  }
}

}  // namespace
}  // namespace baseline::objects::test
