#include "node-runner/redact.h"

#include <gmock/gmock.h>

namespace baseline::runner {
namespace {

using ::testing::ElementsAre;

const std::string kHidden(kRedacted);

TEST(RedactWords, SecretFlagsInEveryWayOfWriting) {
  EXPECT_THAT(
      redact_words({"k3s", "server", "--token=abc", "--token", "abc", "-agent-token", "abc", "--port=6443"}),
      ElementsAre("k3s", "server", "--token=" + kHidden, "--token", kHidden, "-agent-token", kHidden,
                  "--port=6443"));
  EXPECT_THAT(redact_words({"x", "--db_password=hunter2", "--etcd-s3-secret-key=/AbC", "--etcd-s3-access-key",
                            "AKIA"}),
              ElementsAre("x", "--db_password=" + kHidden, "--etcd-s3-secret-key=" + kHidden,
                          "--etcd-s3-access-key", kHidden));
}

TEST(RedactWords, FilesAndSwitchesStayVisible) {
  const std::vector<std::string> words = {
      "kube-apiserver",
      "--token-auth-file=/etc/tokens.csv",
      "--basic-auth-file=/etc/basic.csv",
      "--enable-bootstrap-token-auth=true",
      "--service-account-key-file=/etc/sa.pub",
      "--service-account-private-key-file=/etc/sa.key",
      "--tls-private-key-file=/etc/tls.key",
      "--kubelet-client-key=/etc/client.key",
      "--use-service-account-credentials=true",
      "--image-credential-provider-config=/etc/providers.yaml",
      "--client-cert-auth=true",
      "--authorization-mode=Node,RBAC",
      "--feature-gates=ServiceAccountTokenJTI=true,RotateKubeletServerCertificate=false",
      "--tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_AES_128_GCM_SHA256",
      "--etcd-servers=https://127.0.0.1:2379",
      "--initial-cluster=a=https://10.0.0.1:2380",
      "--disable-admission-plugins=AlwaysAdmit",
      "--encryption-provider-config=/etc/enc.yaml"};
  EXPECT_EQ(redact_words(words), words);
}

TEST(RedactWords, FlagsThatABundlePassesOn) {
  EXPECT_THAT(
      redact_words({"k3s", "--kube-apiserver-arg=token=abc", "--kube-apiserver-arg=anonymous-auth=false"}),
      ElementsAre("k3s", "--kube-apiserver-arg=" + kHidden, "--kube-apiserver-arg=anonymous-auth=false"));
}

TEST(RedactWords, SecretsInFreeWords) {
  EXPECT_THAT(
      redact_words({"sh", "-c", "export DB_PASSWORD=x; run", "--datastore-endpoint=mysql://u:p@tcp(db)/k"}),
      ElementsAre("sh", "-c", kHidden, "--datastore-endpoint=" + kHidden));
}

TEST(RedactWords, WordsThatBeginWithADashAndAreNoFlags) {
  EXPECT_THAT(
      redact_words({"sh", "-----BEGIN RSA PRIVATE KEY-----\nMIIhunter2==\n-----END RSA PRIVATE KEY-----"}),
      ElementsAre("sh", kHidden));
  EXPECT_THAT(redact_words({"x", "--proxy https://user:hunter2@h/?a=b", "--port=1"}),
              ElementsAre("x", kHidden, "--port=1"));
  EXPECT_THAT(redact_words({"x", "--db password: hunter2", "hunter3", "word"}),
              ElementsAre("x", kHidden, kHidden, "word"));
}

TEST(SecretValue, ByItsText) {
  for (const char* secret :
       {"-----BEGIN RSA PRIVATE KEY-----\nMII", "https://user:pass@registry.example",
        "http://tokenonly@registry", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.sig", "abcdef.0123456789abcdef",
        "Bearer abc", "Authorization: x", "password: hunter2", "DB_PASSWORD=x", "token='x'", "my_api_key = z",
        "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGh", "https://x/?access_token=1"}) {
    EXPECT_TRUE(is_secret_value(secret)) << secret;
  }
  EXPECT_TRUE(is_secret_value(std::string(10'000, 'a')));
  for (const char* plain :
       {"", "true", "RBAC", "/var/lib/kubelet/pki/kubelet-client-current.pem", "10.96.0.0/12",
        "https://10.0.0.1:6443", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "0s",
        "registry.example/x@sha256:0123456789012345678901234567890123456789012345678901234567890123",
        "https://registry.example/path@name", "BoundServiceAccountTokenVolume=false", "token=true"}) {
    EXPECT_FALSE(is_secret_value(plain)) << plain;
  }
}

TEST(SecretSetting, EncryptionShowsOnlyWhatIsListed) {
  EXPECT_TRUE(
      is_secret_setting("encryption", {"resources", "providers", "aescbc", "keys", "secret"}, "YWJj"));
  EXPECT_TRUE(is_secret_setting("encryption", {"resources", "providers", "new", "material"}, "YWJj"));
  EXPECT_FALSE(is_secret_setting("encryption", {"resources", "resources"}, "secrets"));
  EXPECT_FALSE(is_secret_setting("encryption", {"resources", "providers", "aescbc", "keys", "name"}, "key1"));
}

TEST(SecretSetting, KubeconfigShowsOnlyWhatIsListed) {
  EXPECT_TRUE(is_secret_setting("kubeconfig", {"users", "user", "token"}, "abc"));
  EXPECT_TRUE(is_secret_setting("kubeconfig", {"users", "user", "client-key-data"}, "abc"));
  EXPECT_TRUE(is_secret_setting("kubeconfig", {"users", "user", "client-certificate-data"}, "abc"));
  EXPECT_TRUE(is_secret_setting("kubeconfig", {"users", "user", "exec", "env", "value"}, "abc"));
  EXPECT_TRUE(is_secret_setting("kubeconfig", {"users", "user", "exec", "args"}, "abc"));
  EXPECT_TRUE(is_secret_setting("kubeconfig", {"users", "user", "username"}, "abc"));
  EXPECT_FALSE(is_secret_setting("kubeconfig", {"users", "user", "client-key"}, "/etc/x.key"));
  EXPECT_FALSE(is_secret_setting("kubeconfig", {"clusters", "cluster", "server"}, "https://10.0.0.1:6443"));
}

TEST(SecretSetting, BranchesThatHoldSecrets) {
  EXPECT_TRUE(is_secret_setting("manifest", {"spec", "containers", "env", "value"}, "x"));
  EXPECT_FALSE(is_secret_setting("manifest", {"spec", "containers", "env", "name"}, "DB"));
  EXPECT_TRUE(is_secret_setting("manifest", {"metadata", "annotations", "note"}, "x"));
  EXPECT_TRUE(is_secret_setting("runtime", {"registry", "configs", "r", "auth", "username"}, "x"));
  EXPECT_TRUE(is_secret_setting("runtime", {"host", "https://r", "header", "x-thing"}, "x"));
  EXPECT_TRUE(is_secret_setting("config", {"staticPodURLHeader", "X"}, "x"));
  EXPECT_FALSE(is_secret_setting("config", {"authentication", "anonymous", "enabled"}, "false"));
  EXPECT_FALSE(is_secret_setting("config", {"tlsPrivateKeyFile"}, "/x.key"));
  EXPECT_FALSE(is_secret_setting("config", {"spec", "automountServiceAccountToken"}, "false"));
}

}  // namespace
}  // namespace baseline::runner
