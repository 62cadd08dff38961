#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "base/value.h"
#include "baseline/cluster/cluster_facts.h"
#include "baseline/cluster/document_kind.h"
#include "baseline/cluster/outcome.h"
#include "baseline/profile.h"

namespace baseline::cluster {

// Judges the requirements whose check is an `object` form: over whole objects, handed in one by one and not
// kept. Costs nothing where a profile has none of them. Order does not matter; pods that ended and objects of
// namespaces outside the scan are passed over. Templates of workloads (files only) are held until the end,
// and judged where no pod of their workload came. Not thread-safe.
class DocumentChecks {
 public:
  // All that is given by reference outlives it; `used` as in FindingSet.
  DocumentChecks(const ResolvedProfile& profile, const ClusterContext& context, base::Time now,
                 std::set<std::size_t>& used);
  ~DocumentChecks();
  DocumentChecks(const DocumentChecks&) = delete;
  DocumentChecks& operator=(const DocumentChecks&) = delete;

  // What is to be read; empty where nothing is.
  const std::vector<DocumentKind>& kinds() const { return kinds_; }

  // One object of the kind with this id. Any other id is passed over.
  void add(std::string_view id, const base::Value& object);
  void refuse(std::string_view id, const std::string& ns, const std::string& name, const Phrase& reason);
  // How the reading of a kind ended; a kind of which nothing is said was not read.
  void read(std::string_view id);
  void not_served(std::string_view id);
  void unreadable(std::string_view id, Phrase reason);

  std::vector<ObjectResult> finish();
  // How many objects were handed in, by kind: of kinds that only these requirements look at.
  std::map<std::string, int> objects() const;

 private:
  struct Row;
  struct Template;
  struct State {
    KindState::Outcome outcome = KindState::Outcome::kNotAsked;
    std::size_t objects = 0;
    Phrase reason;
    DocumentKind kind;
    std::vector<Row*> rows;  // that look at it
  };

  State& state(DocumentKind kind);
  void add_pod(State& pods, const base::Value& pod);
  void add_template(State& pods, std::string_view kind, const base::Value& object);
  void judge_templates();
  ObjectResult result_of(Row& row) const;
  std::optional<std::pair<Status, Phrase>> why_unknown(const Row& row) const;

  const ClusterContext& context_;
  std::vector<std::unique_ptr<Row>> rows_;
  std::map<std::string, State, std::less<>> states_;  // by id
  std::vector<DocumentKind> kinds_;
  std::vector<Template> templates_;
  std::set<std::pair<std::string, std::string>> with_pods_;  // workloads of which a pod came (files only)
};

}  // namespace baseline::cluster
