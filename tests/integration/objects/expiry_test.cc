// Lists that expire between two pages: the verdicts are those of lists that do not.
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/objects/judged.h"

namespace baseline::integration {
namespace {

constexpr int kPageSize = 3;

// The list that a request for a further page belongs to; empty for any other request.
std::string further_page_of(const kube::Request& request) {
  const std::string& path = request.path_and_query;
  if (path.find("continue=") == std::string::npos) return {};
  return path.substr(0, path.find('?'));
}

// Answers the first request for a further page of every list as a server does that has forgotten it and
// offers no token to go on with.
class ForgetfulTransport final : public kube::Transport {
 public:
  ForgetfulTransport(std::unique_ptr<kube::Transport> inner, std::set<std::string>& forgotten)
      : inner_(std::move(inner)), forgotten_(forgotten) {}

  base::Result<kube::Response> send(const kube::Request& request) override {
    const std::string list = further_page_of(request);
    if (list.empty() || !forgotten_.insert(list).second) return inner_->send(request);
    return kube::Response{410,
                          R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",)"
                          R"("message":"The provided continue parameter is too old","reason":"Expired",)"
                          R"("code":410})",
                          {}};
  }
  base::Result<kube::StreamEnd> stream(const kube::Request& request, const Sink& sink,
                                       std::stop_token stop) override {
    return inner_->stream(request, sink, std::move(stop));
  }

 private:
  std::unique_ptr<kube::Transport> inner_;
  std::set<std::string>& forgotten_;
};

// Lets the server itself forget, once, before the first further page of one list; counts its refusals.
class CompactingTransport final : public kube::Transport {
 public:
  CompactingTransport(std::unique_ptr<kube::Transport> inner, std::string list, int& expired)
      : inner_(std::move(inner)), list_(std::move(list)), expired_(expired) {}

  base::Result<kube::Response> send(const kube::Request& request) override {
    if (!done_ && further_page_of(request) == list_) {
      done_ = true;
      // Only a past that is over can be forgotten: something has to be written since.
      EXPECT_TRUE(plane().kubectl({"-n", "judged-idle", "create", "configmap", "later"}).ok());
      EXPECT_TRUE(plane().kubectl({"-n", "judged-idle", "delete", "configmap", "later"}).ok());
      plane().stop_api_server();
      plane().compact_etcd();
      plane().start_api_server();
    }
    auto response = inner_->send(request);
    if (response && response->status == 410) ++expired_;
    return response;
  }
  base::Result<kube::StreamEnd> stream(const kube::Request& request, const Sink& sink,
                                       std::stop_token stop) override {
    return inner_->stream(request, sink, std::move(stop));
  }

 private:
  std::unique_ptr<kube::Transport> inner_;
  std::string list_;
  int& expired_;
  bool done_ = false;
};

class Expiry : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const Finished made =
        plane().kubectl({"apply", "-f", PROJECT_DIR "/tests/integration/objects/cluster.yaml"});
    ASSERT_TRUE(made.ok()) << made.text();
  }
};

TEST_F(Expiry, WithoutATokenEveryListBeginsAgainAndNothingCountsTwice) {
  const Judged whole = judge_live(plane().config());
  std::set<std::string> forgotten;
  const Judged seen = judge_live(plane().config(), kPageSize, [&](std::unique_ptr<kube::Transport> inner) {
    return std::make_unique<ForgetfulTransport>(std::move(inner), forgotten);
  });
  EXPECT_THAT(forgotten,
              testing::IsSupersetOf({std::string("/api/v1/pods"), std::string("/api/v1/namespaces")}));
  EXPECT_EQ(seen.outcome.objects, whole.outcome.objects);
  EXPECT_EQ(in_words(seen.outcome), in_words(whole.outcome));
}

TEST_F(Expiry, OfTheServerItselfGoesOnByTheTokenThatItOffers) {
  int expired = 0;
  const std::string list = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
  const Judged seen = judge_live(plane().config(), kPageSize, [&](std::unique_ptr<kube::Transport> inner) {
    return std::make_unique<CompactingTransport>(std::move(inner), list, expired);
  });
  EXPECT_GE(expired, 1);
  const Judged whole = judge_live(plane().config());
  EXPECT_EQ(seen.outcome.objects.at("clusterroles.rbac.authorization.k8s.io"),
            whole.outcome.objects.at("clusterroles.rbac.authorization.k8s.io"));
  const auto verdicts = in_words(seen.outcome);
  for (const char* id : {"5.7.3.4", "5.7.3.5", "5.7.3.6", "5.7.3.7", "5.7.4.5", "5.7.2.4"}) {
    EXPECT_EQ(verdicts.at(id), in_words(whole.row(id))) << id;
  }
  EXPECT_THAT(seen.with(Status::kError), testing::IsEmpty());
}

}  // namespace
}  // namespace baseline::integration
