#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>

#include "base/time.h"
#include "kube/client.h"

namespace baseline::op {

// Who may read metrics, as the cluster says: a TokenReview tells who holds the token, a SubjectAccessReview
// whether that user may get the non-resource URL /metrics. Answers are remembered for a minute, by the
// token's digest: the token itself is neither kept nor logged. For one thread.
class MetricsAccess {
 public:
  enum class Verdict { kAllowed, kForbidden, kUnauthenticated, kUnknown };

  // `on_trouble` hears once of each kind of trouble, such as a right that the operator lacks. All references
  // must outlive it.
  MetricsAccess(const kube::Client& client, const base::Clock& clock,
                std::function<void(const base::Error&)> on_trouble, std::stop_token stop = {});

  Verdict check(const std::string& token);
  std::size_t remembered() const { return known_.size(); }

 private:
  struct Known {
    Verdict verdict = Verdict::kUnknown;
    std::chrono::steady_clock::time_point until;
  };
  Verdict ask(const std::string& token);
  base::Result<Verdict> review(const std::string& token) const;
  void make_room();

  const kube::Client client_;
  const base::Clock& clock_;
  const std::function<void(const base::Error&)> on_trouble_;
  std::map<std::string, Known> known_;  // by digest
  std::optional<base::ErrorCode> told_;
};

}  // namespace baseline::op
