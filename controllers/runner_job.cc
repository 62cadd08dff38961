#include "controllers/runner_job.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/digest.h"
#include "baseline/text.h"
#include "controllers/node_state.h"
#include "crds/runner_resources.h"

namespace baseline::controllers {
namespace {

using base::Value;

Value map(std::initializer_list<Value::Member> members) {
  return Value::Map(members);
}
Value list(std::initializer_list<Value> items) {
  return Value::List(items);
}

// A label's value: at most 63 characters, ending in a letter or digit.
Value labels(const crds::BaselineScan& scan, const std::string& run_id, int attempt) {
  return map({{"app.kubernetes.io/name", "node-runner"},
              {kManagedByLabel, kManagedBy},
              {std::string(crds::kScanLabel), scan_label(scan)},
              {kScanUidLabel, scan.metadata.uid},
              {kRunLabel, run_id},
              {kAttemptLabel, std::to_string(attempt)}});
}

// Looking through the files of images must leave most of the time that a node has to everything else.
std::chrono::seconds walk_total(std::chrono::seconds timeout) {
  return std::clamp(timeout / 3, std::chrono::seconds(1), std::chrono::seconds(60));
}

Value arguments(const WalkBudget& walk, std::chrono::seconds timeout) {
  Value args = list({"--root", "/host", "--walk-total", fmt::format("{}s", walk_total(timeout).count())});
  for (const auto& [option, value] :
       {std::pair("--walk-duration", &walk.duration), std::pair("--walk-files", &walk.files)}) {
    if (value->empty()) continue;
    args.push_back(option);
    args.push_back(*value);
  }
  return args;
}

Value container(const crds::RunnerSpec& runner, const std::string& image, Value&& arguments) {
  return map({{"name", "node-runner"},
              {"image", image},
              {"imagePullPolicy", "IfNotPresent"},
              {"args", std::move(arguments)},
              {"resources", crds::runner_resources(runner.resources)},
              {"terminationMessagePolicy", "File"},
              {"securityContext",
               map({{"runAsUser", 0},
                    {"readOnlyRootFilesystem", true},
                    {"allowPrivilegeEscalation", false},
                    // AppArmor's default profile hides other processes' /proc entries; the annotation says
                    // the same to servers before 1.30.
                    {"appArmorProfile", map({{"type", "Unconfined"}})},
                    // Reading other users' files and /proc/PID/{exe,root}; nothing else.
                    {"capabilities",
                     map({{"drop", list({"ALL"})}, {"add", list({"DAC_READ_SEARCH", "SYS_PTRACE"})}})}})},
              // Submounts present at the start are there without propagation, and read-only too where the
              // runtime can do that (containerd 2.0, Kubernetes 1.33); older servers drop the field.
              {"volumeMounts", list({map({{"name", "host"},
                                          {"mountPath", "/host"},
                                          {"readOnly", true},
                                          {"recursiveReadOnly", "IfPossible"}})})}});
}

Value node_affinity(const std::string& node) {
  const Value field = map({{"key", "metadata.name"}, {"operator", "In"}, {"values", list({node})}});
  const Value term = map({{"matchFields", list({field})}});
  return map({{"nodeAffinity", map({{"requiredDuringSchedulingIgnoredDuringExecution",
                                     map({{"nodeSelectorTerms", list({term})}})}})}});
}

base::Time time_at(const Value& value) {
  return base::parse_time(value.as_string()).value_or(base::Time{});
}

// Why a pod that does not run waits, in the cluster's own words.
std::string waiting_reason(const Value& pod) {
  for (const Value& status : pod.at("status.containerStatuses").items()) {
    const Value& waiting = status.at("state.waiting");
    if (const std::string& reason = waiting["reason"].as_string();
        !reason.empty() && reason != "ContainerCreating") {
      return cluster_words(reason, waiting["message"].as_string());
    }
  }
  for (const Value& condition : pod.at("status.conditions").items()) {
    if (condition["type"].as_string() == "PodScheduled" && condition["status"].as_string() == "False") {
      return cluster_words(condition["reason"].as_string(), condition["message"].as_string());
    }
  }
  return "Pending";
}

std::string end_reason(const Value& pod) {
  for (const Value& status : pod.at("status.containerStatuses").items()) {
    const Value& ended = status.at("state.terminated");
    if (!ended.is_map()) continue;
    return cluster_words(
        fmt::format("{} (exit status {})", ended["reason"].as_string(), ended["exitCode"].as_int()),
        ended["message"].as_string());
  }
  const std::string words =
      cluster_words(pod.at("status.reason").as_string(), pod.at("status.message").as_string());
  return words.empty() ? "Failed" : words;
}

std::string termination_sha256(const Value& pod) {
  for (const Value& status : pod.at("status.containerStatuses").items()) {
    const std::string& message = status.at("state.terminated.message").as_string();
    if (message.starts_with("sha256=")) return message.substr(7, 64);
  }
  return {};
}

void take_pod(RunnerState& state, const Value& pod) {
  const std::string& phase = pod.at("status.phase").as_string();
  state.pod = pod.at("metadata.name").as_string();
  state.pod_succeeded = phase == "Succeeded";
  state.sha256 = termination_sha256(pod);
  state.pod_problem.clear();
  if (phase == "Failed") state.pod_problem = end_reason(pod);
  if (phase == "Pending" || phase.empty()) state.pod_problem = waiting_reason(pod);
}

// Of two pods of one Job, the one that tells more: a success, else the newer.
bool tells_more(const Value& a, const Value& b) {
  const bool a_done = a.at("status.phase").as_string() == "Succeeded",
             b_done = b.at("status.phase").as_string() == "Succeeded";
  if (a_done != b_done) return a_done;
  return time_at(a.at("metadata.creationTimestamp")) > time_at(b.at("metadata.creationTimestamp"));
}

const Value* controller_of(const Value& metadata) {
  for (const Value& owner : metadata["ownerReferences"].items()) {
    if (owner["controller"].as_bool()) return &owner;
  }
  return nullptr;
}

// Whether a Job is the one that this operator makes for the node that it names: by its name, which says scan,
// run, node and attempt, and by the scan that controls it.
bool is_made_by_us(const Value& metadata) {
  const Value& labels = metadata["labels"];
  const std::string& scan = labels[kScanUidLabel].as_string();
  const int attempt = labels[kAttemptLabel].as_string() == "2" ? 2 : 1;
  const Value* owner = controller_of(metadata);
  return owner && !scan.empty() && (*owner)["uid"].as_string() == scan &&
         metadata["name"].as_string() == runner_job_name(scan, labels[kRunLabel].as_string(),
                                                         metadata["annotations"][kNodeAnnotation].as_string(),
                                                         attempt);
}

// A pod speaks for a node because it ran there, as the API server has it, and for nothing else: not by a
// label, not by a name in what it prints. One that no node has taken yet can only say why.
bool speaks_for(const Value& pod, const RunnerState& job) {
  if (job.node.empty() || job.job_uid.empty()) return false;
  if (!pod.at("metadata.name").as_string().starts_with(job.job + "-")) return false;
  const std::string& node = pod.at("spec.nodeName").as_string();
  return node.empty() ? pod.at("status.phase").as_string() != "Succeeded" : node == job.node;
}

Value keep(const Value& from, std::initializer_list<const char*> keys) {
  Value kept = Value::map();
  for (const char* key : keys) {
    if (const Value* v = from.find(key)) kept.set(key, *v);
  }
  return kept;
}

Value projected_metadata(const Value& object) {
  return keep(object["metadata"], {"name", "namespace", "uid", "resourceVersion", "creationTimestamp",
                                   "deletionTimestamp", "labels", "annotations", "ownerReferences"});
}

}  // namespace

std::string scan_label(const crds::BaselineScan& scan) {
  std::string text = scan.metadata.name.substr(0, 63);
  while (!text.empty() && (text.back() == '-' || text.back() == '.' || text.back() == '_')) text.pop_back();
  return text;
}

WalkBudget walk_budget(const ResolvedProfile& profile) {
  const SelectedRequirement* selected = profile.find("5.7.1.9");
  if (!selected) return {};
  const auto text = [&](const char* parameter) {
    const auto it = selected->parameters.find(parameter);
    return it == selected->parameters.end() ? std::string() : it->second.scalar_text();
  };
  return {text("walk-duration"), text("walk-files")};
}

std::string runner_job_name(const std::string& scan_uid, const std::string& run_id, const std::string& node,
                            int attempt) {
  return fmt::format("node-runner-{}-{}",
                     base::sha256_hex(scan_uid + "\n" + run_id + "\n" + node).substr(0, 20), attempt);
}

std::string priority_class_problem(const crds::RunnerSpec& runner, const JobParameters& parameters) {
  const std::string& asked = runner.priority_class_name;
  if (asked.empty() || asked == parameters.priority_class ||
      std::ranges::find(parameters.priority_classes, asked) != parameters.priority_classes.end()) {
    return {};
  }
  std::vector<std::string> allowed = parameters.priority_classes;
  if (!parameters.priority_class.empty()) allowed.insert(allowed.begin(), parameters.priority_class);
  return fmt::format(
      "spec.runner.priorityClassName: the operator does not allow \"{}\"; {}. Leave the field out, or have "
      "the "
      "class added to the operator's --runner-priority-classes",
      asked.substr(0, 253), allowed.empty() ? "it allows none" : "allowed are " + join(allowed, ", "));
}

Value runner_job(const crds::BaselineScan& scan, const std::string& run_id, const std::string& node,
                 int attempt, const JobParameters& parameters, const WalkBudget& walk) {
  const crds::RunnerSpec& runner = scan.spec.runner;
  Value pod_spec =
      map({{"restartPolicy", "Never"},
           {"automountServiceAccountToken", false},
           {"enableServiceLinks", false},
           {"serviceAccountName", "node-runner"},
           {"affinity", node_affinity(node)},
           {"securityContext", map({{"seccompProfile", map({{"type", "RuntimeDefault"}})},
                                    {"seLinuxOptions", map({{"type", "spc_t"}})}})},
           {"containers", list({container(runner, parameters.image, arguments(walk, scan.spec.timeout))})},
           {"volumes",
            list({map({{"name", "host"}, {"hostPath", map({{"path", "/"}, {"type", "Directory"}})}})})}});
  const std::vector<crds::Toleration> all_taints{
      {.key = "", .op = "Exists", .value = "", .effect = "", .toleration_seconds = {}}};
  pod_spec.set("tolerations",
               crds::to_value(scan.spec.tolerations.empty() ? all_taints : scan.spec.tolerations));
  const std::string& priority =
      runner.priority_class_name.empty() ? parameters.priority_class : runner.priority_class_name;
  if (!priority.empty()) pod_spec.set("priorityClassName", priority);

  const Value pod_metadata = map(
      {{"labels", labels(scan, run_id, attempt)},
       {"annotations", map({{kNodeAnnotation, node},
                            {"container.apparmor.security.beta.kubernetes.io/node-runner", "unconfined"}})}});
  const Value owner = map({{"apiVersion", std::string(crds::kApiVersion)},
                           {"kind", "BaselineScan"},
                           {"name", scan.metadata.name},
                           {"uid", scan.metadata.uid},
                           {"controller", true}});
  // The operator keeps the time; the Job's own limits are the net below it should the operator be gone.
  const auto timeout = scan.spec.timeout.count();
  return map({{"apiVersion", "batch/v1"},
              {"kind", "Job"},
              {"metadata", map({{"name", runner_job_name(scan.metadata.uid, run_id, node, attempt)},
                                {"namespace", parameters.ns},
                                {"labels", labels(scan, run_id, attempt)},
                                {"annotations", map({{kNodeAnnotation, node}})},
                                {"ownerReferences", list({owner})}})},
              {"spec", map({{"backoffLimit", 1},
                            {"activeDeadlineSeconds", timeout + 60},
                            {"ttlSecondsAfterFinished", 3600},
                            {"template", map({{"metadata", pod_metadata}, {"spec", pod_spec}})}})}});
}

std::vector<RunnerState> runner_states(const std::vector<std::shared_ptr<const Value>>& jobs,
                                       const std::vector<std::shared_ptr<const Value>>& pods) {
  std::map<std::string, std::vector<const Value*>> pods_of_job;  // by the uid of the Job that controls them
  for (const auto& pod : pods) {
    if (const Value* owner = controller_of((*pod)["metadata"]);
        owner && (*owner)["kind"].as_string() == "Job")
      pods_of_job[(*owner)["uid"].as_string()].push_back(pod.get());
  }
  std::vector<RunnerState> states;
  for (const auto& job : jobs) {
    RunnerState state;
    const Value& metadata = (*job)["metadata"];
    state.job = metadata["name"].as_string();
    state.job_uid = metadata["uid"].as_string();
    state.node = metadata["annotations"][kNodeAnnotation].as_string();
    state.run = metadata["labels"][kRunLabel].as_string();
    state.attempt = metadata["labels"][kAttemptLabel].as_string() == "2" ? 2 : 1;
    state.created = time_at(metadata["creationTimestamp"]);
    state.deleting = metadata.contains("deletionTimestamp");
    for (const Value& condition : job->at("status.conditions").items()) {
      if (condition["status"].as_string() != "True") continue;
      if (condition["type"].as_string() == "Complete") state.completed = true;
      if (condition["type"].as_string() != "Failed") continue;
      state.failed = true;
      state.job_problem = cluster_words(condition["reason"].as_string(), condition["message"].as_string());
    }
    if (const auto at = base::parse_time(job->at("status.completionTime").as_string()))
      state.completed_at = *at;
    if (!is_made_by_us(metadata)) state.node.clear();
    const Value* best = nullptr;
    for (const Value* pod : pods_of_job[state.job_uid]) {
      if (speaks_for(*pod, state) && (!best || tells_more(*pod, *best))) best = pod;
    }
    if (best) take_pod(state, *best);
    states.push_back(std::move(state));
  }
  std::ranges::sort(states, {}, &RunnerState::job);
  return states;
}

Value project_job(Value&& job) {
  return map({{"metadata", projected_metadata(job)},
              {"status", keep(job["status"], {"conditions", "completionTime"})}});
}

Value project_pod(Value&& pod) {
  return map(
      {{"metadata", projected_metadata(pod)},
       {"spec", keep(pod["spec"], {"nodeName"})},
       {"status", keep(pod["status"], {"phase", "reason", "message", "conditions", "containerStatuses"})}});
}

}  // namespace baseline::controllers
