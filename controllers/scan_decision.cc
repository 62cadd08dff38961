#include "controllers/scan_decision.h"

#include <algorithm>
#include <set>

namespace baseline::controllers {
namespace {

// The Job that speaks for a node: of this run, the latest attempt.
std::map<std::string, const RunnerState*> runner_of_node(const RunObservation& observed) {
  std::map<std::string, const RunnerState*> by_node;
  for (const RunnerState& runner : *observed.runners) {
    if (runner.run != observed.scan->status.run->id || runner.deleting) continue;
    const RunnerState*& best = by_node[runner.node];
    if (!best || runner.attempt > best->attempt) best = &runner;
  }
  return by_node;
}

class Decider {
 public:
  explicit Decider(const RunObservation& observed) : in_(observed), runners_(runner_of_node(observed)) {
    for (const NodeState& node : *in_.nodes) nodes_.emplace(node.name, &node);
  }

  RunDecision decide() && {
    std::int64_t running = 0;
    for (const std::string& node : *in_.awaited) {
      const auto runner = runners_.find(node);
      const auto launched = in_.launched->find(node);
      const RunnerState* job = runner == runners_.end() ? nullptr : runner->second;
      const Launched* known = launched == in_.launched->end() ? nullptr : &launched->second;
      // The cache shows no Job, or only the one before the last.
      const bool unseen = known && (!job || job->attempt < known->attempt);
      const bool runs = unseen ? look_at_unseen(node, *known)
                        : job  ? look_at_runner(node, *job, known)
                               : look_at_waiting(node, 1);
      if (runs) ++running;
    }
    for (RunDecision::Launch& next : waiting_) {
      if (running++ >= in_.scan->spec.parallelism) break;
      out_.launch.push_back(std::move(next));
    }
    remove_spent_jobs();
    return std::move(out_);
  }

 private:
  // The looks answer whether the node holds one of the places that spec.parallelism gives.
  bool give_up(const std::string& node, Phrase reason) {
    out_.give_up.push_back({node, std::move(reason)});
    return false;
  }
  bool wait_until(base::Time moment) {
    out_.wake_at = out_.wake_at ? std::min(*out_.wake_at, moment) : moment;
    return true;
  }

  // A node without a Job: gone, no longer fit, or still to have its turn.
  bool look_at_waiting(const std::string& node, int attempt) {
    const auto it = nodes_.find(node);
    if (it == nodes_.end()) return give_up(node, {"node-deleted", {}});
    if (Phrase reason = it->second->unavailable_reason(in_.scan->spec.tolerations); !reason.empty()) {
      return give_up(node, std::move(reason));
    }
    waiting_.push_back({node, attempt});
    return false;
  }

  // A Job was asked for that the cache does not show: not yet, or not any more.
  bool look_at_unseen(const std::string& node, const Launched& launched) {
    const base::Time deadline = launched.since + in_.scan->spec.timeout;
    if (in_.now >= deadline) return give_up(node, {"runner-timeout-no-job", {timeout_text()}});
    const base::Time gone_at = launched.asked + kCacheLag;
    if (!launched.seen && in_.now < gone_at) return wait_until(std::min(deadline, gone_at));
    return look_at_waiting(node, launched.attempt);
  }

  bool look_at_runner(const std::string& node, const RunnerState& runner, const Launched* known) {
    const base::Time since = known ? known->since : runner.created;
    if (runner.pod_succeeded) {
      out_.collect.push_back({node, runner.pod, runner.sha256, since});
      return true;
    }
    if (runner.failed) return give_up(node, failure_reason(runner));
    const bool gone = !nodes_.contains(node);
    if (gone) return give_up(node, {"node-deleted", {}});
    if (runner.completed && runner.pod.empty()) return look_at_removed_pod(node, runner);
    const base::Time deadline = since + in_.scan->spec.timeout;
    if (in_.now < deadline) return wait_until(deadline);
    return give_up(node, timeout_reason(node, runner));
  }

  // The Job succeeded and there is no pod: the cache of pods is behind, or the pod was removed with its log.
  bool look_at_removed_pod(const std::string& node, const RunnerState& runner) {
    const base::Time certain_at = runner.completed_at.value_or(in_.now) + kCacheLag;
    if (runner.completed_at && in_.now < certain_at) return wait_until(certain_at);
    if (runner.attempt > 1) return give_up(node, {"runner-pod-removed", {}});
    out_.launch.push_back({node, 2});
    out_.remove.push_back(runner.job);
    return true;
  }

  std::string timeout_text() const { return base::format_go_duration(in_.scan->spec.timeout); }

  static Phrase failure_reason(const RunnerState& runner) {
    if (!runner.pod_problem.empty()) return {"runner-failed", {runner.pod_problem}};
    if (!runner.job_problem.empty()) return {"runner-failed", {runner.job_problem}};
    return {"runner-failed-without-reason", {}};
  }

  Phrase timeout_reason(const std::string& node, const RunnerState& runner) const {
    if (const NodeState& state = *nodes_.at(node); !state.ready)
      return {"runner-timeout-not-ready", {timeout_text(), state.not_ready_reason}};
    if (runner.pod.empty()) return {"runner-timeout-no-pod", {timeout_text()}};
    if (runner.pod_problem.empty()) return {"runner-timeout-running", {timeout_text()}};
    return {"runner-timeout", {timeout_text(), runner.pod_problem}};
  }

  // Jobs of nodes that are settled and saved.
  void remove_spent_jobs() {
    std::set<std::string> keep(in_.awaited->begin(), in_.awaited->end());
    keep.insert(in_.unsaved->begin(), in_.unsaved->end());
    for (const auto& runner : *in_.runners) {
      if (runner.run == in_.scan->status.run->id && !runner.deleting && !keep.contains(runner.node))
        out_.remove.push_back(runner.job);
    }
  }

  const RunObservation& in_;
  std::map<std::string, const RunnerState*> runners_;
  std::map<std::string, const NodeState*> nodes_;
  std::vector<RunDecision::Launch> waiting_;
  RunDecision out_;
};

}  // namespace

std::vector<PlannedNode> plan_nodes(const crds::ScanSpec& spec, const std::vector<NodeState>& nodes) {
  std::vector<PlannedNode> plan;
  for (const NodeState& node : nodes) {
    if (crds::matches(spec.node_selector, node.labels))
      plan.push_back({node.name, node.unavailable_reason(spec.tolerations)});
  }
  std::ranges::sort(plan, {}, &PlannedNode::node);
  return plan;
}

RunDecision decide_run(const RunObservation& observed) {
  return Decider(observed).decide();
}

std::vector<std::string> leftover_jobs(const std::vector<RunnerState>& runners) {
  std::vector<std::string> names;
  for (const RunnerState& runner : runners) {
    if (!runner.deleting) names.push_back(runner.job);
  }
  return names;
}

std::vector<std::string> reports_to_remove(std::vector<KnownReport> reports, std::size_t keep) {
  std::ranges::sort(reports, [](const KnownReport& a, const KnownReport& b) {
    return std::pair(a.created, a.name) > std::pair(b.created, b.name);
  });
  std::vector<std::string> remove;
  std::size_t finished = 0;
  for (const KnownReport& report : reports) {
    if (!report.finished || ++finished > keep) remove.push_back(report.name);
  }
  std::ranges::reverse(remove);
  return remove;
}

}  // namespace baseline::controllers
