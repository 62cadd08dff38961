#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "baseline/model.h"
#include "baseline/phrase.h"

namespace baseline {

// One thing found about an object of the API, or about an image. Language-neutral.
struct ObjectFinding {
  Phrase subject, expected, actual;
  Status status = Status::kFail;  // what this finding alone would make of the requirement
  std::string object;             // "namespace/kind/name", or "kind/name"
  std::string waived_by;          // reason of the exemption that covers it, when status is kWaived
  int pods = 0;                   // pods it stands for; 0: it is not about pods
  auto operator<=>(const ObjectFinding&) const = default;

  // What makes two of them the same finding (all but `pods`), as 48 bits.
  std::uint64_t key() const;
};

// What one source of evidence says about a cluster-scoped requirement. Several may: nodes and the API server.
// They are taken together by ReportBuilder: the worst status wins, findings add up and equal ones count once.
struct ObjectResult {
  std::string id;
  Status status = Status::kError;
  Phrase message;                       // always there
  std::vector<ObjectFinding> findings;  // sorted; the first kMaxFindingsPerRequirement
  std::vector<std::uint64_t> more;      // keys of those left out
  std::size_t beyond = 0;               // how many more there are, of which not even the keys are kept
};

struct ClusterOutcome {
  std::vector<ObjectResult> results;         // requirements of the profile that objects decide, in its order
  std::map<std::string, int> objects;        // how many were read, by resource name
  std::vector<std::string> used_exemptions;  // reasons of those that covered something
};

}  // namespace baseline
