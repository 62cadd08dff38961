#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.h"
#include "kube/config.h"
#include "temporary_folder.h"

namespace baseline::kube {
namespace {

using base::ErrorCode;
using ::testing::HasSubstr;
using testing::TemporaryFolder;

constexpr std::string_view kPem = "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n";

// A kubeconfig with one context "c"; `cluster` and `user` are the lines below them.
std::string kubeconfig(const std::string& cluster, const std::string& user) {
  return "apiVersion: v1\nkind: Config\ncurrent-context: c\n"
         "contexts:\n- name: c\n  context: {cluster: k, user: u, namespace: team}\n"
         "clusters:\n- name: k\n  cluster:\n    server: https://10.0.0.1:6443\n" +
         cluster + "users:\n- name: u\n  user:\n" + user;
}

class KubeconfigTest : public ::testing::Test {
 protected:
  base::Result<ClientConfig> load(const std::string& text, std::string context = {}) {
    return load_kubeconfig({folder.write("config", text), std::move(context), "", ""});
  }
  TemporaryFolder folder;
};

TEST_F(KubeconfigTest, ReadsInlineData) {
  const std::string data = base::base64_encode(kPem);
  const auto config =
      load(kubeconfig("    certificate-authority-data: " + data + "\n    tls-server-name: api.example\n",
                      "    client-certificate-data: " + data + "\n    client-key-data: " + data + "\n"));
  ASSERT_TRUE(config.has_value()) << config.error().text();
  EXPECT_EQ(config->server, "https://10.0.0.1:6443");
  EXPECT_EQ(config->tls_server_name, "api.example");
  EXPECT_EQ(config->ca.inline_pem, kPem);
  EXPECT_EQ(config->client_certificate.inline_pem, kPem);
  EXPECT_EQ(config->client_key.inline_pem, kPem);
  EXPECT_EQ(config->default_namespace, "team");
  EXPECT_EQ(config->context, "c");
}

TEST_F(KubeconfigTest, PathsAreRelativeToTheFileTheyStandIn) {
  const auto config =
      load(kubeconfig("    certificate-authority: pki/ca.crt\n",
                      "    client-certificate: a.crt\n    client-key: /abs/a.key\n    tokenFile: t\n"));
  ASSERT_TRUE(config.has_value()) << config.error().text();
  EXPECT_EQ(config->ca.file, folder.path() / "pki/ca.crt");
  EXPECT_EQ(config->client_certificate.file, folder.path() / "a.crt");
  EXPECT_EQ(config->client_key.file, "/abs/a.key");
  EXPECT_EQ(config->token_file, folder.path() / "t");
}

TEST_F(KubeconfigTest, InlineDataWinsOverTheFile) {
  const auto config = load(kubeconfig("    certificate-authority: ca.crt\n    certificate-authority-data: " +
                                          base::base64_encode(kPem) + "\n",
                                      "    token: secret\n"));
  ASSERT_TRUE(config.has_value());
  EXPECT_TRUE(config->ca.file.empty());
  EXPECT_EQ(config->ca.inline_pem, kPem);
  EXPECT_EQ(config->token, "secret");
}

TEST_F(KubeconfigTest, SeveralFilesAreReadAsOneAndTheFirstWins) {
  const auto first =
      folder.write("one/config", "current-context: b\nusers:\n- name: u\n  user: {tokenFile: t1}\n");
  const auto second =
      folder.write("two/config",
                   "current-context: ignored\ncontexts:\n- name: b\n  context: {cluster: k, user: u}\n"
                   "clusters:\n- name: k\n  cluster: {server: 'https://b:1', certificate-authority: "
                   "ca}\nusers:\n- name: u\n  user: {token: x}\n");
  const std::string list = first.string() + ":/nowhere/config::" + second.string();
  const auto config = load_kubeconfig({{}, {}, list, ""});
  ASSERT_TRUE(config.has_value()) << config.error().text();
  EXPECT_EQ(config->token_file, folder.path() / "one/t1");
  EXPECT_EQ(config->ca.file, folder.path() / "two/ca");
  EXPECT_EQ(config->token, "");
  EXPECT_EQ(config->default_namespace, "default");
}

TEST_F(KubeconfigTest, FindsTheFileAtHome) {
  folder.write(".kube/config", kubeconfig("", "    token: x\n"));
  EXPECT_TRUE(load_kubeconfig({{}, {}, "", folder.path().string()}).has_value());
  const auto none = load_kubeconfig({{}, {}, "", (folder.path() / "nobody").string()});
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(none.error().message, HasSubstr((folder.path() / "nobody/.kube/config").string()));
  EXPECT_EQ(load_kubeconfig({folder.path() / "missing", {}, "", ""}).error().code, ErrorCode::kNotFound);
}

TEST_F(KubeconfigTest, AnotherContextCanBeNamed) {
  const std::string text = kubeconfig("", "    token: x\n") + "- name: v\n  user: {token: z}\n";
  EXPECT_EQ(load(text, "c").value().token, "x");
  const auto missing = load(text, "d");
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().message, "there is no context \"d\" (there are: \"c\")");
  EXPECT_EQ(missing.error().where, (folder.path() / "config").string());
}

struct BadCase {
  std::string text;
  std::string expected;  // in the message
  int line = 0;          // in the place; 0: none
};

TEST_F(KubeconfigTest, EachMistakeIsNamedWithItsPlace) {
  const std::string good_user = "    token: x\n";
  const std::vector<BadCase> cases{
      {"", "no context is chosen", 0},
      {"- a\n", "a kubeconfig is a map", 0},
      {"a: [", "", 0},
      {"contexts:\n- name: c\n  context: {}\n",
       "no context is chosen: set current-context or name one with --context "
       "(there are: \"c\")",
       0},
      {"current-context: c\ncontexts:\n- name: c\n  context: {cluster: k, user: u}\n",
       "there is no cluster \"k\" (there are: none)", 0},
      {"current-context: c\ncontexts:\n- name: c\n  context: {cluster: k, user: u}\nclusters:\n- name: k\n  "
       "cluster: "
       "{server: 'https://a'}\nusers:\n- name: other\n  user: {token: x}\n",
       "there is no user \"u\" (there are: \"other\")", 0},
      {kubeconfig("    insecure-skip-tls-verify: true\n", good_user), "certificate-authority-data", 11},
      {kubeconfig("    proxy-url: http://proxy\n", good_user), "proxy", 11},
      {kubeconfig("    certificate-authority-data: '***'\n", good_user),
       "certificate-authority-data is not base64", 11},
      {kubeconfig("", "    exec: {command: aws}\n"), "kubectl create token", 14},
      {kubeconfig("", "    auth-provider: {name: gcp}\n"), "auth-provider", 14},
      {kubeconfig("", "    username: admin\n    password: secret\n"), "password", 14},
      {kubeconfig("", "    token: x\n    as: someone\n"), "impersonates", 15},
      {kubeconfig("", "    client-certificate: a\n"), "a client certificate without its client key", 14},
      {kubeconfig("", "    client-key: a\n"), "a client key without its client certificate", 14},
      {kubeconfig("", "    unknown: a\n"), "has no credentials", 14},
  };
  for (const BadCase& bad : cases) {
    const auto config = load(bad.text);
    ASSERT_FALSE(config.has_value()) << bad.text;
    EXPECT_EQ(config.error().code, ErrorCode::kInvalid) << bad.text;
    EXPECT_THAT(config.error().message, HasSubstr(bad.expected));
    EXPECT_THAT(config.error().where, HasSubstr((folder.path() / "config").string()));
    if (bad.line != 0) {
      EXPECT_THAT(config.error().where, ::testing::EndsWith(":" + std::to_string(bad.line)));
    }
    EXPECT_EQ(config.error().text().find("secret"), std::string::npos) << "no secret in a message";
  }
}

TEST_F(KubeconfigTest, AClusterWithoutServerIsNamed) {
  const auto config = load(
      "current-context: c\ncontexts:\n- name: c\n  context: {cluster: k, user: u}\nclusters:\n- name: k\n  "
      "cluster: "
      "{certificate-authority: x}\nusers:\n- name: u\n  user: {token: x}\n");
  ASSERT_FALSE(config.has_value());
  EXPECT_THAT(config.error().message, HasSubstr("the cluster \"k\" has no server"));
}

TEST_F(KubeconfigTest, FalseMeansNotAsked) {
  EXPECT_TRUE(load(kubeconfig("    insecure-skip-tls-verify: false\n", "    token: x\n    exec: null\n"))
                  .has_value());
}

TEST_F(KubeconfigTest, AFileThatIsNoneIsRefusedWithoutBlocking) {
  const auto config = load_kubeconfig({folder.path(), {}, "", ""});
  ASSERT_FALSE(config.has_value());
  EXPECT_EQ(config.error().message, "this is no regular file");
}

class InClusterTest : public ::testing::Test {
 protected:
  void write(const std::string& name, std::string_view text) {
    folder.write("var/run/secrets/kubernetes.io/serviceaccount/" + name, text);
  }
  TemporaryFolder folder;
};

TEST_F(InClusterTest, ReadsTheServiceAccount) {
  write("token", "t\n");
  write("ca.crt", kPem);
  write("namespace", "system\n");
  const auto config = in_cluster_config("10.96.0.1", "443", folder.path());
  ASSERT_TRUE(config.has_value()) << config.error().text();
  EXPECT_EQ(config->server, "https://10.96.0.1:443");
  EXPECT_EQ(config->default_namespace, "system");
  EXPECT_TRUE(config->token.empty()) << "the file is read again when it is renewed";
  EXPECT_EQ(config->token_file.filename(), "token");
  EXPECT_EQ(in_cluster_config("fd00::1", "443", folder.path()).value().server, "https://[fd00::1]:443");
}

TEST_F(InClusterTest, SaysWhenThisIsNoPod) {
  EXPECT_EQ(in_cluster_config("", "", folder.path()).error().code, ErrorCode::kNotFound);
  const auto without_token = in_cluster_config("10.96.0.1", "443", folder.path());
  ASSERT_FALSE(without_token.has_value());
  EXPECT_EQ(without_token.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(without_token.error().message, HasSubstr("automountServiceAccountToken"));
}

}  // namespace
}  // namespace baseline::kube
