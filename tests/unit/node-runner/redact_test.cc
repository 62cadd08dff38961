#include "node-runner/redact.h"

#include <gmock/gmock.h>

namespace baseline::runner {
namespace {

using ::testing::ElementsAre;

const std::string kHidden(kRedacted);

TEST(RedactWords, OfPublishedFlagsTheValueStays) {
  const std::vector<std::string> words = {
      "kube-apiserver",
      "--token-auth-file=/etc/tokens.csv",
      "--basic-auth-file=/etc/basic.csv",
      "--enable-bootstrap-token-auth=true",
      "--enable_bootstrap_token_auth=true",
      "--service-account-key-file=/etc/sa.pub",
      "--service-account-key-file",
      "/etc/sa.key",
      "--profiling",
      "--tls-private-key-file=/etc/tls.key",
      "--authorization-mode=Node, \"RBAC\"",
      "--feature-gates=ServiceAccountTokenJTI=true,RotateKubeletServerCertificate=false",
      "--tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_AES_128_GCM_SHA256",
      "--etcd-servers=https://127.0.0.1:2379,https://[::1]:2379",
      "--etcd-cafile=",
      "--audit-log-path=-",
      "--audit-log-maxage=0x1E",
      "--disable-admission-plugins=AlwaysAdmit",
      "--",
  };
  EXPECT_EQ(redact_words("kube-apiserver", words), words);
  const std::vector<std::string> manager = {"x", "--use-service-account-credentials=true",
                                            "--controllers=*,-ttl"};
  EXPECT_EQ(redact_words("kube-controller-manager", manager), manager);
  const std::vector<std::string> etcd = {"etcd", "-initial-cluster=a=https://10.0.0.1:2380,b=https://b:2380",
                                         "-data-dir", "/var/lib/etcd"};
  EXPECT_EQ(redact_words("etcd", etcd), etcd);
}

TEST(RedactWords, OfOtherFlagsTheNameStays) {
  EXPECT_THAT(redact_words("kubelet",
                           {"kubelet", "--token=abc", "--token", "abc", "-u", "root:abc", "--db_password=a"}),
              ElementsAre("kubelet", "--token=" + kHidden, "--token", kHidden, "-u", kHidden,
                          "--db_password=" + kHidden));
  EXPECT_THAT(
      redact_words("kubelet", {"kubelet", "-pabc", "-agent-token", "abc", "--Abc", "--a b=c", "abc", ""}),
      ElementsAre("kubelet", kHidden, kHidden, kHidden, kHidden, kHidden, kHidden, ""));
}

TEST(RedactWords, ValuesThatAreNotOfTheirTypeAreWithheld) {
  EXPECT_THAT(redact_words("kube-apiserver", {"x", "--anonymous-auth=abc", "--secure-port", "abc",
                                              "--etcd-servers=https://u:p@h", "--authorization-mode=RBAC,a b",
                                              "--oidc-client-id=abc", "--token-auth-file", "--abc"}),
              ElementsAre("x", "--anonymous-auth=" + kHidden, "--secure-port", kHidden,
                          "--etcd-servers=" + kHidden, "--authorization-mode=" + kHidden,
                          "--oidc-client-id=" + kHidden, "--token-auth-file", kHidden));
}

TEST(RedactWords, NothingAfterTheFlagsAndOnlyKnownWordsBeforeThem) {
  EXPECT_THAT(redact_words("kubelet", {"hyperkube", "kubelet", "--", "--v=2", "abc"}),
              ElementsAre("hyperkube", "kubelet", "--", kHidden, kHidden));
  EXPECT_THAT(redact_words("kubelet", {"sh", "-c", "kubelet --token=abc"}), ElementsAre("sh", "-c", kHidden));
  EXPECT_THAT(redact_words("nothing-known", {"x", "--port=6443"}), ElementsAre("x", "--port=" + kHidden));
}

TEST(RedactWords, FlagsThatABundlePassesOn) {
  EXPECT_EQ(redact_passed_on("kube-apiserver-arg", "anonymous-auth=false"), "anonymous-auth=false");
  EXPECT_EQ(redact_passed_on("kube-apiserver-arg", "--anonymous-auth=false"), "--anonymous-auth=false");
  EXPECT_EQ(redact_passed_on("kube-apiserver-arg", "token=abc"), "token=" + kHidden);
  EXPECT_EQ(redact_passed_on("kubelet-arg", "ABC"), kHidden);
  EXPECT_THAT(redact_words("k3s", {"k3s", "server", "--kube-apiserver-arg=token=abc", "--kubelet-arg=v=2"}),
              ElementsAre("k3s", "server", "--kube-apiserver-arg=token=" + kHidden, "--kubelet-arg=v=2"));
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

TEST(ShownSetting, OnlyWhatTheListOfTheFileNames) {
  EXPECT_FALSE(
      is_shown_setting("encryption", {"resources", "providers", "aescbc", "keys", "secret"}, "YWJj"));
  EXPECT_FALSE(is_shown_setting("encryption", {"resources", "providers", "new", "material"}, "YWJj"));
  EXPECT_TRUE(is_shown_setting("encryption", {"resources", "resources"}, "secrets"));
  EXPECT_TRUE(is_shown_setting("encryption", {"resources", "providers", "aescbc", "keys", "name"}, "key1"));
  EXPECT_FALSE(is_shown_setting("kubeconfig", {"users", "user", "token"}, "abc"));
  EXPECT_FALSE(is_shown_setting("kubeconfig", {"users", "user", "exec", "args"}, "abc"));
  EXPECT_FALSE(is_shown_setting("kubeconfig", {"users", "user", "username"}, "abc"));
  EXPECT_TRUE(is_shown_setting("kubeconfig", {"users", "user", "client-key"}, "/etc/x.key"));
  EXPECT_TRUE(is_shown_setting("kubeconfig", {"clusters", "cluster", "server"}, "https://10.0.0.1:6443"));
  EXPECT_FALSE(is_shown_setting("manifest", {"spec", "containers", "env", "value"}, "x"));
  EXPECT_TRUE(is_shown_setting("manifest", {"spec", "containers", "env", "name"}, "DB"));
  EXPECT_FALSE(is_shown_setting("manifest", {"metadata", "annotations", "note"}, "x"));
  EXPECT_FALSE(is_shown_setting("kubelet", {"staticPodURLHeader", "X"}, "x"));
  EXPECT_TRUE(is_shown_setting("kubelet", {"tlsPrivateKeyFile"}, "/x.key"));
  EXPECT_FALSE(is_shown_setting("kubelet", {"tlsPrivateKeyFile", "x"}, "/x.key"));
  EXPECT_TRUE(is_shown_setting("kubelet", {"anything", "else"}, ""));
}

}  // namespace
}  // namespace baseline::runner
