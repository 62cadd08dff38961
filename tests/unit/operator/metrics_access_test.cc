// Who may read metrics, and the port that they are served at.
#include "operator/metrics_access.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "base/time.h"
#include "http_get.h"
#include "kube/curl_transport.h"
#include "kube/fake_clock.h"
#include "kube/tiny_http_server.h"
#include "operator/metrics_server.h"
#include "operator/tls_files.h"
#include "scratch_file.h"

namespace baseline::op {
namespace {

using kube::testing::FakeClock;
using kube::testing::make_self_signed;
using kube::testing::SelfSigned;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::ScratchFile;
using ::testing::StartsWith;
using Verdict = MetricsAccess::Verdict;

// An API server that knows two tokens: "good-…" may read metrics, "other-…" may not.
class Reviews final : public kube::Transport {
 public:
  base::Result<kube::Response> send(const kube::Request& request) override {
    asked.push_back(request.path_and_query.substr(0, request.path_and_query.find('?')));
    if (fails_with != 0) return kube::Response{fails_with, R"({"kind":"Status","message":"refused"})", {}};
    const base::Value body = base::parse_json(request.body, "").value();
    if (body["kind"].as_string() == "TokenReview") {
      const std::string token = body.at("spec.token").as_string();
      if (!token.starts_with("good") && !token.starts_with("other"))
        return kube::Response{201, R"({"status":{"authenticated":false}})", {}};
      const std::string name = token.substr(0, token.find('-'));
      return kube::Response{
          201,
          fmt::format(R"({{"status":{{"authenticated":true,"user":{{"username":"{}","groups":["g"],)"
                      R"("extra":{{"k":["v"]}}}}}}}})",
                      name),
          {}};
    }
    EXPECT_EQ(body.at("spec.nonResourceAttributes.path").as_string(), "/metrics");
    EXPECT_EQ(body.at("spec.nonResourceAttributes.verb").as_string(), "get");
    EXPECT_EQ(body.at("spec.groups").items().size(), 1U);
    EXPECT_TRUE(body.at("spec.extra").is_map());
    const bool allowed = body.at("spec.user").as_string() == "good";
    return kube::Response{201, fmt::format(R"({{"status":{{"allowed":{}}}}})", allowed), {}};
  }
  base::Result<kube::StreamEnd> stream(const kube::Request& /*request*/, const Sink& /*sink*/,
                                       std::stop_token /*stop*/) override {
    return base::fail(base::ErrorCode::kInternal, "nothing is streamed");
  }

  int fails_with = 0;
  std::vector<std::string> asked;
};

class MetricsAccessTest : public ::testing::Test {
 protected:
  Reviews reviews_;
  FakeClock clock_;
  const kube::Client client_{reviews_};
  std::vector<std::string> told_;
  MetricsAccess access_{client_, clock_, [this](const base::Error& e) { told_.push_back(e.text()); }};
};

TEST_F(MetricsAccessTest, AsksWhoItIsAndWhetherTheyMay) {
  EXPECT_EQ(access_.check("good-1"), Verdict::kAllowed);
  EXPECT_THAT(reviews_.asked, ElementsAre("/apis/authentication.k8s.io/v1/tokenreviews",
                                          "/apis/authorization.k8s.io/v1/subjectaccessreviews"));
  EXPECT_EQ(access_.check("other-1"), Verdict::kForbidden);
  EXPECT_EQ(access_.check("unknown"), Verdict::kUnauthenticated);
}

TEST_F(MetricsAccessTest, WhatCannotBeATokenIsNotAskedAbout) {
  EXPECT_EQ(access_.check(""), Verdict::kUnauthenticated);
  EXPECT_EQ(access_.check("a b"), Verdict::kUnauthenticated);
  EXPECT_EQ(access_.check("a\x80"), Verdict::kUnauthenticated);
  EXPECT_THAT(reviews_.asked, IsEmpty());
}

TEST_F(MetricsAccessTest, RemembersForAMinute) {
  access_.check("good-1");
  clock_.advance(std::chrono::seconds(59));
  EXPECT_EQ(access_.check("good-1"), Verdict::kAllowed);
  EXPECT_EQ(reviews_.asked.size(), 2U);
  clock_.advance(std::chrono::seconds(2));
  EXPECT_EQ(access_.check("good-1"), Verdict::kAllowed);
  EXPECT_EQ(reviews_.asked.size(), 4U);
}

TEST_F(MetricsAccessTest, StrangersNeitherFillTheMemoryNorPushOutWhoIsKnown) {
  access_.check("good-1");
  for (int i = 0; i < 1000; ++i) access_.check("stranger-" + std::to_string(i));
  EXPECT_LE(access_.remembered(), 64U);
  const std::size_t asked = reviews_.asked.size();
  EXPECT_EQ(access_.check("good-1"), Verdict::kAllowed);
  EXPECT_EQ(reviews_.asked.size(), asked);
}

TEST_F(MetricsAccessTest, AnApiServerThatRefusesToAnswerAllowsNothingAndIsToldOnce) {
  reviews_.fails_with = 403;
  EXPECT_EQ(access_.check("good-1"), Verdict::kUnknown);
  EXPECT_EQ(access_.check("good-1"), Verdict::kUnknown);
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_THAT(told_[0], HasSubstr("tokenreviews"));
  EXPECT_THAT(told_[0], Not(HasSubstr("good-1")));
  reviews_.fails_with = 0;
  EXPECT_EQ(access_.check("good-1"), Verdict::kAllowed);
}

// The port, by TLS unless a test says otherwise.
class MetricsServerTest : public MetricsAccessTest {
 protected:
  MetricsEndpoint endpoint() {
    return {.address = "127.0.0.1",
            .port = port_,
            .tls = {certificate_.path(), key_.path()},
            .access = &access_,
            .expose = [this] {
              ++exposed_;
              return std::string("x 1\n");
            }};
  }
  kube::Response get(const std::string& token, const std::string& path = "/metrics") {
    kube::ClientConfig config;
    config.server = fmt::format("https://127.0.0.1:{}", port_);
    config.tls_server_name = "metrics.example";
    config.ca.inline_pem = identity_.certificate;
    config.token = token;
    const auto transport = kube::make_curl_transport(config, system_clock_);
    if (!transport) return {};
    kube::Request request;
    request.path_and_query = path;
    const auto reply = (*transport)->send(request);
    EXPECT_TRUE(reply.has_value()) << reply.error().text();
    return reply.value_or(kube::Response{});
  }

  const base::SystemClock system_clock_;
  const SelfSigned identity_ = make_self_signed("metrics.example");
  const ScratchFile certificate_{identity_.certificate}, key_{identity_.key};
  const std::uint16_t port_ = testing::free_port();
  int exposed_ = 0;
};

TEST_F(MetricsServerTest, GivesMetricsToThoseWhoMay) {
  const auto server = start_metrics_server(endpoint());
  ASSERT_TRUE(server.has_value()) << server.error().text();
  const kube::Response good = get("good-1");
  EXPECT_EQ(good.status, 200);
  EXPECT_THAT(good.body, HasSubstr("x 1\n"));
  EXPECT_EQ(get("").status, 401);
  EXPECT_EQ(get("unknown").status, 401);
  EXPECT_EQ(get("other-1").status, 403);
  EXPECT_EQ(get("good-1", "/healthz").status, 404);
  reviews_.fails_with = 500;
  EXPECT_EQ(get("good-2").status, 503);
  EXPECT_EQ(get("good-1").status, 200) << "remembered";
}

TEST_F(MetricsServerTest, PlainTextToATlsPortIsCut) {
  const auto server = start_metrics_server(endpoint());
  ASSERT_TRUE(server.has_value()) << server.error().text();
  EXPECT_THAT(testing::http(port_, "GET", "/metrics"), Not(HasSubstr("x 1")));
  EXPECT_EQ(get("good-1").status, 200);
}

TEST_F(MetricsServerTest, InTheOpenNobodyIsAskedForAToken) {
  MetricsEndpoint open = endpoint();
  open.tls = {};
  const auto refused = start_metrics_server(open);
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().text(), HasSubstr("plain HTTP"));
  open.access = nullptr;
  const auto server = start_metrics_server(open);
  ASSERT_TRUE(server.has_value()) << server.error().text();
  for (int i = 0; i < 50; ++i) {
    const std::string got = testing::http(port_, "GET", "/metrics");
    ASSERT_THAT(got, HasSubstr("text/plain; version=0.0.4"));
    ASSERT_THAT(got, HasSubstr("x 1\n"));
  }
  EXPECT_LT(exposed_, 50) << "many scrapes in a second get one text";
  EXPECT_THAT(testing::http(port_, "GET", "/readyz"), StartsWith("HTTP/1.1 404"));
}

TEST_F(MetricsServerTest, APortInUseAndFilesThatAreNoPemAreNamed) {
  const auto first = start_metrics_server(endpoint());
  const auto second = start_metrics_server(endpoint());
  ASSERT_FALSE(second.has_value());
  EXPECT_THAT(second.error().text(), HasSubstr("--metrics-port"));
  const auto refused = [&](const TlsFiles& files) {
    MetricsEndpoint wrong = endpoint();
    wrong.tls = files;
    const auto server = start_metrics_server(wrong);
    return server ? std::string() : server.error().text();
  };
  EXPECT_THAT(refused({"/no/such/file", key_.path()}), HasSubstr("/no/such/file"));
  EXPECT_THAT(refused({key_.path(), key_.path()}), HasSubstr("PEM certificate"));
  EXPECT_THAT(refused({certificate_.path(), certificate_.path()}), HasSubstr("PEM key to the certificate"));
  const ScratchFile another(make_self_signed("another").key);
  EXPECT_THAT(refused({certificate_.path(), another.path()}), HasSubstr("PEM key to the certificate"));
}

TEST_F(MetricsServerTest, CertificatesAreRenewedAndABrokenOneLeavesTheLast) {
  TlsIdentity identity({certificate_.path(), key_.path()});
  ASSERT_TRUE(identity.refresh().has_value());
  const auto first = identity.context();
  ASSERT_TRUE(identity.refresh().has_value());
  EXPECT_EQ(identity.context(), first);
  const SelfSigned renewed = make_self_signed("metrics.example");
  certificate_.write(renewed.certificate);
  EXPECT_FALSE(identity.refresh().has_value()) << "the key is still the old one";
  EXPECT_EQ(identity.context(), first);
  key_.write(renewed.key);
  ASSERT_TRUE(identity.refresh().has_value());
  EXPECT_NE(identity.context(), first);
}

}  // namespace
}  // namespace baseline::op
