#include "operator/notifier.h"

#include <condition_variable>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "kube/tiny_http_server.h"
#include "operator/scan_events.h"
#include "scratch_file.h"

namespace baseline::op {
namespace {

using kube::testing::http_reply;
using kube::testing::TinyHttpServer;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Result = Notifier::Result;
using Then = TinyHttpServer::Then;
using testing::ScratchFile;

TEST(Webhook, AnAddressIsTakenApart) {
  const auto whole = parse_webhook_address("https://hooks.example.com:8443/services/T0/secret?a=b%20c");
  ASSERT_TRUE(whole.has_value());
  EXPECT_EQ(whole->origin, "https://hooks.example.com:8443");
  EXPECT_EQ(whole->target, "/services/T0/secret?a=b%20c");
  const auto bare = parse_webhook_address("https://hooks.example.com");
  ASSERT_TRUE(bare.has_value());
  EXPECT_EQ(bare->origin, "https://hooks.example.com");
  EXPECT_EQ(bare->target, "/");
  EXPECT_EQ(parse_webhook_address("https://[::1]:9/x").value().origin, "https://[::1]:9");
}

TEST(Webhook, WhatIsNoPlainAddressIsRefused) {
  for (const char* url :
       {"", "hooks.example.com/x", "/x", "ftp://a/x", "https://", "https:///x", "https://a b/",
        "https://user:word@a/x", "https://a/x#part", "https://a:99999999999/x", "javascript:alert(1)",
        "https://a/\x01", "https://a:port/"})
    EXPECT_FALSE(parse_webhook_address(url).has_value()) << url;
}

TEST(Webhook, ANoticeHasFiguresAndNoFindings) {
  Report report;
  report.scan = "nightly \"quoted\"";
  report.cluster_uid = "uid-1";
  report.summary.by_status = {{Status::kPass, 83}, {Status::kFail, 45}};
  report.summary.score = 64.8;
  report.coverage.nodes_expected = 3;
  report.coverage.nodes_reported = 2;
  report.changes.newly_failing = {"5.1.1.1", "5.1.1.2"};
  report.results.emplace_back().message = "a finding";
  report.finished = base::parse_time("2026-11-24T14:05:15Z").value();
  const std::string text = notice_json(notice_of("nightly-1", report));
  EXPECT_THAT(text, Not(HasSubstr("a finding")));
  const base::Value body = base::parse_json(text, "").value();
  EXPECT_EQ(body["event"].as_string(), "ScanCompleted");
  EXPECT_EQ(body["scan"].as_string(), "nightly \"quoted\"");
  EXPECT_EQ(body["report"].as_string(), "nightly-1");
  EXPECT_EQ(body["clusterUid"].as_string(), "uid-1");
  EXPECT_EQ(body["finished"].as_string(), "2026-11-24T14:05:15Z");
  EXPECT_EQ(body["counts"]["Fail"].as_int(), 45);
  EXPECT_EQ(body["newlyFailing"].as_int(), 2);
  EXPECT_EQ(body.at("nodes.reported").as_int(), 2);
  EXPECT_DOUBLE_EQ(body["score"].as_double(), 64.8);
}

class NotifierTest : public ::testing::Test {
 protected:
  // Answers one after the other, the last for ever.
  void serve(std::vector<TinyHttpServer::Answer> answers) {
    server_ = std::make_unique<TinyHttpServer>([this, answers = std::move(answers)](const std::string&) {
      return answers.at(std::min(answered_++, answers.size() - 1));
    });
    url_.write(fmt::format("http://127.0.0.1:{}/hook/secret-path?key=secret\n", server_->port()));
  }
  std::unique_ptr<Notifier> notifier() {
    return std::make_unique<Notifier>(
        NotifierOptions{.url_file = url_.path(), .first_pause = std::chrono::milliseconds(1)}, clock_,
        [this](Result result, const Notice& notice, const std::string& reason) {
          const std::scoped_lock lock(mutex_);
          told_.push_back({result, notice.scan, reason});
          changed_.notify_all();
        });
  }
  struct Told {
    Result result;
    std::string scan, reason;
  };
  // What became of one notice.
  Told deliver() {
    const auto one = notifier();
    one->send({.scan = "nightly"});
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(60), [this] { return !told_.empty(); });
    return told_.empty() ? Told{Result::kDropped, "", "nothing was told"} : told_.front();
  }

  const base::SystemClock clock_;
  const ScratchFile url_{""};
  std::size_t answered_ = 0;  // by the server's one connection at a time
  std::unique_ptr<TinyHttpServer> server_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Told> told_;
};

TEST_F(NotifierTest, PostsJsonToTheAddressInTheFile) {
  serve({{http_reply("204 No Content", "")}});
  EXPECT_TRUE(notifier()->check().has_value());
  EXPECT_EQ(deliver().result, Result::kSent);
  const auto requests = server_->requests();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_THAT(requests[0], AllOf(HasSubstr("POST /hook/secret-path?key=secret HTTP/1.1\r\n"),
                                 HasSubstr("Content-Type: application/json\r\n"),
                                 HasSubstr(R"("scan":"nightly")"), Not(HasSubstr("Authorization"))));
}

TEST_F(NotifierTest, TriesThreeTimesWhereThatMayHelp) {
  serve({{http_reply("500 Oh", "")}, {http_reply("429 Slow", "")}, {http_reply("200 OK", "ok")}});
  EXPECT_EQ(deliver().result, Result::kSent);
  EXPECT_EQ(server_->requests().size(), 3U);
}

TEST_F(NotifierTest, GivesUpWithAReasonThatShowsNothingOfTheAddress) {
  serve({{http_reply("500 Oh", "")}});
  const Told told = deliver();
  EXPECT_EQ(told.result, Result::kFailed);
  EXPECT_THAT(told.reason, HasSubstr("500"));
  EXPECT_EQ(server_->requests().size(), 3U);
  server_.reset();  // nobody listens there any more
  told_.clear();
  const Told unreachable = deliver();
  EXPECT_EQ(unreachable.result, Result::kFailed);
  for (const std::string& reason : {told.reason, unreachable.reason})
    EXPECT_THAT(reason, AllOf(Not(HasSubstr("secret")), Not(HasSubstr("127.0.0.1")))) << reason;
}

TEST_F(NotifierTest, ARedirectIsNotFollowedAndARefusalNotRepeated) {
  serve({{http_reply("302 Found", "", "Location: http://127.0.0.1:1/elsewhere\r\n")},
         {http_reply("404 No", "")}});
  EXPECT_THAT(deliver().reason, HasSubstr("302"));
  told_.clear();
  EXPECT_THAT(deliver().reason, HasSubstr("404"));
  EXPECT_EQ(server_->requests().size(), 2U);
}

TEST_F(NotifierTest, AReceiverThatHangsHoldsUpNeitherSendersNorTheEnd) {
  serve({{"", Then::kHang}});
  auto one = notifier();
  for (int i = 0; i < 100; ++i) one->send({.scan = std::to_string(i)});
  one.reset();
  const std::scoped_lock lock(mutex_);
  EXPECT_GE(told_.size(), 100U - 33U);  // 32 wait, one may be under way
  for (const Told& told : told_) EXPECT_EQ(told.result, Result::kDropped);
}

TEST_F(NotifierTest, AFileThatHoldsNoUsableAddressIsNamedWithoutItsText) {
  for (const char* text : {"", "secret", "http://secret.example/x", "https://user:secret@a/x"}) {
    url_.write(text);
    const auto checked = notifier()->check();
    ASSERT_FALSE(checked.has_value()) << text;
    EXPECT_THAT(checked.error().text(), AllOf(HasSubstr(url_.path()), Not(HasSubstr("secret")))) << text;
  }
  url_.write("https://hooks.example.com/x");
  EXPECT_TRUE(notifier()->check().has_value());
}

}  // namespace
}  // namespace baseline::op
