#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "baseline/cluster/outcome.h"
#include "baseline/evaluate.h"
#include "baseline/report.h"

namespace baseline {

// Folds the outcomes of nodes, in any order, into one report. The report in progress is also the checkpoint:
// a builder made from it goes on where the other stopped, and ends with the same report, whatever the order
// and wherever it stopped. Not thread-safe.
//
// The worst status wins, and its group gives the message. Findings are those of the groups that are as bad as
// the whole is: what is wrong, or, when nothing is, the evidence.
class ReportBuilder {
 public:
  // Starts empty: every requirement of the profile NotChecked.
  ReportBuilder(std::shared_ptr<const ResolvedProfile> profile, Report header);
  // Goes on from a checkpoint (a Report that was not finished). kConflict when it belongs to another profile
  // hash.
  static base::Result<ReportBuilder> resume(std::shared_ptr<const ResolvedProfile> profile,
                                            Report checkpoint);

  bool has_node(const std::string& node) const;
  // A node that is already folded in is left alone.
  void fold(const std::string& node, const NodeOutcome& outcome);
  // What the objects of the API say; once, after the last node.
  void fold_cluster(const ClusterOutcome& outcome);
  // A node that will not report; a later fold of the same node wins.
  void missing(const std::string& node, std::string reason);

  // What is being read of the cluster's objects, for whoever goes on from this checkpoint: resume() counts an
  // end of it.
  void reading(std::string kind) { report_.reading = std::move(kind); }
  int ends(const std::string& kind) const;

  const Report& report() const { return report_; }

  // Settles what only the whole can tell: components that run on no reported node (NotApplicable when every
  // expected node reported, else Error), rows that need an etcd cluster of several members, attestations,
  // what is NotChecked for want of a source, the summary. `nodes_scanned` is false when the scan had no node
  // source at all.
  Report finish(base::Time now, bool nodes_scanned = true) &&;

 private:
  void merge(RequirementResult& result, const NodeResult& incoming, const std::string& group);
  void add_findings(RequirementResult& result, const NodeResult& incoming, const std::string& group);
  // In report_objects.cc.
  void merge_object(const ObjectResult& incoming);
  void add_object_findings(RequirementResult& result, const ObjectResult& incoming);
  void note_used(const std::string& reason);

  std::shared_ptr<const ResolvedProfile> profile_;
  Report report_;
  std::set<std::string> nodes_;               // folded in
  std::map<std::string, std::size_t> index_;  // requirement -> place in report_.results
};

// Bounds that keep a report's object under 1 MiB, whatever was found.
inline constexpr int kMaxFindingsPerRequirement = 50;
inline constexpr std::size_t kMaxReportBytes = 900U << 10;
inline constexpr std::size_t kMaxMissingNamed = 200;  // nodes with a reason each
inline constexpr std::size_t kMaxMissingReasons = 20;
inline constexpr std::size_t kMaxNamesOfReason = 20;

}  // namespace baseline
