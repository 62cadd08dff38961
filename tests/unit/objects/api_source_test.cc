#include "objects/api_source.h"

#include <gmock/gmock.h>

#include "base/json.h"
#include "kube/fake_api_server.h"
#include "objects/served_kinds.h"
#include "support.h"

namespace baseline::objects::test {
namespace {

using base::ErrorCode;
using cluster::info;
using cluster::Kind;
using kube::ResourceKind;
using kube::testing::FakeApiServer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

ResourceKind resource(Kind kind) {
  const cluster::KindInfo& of = info(kind);
  return {of.group, known_versions(of).front(), of.plural, of.name, of.namespaced};
}

base::Value value(std::string_view json) {
  return base::parse_json(json, "test").value();
}

class ApiSourceTest : public ::testing::Test {
 protected:
  ApiSourceTest() {
    for (const cluster::KindInfo& kind : cluster::kinds()) {
      if (!kind.optional && kind.kind != Kind::kPod && kind.kind != Kind::kNamespace) serve(kind.kind);
    }
  }

  void serve(Kind kind) { server_.serve(resource(kind)); }
  void put_pods(int count) {
    for (int i = 0; i < count; ++i) put_pod("shop", "pod-" + std::to_string(100 + i));
  }
  void put_pod(const std::string& ns, const std::string& name, std::string_view spec = "{}") {
    server_.put(kube::kPod, value(R"({"metadata":{"namespace":")" + ns + R"(","name":")" + name +
                                  R"("},"spec":)" + std::string(spec) + "}"));
  }
  ApiSummary read(ApiOptions options = {}) {
    kube::ClientOptions impatient;
    impatient.sleep = [](std::chrono::milliseconds) {};
    impatient.retry.attempts = 3;
    const kube::Client client(server_, impatient);
    const auto summary = read_cluster(client, sink_, options, progress_);
    EXPECT_TRUE(summary.has_value()) << summary.error().text();
    return summary.value_or(ApiSummary{});
  }
  std::string reason(Kind kind) { return render(sink_.reasons[kind], Language::kEnglish); }

  FakeApiServer server_;
  RecordingSink sink_;
  ApiProgress progress_;
};

TEST_F(ApiSourceTest, EveryKindHasAnEndAndPodsComeLast) {
  put_pods(2);
  server_.put(kube::kNamespace, value(R"({"metadata":{"name":"shop"}})"));
  const ApiSummary summary = read();
  EXPECT_EQ(summary.objects, 3U);
  EXPECT_FALSE(summary.stopped);
  EXPECT_EQ(sink_.ends.size(), cluster::kinds().size());
  EXPECT_EQ(sink_.ends[Kind::kPod], "read");
  EXPECT_EQ(sink_.ends[Kind::kRole], "read") << "none is an answer";
  EXPECT_EQ(sink_.ends[Kind::kKyvernoPolicy], "not served");
  ASSERT_EQ(sink_.objects.size(), 3U);
  EXPECT_TRUE(std::holds_alternative<cluster::Namespace>(sink_.objects[0]));
  EXPECT_THAT(sink_.names<cluster::Pod>(), ElementsAre("shop/pod-100", "shop/pod-101"));
}

TEST_F(ApiSourceTest, SecretsAndKindsThatAreNotThereAreNeverAskedFor) {
  read();
  EXPECT_EQ(server_.requests("", "secrets"), 0U);
  EXPECT_EQ(server_.requests("", "kyverno"), 0U);
  EXPECT_EQ(server_.requests("GET", "/apis"), server_.seen().size() - server_.requests("GET", "/api/"));
}

TEST_F(ApiSourceTest, OptionalKindsThatAreThere) {
  serve(Kind::kKyvernoClusterPolicy);
  server_.put(resource(Kind::kKyvernoClusterPolicy),
              value(R"({"metadata":{"name":"p"},"spec":{"rules":[]}})"));
  read();
  EXPECT_EQ(sink_.ends[Kind::kKyvernoClusterPolicy], "read");
  EXPECT_EQ(sink_.ends[Kind::kKyvernoPolicy], "not served");
  EXPECT_THAT(sink_.names<cluster::OtherObject>(), ElementsAre("/p"));
}

TEST_F(ApiSourceTest, OnlyTheKindsThatAreWanted) {
  put_pods(1);
  read({.kinds = {Kind::kPod}});
  EXPECT_EQ(sink_.ends.size(), 1U);
  EXPECT_EQ(server_.requests("GET", "/api/v1/configmaps"), 0U);
}

TEST_F(ApiSourceTest, PagesAndProgress) {
  put_pods(7);
  std::vector<std::size_t> steps;
  progress_ = [&](Kind kind, std::size_t so_far) {
    if (kind == Kind::kPod) steps.push_back(so_far);
  };
  read({.page_size = 3});
  EXPECT_EQ(sink_.all<cluster::Pod>().size(), 7U);
  EXPECT_EQ(server_.requests("GET", "/api/v1/pods"), 3U);
  EXPECT_THAT(steps, ElementsAre(7U));
}

TEST_F(ApiSourceTest, ARefusalNamesTheMissingRight) {
  server_.fail_next("GET", "/api/v1/configmaps", 403);
  server_.fail_next("GET", "/rolebindings", 401);
  put_pods(1);
  read();
  EXPECT_EQ(sink_.ends[Kind::kConfigMap], "unreadable");
  EXPECT_THAT(reason(Kind::kConfigMap), HasSubstr("grant this identity the verb list on configmaps"));
  EXPECT_THAT(reason(Kind::kRoleBinding), HasSubstr("rolebindings.rbac.authorization.k8s.io"));
  EXPECT_EQ(sink_.ends[Kind::kPod], "read") << "the others are read all the same";
}

TEST_F(ApiSourceTest, APageThatFailsOnceIsReadAgain) {
  put_pods(4);
  server_.fail_next("GET", "/api/v1/pods", 500);
  server_.fail_next("GET", "continue=", 503);
  read({.page_size = 2});
  EXPECT_EQ(sink_.ends[Kind::kPod], "read");
  EXPECT_EQ(sink_.all<cluster::Pod>().size(), 4U);
}

TEST_F(ApiSourceTest, APageThatKeepsFailingMakesTheKindUnreadable) {
  put_pods(4);
  for (int i = 0; i < 3; ++i) server_.fail_next("GET", "continue=", 500);
  read({.page_size = 2});
  EXPECT_EQ(sink_.ends[Kind::kPod], "unreadable");
  EXPECT_THAT(reason(Kind::kPod), HasSubstr("pods could not be read to the end"));
}

// Forgets the list's state once `after` pods came.
void compact_after(std::size_t after, RecordingSink& sink, FakeApiServer& server, bool offer) {
  server.offer_tokens(offer);
  sink.after_add = [&server, after](std::size_t objects) {
    if (objects == after) server.compact();
  };
}

TEST_F(ApiSourceTest, AnExpiredListGoesOnByTheOfferedToken) {
  put_pods(6);
  compact_after(3, sink_, server_, true);
  read({.page_size = 2});
  EXPECT_EQ(sink_.ends[Kind::kPod], "read");
  EXPECT_EQ(sink_.names<cluster::Pod>().size(), 6U);
  EXPECT_EQ(server_.requests("GET", "/api/v1/pods"), 4U) << "three pages and the expired one";
}

TEST_F(ApiSourceTest, AnExpiredListWithoutATokenBeginsAgainAndCountsNothingTwice) {
  put_pods(5);
  put_pod("shop-b", "x");  // in the order of bytes "shop-b/" comes before "shop/"
  compact_after(3, sink_, server_, false);
  const ApiSummary summary = read({.page_size = 2});
  EXPECT_EQ(sink_.ends[Kind::kPod], "read");
  EXPECT_THAT(sink_.names<cluster::Pod>(), ElementsAre("shop-b/x", "shop/pod-100", "shop/pod-101",
                                                       "shop/pod-102", "shop/pod-103", "shop/pod-104"));
  EXPECT_EQ(summary.objects, 6U);
}

TEST_F(ApiSourceTest, ABrokenItemBeforeTheExpiryIsNamedOnce) {
  put_pod("shop", "a", R"({"hostPID":"yes"})");
  put_pods(4);
  compact_after(2, sink_, server_, false);
  read({.page_size = 2});
  EXPECT_EQ(sink_.names<cluster::Pod>().size(), 4U);
  EXPECT_EQ(sink_.refused.size(), 1U);
}

// A server whose pages are written down, in whatever order; a page may be a failure.
class PagesTransport final : public kube::Transport {
 public:
  explicit PagesTransport(std::vector<kube::Response> pages) : pages_(std::move(pages)) {}
  base::Result<kube::Response> send(const kube::Request& request) override {
    if (request.path_and_query == "/apis") return kube::Response{200, R"({"groups":[]})", {}};
    if (next_ == pages_.size()) return base::fail(ErrorCode::kUnavailable, "no more pages");
    return pages_[next_++];
  }
  base::Result<kube::StreamEnd> stream(const kube::Request&, const Sink&, std::stop_token) override {
    return base::fail(ErrorCode::kUnavailable, "no streams");
  }

 private:
  std::vector<kube::Response> pages_;
  std::size_t next_ = 0;
};

kube::Response page(std::initializer_list<const char*> names, std::string_view token) {
  std::string items;
  for (const char* name : names) {
    items += (items.empty() ? "" : ",") + (R"({"metadata":{"name":")" + std::string(name) + R"("}})");
  }
  return {200, R"({"metadata":{"continue":")" + std::string(token) + R"("},"items":[)" + items + "]}", {}};
}
const kube::Response kExpired{
    410, R"({"kind":"Status","reason":"Expired","code":410,"message":"too old"})", {}};

void read_pages(std::vector<kube::Response> pages, RecordingSink& sink, ApiOptions options = {}) {
  PagesTransport transport(std::move(pages));
  kube::ClientOptions once;
  once.retry.attempts = 1;
  const kube::Client client(transport, once);
  options.kinds = {Kind::kPod};
  EXPECT_TRUE(read_cluster(client, sink, options).has_value());
}

TEST(ApiPages, WithoutAnOrderAnExpiredListIsGivenUp) {
  RecordingSink sink;
  read_pages({page({"b", "a"}, "t"), kExpired, page({"b", "a", "c"}, "")}, sink);
  EXPECT_EQ(sink.ends[Kind::kPod], "unreadable");
  EXPECT_EQ(sink.objects.size(), 2U);
}

TEST(ApiPages, AnOrderThatIsLostOnTheSecondReadingIsFound) {
  RecordingSink sink;
  read_pages({page({"a", "b"}, "t"), kExpired, page({"b", "a", "c"}, "")}, sink);
  EXPECT_EQ(sink.ends[Kind::kPod], "unreadable");
  EXPECT_EQ(sink.objects.size(), 2U);
}

TEST(ApiPages, WhatIsGoneOrNewAfterTheExpiryHarmsNothing) {
  RecordingSink sink;
  read_pages({page({"b", "d"}, "t"), kExpired, page({"a", "b"}, "u"), page({"c", "e"}, "")}, sink);
  EXPECT_EQ(sink.ends[Kind::kPod], "read");
  EXPECT_THAT(sink.names<cluster::Pod>(), ElementsAre("/b", "/d", "/e"));
}

TEST(ApiPages, AListThatAlwaysExpiresIsGivenUp) {
  RecordingSink sink;
  std::vector<kube::Response> pages;
  for (int i = 0; i < 20; ++i) {
    pages.push_back(page({"a"}, "t"));
    pages.push_back(kExpired);
  }
  read_pages(std::move(pages), sink);
  EXPECT_EQ(sink.ends[Kind::kPod], "unreadable");
  EXPECT_EQ(sink.objects.size(), 1U);
}

TEST(ApiPages, APageThatIsCutOrIsNoList) {
  for (const char* body : {R"({"metadata":{},"items":[{"metadata":{"na)", R"({"kind":"Status"})",
                           "{\"items\":[{\"metadata\":{\"name\":\"\xff\"}}]}", "<html>"}) {
    RecordingSink sink;
    read_pages({{200, body, {}}}, sink);
    EXPECT_EQ(sink.ends[Kind::kPod], "unreadable") << body;
    EXPECT_TRUE(sink.objects.empty()) << body;
  }
}

TEST(ApiPages, SeccompAnnotationsCountByTheServersVersion) {
  const kube::Response annotated{200,
                                 R"({"metadata":{},"items":[{"metadata":{"name":"a","annotations":
        {"seccomp.security.alpha.kubernetes.io/pod":"runtime/default"}}}]})",
                                 {}};
  RecordingSink before;
  read_pages({annotated}, before, {.version = Version{1, 26, 3}});
  EXPECT_EQ(before.all<cluster::Pod>().at(0).security.seccomp.type, "RuntimeDefault");
  RecordingSink after;
  read_pages({annotated}, after, {.version = Version{1, 27, 0}});
  EXPECT_EQ(after.all<cluster::Pod>().at(0).security.seccomp.type, "");
}

// Replies beyond the bound of the client until few enough items are asked for.
class SmallPages final : public kube::Transport {
 public:
  explicit SmallPages(FakeApiServer& server) : server_(server) {}
  base::Result<kube::Response> send(const kube::Request& request) override {
    auto response = server_.send(request);
    if (response && response->body.size() > 2'000 &&
        request.path_and_query.find("/pods?") != std::string::npos) {
      return base::fail(ErrorCode::kLimit, "too large");
    }
    return response;
  }
  base::Result<kube::StreamEnd> stream(const kube::Request& request, const Sink& sink,
                                       std::stop_token stop) override {
    return server_.stream(request, sink, std::move(stop));
  }

 private:
  FakeApiServer& server_;
};

TEST_F(ApiSourceTest, PagesThatAreTooLargeAreAskedForInSmallerOnes) {
  put_pods(40);
  SmallPages transport(server_);
  const kube::Client client(transport);
  ASSERT_TRUE(read_cluster(client, sink_, {.kinds = {Kind::kPod}}).has_value());
  EXPECT_EQ(sink_.ends[Kind::kPod], "read");
  EXPECT_EQ(sink_.all<cluster::Pod>().size(), 40U);
}

TEST_F(ApiSourceTest, AnItemThatCannotBeUnderstoodIsNamedAndTheOthersAreRead) {
  put_pods(3);
  put_pod("shop", "odd", R"({"hostPID":"yes"})");
  read();
  EXPECT_EQ(sink_.ends[Kind::kPod], "read");
  EXPECT_EQ(sink_.all<cluster::Pod>().size(), 3U);
  EXPECT_THAT(sink_.refusals(),
              ElementsAre(HasSubstr("Pod shop/odd: spec.hostPID must be boolean, but is string")));
}

constexpr ResourceKind kRepos{"constraints.gatekeeper.sh", "v1beta1", "k8sallowedrepos", "K8sAllowedRepos",
                              false};
constexpr ResourceKind kOwn{"constraints.gatekeeper.sh", "v1beta1", "ownrule", "OwnRule", false};

TEST_F(ApiSourceTest, ConstraintsOfEveryKindThatTheGroupHasAreRead) {
  read();
  EXPECT_EQ(sink_.ends[Kind::kGatekeeperConstraint], "not served");
  EXPECT_EQ(server_.requests("GET", "constraints.gatekeeper.sh"), 0U);

  server_.serve(kRepos);
  server_.serve(kOwn);
  for (const ResourceKind& kind : {kRepos, kOwn}) {
    server_.put(kind, value(R"({"metadata":{"name":"one"},"spec":{"match":{"scope":"*"}}})"));
  }
  sink_ = {};
  read();
  EXPECT_EQ(sink_.ends[Kind::kGatekeeperConstraint], "read");
  std::vector<std::string> types;
  for (const cluster::OtherObject& object : sink_.all<cluster::OtherObject>()) types.push_back(object.type);
  EXPECT_THAT(types, ::testing::UnorderedElementsAre("K8sAllowedRepos", "OwnRule"));

  server_.fail_next("GET", "/ownrule", 403);
  sink_ = {};
  read();
  EXPECT_EQ(sink_.ends[Kind::kGatekeeperConstraint], "unreadable");
  EXPECT_THAT(reason(Kind::kGatekeeperConstraint), HasSubstr("constraints.gatekeeper.sh"));
}

TEST_F(ApiSourceTest, WithoutTheRightToDiscoverOnlyAddOnsAreUnknown) {
  put_pods(1);
  server_.fail_next("GET", "/apis", 403);
  read();
  EXPECT_EQ(sink_.ends[Kind::kPod], "read");
  EXPECT_EQ(sink_.ends[Kind::kRole], "read");
  EXPECT_EQ(sink_.ends[Kind::kKyvernoPolicy], "unreadable");
  EXPECT_THAT(reason(Kind::kKyvernoPolicy), HasSubstr("system:discovery"));
}

TEST(ApiSource, AnOldServerWithoutAKindThatMustBeThere) {
  FakeApiServer server;
  const kube::Client client(server);
  RecordingSink sink;
  ASSERT_TRUE(
      read_cluster(client, sink, {.kinds = {Kind::kCertificateSigningRequest, Kind::kPod}}).has_value());
  EXPECT_EQ(sink.ends[Kind::kCertificateSigningRequest], "unreadable");
  EXPECT_THAT(render(sink.reasons[Kind::kCertificateSigningRequest], Language::kEnglish),
              HasSubstr("does not serve certificatesigningrequests.certificates.k8s.io"));
  EXPECT_EQ(sink.ends[Kind::kPod], "read");
}

TEST_F(ApiSourceTest, AServerThatCannotBeReachedIsAnErrorOfTheWhole) {
  server_.refuse_connections(true);
  kube::ClientOptions once;
  once.retry.attempts = 1;
  const kube::Client client(server_, once);
  const auto summary = read_cluster(client, sink_);
  ASSERT_FALSE(summary.has_value());
  EXPECT_EQ(summary.error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(sink_.ends.empty());
}

TEST_F(ApiSourceTest, AServerThatGoesAwayIsNotAskedForEveryKind) {
  server_.put(kube::kNamespace, value(R"({"metadata":{"name":"shop"}})"));
  sink_.after_add = [&](std::size_t) { server_.refuse_connections(true); };
  read();
  EXPECT_EQ(sink_.ends[Kind::kNamespace], "read");
  EXPECT_EQ(sink_.ends[Kind::kPod], "unreadable");
  EXPECT_EQ(sink_.ends.size(), cluster::kinds().size());
  EXPECT_EQ(server_.requests("GET", "/api/v1/pods"), 0U);
}

TEST_F(ApiSourceTest, AStopEndsItAndLeavesNothingReadThatWasNot) {
  put_pods(5);
  std::stop_source stop;
  sink_.after_add = [&](std::size_t objects) {
    if (objects == 2) stop.request_stop();
  };
  const ApiSummary summary = read({.kinds = {Kind::kNamespace, Kind::kPod}, .stop = stop.get_token()});
  EXPECT_TRUE(summary.stopped);
  EXPECT_EQ(sink_.all<cluster::Pod>().size(), 2U);
  EXPECT_EQ(sink_.ends[Kind::kPod], "unreadable");
}

}  // namespace
}  // namespace baseline::objects::test
