#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/time.h"
#include "baseline/report_builder.h"
#include "controllers/scan_decision.h"
#include "crds/baseline_scan.h"

namespace baseline::controllers {

// A run in progress as held in memory: the report being built and what of it the API server has not seen yet.
// The report on the API server is the checkpoint; everything here can be made anew from it and from the Jobs.
// Not thread-safe.
class ScanRunState {
 public:
  ScanRunState(std::string run_id, std::shared_ptr<const ResolvedProfile> profile, ReportBuilder builder,
               bool saved);

  const std::string& run_id() const { return run_id_; }
  const ResolvedProfile& profile() const { return *profile_; }
  const std::shared_ptr<const ResolvedProfile>& shared_profile() const { return profile_; }
  const Report& report() const { return builder_.report(); }

  // Nodes of the plan that have neither reported nor been given up.
  std::vector<std::string> awaited() const;
  std::vector<std::string> unsaved() const { return {unsaved_.begin(), unsaved_.end()}; }

  void fold(const std::string& node, const NodeOutcome& outcome);
  // Not part of a checkpoint: objects are read once, at the end.
  void fold_cluster(const ClusterOutcome& outcome) { builder_.fold_cluster(outcome); }
  void give_up(const std::string& node, const Phrase& reason);

  void reading(const std::string& kind) { builder_.reading(kind); }
  int ends(const std::string& kind) const { return builder_.ends(kind); }

  bool dirty() const { return dirty_; }
  // The report object is lost or out of date: write it again at the next checkpoint.
  void touch() { dirty_ = true; }
  // The report has been written as it stands: nothing is unsaved.
  void saved(const base::Clock& clock);
  std::chrono::steady_clock::time_point last_saved() const { return last_saved_; }

  // The finished report, compared with the one before it. The state is used up.
  Report finish(const std::string& previous_name, const Report* previous, base::Time now) &&;

  std::map<std::string, Launched> launched;  // by node
  std::map<std::string, base::Time>
      refused_since;           // node -> first time that a quota left no room for its Job
  std::string report_version;  // see write_report()

 private:
  std::string run_id_;
  std::shared_ptr<const ResolvedProfile> profile_;
  ReportBuilder builder_;
  bool dirty_;
  std::set<std::string> unsaved_;
  std::chrono::steady_clock::time_point last_saved_{};
};

// The report a run starts with: the plan, every node awaited or given up from the start.
ReportBuilder new_report(const crds::BaselineScan& scan,
                         const std::shared_ptr<const ResolvedProfile>& profile,
                         const std::vector<PlannedNode>& plan, const std::string& cluster_uid,
                         const std::string& cluster_version);

}  // namespace baseline::controllers
