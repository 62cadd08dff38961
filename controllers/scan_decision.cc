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
    std::vector<std::string> waiting;
    std::int64_t running = 0;
    for (const std::string& node : *in_.awaited) {
      const auto it = runners_.find(node);
      if (it == runners_.end()) {
        look_at_waiting(node, waiting);
      } else if (look_at_runner(node, *it->second)) {
        ++running;
      }
    }
    for (const std::string& node : waiting) {
      if (running++ >= in_.scan->spec.parallelism) break;
      out_.launch.push_back({node, 1});
    }
    remove_spent_jobs();
    return std::move(out_);
  }

 private:
  void give_up(const std::string& node, Phrase reason) { out_.give_up.push_back({node, std::move(reason)}); }

  // A node without a Job: gone, no longer fit, or still to have its turn.
  void look_at_waiting(const std::string& node, std::vector<std::string>& waiting) {
    const auto it = nodes_.find(node);
    if (it == nodes_.end()) return give_up(node, {"node-deleted", {}});
    if (Phrase reason = it->second->unavailable_reason(in_.scan->spec.tolerations); !reason.empty()) {
      return give_up(node, std::move(reason));
    }
    waiting.push_back(node);
  }

  // True while the Job holds one of the places that spec.parallelism gives.
  bool look_at_runner(const std::string& node, const RunnerState& runner) {
    if (runner.pod_succeeded) {
      out_.collect.push_back({node, runner.pod, runner.sha256});
      return true;
    }
    if (runner.failed) {
      give_up(node, {"runner-failed",
                     {runner.pod_problem.empty() ? "the Job failed without a pod" : runner.pod_problem}});
      return false;
    }
    const auto launched = in_.launched.find(node);
    const base::Time deadline =
        (launched == in_.launched.end() ? runner.created : launched->second) + in_.scan->spec.timeout;
    if (runner.completed &&
        runner.pod.empty()) {  // removed by pod garbage collection before its log was read
      if (runner.attempt > 1) {
        give_up(node, {"runner-pod-removed", {}});
        return false;
      }
      out_.launch.push_back({node, 2});
      out_.remove.push_back(runner.job);
      return true;
    }
    const bool gone = !nodes_.contains(node);
    if (!gone && in_.now < deadline) {
      out_.wake_at = out_.wake_at ? std::min(*out_.wake_at, deadline) : deadline;
      return true;
    }
    give_up(node, gone ? Phrase{"node-deleted", {}} : timeout_reason(node, runner));
    return false;
  }

  Phrase timeout_reason(const std::string& node, const RunnerState& runner) const {
    const std::string timeout = base::format_go_duration(in_.scan->spec.timeout);
    if (const NodeState& state = *nodes_.at(node); !state.ready)
      return {"runner-timeout-not-ready", {timeout, state.not_ready_reason}};
    return {"runner-timeout",
            {timeout, runner.pod_problem.empty() ? "the pod is running" : runner.pod_problem}};
  }

  // Jobs of nodes that are settled and saved, and of nodes given up now.
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

std::vector<std::string> leftover_jobs(const std::vector<RunnerState>& runners,
                                       const std::string& current_run) {
  std::vector<std::string> names;
  for (const RunnerState& runner : runners) {
    if (runner.run != current_run && !runner.deleting) names.push_back(runner.job);
  }
  return names;
}

std::vector<std::string> reports_to_remove(std::vector<KnownReport> reports, std::size_t keep,
                                           const std::string& in_progress) {
  std::erase_if(reports, [&](const KnownReport& r) { return r.name == in_progress; });
  std::ranges::sort(reports, [](const KnownReport& a, const KnownReport& b) {
    return std::pair(a.created, a.name) > std::pair(b.created, b.name);
  });
  std::vector<std::string> remove;
  std::size_t finished = 0;
  for (const KnownReport& report : reports) {
    // An unfinished report that no run is writing is the rest of a run that was abandoned.
    if (!report.finished || ++finished > keep) remove.push_back(report.name);
  }
  std::ranges::reverse(remove);
  return remove;
}

}  // namespace baseline::controllers
