#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controllers/scan_reconciler.h"

namespace baseline::controllers {

struct ScanReconciler::ScanMemory {
  std::optional<ScanRunState> run;
  // Our last write of the status: the cache may still show the scan as it was before it.
  std::uint64_t written_version = 0;
  crds::ScanStatus written_status;
  std::string stalled;  // reason and message last told, so that the same trouble is told once
};

// One reconcile of one scan, from reading to writing. Lives for one call.
class ScanReconciler::Pass {
 public:
  Pass(ScanReconciler& parent, ScanMemory& memory, crds::BaselineScan scan)
      : r_(parent),
        memory_(memory),
        scan_(std::move(scan)),
        before_(scan_.status),
        now_(parent.clock_.now()) {}

  base::Result<std::optional<base::Time>> run();

 private:
  using Next = base::Result<std::optional<base::Time>>;

  Next begin_if_due(const std::shared_ptr<const ResolvedProfile>& profile);
  Next stall(const std::string& reason, const std::string& message, bool failed,
             std::optional<base::Time> again = {});
  Next advance(const std::shared_ptr<const ResolvedProfile>& profile);
  // Loads the checkpoint, or plans the run and writes the first one. True when there is a run to go on with.
  base::Result<bool> prepare(const std::shared_ptr<const ResolvedProfile>& profile);
  base::Result<void> start_anew(const std::shared_ptr<const ResolvedProfile>& profile);
  Next finish();
  // The finished report stands on the API server: settle the status, tidy up.
  Next settle(const Report& report);

  RunDecision decide() const;
  void collect(const RunDecision& decision);
  std::optional<Phrase> read_and_fold(const RunDecision::Collect& pod);
  base::Result<void> launch(const RunDecision& decision);
  base::Result<void> remove_jobs(const std::vector<std::string>& names);
  base::Result<void> prune_reports();
  base::Result<void> write_status();

  std::vector<NodeState> nodes() const;
  std::vector<RunnerState> runners() const;
  kube::ObjectRef reference() const;

  ScanReconciler& r_;
  ScanMemory& memory_;
  crds::BaselineScan scan_;
  crds::ScanStatus before_;  // as the API server has it
  const base::Time now_;
  std::optional<base::Time> retry_logs_at_;
};

}  // namespace baseline::controllers
