#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/time.h"
#include "baseline/cluster/found_object.h"
#include "baseline/cluster/objects.h"
#include "baseline/cluster/outcome.h"
#include "baseline/profile.h"

namespace baseline::cluster {

// What a finding is about: the top owner of a pod ("Deployment", "shop", "cart"), or any object.
struct FindingSubject {
  std::string kind, ns, name;
  std::string container;           // empty: not about one container
  const Labels* labels = nullptr;  // for exemptions; may be null
  const Labels* node_labels = nullptr;
};

// The subject as a phrase: "deployment shop/cart, container web".
Phrase subject_phrase(const FindingSubject& subject);

// The findings of one requirement, in bounded memory: equal ones are one that counts its pods, the smallest
// kMaxFindingsPerRequirement are kept, of the next kMostKeys the keys, and of the rest how many there are.
// There equal ones are told by the last kMostRecent alone: pods come by namespace and name, so that those of
// one workload are close to each other. What an exemption covers is Waived as it is added; an exemption
// covers Fail alone. Not thread-safe.
class FindingSet {
 public:
  static constexpr std::size_t kMostKeys = 20'000, kMostRecent = 2'000;

  // `used` gathers the places (in profile.exemptions) of those that covered something. `on_finding`: told of
  // each call of add(), after exemptions; may be null. All outlive the set.
  FindingSet(const ResolvedProfile& profile, std::string requirement, base::Time now,
             std::set<std::size_t>& used, const OnFinding* on_finding = nullptr);

  // `pods`: 1 for each pod it was found in, 0 when it is not about pods.
  void add(const FindingSubject& subject, Status status, Phrase expected, Phrase actual, int pods = 0);

  // Whether what comes counts as pods (the default): the templates of workloads do not.
  void count_pods(bool on) { count_pods_ = on; }

  bool empty() const { return total_ == 0; }
  std::size_t total() const { return total_; }
  // The worst status of all findings; kNotApplicable when there is none.
  Status worst() const { return worst_; }
  // How many findings have the status.
  std::size_t count(Status status) const;

  // The result: status and message as given. Where something is wrong, what is right beside it is no finding;
  // where a person must judge, all of it is evidence.
  ObjectResult take(Status status, Phrase message);

 private:
  struct WorstFirst {
    bool operator()(const ObjectFinding& a, const ObjectFinding& b) const {
      return a.status == b.status ? a < b : worse(a.status, b.status) == a.status;
    }
  };
  struct Exempt {
    std::size_t index;
    const Exemption* exemption;
  };
  const Exempt* covering(const FindingSubject& subject) const;
  // Counts the finding and keeps it or its key. False: an equal one was there.
  bool keep(ObjectFinding&& finding, int pods);
  // Takes note of one that is not kept itself. False: it is known.
  bool leave_out(std::uint64_t key, Status status);

  std::string requirement_;
  std::vector<Exempt> exemptions_;  // those that name the requirement and are in force
  std::set<std::size_t>& used_;
  const OnFinding* on_finding_;                    // null: nobody listens
  std::map<ObjectFinding, int, WorstFirst> kept_;  // pods by finding (whose own `pods` is 0)
  std::unordered_map<std::uint64_t, Status> left_out_;
  std::unordered_set<std::uint64_t> recent_;  // beyond those
  std::map<Status, std::size_t> beyond_;
  std::map<Status, std::size_t> counts_;
  std::size_t total_ = 0;
  bool count_pods_ = true;
  Status worst_ = Status::kNotApplicable;
};

}  // namespace baseline::cluster
