#include "node-runner/candidates.h"

#include <algorithm>
#include <array>
#include <tuple>

#include <unistd.h>

#include "node-runner/parse_proc.h"
#include "node-runner/text.h"
#include "node-runner/utf8.h"
#include "node-runner/workloads.h"

namespace baseline::runner {
namespace {

using base::ErrorCode;

constexpr std::size_t kNameBytes = 4096;  // enough of a command line for argv[0] and a subcommand
constexpr std::size_t kSmallFile = std::size_t{64} << 10;
constexpr std::size_t kStaticUidDigits = 32;
constexpr std::string_view kUnreadable = "its control groups cannot be read";
constexpr std::string_view kUserUnreadable = "its user cannot be read";
constexpr std::string_view kMoving = "its control group changes while it is looked at";
constexpr std::string_view kOrdinaryUser =
    "it runs as an ordinary user, in no container and in no service that is named for it";
constexpr std::int64_t kYoungSeconds = 60;
constexpr std::string_view kWhosePod =
    "it runs in a container as pods have them, and the kubelet's links to the logs of containers do not name "
    "it";

bool gone(const base::Error& error) {
  return error.code == ErrorCode::kNotFound;
}

// The others (kubelets, runtimes and bundles) are never this node's when inside a pod, and always root's.
constexpr auto kMayRunInPods = std::to_array<std::string_view>(
    {"kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd", "kube-proxy"});

bool may_run_in_pods(std::string_view name) {
  return std::ranges::find(kMayRunInPods, name) != kMayRunInPods.end();
}

// Whether a unit is the component's own, or a distribution's that starts it for its own user. Cron jobs and
// the services of applications are whatever their owner calls them.
bool speaks_of(std::string_view service, std::string_view component) {
  constexpr auto kDistributions = std::to_array<std::string_view>({"kube", "k0s", "k3s", "rke2"});
  return service.contains(component) || std::ranges::any_of(kDistributions, [service](std::string_view name) {
           return service.contains(name);
         });
}

bool is_system(std::string_view ns) {
  return ns == "kube-system" || ns.starts_with("openshift-");
}

std::vector<int> list_pids(Context& context) {
  const auto listing = context.host().list("proc", context.limits().process_entries);
  if (!listing) {
    context.error("processes", "/proc", listing.error().message);
    return {};
  }
  if (!listing->complete) context.error("processes", "/proc", "more processes than are looked at");
  std::vector<int> pids;
  for (const std::string& name : listing->names) {
    if (const auto pid = to_number<int>(name); pid && *pid > 0) pids.push_back(*pid);
  }
  std::ranges::sort(pids);
  return pids;
}

}  // namespace

Candidates::Candidates(Context& context) : context_(context), names_(context) {
  const auto proc = context.host().below("proc");
  procfs_ = proc && proc->is_procfs();
  const std::vector<int> pids = list_pids(context);
  if (procfs_ && (pids.empty() || pids.front() != 1)) {
    context.error("processes", "/proc",
                  "process 1 is not visible, so processes of other users may be hidden");
  }
  if (const auto init = context.host().read("proc/1/cgroup", kSmallFile)) groups_ = ControlGroups(*init);
  for (const int pid : pids) {
    if (const auto allowed = context.spend(0); !allowed) {
      context.error("processes", "/proc", allowed.error().message);
      break;
    }
    add(pid);
  }
  // What was on its way from one control group to another has arrived by now.
  std::vector<Candidate> again = take(Rank::kUnknown);
  for (const Candidate& candidate : again) add(candidate.pid);
  if (groups_missing_) {
    context.error(
        "processes", "control groups",
        "this copy of a node lacks the file cgroup of processes, so where they run is not known: copy "
        "/proc/PID/cgroup of every process, of process 1 as well");
  }
}

std::optional<ProcessEntry> Candidates::recognise_entry(int pid) {
  auto directory = context_.host().below("proc/" + std::to_string(pid));
  if (!directory) return std::nullopt;
  ProcessEntry entry{pid, std::move(*directory), {}, {}, {}};
  if (auto exe = entry.directory.read_link("exe")) {
    entry.exe = to_utf8(*exe);
  } else if (!gone(exe.error())) {
    entry.exe_error = exe.error();
  }
  const auto begin = entry.directory.read_prefix("cmdline", kNameBytes);
  if (!begin && gone(begin.error())) return std::nullopt;
  entry.what = recognise(entry.exe, begin ? parse_cmdline(begin->bytes) : std::vector<std::string>());
  if (entry.what != Recognition{}) return entry;
  // It may have been a component.
  if (!begin) context_.error("processes", "/proc", "a command line cannot be read: " + begin.error().message);
  return std::nullopt;
}

// Looked at after the process got its name: a runtime moves a container into its control group before it lets
// the container's own program start.
std::optional<ControlGroup> Candidates::group_of(const ProcessEntry& entry) {
  const auto text = entry.directory.read("cgroup", kSmallFile);
  if (text) {
    groups_missing_ = groups_missing_ || (!procfs_ && !groups_.known());
    return groups_.place(*text);
  }
  ControlGroup group;
  group.reason = kUnreadable;
  if (gone(text.error())) {
    if (procfs_) return std::nullopt;
    groups_missing_ = true;
  } else if (procfs_ &&
             (text.error().code == ErrorCode::kInvalid || text.error().code == ErrorCode::kLimit)) {
    // The kernel has no room for the path. Only who may make groups below its own can make it that long.
    group.where = Where::kPod;
  }
  return group;
}

void Candidates::add(int pid) {
  const auto entry = recognise_entry(pid);
  if (!entry) return;
  auto group = group_of(*entry);
  if (!group) return;
  Candidate candidate{pid, entry->what, std::move(*group), Rank::kUnknown, {}, {}};
  if (judge(candidate, *entry)) {
    candidates_.push_back(std::move(candidate));
  } else {
    leave_out(candidate);
  }
}

bool Candidates::judge(Candidate& candidate, const ProcessEntry& entry) {
  const ControlGroup& group = candidate.group;
  candidate.reason = group.reason;
  bool in_pod = group.where == Where::kPod;
  if (!group.container.empty() && group.pod_uid.empty()) {
    // A kubelet without --cgroups-per-qos has its pods where other containers are.
    const auto answer = names_.of_container(group.container, candidate.pod);
    in_pod = in_pod || answer == PodNames::Answer::kPod;
    // The kubelet makes its link once the container runs.
    const bool open = answer == PodNames::Answer::kNotKnown ||
                      (answer == PodNames::Answer::kNoPod && (group.named_for_pods || is_young(entry)));
    if (!in_pod && open) candidate.reason = kWhosePod;
    if (!in_pod && open) return true;
  }
  if (in_pod) {
    candidate.rank = Rank::kOther;
    name_pod(candidate);
    // In some pod whose name only its own owner gave.
    const bool nameless = candidate.pod == PodName{};
    return !nameless && may_run_in_pods(candidate.name());
  }
  if (group.where == Where::kUnknown) return true;
  return judge_host(candidate, entry);
}

bool Candidates::judge_host(Candidate& candidate, const ProcessEntry& entry) {
  const ControlGroup& group = candidate.group;
  candidate.rank = Rank::kOfHost;
  // A component may have a user of its own where a runtime or a unit of root's making says that it is one.
  const bool own_user = group.where != Where::kUser && may_run_in_pods(candidate.name());
  if (own_user && (!group.container.empty() || speaks_of(group.service, candidate.name()))) return true;
  const auto status = entry.directory.read("status", kSmallFile);
  if (status && is_root_throughout(*status)) return true;
  if (status && !own_user) return false;
  candidate.rank = Rank::kUnknown;
  candidate.reason = status ? kOrdinaryUser : kUserUnreadable;
  return true;
}

bool Candidates::is_young(const ProcessEntry& entry) const {
  const auto stat = entry.directory.read("stat", kSmallFile);
  const auto uptime = context_.host().read("proc/uptime", kSmallFile);
  const auto start = stat ? parse_start_ticks(*stat) : std::nullopt;
  const auto now =
      uptime ? to_number<std::int64_t>(std::string_view(*uptime).substr(0, uptime->find('.'))) : std::nullopt;
  // A copy of a node has neither.
  return start && now && *now - *start / ::sysconf(_SC_CLK_TCK) < kYoungSeconds;
}

void Candidates::name_pod(Candidate& candidate) const {
  if (!candidate.group.pod_uid.empty()) candidate.pod = names_.of_uid(candidate.group.pod_uid);
  const PodName& pod = candidate.pod;
  if (pod.uid.size() == kStaticUidDigits && pod.uid.find('-') == std::string::npos) {
    candidate.rank = Rank::kStaticPod;
  } else if (is_system(pod.ns)) {
    candidate.rank = Rank::kSystemPod;
  }
}

std::vector<Candidate> Candidates::take(Rank rank) {
  std::vector<Candidate> out;
  for (Candidate& candidate : candidates_) {
    // The kubelets' own folders may have been added since.
    if (candidate.rank != Rank::kOfHost && candidate.rank != Rank::kUnknown) name_pod(candidate);
    if (candidate.rank == rank) out.push_back(candidate);
  }
  std::erase_if(candidates_, [rank](const Candidate& candidate) { return candidate.rank == rank; });
  if (rank != Rank::kOther) return out;
  // Each namespace in turn, so that none of them takes the others' places.
  std::map<std::pair<std::string, std::string>, std::size_t> turns;
  std::vector<std::tuple<std::size_t, PodName, int, std::size_t>> order;
  for (std::size_t i = 0; i < out.size(); ++i)
    order.emplace_back(turns[{out[i].name(), out[i].pod.ns}]++, out[i].pod, out[i].pid, i);
  std::ranges::sort(order);
  std::vector<Candidate> in_turn;
  for (const auto& place : order) in_turn.push_back(std::move(out[std::get<3>(place)]));
  return in_turn;
}

std::optional<ProcessEntry> Candidates::open(Candidate& candidate) {
  auto entry = recognise_entry(candidate.pid);
  if (!entry || entry->what != candidate.what) return std::nullopt;
  const auto group = group_of(*entry);
  if (!group) return std::nullopt;
  if (*group != candidate.group && candidate.rank != Rank::kUnknown) {
    candidate.rank = Rank::kUnknown;
    candidate.reason = kMoving;
  }
  return entry;
}

void Candidates::leave_out(const Candidate& candidate) {
  ++lookalikes_[{candidate.pod, candidate.name()}];
}

void Candidates::tell_lookalikes() {
  facts::NodeFacts& facts = context_.facts();
  std::uint32_t total = 0;
  std::size_t room = context_.limits().lookalikes;
  const auto add_rows = [&](bool in_pods) {
    for (const auto& [key, processes] : lookalikes_) {
      const auto& [pod, component] = key;
      if (may_run_in_pods(component) != in_pods) continue;
      total += processes;
      if (room == 0) continue;
      --room;
      const bool nameless = !pod.uid.empty() && pod.ns.empty();
      const PodName named = nameless ? name_in_stores(facts, pod.uid) : pod;
      facts::Lookalike& row = *facts.add_lookalikes();
      row.set_component(component);
      row.set_pod_uid(named.uid);
      row.set_pod_namespace(named.ns);
      row.set_pod_name(named.name);
      row.set_processes(processes);
    }
  };
  // Those that may be components in a system namespace first: a reader must know of each.
  add_rows(true);
  add_rows(false);
  facts.set_lookalikes_total(total);
}

}  // namespace baseline::runner
