#include "node-runner/certificates.h"

#include <gmock/gmock.h>

#include "lookup.h"
#include "node_layouts.h"
#include "test_certificates.h"

namespace baseline::runner {
namespace {

using ::testing::HasSubstr;

TEST(ParseCertificates, PublicFacts) {
  const auto all =
      parse_certificates(std::string(test::kCaCertificate) + "noise\n" + test::kServerCertificate, 10);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].subject(), "CN=kubernetes");
  EXPECT_EQ(all[0].issuer(), "CN=kubernetes");
  EXPECT_EQ(all[0].not_before(), 1795500827);  // 2026-11-24T06:13:47Z
  EXPECT_EQ(all[0].not_after(), 4949100827);   // 2126-10-31T06:13:47Z
  EXPECT_EQ(all[0].sha256(), test::kCaSha256);
  EXPECT_TRUE(all[0].is_ca());
  EXPECT_EQ(all[0].error(), "");
  EXPECT_EQ(all[1].index(), 1U);
  EXPECT_EQ(all[1].subject(), "O=system:masters, CN=kube-apiserver");
  EXPECT_FALSE(all[1].is_ca());
}

TEST(ParseCertificates, AKindOfKeyThatIsNotReadKeepsItsDigest) {
  const auto all = parse_certificates(test::kEd25519Certificate, 10);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].sha256(), test::kEd25519Sha256);
  EXPECT_THAT(all[0].error(), HasSubstr("of a kind that is not read"));
}

TEST(ParseCertificates, BrokenOnesSayWhy) {
  const auto all = parse_certificates(
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n-----BEGIN "
      "CERTIFICATE-----\n!!\n-----END "
      "CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\nAAAA",
      10);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].error(), "it is not a valid X.509 certificate");
  EXPECT_EQ(all[1].error(), "its PEM text is broken");
  EXPECT_EQ(all[2].error(), "its PEM text is broken");
}

TEST(ParseCertificates, KeysAreNoCertificates) {
  EXPECT_TRUE(
      parse_certificates("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", 10).empty());
  EXPECT_TRUE(parse_certificates("", 10).empty());
}

TEST(ParseCertificates, StopsAtTheBound) {
  std::string many;
  for (int i = 0; i < 5; ++i) many += test::kCaCertificate;
  EXPECT_EQ(parse_certificates(many, 3).size(), 3U);
}

TEST(CollectCertificates, FromFlagsAndListings) {
  test::NodeTree tree;
  test::lay_out_control_plane(tree);
  const auto node = collect_from(tree);
  const auto has = [&node](std::string_view path, int viewer) {
    return find_in(node.certificates(), [&](const facts::Certificate& c) {
             return c.path() == path && c.viewer() == viewer && !c.sha256().empty();
           }) != nullptr;
  };
  EXPECT_TRUE(has("/etc/kubernetes/pki/ca.crt", test::kApiServerPid));  // --client-ca-file
  EXPECT_TRUE(has("/etc/kubernetes/pki/etcd/ca.crt", test::kEtcdPid));  // --trusted-ca-file
  EXPECT_TRUE(has("/etc/kubernetes/pki/etcd/peer.crt", kHost));         // listing
  EXPECT_TRUE(has("/etc/kubernetes/pki/ca.crt", kHost));                // the kubelet's clientCAFile
  EXPECT_TRUE(has("/var/lib/kubelet/pki/kubelet-client-current.pem", kHost));
}

TEST(CollectCertificates, TheBoundIsAnError) {
  test::NodeTree tree;
  test::lay_out_control_plane(tree);
  Limits limits;
  limits.certificates = 3;
  const auto node = collect_from(tree, limits);
  EXPECT_EQ(node.certificates_size(), 3);
  EXPECT_NE(find_in(node.errors(), [](const auto& e) { return e.table() == "certificates"; }), nullptr);
}

}  // namespace
}  // namespace baseline::runner
