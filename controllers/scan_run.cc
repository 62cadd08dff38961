#include "controllers/scan_run.h"

#include <utility>

namespace baseline::controllers {
namespace {

// Marks a node of the plan that has not reported yet, inside the report itself: so the checkpoint holds the
// plan.
std::string awaited_reason(const ResolvedProfile& profile) {
  return render({"node-awaited", {}}, profile.language);
}

}  // namespace

ScanRunState::ScanRunState(std::string run_id, std::shared_ptr<const ResolvedProfile> profile,
                           ReportBuilder builder, bool saved)
    : run_id_(std::move(run_id)),
      profile_(std::move(profile)),
      builder_(std::move(builder)),
      dirty_(!saved) {}

std::vector<std::string> ScanRunState::awaited() const {
  const std::string reason = awaited_reason(*profile_);
  std::vector<std::string> nodes;
  for (const MissingNode& missing : report().coverage.missing) {
    if (missing.reason == reason) nodes.push_back(missing.node);
  }
  return nodes;
}

void ScanRunState::fold(const std::string& node, const NodeOutcome& outcome) {
  builder_.fold(node, outcome);
  unsaved_.insert(node);
  dirty_ = true;
}

void ScanRunState::give_up(const std::string& node, const Phrase& reason) {
  builder_.missing(node, render(reason, profile_->language));
  unsaved_.insert(node);
  dirty_ = true;
}

void ScanRunState::saved(const base::Clock& clock) {
  dirty_ = false;
  unsaved_.clear();
  last_saved_ = clock.steady();
}

Report ScanRunState::finish(const std::string& previous_name, const Report* previous, base::Time now) && {
  Report report = std::move(builder_).finish(now);
  compare_with_previous(report, previous_name, previous, now);
  return report;
}

ReportBuilder new_report(const crds::BaselineScan& scan,
                         const std::shared_ptr<const ResolvedProfile>& profile,
                         const std::vector<PlannedNode>& plan, const std::string& cluster_uid,
                         const std::string& cluster_version) {
  Report header;
  header.scan = scan.metadata.name;
  header.standard = profile->standard->id;
  header.profile = profile->name;
  header.profile_hash = profile->hash;
  header.language = profile->language;
  header.cluster_uid = cluster_uid;
  header.cluster_version = cluster_version;
  header.started = scan.status.run->started;
  header.coverage.nodes_expected = static_cast<int>(plan.size());
  ReportBuilder builder(profile, std::move(header));
  for (const PlannedNode& node : plan) {
    builder.missing(node.node, node.unavailable.empty() ? awaited_reason(*profile)
                                                        : render(node.unavailable, profile->language));
  }
  return builder;
}

}  // namespace baseline::controllers
