#include "operator/metrics_access.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/digest.h"

namespace baseline::op {
namespace {

using base::Value;

constexpr kube::ResourceKind kTokenReview{"authentication.k8s.io", "v1", "tokenreviews", "TokenReview",
                                          false};
constexpr kube::ResourceKind kAccessReview{"authorization.k8s.io", "v1", "subjectaccessreviews",
                                           "SubjectAccessReview", false};
constexpr std::chrono::seconds kRemembered{60};
constexpr std::size_t kMostRemembered = 64;
// A scraper waits ten seconds for all of it.
constexpr std::chrono::milliseconds kPatience{3000};

Value review_of(const kube::ResourceKind& kind) {
  Value review = Value::map();
  review.set("apiVersion", kind.api_version());
  review.set("kind", kind.kind);
  review.set("spec", Value::map());
  return review;
}

// Visible ASCII, as RFC 6750 has it: nothing else is worth a request.
bool can_be_token(const std::string& token) {
  return !token.empty() && std::ranges::all_of(token, [](char c) { return c > 0x20 && c < 0x7F; });
}

}  // namespace

MetricsAccess::MetricsAccess(const kube::Client& client, const base::Clock& clock,
                             std::function<void(const base::Error&)> on_trouble, std::stop_token stop)
    : client_(client.with(kPatience, kube::RetryPolicy{.attempts = 1}, std::move(stop))),
      clock_(clock),
      on_trouble_(std::move(on_trouble)) {}

MetricsAccess::Verdict MetricsAccess::check(const std::string& token) {
  if (!can_be_token(token)) return Verdict::kUnauthenticated;
  const std::string digest = base::sha256_hex(token);
  const auto known = known_.find(digest);
  if (known != known_.end() && clock_.steady() < known->second.until) return known->second.verdict;
  const Verdict verdict = ask(token);
  if (verdict == Verdict::kUnknown) return verdict;
  make_room();
  known_.insert_or_assign(digest, Known{verdict, clock_.steady() + kRemembered});
  return verdict;
}

MetricsAccess::Verdict MetricsAccess::ask(const std::string& token) {
  const auto verdict = review(token);
  if (verdict) {
    told_.reset();
    return *verdict;
  }
  if (told_ != verdict.error().code) on_trouble_(verdict.error());
  told_ = verdict.error().code;
  return Verdict::kUnknown;
}

base::Result<MetricsAccess::Verdict> MetricsAccess::review(const std::string& token) const {
  Value who = review_of(kTokenReview);
  who.find("spec")->set("token", token);
  const auto reviewed = client_.create(kTokenReview, "", who);
  if (!reviewed) return std::unexpected(reviewed.error());
  if (!reviewed->at("status.authenticated").as_bool()) return Verdict::kUnauthenticated;
  const Value& user = reviewed->at("status.user");
  Value may = review_of(kAccessReview);
  Value& spec = *may.find("spec");
  spec.set("user", user["username"]);
  for (const char* key : {"uid", "groups", "extra"}) {
    if (user.contains(key)) spec.set(key, user[key]);
  }
  Value& url = spec.set("nonResourceAttributes", Value::map());
  url.set("path", "/metrics");
  url.set("verb", "get");
  const auto decided = client_.create(kAccessReview, "", may);
  if (!decided) return std::unexpected(decided.error());
  return decided->at("status.allowed").as_bool() ? Verdict::kAllowed : Verdict::kForbidden;
}

// What has lapsed goes; else what was refused, so that strangers cannot push out who is known; else the
// oldest.
void MetricsAccess::make_room() {
  const auto now = clock_.steady();
  std::erase_if(known_, [&](const auto& one) { return one.second.until <= now; });
  if (known_.size() < kMostRemembered) return;
  known_.erase(std::ranges::min_element(known_, {}, [](const auto& one) {
    return std::tuple(one.second.verdict == Verdict::kAllowed, one.second.until);
  }));
}

}  // namespace baseline::op
