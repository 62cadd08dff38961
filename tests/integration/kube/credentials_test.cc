// Who the client says it is, and whom it believes.
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/kube/objects.h"
#include "integration/support/control_plane.h"

namespace baseline::integration {
namespace {

using base::ErrorCode;
using testing::AllOf;
using testing::HasSubstr;

kube::ClientOptions once() {
  kube::ClientOptions options;
  options.retry.attempts = 1;
  return options;
}

std::string content(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::filesystem::path write(const std::string& name, const std::string& text) {
  const auto path = scratch_folder() / name;
  std::ofstream(path) << text;
  return path;
}

kube::ClientConfig tester() {
  auto loaded = kube::load_kubeconfig({.file = plane().dir() / "tester.kubeconfig"});
  EXPECT_TRUE(loaded) << loaded.error().text();
  return loaded ? *std::move(loaded) : kube::ClientConfig();
}

// A certificate authority that the server's certificate is not from.
std::filesystem::path other_ca() {
  const auto path = scratch_folder() / "other-ca.crt";
  const Finished made =
      run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
           "-days", "1", "-subj", "/CN=other", "-keyout", "/dev/null", "-out", path.string()});
  EXPECT_TRUE(made.ok()) << made.text();
  return path;
}

TEST(Credentials, AnotherAuthorityIsRefusedBeforeAnythingIsSent) {
  kube::ClientConfig config = plane().config();
  config.ca = {.file = other_ca(), .inline_pem = {}};
  const Connection client(std::move(config), once());
  const auto list = client->list_all(kube::kNamespace);
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().code, ErrorCode::kForbidden);
  EXPECT_THAT(list.error().message, HasSubstr("certificate"));
}

TEST(Credentials, TheSystemsAuthoritiesDoNotVouchForThisServer) {
  kube::ClientConfig config = plane().config();
  config.ca = {};
  const Connection client(std::move(config), once());
  EXPECT_FALSE(client->version());
}

TEST(Credentials, TheServersNameIsHeldAgainstItsCertificate) {
  kube::ClientConfig config = plane().config();
  config.tls_server_name = "kubernetes.default.svc";
  const Connection expected(config, once());
  EXPECT_TRUE(expected->version());
  config.tls_server_name = "somewhere.example";
  const Connection unexpected(std::move(config), once());
  const auto refused = unexpected->version();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kForbidden);
}

TEST(Credentials, CertificateFromFilesAndInline) {
  const kube::ClientConfig config = plane().config();
  EXPECT_TRUE((*Connection(config, once())).list_all(kube::kNamespace));

  kube::ClientConfig inlined = config;
  for (kube::PemSource* source : {&inlined.ca, &inlined.client_certificate, &inlined.client_key}) {
    source->inline_pem = content(source->file);
    source->file.clear();
  }
  EXPECT_TRUE((*Connection(inlined, once())).list_all(kube::kNamespace));
}

TEST(Credentials, NobodyIsTold401) {
  kube::ClientConfig config = plane().config();
  config.client_certificate = {};
  config.client_key = {};
  config.token = "not-a-token-of-this-server";
  const Connection client(std::move(config), once());
  const auto refused = client->list_all(kube::kNamespace);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kForbidden);
  EXPECT_THAT(refused.error().where, HasSubstr("/api/v1/namespaces"));
}

TEST(Credentials, SomebodyWithoutTheRightIsToldWhichOne) {
  const Connection client(tester(), once());
  EXPECT_TRUE(client->version()) << "the token is good";
  const auto refused = client->list_all(kube::kNode);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kForbidden);
  EXPECT_THAT(refused.error().message, AllOf(HasSubstr("list"), HasSubstr("nodes")));
}

TEST(Credentials, ATokenFileIsReadAgainAfter401) {
  kube::ClientConfig config = tester();
  const std::string good = config.token;
  config.token.clear();
  config.token_file = write("token", "expired");
  const Connection client(std::move(config), once());
  EXPECT_FALSE(client->is_served(kube::kNode));
  write("token", good);
  EXPECT_TRUE(eventually([&] { return client->is_served(kube::kNode).has_value(); }));
}

TEST(Credentials, ExecPluginsAreRefusedWithAWayOut) {
  const auto file = write("exec.kubeconfig", R"(
apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: touch, args: [ran]}}}]
contexts: [{name: x, context: {cluster: c, user: u}}]
current-context: x
)");
  const auto loaded = kube::load_kubeconfig({.file = file});
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(loaded.error().text(), AllOf(HasSubstr("exec"), HasSubstr(file.string())));
  EXPECT_FALSE(std::filesystem::exists("ran"));
}

}  // namespace
}  // namespace baseline::integration
