#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controllers/policy_report.h"
#include "controllers/scan_export.h"
#include "controllers/scan_reconciler.h"

namespace baseline::controllers {

struct ScanReconciler::ScanMemory {
  std::string uid;  // of the scan that is remembered; another one of the same name begins anew
  std::optional<ScanRunState> run;
  // Our last write of the status: the cache may still show the scan as it was before it.
  std::uint64_t written_version = 0;
  crds::ScanStatus written_status;
  std::string stalled;  // reason and message last told, so that the same trouble is told once
  // What the last run found, until it is exported. Lost by a restart: the report has the most of it.
  std::shared_ptr<const NamespaceFindings> findings;
  std::string findings_report;
  // The export that a person must mend: not tried again before.
  std::string export_attempt;
  base::Time export_again{};
  std::string begun;         // the run that this process began itself
  bool report_seen = false;  // the cache has shown the report in progress: when missing there, it was deleted
};

// One reconcile of one scan, from reading to writing. Lives for one call. Its parts by file: scan_pass.cc
// (what a scan at rest does and how a run begins), scan_checkpoint.cc (from the first checkpoint to the
// finished report), scan_collect.cc (Jobs and what they report), scan_export_pass.cc (what namespaces are
// given).
class ScanReconciler::Pass {
 public:
  Pass(ScanReconciler& parent, ScanMemory& memory, crds::BaselineScan scan)
      : r_(parent),
        memory_(memory),
        scan_(std::move(scan)),
        before_(scan_.status),
        now_(parent.clock_.now()) {}

  using Next = base::Result<std::optional<base::Time>>;

  Next run();
  // For a scan whose spec cannot be read.
  Next refuse_spec(const base::Error& error);

 private:
  using Resolved = std::expected<std::shared_ptr<const ResolvedProfile>, std::vector<Mistake>>;
  enum class Prepared { kReady, kFinished, kNoProfile };

  Next go(const Resolved& profile);
  Next rest(const Due& due);
  Next begin_if_due(const std::shared_ptr<const ResolvedProfile>& profile);
  Next stall(const std::string& reason, const std::string& message, crds::ScanPhase phase,
             std::optional<base::Time> again = {});
  Next stall_for_profile(const std::vector<Mistake>& mistakes);
  void tell_trouble(const base::Error& error);

  Next advance(const Resolved& profile);
  // Has the run's state in memory: remembered, taken from the checkpoint, or begun.
  base::Result<Prepared> prepare(const Resolved& profile);
  base::Result<void> start_anew(const std::shared_ptr<const ResolvedProfile>& profile);
  base::Result<void> checkpoint();
  base::Result<void> write(const Report& report, std::string& version);
  Next finish();
  // `findings`: told of what it finds; may be null.
  void judge_cluster(ScanRunState& state, const std::shared_ptr<NamespaceFindings>& findings);
  std::optional<Phrase> enter(const std::string& kind);
  // The finished report stands on the API server: settle the status, tidy up.
  Next settle(const Report& report);
  base::Result<std::optional<Report>> previous_report();

  RunDecision decide();
  void collect(const RunDecision& decision);
  // A run that an operator before this one began, and did not end: perhaps what is judged next ended it.
  bool is_taken_up() const { return memory_.begun != memory_.run->run_id(); }
  std::optional<Phrase> read_and_fold(const RunDecision::Collect& pod);
  base::Result<void> launch(const RunDecision& decision);
  void give_up(const std::string& node, const Phrase& reason);
  void tell_missing(const std::string& node, const std::string& reason);
  base::Result<void> remove_jobs(const std::vector<std::string>& names);

  // While no run is in progress: removes Jobs and unfinished reports that a run left, and finished reports
  // beyond spec.history.
  base::Result<void> tidy();
  // While no run is in progress: has the findings of the last report in the namespaces, or no more there, as
  // spec.export asks. Does nothing where status.export says that all is done.
  base::Result<void> export_findings();
  std::shared_ptr<NamespaceFindings> new_findings(Language language) const;
  base::Result<void> remove_exported();
  base::Result<void> write_exported();
  void told_exported(bool holds, const std::string& reason, const std::string& message);
  base::Result<void> export_failed(const base::Error& error);
  base::Result<void> export_skipped(const std::string& attempt, const ExportOutcome& outcome);
  base::Result<void> write_status();
  void wake_at(base::Time moment) { wake_ = wake_ ? std::min(*wake_, moment) : moment; }

  std::vector<NodeState> nodes() const;
  std::vector<RunnerState> runners() const;
  kube::ObjectRef reference() const;

  ScanReconciler& r_;
  ScanMemory& memory_;
  crds::BaselineScan scan_;
  crds::ScanStatus before_;  // as the API server has it
  const base::Time now_;
  std::optional<base::Time> wake_;
  std::optional<Report> finished_;  // set when prepare() found the run's report finished
};

}  // namespace baseline::controllers
