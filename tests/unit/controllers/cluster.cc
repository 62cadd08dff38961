#include "cluster.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "base/yaml.h"
#include "baseline/facts/frame.h"
#include "baseline/facts/schema.h"

namespace baseline::controllers::testing {
namespace {

using base::Value;

Requirement requirement(std::string id, Level level) {
  Requirement r;
  r.id = std::move(id);
  r.section = r.id.substr(0, 1);
  r.level = level;
  r.scope = Scope::kNode;
  r.object = "kubelet";
  r.title = {"title of " + r.id, r.id + " 的标题"};
  r.remediation = {"mend " + r.id, "整改 " + r.id};
  return r;
}

facts::NodeFacts facts_of(const std::string& node, const std::string& os_id) {
  facts::NodeFacts facts;
  facts.set_schema_version(facts::kSchemaVersion);
  facts.mutable_host()->set_hostname(node);
  facts.mutable_host()->set_os_id(os_id);
  return facts;
}

Value terminated(const std::string& reason, int exit_code, const std::string& message) {
  return yaml(
      fmt::format("[{{name: node-runner, state: {{terminated: {{reason: {}, exitCode: {}, message: "
                  "'{}'}}}}}}]",
                  reason, exit_code, message));
}

}  // namespace

base::Time at(std::string_view text) {
  return base::parse_time(text).value();
}

Value yaml(std::string_view text) {
  return base::parse_yaml(text, "test").value();
}

crds::ScanRun run_of(std::string id, std::string report) {
  crds::ScanRun run;
  run.id = std::move(id);
  run.report = std::move(report);
  run.started = at("2026-01-01T00:00:00Z");
  return run;
}

std::shared_ptr<const Standard> tiny_standard() {
  auto standard = std::make_shared<Standard>();
  standard->id = "tiny";
  standard->hash = "0123";
  standard->requirements = {requirement("1.1", Level::kMandatory), requirement("1.2", Level::kMandatory),
                            requirement("2.1", Level::kRecommended)};
  return standard;
}

NodeOutcome tiny_evaluate(const ResolvedProfile& profile, const facts::NodeFacts& facts,
                          const NodeContext& /*context*/, base::Time /*now*/) {
  NodeOutcome outcome;
  const std::string& os = facts.host().os_id();
  for (const SelectedRequirement& selected : profile.requirements) {
    const std::string& id = selected.requirement->id;
    const bool fails = (id == "1.2" && (os == "bad" || os == "worse")) || (id == "1.1" && os == "worse");
    outcome.results.push_back(
        {id, fails ? Status::kFail : Status::kPass, {fails ? "test-wrong" : "test-right", {}}, {}, {}});
  }
  outcome.components = {"kubelet"};
  outcome.hash = base::sha256_hex(os);
  return outcome;
}

base::Result<kube::Response> Gate::send(const kube::Request& request) {
  const bool is_write =
      request.method != "GET" && request.path_and_query.find("/events") == std::string::npos;
  if (is_write && left_ == 0) closed_ = true;
  if (closed_) return base::fail(base::ErrorCode::kUnavailable, "connection refused");
  if (request.method == "POST" && request.path_and_query.find("/jobs") != std::string::npos &&
      refused_jobs_ > 0) {
    --refused_jobs_;
    return kube::Response{
        403, R"({"kind":"Status","message":"jobs.batch is forbidden: exceeded quota: q"})", {}};
  }
  if (is_write && request.path_and_query.find("/baselinereports") != std::string::npos) {
    largest_report_ = std::max(largest_report_.load(), request.body.size());
    if (report_status_ != 0 && request.body.size() > report_bytes_)
      return kube::Response{
          report_status_, R"({"kind":"Status","message":"etcdserver: request is too large"})", {}};
  }
  auto response = server_.send(request);
  if (!is_write) return response;
  ++writes_;
  if (left_ > 0) --left_;
  if (left_ != 0 || !lose_reply_) return response;
  closed_ = true;
  return base::fail(base::ErrorCode::kCorrupt, "the connection was cut");
}

void Gate::allow(int writes, bool lose_reply) {
  left_ = writes;
  lose_reply_ = lose_reply;
  closed_ = false;
}

void Gate::open() {
  allow(-1);
}

kube::ObjectPtr ServerStore::get(std::string_view key) const {
  if (!frozen_) {
    auto found = server_.find(kind_, kube::split_key(key).ns, kube::split_key(key).name);
    if (!found) return nullptr;
    return std::make_shared<const Value>(project_ ? project_(std::move(*found)) : std::move(*found));
  }
  for (const kube::ObjectPtr& object : *frozen_) {
    if (kube::object_key(*object) == key) return object;
  }
  return nullptr;
}

std::vector<kube::ObjectPtr> ServerStore::list() const {
  if (frozen_) return *frozen_;
  std::vector<kube::ObjectPtr> all;
  for (Value& object : server_.all(kind_))
    all.push_back(std::make_shared<const Value>(project_ ? project_(std::move(object)) : std::move(object)));
  return all;
}

void Told::run_started(const std::string& scan, const std::string& trigger) {
  lines.push_back("started " + scan + " " + trigger);
}
void Told::node_reported(const std::string& scan, const std::string& node, double /*seconds*/) {
  lines.push_back("reported " + scan + " " + node);
}
void Told::node_missing(const std::string& scan, const std::string& node, const std::string& /*reason*/) {
  lines.push_back("missing " + scan + " " + node);
}
void Told::run_completed(const std::string& scan, const std::string& /*name*/, const Report& /*report*/,
                         double /*seconds*/) {
  lines.push_back("completed " + scan);
}
void Told::run_stalled(const std::string& scan, const std::string& reason, const std::string& /*message*/) {
  lines.push_back("stalled " + scan + " " + reason);
}
void Told::result_known(const crds::BaselineScan& scan) {
  lines.push_back("known " + scan.metadata.name);
}
void Told::scan_gone(const std::string& scan) {
  lines.push_back("gone " + scan);
}

Cluster::Cluster()
    : profiles(server, kProfiles),
      scans(server, kScans),
      reports_store(server, kReports, project_report),
      nodes(server, kube::kNode, project_node),
      job_store(server, kube::kJob, project_job),
      pods(server, kube::kPod, project_pod) {
  for (const kube::ResourceKind& kind : {kProfiles, kScans, kReports}) server.serve(kind);
  server.put(kube::kNamespace, yaml("{metadata: {name: kube-system}}"));
  server.on_write([this](std::string_view method, const kube::ResourceKind& kind, const Value& object) {
    play(method, kind, object);
  });
  settings.jobs = {kNs, "runner:1"};
  settings.evaluate = tiny_evaluate;
  restart();
  set_profile("base", "standard: tiny");
}

Cluster::~Cluster() {
  gate.open();
}

void Cluster::restart() {
  reconciler.reset();
  events.reset();
  kube::ClientOptions options;
  options.sleep = [](std::chrono::milliseconds) {};
  options.clock = &clock;
  client = std::make_unique<kube::Client>(gate, options);
  // Events go around the gate: they have a thread of their own.
  events = std::make_unique<kube::EventRecorder>(kube::Client(server, options), clock, kube::EventOptions{});
  resolver = std::make_unique<ProfileResolver>(
      profiles, [this](const std::string& id) -> std::shared_ptr<const Standard> {
        if (id != "tiny") return nullptr;
        return standard ? standard() : tiny_standard();
      });
  reconciler = std::make_unique<ScanReconciler>(
      *client, Stores{&profiles, &scans, &reports_store, &nodes, &job_store, &pods}, *resolver, clock,
      *events, told, settings);
}

base::Result<std::optional<base::Time>> Cluster::reconcile(const std::string& name) {
  auto next = reconciler->reconcile(name);
  most_jobs = std::max(most_jobs, jobs());
  return next;
}

bool Cluster::run_to_rest(const std::string& name) {
  constexpr int kRounds = 2000;
  int idle = 0;
  for (int round = 0; round < kRounds; ++round) {
    const int writes = gate.writes();
    const auto next = reconcile(name);
    if (!next) {
      clock.move(std::chrono::seconds(1));  // backs off
      continue;
    }
    const bool running = status(name)["run"].is_map();
    if (!running && (!*next || **next > clock.now())) return true;
    if (gate.writes() != writes) {
      idle = 0;  // what was written brings it back at once
    } else if (*next) {
      clock.move_to(**next);
    } else if (++idle > 1) {
      return false;
    }
  }
  return false;
}

void Cluster::add_node(const std::string& name, const std::string& os_id) {
  os_ids[name] = os_id;
  Value node = yaml(
      "{spec: {}, status: {nodeInfo: {kubeletVersion: v1.36.3}, conditions: [{type: Ready, "
      "status: 'True', reason: KubeletReady}]}}");
  Value metadata = Value::map();
  metadata.set("name", name);
  metadata.set("labels", Value::map()).set("kubernetes.io/hostname", name);
  node.set("metadata", std::move(metadata));
  server.put(kube::kNode, std::move(node));
}

void Cluster::change_node(const std::string& name, const std::function<void(Value&)>& change) {
  Value node = server.find(kube::kNode, "", name).value();
  change(node);
  server.put(kube::kNode, std::move(node));
}

void Cluster::set_profile(const std::string& name, std::string_view spec_yaml) {
  Value object = server.find(kProfiles, "", name).value_or(Value::map());
  if (!object.contains("metadata")) object.set("metadata", Value::map()).set("name", name);
  object.set("spec", yaml(spec_yaml));
  server.put(kProfiles, std::move(object));
}

void Cluster::set_scan(const std::string& name, std::string_view spec_yaml) {
  Value object = server.find(kScans, "", name).value_or(Value::map());
  if (!object.contains("metadata")) object.set("metadata", Value::map()).set("name", name);
  object.set("spec", yaml(spec_yaml));
  server.put(kScans, std::move(object));
}

void Cluster::annotate(const std::string& scan_name, const std::string& rescan) {
  Value object = scan(scan_name);
  object.find("metadata")->set("annotations", Value::map()).set(crds::kRescanAnnotation, rescan);
  server.put(kScans, std::move(object));
}

Value Cluster::scan(const std::string& name) const {
  return server.find(kScans, "", name).value_or(Value());
}

std::string Cluster::phase(const std::string& name) const {
  return status(name)["phase"].as_string();
}

Value Cluster::condition(std::string_view type, const std::string& name) const {
  const Value now = status(name);
  for (const Value& each : now["conditions"].items()) {
    if (each["type"].as_string() == type) return each;
  }
  return {};
}

Value Cluster::report(const std::string& name) const {
  return server.find(kReports, "", status(name)["lastReport"].as_string()).value_or(Value());
}

std::map<std::string, std::string> Cluster::missing(const std::string& name) const {
  std::map<std::string, std::string> reasons;
  const Value last = report(name);
  for (const Value& each : last.at("coverage.missing").items())
    reasons[each["node"].as_string()] = each["reason"].as_string();
  return reasons;
}

std::size_t Cluster::reports() const {
  return server.all(kReports).size();
}

void Cluster::play(std::string_view method, const kube::ResourceKind& kind, const Value& object) {
  if (kind == kube::kJob && method == "POST") play_job(object);
}

// The Job controller and the kubelet, all at once.
void Cluster::play_job(const Value& job) {
  const Value& metadata = job["metadata"];
  const std::string node = metadata["annotations"][kNodeAnnotation].as_string();
  ++jobs_created[node];
  Fate fate = fates.contains(node) ? fates.at(node) : Fate::kReports;
  if (fate == Fate::kRemovedOnce)
    fate = removed_once_.insert(node).second ? Fate::kPodRemoved : Fate::kReports;
  if (fate == Fate::kNoPod) return;

  const std::string& name = metadata["name"].as_string();
  Value pod = Value::map();
  Value pod_metadata = Value::map();
  pod_metadata.set("name", name + "-x");
  pod_metadata.set("namespace", kNs);
  pod_metadata.set("labels", metadata["labels"]);
  Value owner = yaml("{apiVersion: batch/v1, kind: Job, controller: true}");
  owner.set("name", name);
  owner.set("uid", metadata["uid"]);
  pod_metadata.set("ownerReferences", Value::list()).push_back(std::move(owner));
  pod.set("metadata", std::move(pod_metadata));
  if (fate != Fate::kPending) pod.set("spec", Value::map()).set("nodeName", node);
  Value& pod_status = pod.set("status", Value::map());
  Value ended = job;
  Value& job_status = ended.set("status", Value::map());

  const facts::Frame frame = facts::encode_frame(facts_of(node, os_ids[node]));
  if (fate == Fate::kPending) {
    pod_status = yaml(
        "{phase: Pending, containerStatuses: [{name: node-runner, state: {waiting: {reason: "
        "ImagePullBackOff, message: no such image}}}]}");
  } else if (fate == Fate::kFails) {
    pod_status.set("phase", "Failed");
    pod_status.set("containerStatuses", terminated("Error", 3, "no /proc"));
    job_status = yaml("{conditions: [{type: Failed, status: 'True', reason: BackoffLimitExceeded}]}");
  } else {
    const std::string digest = fate == Fate::kWrongDigest ? std::string(64, '0') : frame.sha256;
    pod_status.set("phase", "Succeeded");
    pod_status.set("containerStatuses",
                   terminated("Completed", 0, fate == Fate::kNoDigest ? "" : "sha256=" + digest));
    job_status = yaml("{conditions: [{type: Complete, status: 'True'}]}");
    job_status.set("completionTime", base::format_time(job_clock->now()));
  }
  server.set_log(kNs, name + "-x", frame.text);
  if (fate != Fate::kPodRemoved) server.put(kube::kPod, std::move(pod));
  server.put(kube::kJob, std::move(ended));
}

}  // namespace baseline::controllers::testing
