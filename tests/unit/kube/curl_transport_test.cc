#include "kube/curl_transport.h"

#include <atomic>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kube/fake_clock.h"
#include "kube/tiny_http_server.h"
#include "temporary_folder.h"

namespace baseline::kube {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::FakeClock;
using ::testing::HasSubstr;
using testing::http_chunk;
using testing::http_reply;
using ::testing::Not;
using testing::SelfSigned;
using ::testing::StartsWith;
using testing::TinyHttpServer;
using Answer = TinyHttpServer::Answer;
using Then = TinyHttpServer::Then;

constexpr const char* kChunkedHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

class CurlTransportTest : public ::testing::Test {
 protected:
  std::unique_ptr<Transport> transport_to(const TinyHttpServer& server, ClientConfig config = {}) {
    if (config.server.empty()) config.server = "http://127.0.0.1:" + std::to_string(server.port());
    auto made = make_curl_transport(std::move(config), clock);
    EXPECT_TRUE(made.has_value()) << made.error().text();
    return std::move(made).value();
  }
  static Request get(std::string path = "/api") {
    Request request;
    request.path_and_query = std::move(path);
    request.timeout = seconds(20);
    return request;
  }

  FakeClock clock;
};

TEST_F(CurlTransportTest, SendsARequestAsItIsMeant) {
  TinyHttpServer server([](const std::string&) { return Answer{http_reply("201 Created", "{\"a\":1}")}; });
  ClientConfig config;
  config.token = "secret-token";
  const auto transport = transport_to(server, config);
  Request request = get("/apis/batch/v1/jobs?fieldManager=x%20y");
  request.method = "PATCH";
  request.content_type = "application/merge-patch+json";
  request.body = R"({"spec":{}})";
  const auto response = transport->send(request);
  ASSERT_TRUE(response.has_value()) << response.error().text();
  EXPECT_EQ(response->status, 201);
  EXPECT_EQ(response->body, "{\"a\":1}");
  const std::string seen = server.requests().at(0);
  EXPECT_THAT(seen, StartsWith("PATCH /apis/batch/v1/jobs?fieldManager=x%20y HTTP/1.1\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\nAuthorization: Bearer secret-token\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\nUser-Agent: baseline-operator/"));
  EXPECT_THAT(seen, HasSubstr("\r\nAccept: application/json\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\nContent-Type: application/merge-patch+json\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\n\r\n{\"spec\":{}}"));
  EXPECT_THAT(seen, Not(HasSubstr("Expect:")));
}

TEST_F(CurlTransportTest, KeepsItsConnectionAndUsesItForEveryMethod) {
  TinyHttpServer server([](const std::string&) { return Answer{http_reply("200 OK", "{}")}; });
  const auto transport = transport_to(server);
  for (const char* method : {"GET", "DELETE", "POST", "PUT", "GET"}) {
    Request request = get();
    request.method = method;
    if (request.method != "GET") request.body = "{}";
    ASSERT_TRUE(transport->send(request).has_value());
    EXPECT_THAT(server.requests().back(), StartsWith(std::string(method) + " /api HTTP/1.1"));
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(CurlTransportTest, ThreadsCanUseItAtOnce) {
  TinyHttpServer server([](const std::string&) { return Answer{http_reply("200 OK", "{}")}; });
  const auto transport = transport_to(server);
  std::atomic<int> good = 0;
  {
    std::vector<std::jthread> threads;
    threads.reserve(6);
    for (int i = 0; i < 6; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < 20; ++n) good += transport->send(get()).has_value() ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(good, 120);
}

TEST_F(CurlTransportTest, AServerThatIsNotThereIsUnavailable) {
  std::string address;
  {
    const TinyHttpServer gone([](const std::string&) { return Answer{}; });
    address = "http://127.0.0.1:" + std::to_string(gone.port());
  }
  ClientConfig config;
  config.server = address;
  const auto transport = make_curl_transport(config, clock).value();
  const auto response = transport->send(get());
  ASSERT_FALSE(response.has_value());
  EXPECT_EQ(response.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(response.error().message, HasSubstr("cannot be reached"));
}

TEST_F(CurlTransportTest, AReplyCutInTheMiddleIsCorrupt) {
  for (const std::string& bytes :
       {std::string("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"items\":["),
        kChunkedHead + http_chunk("{\"items\":["), std::string("HTTP/1.1 200 OK\r\nConte"),
        std::string("HTTP/1.1 200 OK\r\n\r\n{}"), std::string()}) {
    TinyHttpServer server([&](const std::string&) { return Answer{bytes, Then::kClose}; });
    const auto response = transport_to(server)->send(get());
    ASSERT_FALSE(response.has_value()) << bytes;
    EXPECT_EQ(response.error().code, ErrorCode::kCorrupt) << bytes;
  }
}

TEST_F(CurlTransportTest, AConnectionClosedBetweenRequestsIsOpenedAgain) {
  TinyHttpServer server([](const std::string&) { return Answer{http_reply("200 OK", "{}"), Then::kClose}; });
  const auto transport = transport_to(server);
  EXPECT_TRUE(transport->send(get()).has_value());
  EXPECT_TRUE(transport->send(get()).has_value());
}

TEST_F(CurlTransportTest, RepliesAreBounded) {
  for (const std::string& bytes : {http_reply("200 OK", std::string(1001, 'x')),
                                   kChunkedHead + http_chunk(std::string(1001, 'x')) + http_chunk("")}) {
    TinyHttpServer server([&](const std::string&) { return Answer{bytes}; });
    const auto transport = transport_to(server);
    Request request = get();
    request.max_reply_bytes = 1000;
    EXPECT_EQ(transport->send(request).error().code, ErrorCode::kLimit);
    request.max_reply_bytes = 1001;
    EXPECT_EQ(transport->send(request).value().body.size(), 1001U);
  }
}

TEST_F(CurlTransportTest, TellsRetryAfter) {
  TinyHttpServer server([](const std::string&) {
    return Answer{http_reply("429 Too Many Requests", "{}", "Retry-After: 7\r\n")};
  });
  const auto response = transport_to(server)->send(get());
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 429);
  EXPECT_EQ(response->retry_after, seconds(7));
}

TEST_F(CurlTransportTest, FollowsNoRedirect) {
  TinyHttpServer server([](const std::string&) {
    return Answer{http_reply("302 Found", "", "Location: http://127.0.0.1:1/stolen\r\n")};
  });
  const auto response = transport_to(server)->send(get());
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 302);
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST_F(CurlTransportTest, NothingCanBeSmuggledIntoARequest) {
  TinyHttpServer server([](const std::string&) { return Answer{http_reply("200 OK", "{}")}; });
  const auto transport = transport_to(server);
  std::vector<Request> bad(6, get());
  bad[0].path_and_query = "/api\r\nX-Remote-User: admin";
  bad[1].path_and_query = "/api HTTP/1.1";
  bad[2].path_and_query = "api";
  bad[3].content_type = "a\r\nX: y";
  bad[4].accept = "a\nX: y";
  bad[5].method = "GET\r\nX: y";
  for (const Request& request : bad) {
    const auto response = transport->send(request);
    ASSERT_FALSE(response.has_value());
    EXPECT_EQ(response.error().code, ErrorCode::kInvalid);
  }
  EXPECT_TRUE(server.requests().empty());
}

TEST_F(CurlTransportTest, AServerThatSaysNothingTimesOutAsMaybeDone) {
  TinyHttpServer server([](const std::string&) { return Answer{"", Then::kHang}; });
  Request request = get();
  request.timeout = milliseconds(50);
  EXPECT_EQ(transport_to(server)->send(request).error().code, ErrorCode::kCorrupt);
}

TEST_F(CurlTransportTest, AStopEndsARequest) {
  std::stop_source stop;
  TinyHttpServer server([&](const std::string&) {
    stop.request_stop();
    return Answer{"", Then::kHang};
  });
  Request request = get();
  request.timeout = std::chrono::hours(1);
  request.stop = stop.get_token();
  EXPECT_EQ(transport_to(server)->send(request).error().code, ErrorCode::kUnavailable);
}

TEST_F(CurlTransportTest, StreamsChunksUntilTheServerEnds) {
  TinyHttpServer server([](const std::string&) {
    return Answer{kChunkedHead + http_chunk("one\n") + http_chunk("two\n") + http_chunk("")};
  });
  std::string got;
  const auto end = transport_to(server)->stream(get(),
                                                [&](std::string_view chunk) {
                                                  got += chunk;
                                                  return true;
                                                },
                                                {});
  ASSERT_TRUE(end.has_value()) << end.error().text();
  EXPECT_EQ(end->reason, StreamEnd::Reason::kEnded);
  EXPECT_EQ(end->status, 200);
  EXPECT_EQ(got, "one\ntwo\n");
}

TEST_F(CurlTransportTest, AStreamEndsWhenTheReaderOrAStopWantsIt) {
  TinyHttpServer server(
      [](const std::string&) { return Answer{kChunkedHead + http_chunk("one\n"), Then::kHang}; });
  const auto transport = transport_to(server);
  Request request = get();
  request.timeout = std::chrono::hours(1);
  const auto by_reader = transport->stream(request, [](std::string_view) { return false; }, {});
  EXPECT_EQ(by_reader.value().reason, StreamEnd::Reason::kStopped);
  std::stop_source stop;
  std::jthread stopper;
  const auto by_stop = transport->stream(
      request,
      [&](std::string_view) {
        stopper = std::jthread([&] { stop.request_stop(); });
        return true;
      },
      stop.get_token());
  EXPECT_EQ(by_stop.value().reason, StreamEnd::Reason::kStopped);
}

TEST_F(CurlTransportTest, ASilentStreamIsGivenUp) {
  for (const char* bytes : {kChunkedHead, ""}) {
    TinyHttpServer server([&](const std::string&) { return Answer{bytes, Then::kHang}; });
    Request request = get();
    request.timeout = milliseconds(50);
    const auto end = transport_to(server)->stream(request, [](std::string_view) { return true; }, {});
    ASSERT_TRUE(end.has_value()) << end.error().text();
    EXPECT_EQ(end->reason, StreamEnd::Reason::kSilent);
  }
}

TEST_F(CurlTransportTest, AStreamCutInTheMiddleIsCorrupt) {
  TinyHttpServer server(
      [](const std::string&) { return Answer{kChunkedHead + http_chunk("one\ntw"), Then::kClose}; });
  const auto end = transport_to(server)->stream(get(), [](std::string_view) { return true; }, {});
  ASSERT_FALSE(end.has_value());
  EXPECT_EQ(end.error().code, ErrorCode::kCorrupt);
}

TEST_F(CurlTransportTest, ARefusedStreamTellsStatusAndBodyAndNotTheReader) {
  TinyHttpServer server([](const std::string&) {
    return Answer{http_reply("410 Gone", R"({"kind":"Status","code":410})", "Retry-After: 3\r\n")};
  });
  bool called = false;
  const auto end = transport_to(server)->stream(get(),
                                                [&](std::string_view) {
                                                  called = true;
                                                  return true;
                                                },
                                                {});
  ASSERT_TRUE(end.has_value());
  EXPECT_EQ(end->status, 410);
  EXPECT_EQ(end->error_body, R"({"kind":"Status","code":410})");
  EXPECT_EQ(end->retry_after, seconds(3));
  EXPECT_FALSE(called);
}

TEST_F(CurlTransportTest, AfterARefusalTheTokenFileIsReadAgain) {
  const testing::TemporaryFolder folder;
  TinyHttpServer server([](const std::string& request) {
    const bool good = request.find("Bearer fresh\r\n") != std::string::npos;
    return Answer{http_reply(good ? "200 OK" : "401 Unauthorized", "{}")};
  });
  ClientConfig config;
  config.token_file = folder.write("token", "stale\n");
  const auto transport = transport_to(server, config);
  folder.write("token", "fresh\n");
  clock.advance(seconds(2));
  EXPECT_EQ(transport->send(get()).value().status, 401);
  EXPECT_EQ(transport->send(get()).value().status, 200);
}

TEST_F(CurlTransportTest, WhatCannotBeUsedIsRefusedAtTheStart) {
  ClientConfig config;
  config.server = "http://192.0.2.1:8080";
  EXPECT_EQ(make_curl_transport(config, clock).error().code, ErrorCode::kInvalid);
  config.server = "https://192.0.2.1:6443";
  config.token_file = "/nonexistent/token";
  EXPECT_EQ(make_curl_transport(config, clock).error().code, ErrorCode::kNotFound);
}

class CurlTlsTest : public CurlTransportTest {
 protected:
  ClientConfig config(std::string ca, std::string name = "api.example") {
    ClientConfig out;
    out.server = "https://127.0.0.1:" + std::to_string(server.port());
    out.ca.inline_pem = std::move(ca);
    out.tls_server_name = std::move(name);
    return out;
  }
  const SelfSigned identity = testing::make_self_signed("api.example");
  TinyHttpServer server{[](const std::string&) { return Answer{http_reply("200 OK", "{}")}; }, &identity};
};

TEST_F(CurlTlsTest, ATrustedCertificateForTheRightNameIsAccepted) {
  const auto transport = transport_to(server, config(identity.certificate));
  const auto response = transport->send(get());
  ASSERT_TRUE(response.has_value()) << response.error().text();
  EXPECT_EQ(response->status, 200);
  EXPECT_TRUE(transport->send(get()).has_value());
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(CurlTlsTest, AnUntrustedCertificateIsRefused) {
  const SelfSigned other = testing::make_self_signed("api.example");
  for (const std::string& ca : {other.certificate, std::string()}) {
    const auto response = transport_to(server, config(ca))->send(get());
    ASSERT_FALSE(response.has_value());
    EXPECT_EQ(response.error().code, ErrorCode::kForbidden);
    EXPECT_THAT(response.error().message, HasSubstr("is not trusted"));
  }
  EXPECT_TRUE(server.requests().empty()) << "no token may go to a server that is not trusted";
}

TEST_F(CurlTlsTest, AnotherNameIsRefused) {
  for (const char* name : {"other.example", ""}) {
    const auto response = transport_to(server, config(identity.certificate, name))->send(get());
    ASSERT_FALSE(response.has_value());
    EXPECT_EQ(response.error().code, ErrorCode::kForbidden);
  }
}

TEST_F(CurlTlsTest, BrokenClientCertificatesAreNamed) {
  ClientConfig broken = config(identity.certificate);
  broken.client_certificate.inline_pem = "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n";
  broken.client_key.inline_pem = identity.key;
  const auto response = transport_to(server, broken)->send(get());
  ASSERT_FALSE(response.has_value());
  EXPECT_EQ(response.error().code, ErrorCode::kInvalid);
}

TEST_F(CurlTlsTest, AServerThatSpeaksNoTlsIsUnavailable) {
  TinyHttpServer plain([](const std::string&) { return Answer{http_reply("200 OK", "{}")}; });
  ClientConfig wrong = config(identity.certificate);
  wrong.server = "https://127.0.0.1:" + std::to_string(plain.port());
  Request request = get();
  request.timeout = milliseconds(500);
  EXPECT_EQ(transport_to(plain, wrong)->send(request).error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace baseline::kube
