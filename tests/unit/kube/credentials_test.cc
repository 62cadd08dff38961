#include "kube/credentials.h"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "kube/curl_channel.h"
#include "kube/fake_clock.h"
#include "temporary_folder.h"

namespace baseline::kube {
namespace {

using base::ErrorCode;
using std::chrono::seconds;
using testing::FakeClock;
using testing::TemporaryFolder;

std::string pem(const std::string& text) {
  return "-----BEGIN CERTIFICATE-----\n" + text;
}

class CredentialsTest : public ::testing::Test {
 protected:
  ClientConfig config() {
    ClientConfig out;
    out.token_file = folder.write("token", "first\n");
    out.ca.file = folder.write("ca.crt", pem("one"));
    return out;
  }
  TemporaryFolder folder;
  FakeClock clock;
};

TEST_F(CredentialsTest, TheTokenFileIsReadAgainAfterTheInterval) {
  Credentials credentials(config(), clock, seconds(60));
  ASSERT_TRUE(credentials.load().has_value());
  EXPECT_EQ(credentials.current().token, "first");
  folder.write("token", "second\n");
  clock.advance(seconds(59));
  EXPECT_EQ(credentials.current().token, "first");
  clock.advance(seconds(1));
  EXPECT_EQ(credentials.current().token, "second");
  EXPECT_EQ(credentials.current().tls_generation, 0U) << "a token needs no new connection";
}

TEST_F(CredentialsTest, ARefusalLooksAtTheFilesAtOnceButNotInALoop) {
  Credentials credentials(config(), clock, seconds(60));
  ASSERT_TRUE(credentials.load().has_value());
  folder.write("token", "second");
  credentials.refused();
  EXPECT_EQ(credentials.current().token, "first") << "they were read this very second";
  clock.advance(seconds(1));
  credentials.refused();
  EXPECT_EQ(credentials.current().token, "second");
}

TEST_F(CredentialsTest, ANewAuthorityNeedsNewConnections) {
  Credentials credentials(config(), clock, seconds(60));
  ASSERT_TRUE(credentials.load().has_value());
  const auto before = credentials.current();
  folder.write("ca.crt", pem("two"));
  clock.advance(seconds(60));
  const auto after = credentials.current();
  EXPECT_EQ(after.ca_pem, pem("two"));
  EXPECT_NE(after.tls_generation, before.tls_generation);
}

TEST_F(CredentialsTest, AFileThatVanishesOrBreaksLaterKeepsTheLastGoodText) {
  Credentials credentials(config(), clock, seconds(60));
  ASSERT_TRUE(credentials.load().has_value());
  std::filesystem::remove(folder.path() / "token");
  clock.advance(seconds(60));
  EXPECT_EQ(credentials.current().token, "first");
  folder.write("token", "bro\nken");
  clock.advance(seconds(60));
  EXPECT_EQ(credentials.current().token, "first");
  folder.write("token", "third");
  clock.advance(seconds(60));
  EXPECT_EQ(credentials.current().token, "third");
}

TEST_F(CredentialsTest, WhatCannotBeUsedIsNamedAtTheStart) {
  const auto load = [&](ClientConfig wanted) {
    return Credentials(std::move(wanted), clock, seconds(60)).load();
  };
  ClientConfig missing = config();
  missing.token_file = folder.path() / "none";
  EXPECT_EQ(load(missing).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(load(missing).error().where, (folder.path() / "none").string());

  ClientConfig injected = config();
  injected.token_file.clear();
  injected.token = "x\r\nX-Remote-User: admin";
  EXPECT_EQ(load(injected).error().code, ErrorCode::kInvalid);

  ClientConfig empty = config();
  empty.token_file = folder.write("token", " \n");
  EXPECT_EQ(load(empty).error().code, ErrorCode::kInvalid);

  ClientConfig no_pem = config();
  no_pem.ca.file = folder.write("ca.crt", "hello");
  EXPECT_EQ(load(no_pem).error().code, ErrorCode::kInvalid);
}

TEST(EndpointTest, AcceptsWhatCanBeCalled) {
  const auto plain = parse_endpoint("https://10.0.0.1:6443", "");
  ASSERT_TRUE(plain.has_value());
  EXPECT_EQ(plain->authority(), "10.0.0.1:6443");
  EXPECT_TRUE(plain->tls);
  const auto v6 = parse_endpoint("https://[fd00::1]:6443/k8s/c-1/", "api.example");
  ASSERT_TRUE(v6.has_value());
  EXPECT_EQ(v6->authority(), "[fd00::1]:6443");
  EXPECT_EQ(v6->prefix, "/k8s/c-1");
  EXPECT_EQ(parse_endpoint("https://api.example", "").value().port, "443");
  EXPECT_EQ(parse_endpoint("https://api.example/", "").value().prefix, "");
  EXPECT_FALSE(parse_endpoint("http://127.0.0.1:8080", "").value().tls);
  EXPECT_TRUE(parse_endpoint("http://localhost:8080", "").has_value());
  EXPECT_TRUE(parse_endpoint("http://[::1]:8080", "").has_value());
}

TEST(EndpointTest, RefusesTheRest) {
  for (const char* server :
       {"", "10.0.0.1:6443", "ftp://a", "http://10.0.0.1:8080", "http://127.evil.example",
        "http://localhost.evil.example", "https://", "https://:6443", "https://a:", "https://a:x",
        "https://a:123456", "https://a b", "https://user:pw@a", "https://[::1", "https://[::1]x",
        "https://a\r\nX: y", "https://a/p?q=1", "https://a/p\r\nX: y"}) {
    const auto endpoint = parse_endpoint(server, "");
    ASSERT_FALSE(endpoint.has_value()) << server;
    EXPECT_EQ(endpoint.error().code, ErrorCode::kInvalid);
  }
  EXPECT_FALSE(parse_endpoint("https://a", "x\r\ny").has_value());
}

}  // namespace
}  // namespace baseline::kube
