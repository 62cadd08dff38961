#include "base/secret_signs.h"

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "base/yaml.h"

namespace baseline::base {
namespace {

TEST(SecretName, ByWordsInAnyWriting) {
  for (const char* name : {"password", "DB_PASSWORD", "dbPassword", "api-key", "aws_secret_access_key",
                           "token", "tls.privateKey"}) {
    EXPECT_TRUE(has_secret_name(name, "x")) << name;
  }
  for (const char* name : {"host", "token-file", "password_path", "nginx.conf", "ca.crt"}) {
    EXPECT_FALSE(has_secret_name(name, "x")) << name;
  }
  EXPECT_FALSE(has_secret_name("password", ""));
  EXPECT_FALSE(has_secret_name("use-token-rotation", "true"));
}

// Misses and false alarms over a table of real names, printed as precision and recall.
TEST(SecretName, PrecisionAndRecall) {
  std::ifstream file(std::string(TEST_DATA_DIR) + "/secret-names.yaml");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto table = parse_yaml(text, "secret-names.yaml");
  ASSERT_TRUE(table.has_value()) << table.error().text();
  const auto found_in = [&](const char* list, bool wanted) {
    int found = 0;
    for (const Value& item : (*table)[list].items()) {
      const std::string& line = item.as_string();
      const std::size_t equals = line.find('=');
      const std::string value = line.substr(equals + 1);
      const bool is =
          has_secret_name(line.substr(0, equals), value) || has_secret_text(value, Doubt::kIsNone);
      found += is ? 1 : 0;
      if (is != wanted) std::cout << (wanted ? "missed: " : "false alarm: ") << line << "\n";
    }
    return found;
  };
  const int hits = found_in("secrets", true);
  const int alarms = found_in("plain", false);
  const auto secrets = static_cast<double>((*table)["secrets"].items().size());
  ASSERT_GE(secrets + static_cast<double>((*table)["plain"].items().size()), 300);
  const double recall = hits / secrets;
  const double precision = static_cast<double>(hits) / (hits + alarms);
  std::cout << "precision " << precision << ", recall " << recall << "\n";
  EXPECT_GE(recall, 0.98);
  EXPECT_GE(precision, 0.98);
}

TEST(SecretText, WhatIsOneInEveryCase) {
  for (const char* text :
       {"-----BEGIN EC PRIVATE KEY-----\nMII", "postgres://app:hunter2@db/app", "abcdef.0123456789abcdef",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x", "user=app\npassword = hunter2",
        "Authorization: Bearer 0123456789abcdef0123", "Zm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyMTIzNDU2Nzg5MA=="}) {
    EXPECT_TRUE(has_secret_text(text, Doubt::kIsNone)) << text;
    EXPECT_TRUE(has_secret_text(text, Doubt::kIsSecret)) << text;
  }
}

TEST(SecretText, WhatTheDoubtDecides) {
  for (const char* text : {"ssh://git@git.example/shop", "password: ${DB_PASSWORD}", "secret:\n  name: db",
                           "postgres://app:$(PASSWORD)@db/app", "token: null", "a bearer of news"}) {
    EXPECT_FALSE(has_secret_text(text, Doubt::kIsNone)) << text;
    EXPECT_TRUE(has_secret_text(text, Doubt::kIsSecret)) << text;
  }
}

TEST(SecretText, PlainTextIsNone) {
  for (const char* text : {"", "true", "https://example.org/a", "server { listen 80; }", "tokenTTL: 1h"}) {
    EXPECT_FALSE(has_secret_text(text, Doubt::kIsSecret)) << text;
  }
}

TEST(PrivateKey, ByItsFirstLine) {
  EXPECT_TRUE(has_private_key("a\n-----BEGIN OPENSSH PRIVATE KEY-----\n"));
  EXPECT_FALSE(has_private_key("-----BEGIN CERTIFICATE-----"));
}

}  // namespace
}  // namespace baseline::base
