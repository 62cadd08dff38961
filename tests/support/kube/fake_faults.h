#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <optional>
#include <string>

#include "kube/transport.h"

namespace baseline::kube::testing {

// The faults that wait for a request they match. Not safe from several threads.
class FakeFaults {
 public:
  enum class Kind { kStatus, kRefuse, kLoseReply };
  struct Fault {
    std::string method;     // "" = any
    std::string path_part;  // "" = any
    Kind kind = Kind::kStatus;
    int status = 0;
    std::optional<std::chrono::seconds> retry_after;
  };

  void arm(Fault fault) { faults_.push_back(std::move(fault)); }
  void refuse_all(bool refuse) { refuse_all_ = refuse; }

  // The first that matches; it is spent with that.
  std::optional<Fault> take(const Request& request) {
    if (refuse_all_) return Fault{{}, {}, Kind::kRefuse, 0, {}};
    for (auto fault = faults_.begin(); fault != faults_.end(); ++fault) {
      if (!fault->method.empty() && fault->method != request.method) continue;
      if (request.path_and_query.find(fault->path_part) == std::string::npos) continue;
      Fault out = std::move(*fault);
      faults_.erase(fault);
      return out;
    }
    return std::nullopt;
  }

 private:
  std::list<Fault> faults_;
  bool refuse_all_ = false;
};

}  // namespace baseline::kube::testing
