// The Jobs of a run: sent out, read, given up, removed.
#include <map>
#include <utility>

#include "baseline/facts/frame.h"
#include "controllers/scan_pass.h"

namespace baseline::controllers {
namespace {

// A log that could not be read is tried again after this, until the node's time is up.
constexpr auto kLogRetry = std::chrono::seconds(2);
// The same for a Job that a quota leaves no room for.
constexpr auto kQuotaRetry = std::chrono::seconds(5);

// And for one that the Jobs of other scans leave no room for.
constexpr auto kRoomRetry = std::chrono::seconds(5);

// The Jobs that are under way, of whatever scan.
class Room {
 public:
  explicit Room(const std::vector<kube::ObjectPtr>& jobs) {
    for (const RunnerState& runner : runner_states(jobs, {})) {
      if (!runner.completed && !runner.failed && !runner.deleting) add(runner.node);
    }
  }

  // Takes a place; false where there is none.
  bool take(const std::string& node) {
    if (all_ >= kMostRunners || of_node_[node] >= kMostRunnersOfNode) return false;
    add(node);
    return true;
  }

 private:
  void add(const std::string& node) {
    ++all_;
    ++of_node_[node];
  }

  std::size_t all_ = 0;
  std::map<std::string, std::size_t> of_node_;
};

// A ResourceQuota answers 403 like a missing right does, but it may have room again.
bool is_quota(const base::Error& error) {
  return error.code == base::ErrorCode::kForbidden &&
         error.message.find("exceeded quota") != std::string::npos;
}

// What the API server said in so many words; they tell more in a report than what we make of them.
std::string server_words(const base::Error& error) {
  constexpr std::string_view kMark = "the server said: ";
  const std::size_t at = error.message.find(kMark);
  if (at == std::string::npos) return error.text();
  std::string words = error.message.substr(at + kMark.size());
  if (words.ends_with(')')) words.pop_back();
  return words;
}

}  // namespace

RunDecision ScanReconciler::Pass::decide() {
  ScanRunState& state = *memory_.run;
  const std::vector<RunnerState> all = runners();
  for (const RunnerState& runner : all) {
    const auto known = state.launched.find(runner.node);
    if (known == state.launched.end() || runner.run != state.run_id() || runner.deleting) continue;
    known->second.seen |= runner.attempt == known->second.attempt;
  }
  const auto awaited = state.awaited();
  const auto unsaved = state.unsaved();
  const auto known_nodes = nodes();
  return decide_run({.scan = &scan_,
                     .nodes = &known_nodes,
                     .runners = &all,
                     .awaited = &awaited,
                     .unsaved = &unsaved,
                     .launched = &state.launched,
                     .now = now_});
}

void ScanReconciler::Pass::tell_missing(const std::string& node, const std::string& reason) {
  r_.observer_.node_missing(scan_.metadata.name, node, reason);
  r_.events_.record({reference(), kube::EventType::kWarning, "NodeMissing", node + ": " + reason});
}

void ScanReconciler::Pass::give_up(const std::string& node, const Phrase& reason) {
  memory_.run->give_up(node, reason);
  tell_missing(node, render(reason, Language::kEnglish));
}

void ScanReconciler::Pass::collect(const RunDecision& decision) {
  for (const RunDecision::GiveUp& lost : decision.give_up) give_up(lost.node, lost.reason);
  for (const RunDecision::Collect& pod : decision.collect) {
    if (const auto reason = read_and_fold(pod)) give_up(pod.node, *reason);
  }
}

// Nothing: folded, or to be tried again. A phrase: the node is given up for this reason.
std::optional<Phrase> ScanReconciler::Pass::read_and_fold(const RunDecision::Collect& pod) {
  ScanRunState& state = *memory_.run;
  const kube::ObjectPtr node = r_.stores_.nodes->get(pod.node);
  auto log = r_.log_client_.pod_log(r_.settings_.jobs.ns, pod.pod,
                                    {.container = "node-runner", .max_bytes = facts::kMaxLogBytes});
  if (!log) {
    if (!node) return Phrase{"node-deleted", {}};
    // A pod that is gone (404) may have been removed a moment ago: the cache will show it, and then the node
    // gets another Job.
    if (log.error().code == base::ErrorCode::kForbidden || now_ >= pod.since + scan_.spec.timeout)
      return Phrase{"runner-log-unreadable", {log.error().text()}};
    wake_at(now_ + kLogRetry);
    return std::nullopt;
  }
  if (pod.sha256.empty()) return Phrase{"runner-no-digest", {}};

  NodeContext context;
  context.apiserver_version = state.report().cluster_version;
  if (node) {
    const NodeState known = node_state(*node);
    context.labels = known.labels;
    context.kubelet_version = known.kubelet_version;
  }
  context.include_namespaces = scan_.spec.include_namespaces;
  context.exclude_namespaces = scan_.spec.exclude_namespaces;
  if (r_.settings_.read_pods) context.pods = r_.settings_.read_pods(pod.node);

  // One at a time: what one node may take of memory is bounded, and so is what all take.
  const std::scoped_lock one_at_a_time(r_.judging_);
  // What may have ended an operator is judged in a process of its own first.
  if (is_taken_up() && r_.settings_.rehearse) {
    const auto survived = r_.settings_.rehearse([&] {
      auto payload = facts::unframe(log->text, pod.sha256);
      const auto facts =
          payload ? facts::decode_payload(*std::move(payload)) : std::unexpected(payload.error());
      if (facts) static_cast<void>(r_.settings_.evaluate(state.profile(), *facts, context, now_));
    });
    if (!survived && survived.error().code == base::ErrorCode::kUnavailable &&
        now_ < pod.since + scan_.spec.timeout) {
      wake_at(now_ + kLogRetry);
      return std::nullopt;
    }
    if (!survived) return Phrase{"runner-payload-harmful", {survived.error().message}};
  }
  auto payload = facts::unframe(log->text, pod.sha256);
  std::string().swap(log->text);
  const auto facts = payload ? facts::decode_payload(*std::move(payload)) : std::unexpected(payload.error());
  if (!facts) return Phrase{"runner-payload-refused", {facts.error().text()}};
  state.fold(pod.node, r_.settings_.evaluate(state.profile(), *facts, context, now_));
  r_.observer_.node_reported(scan_.metadata.name, pod.node,
                             std::chrono::duration<double>(r_.clock_.now() - pod.since).count());
  return std::nullopt;
}

base::Result<void> ScanReconciler::Pass::launch(const RunDecision& decision) {
  if (decision.launch.empty()) return {};
  ScanRunState& state = *memory_.run;
  Room room(r_.stores_.jobs->list());
  for (const auto& [node, attempt] : decision.launch) {
    if (!room.take(node)) {
      wake_at(now_ + kRoomRetry);
      continue;
    }
    const base::Value job =
        runner_job(scan_, state.run_id(), node, attempt, r_.settings_.jobs, walk_budget(state.profile()));
    const auto created = r_.client_.create(kube::kJob, r_.settings_.jobs.ns, job);
    // Conflict: made by an earlier reconcile that the cache does not show yet.
    if (created || created.error().code == base::ErrorCode::kConflict) {
      state.refused_since.clear();  // there is room
      auto& known = state.launched.try_emplace(node, Launched{now_, now_, attempt}).first->second;
      if (known.attempt != attempt) known = {now_, now_, attempt};
      known.asked = now_;
      known.seen = false;
      wake_at(known.since + scan_.spec.timeout);
      continue;
    }
    const base::Error& error = created.error();
    if (error.code != base::ErrorCode::kForbidden && error.code != base::ErrorCode::kInvalid)
      return std::unexpected(error);
    if (is_quota(error)) {
      const base::Time since = state.refused_since.try_emplace(node, now_).first->second;
      if (now_ < since + scan_.spec.timeout) {
        wake_at(now_ + kQuotaRetry);
        continue;
      }
    }
    give_up(node, {"runner-not-created", {server_words(error)}});
    wake_at(now_);  // no event will follow, and it may have been the last node
  }
  return {};
}

base::Result<void> ScanReconciler::Pass::remove_jobs(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const auto removed = r_.client_.remove(kube::kJob, r_.settings_.jobs.ns, name);
    if (!removed && removed.error().code != base::ErrorCode::kNotFound) return removed;
  }
  return {};
}

}  // namespace baseline::controllers
