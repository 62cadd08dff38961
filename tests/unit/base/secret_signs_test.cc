#include "base/secret_signs.h"

#include <gtest/gtest.h>

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
