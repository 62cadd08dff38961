#include "controllers/runner_job.h"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "cluster.h"

namespace baseline::controllers {
namespace {

using base::Value;
using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::yaml;

crds::BaselineScan scan(std::string_view spec = "profileRef: {name: p}") {
  Value object = yaml("{metadata: {name: nightly, uid: u-1}}");
  object.set("spec", yaml(spec));
  return crds::scan_from_value(object).value();
}

Value job(std::string_view spec = "profileRef: {name: p}", int attempt = 1) {
  return runner_job(scan(spec), "run1", "node-a", attempt, {"system", "runner:1"});
}

TEST(RunnerJob, GivesThePodNothingButReadingTheHost) {
  const Value made = job();
  const Value& pod = made.at("spec.template.spec");
  const Value& container = pod["containers"].items().at(0);
  EXPECT_EQ(container["securityContext"],
            yaml("{runAsUser: 0, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, "
                 "appArmorProfile: {type: Unconfined}, capabilities: {drop: [ALL], add: [DAC_READ_SEARCH, "
                 "SYS_PTRACE]}}"));
  EXPECT_EQ(pod["securityContext"],
            yaml("{seccompProfile: {type: RuntimeDefault}, seLinuxOptions: {type: spc_t}}"));
  EXPECT_EQ(pod["automountServiceAccountToken"], Value(false));
  EXPECT_EQ(pod["enableServiceLinks"], Value(false));
  EXPECT_EQ(pod["volumes"], yaml("[{name: host, hostPath: {path: /, type: Directory}}]"));
  EXPECT_EQ(container["volumeMounts"],
            yaml("[{name: host, mountPath: /host, readOnly: true, recursiveReadOnly: IfPossible}]"));
  EXPECT_EQ(container["args"], yaml("[--root, /host, --walk-total, 60s]"));
  for (const char* forbidden : {"hostPID", "hostNetwork", "hostIPC", "nodeName"})
    EXPECT_FALSE(pod.contains(forbidden)) << forbidden;
  EXPECT_FALSE(container["securityContext"].contains("privileged"));
  EXPECT_FALSE(container.contains("command"));
  EXPECT_FALSE(container.contains("env"));
}

TEST(RunnerJob, LooksThroughImagesForAThirdOfTheTimeAtMost) {
  const auto arguments = [](std::string_view timeout) {
    return job("profileRef: {name: p}\ntimeout: " + std::string(timeout))
        .at("spec.template.spec.containers")
        .items()
        .at(0)["args"];
  };
  EXPECT_EQ(arguments("10s"), yaml("[--root, /host, --walk-total, 3s]"));
  EXPECT_EQ(arguments("1h"), yaml("[--root, /host, --walk-total, 60s]"));
}

TEST(RunnerJob, CanOnlyRunOnItsNodeAndToleratesEveryTaint) {
  const Value made = job();
  const Value& pod = made.at("spec.template.spec");
  EXPECT_EQ(pod["affinity"],
            yaml("{nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: "
                 "[{matchFields: [{key: metadata.name, operator: In, values: [node-a]}]}]}}}"));
  EXPECT_EQ(pod["tolerations"], yaml("[{operator: Exists}]"));
  EXPECT_EQ(pod["restartPolicy"], Value("Never"));
}

TEST(RunnerJob, HasANetBelowTheOperatorsOwnTime) {
  const Value made = job("{profileRef: {name: p}, timeout: 2m}");
  EXPECT_EQ(made.at("spec.activeDeadlineSeconds"), Value(180));
  EXPECT_EQ(made.at("spec.backoffLimit"), Value(1));
  EXPECT_EQ(made.at("spec.ttlSecondsAfterFinished"), Value(3600));
}

TEST(RunnerJob, IsOwnedByTheScanAndNamesItsNode) {
  const Value made = job();
  EXPECT_EQ(made.at("metadata.ownerReferences"),
            yaml("[{apiVersion: baseline.kxy.io/v1alpha1, kind: BaselineScan, name: nightly, uid: u-1, "
                 "controller: true}]"));
  EXPECT_EQ(made.at("metadata.namespace"), Value("system"));
  EXPECT_EQ(made.at("metadata.annotations")[kNodeAnnotation], Value("node-a"));
  EXPECT_EQ(made.at("metadata.labels"), made.at("spec.template.metadata.labels"));
  EXPECT_EQ(made.at("metadata.labels")[kScanUidLabel], Value("u-1"));
}

TEST(RunnerJob, SetsRequestsAndLimitsThatTheStandardAsksFor) {
  EXPECT_EQ(job().at("spec.template.spec")["containers"].items().at(0)["resources"],
            yaml("{requests: {cpu: 20m, memory: 32Mi}, limits: {cpu: '1', memory: 128Mi}}"));
}

TEST(RunnerJob, TakesWhatTheScanSays) {
  const Value made =
      job("{profileRef: {name: p}, nodes: {tolerations: [{key: k, operator: Exists}]}, runner: {"
          "resources: {limits: {memory: 256Mi}}, priorityClassName: low}}");
  const Value& pod = made.at("spec.template.spec");
  EXPECT_EQ(pod["priorityClassName"], Value("low"));
  EXPECT_EQ(pod["tolerations"], yaml("[{key: k, operator: Exists}]"));
  EXPECT_EQ(pod["containers"].items().at(0)["resources"],
            yaml("{requests: {cpu: 20m, memory: 32Mi}, limits: {cpu: '1', memory: 256Mi}}"));
}

TEST(RunnerJob, RunsTheOperatorsImageAlone) {
  const std::string digest = "registry.example.com/node-runner@sha256:" + std::string(64, 'a');
  const Value made = runner_job(scan("{profileRef: {name: p}, runner: {image: attacker/root:1}}"), "run1",
                                "n", 1, {"system", digest});
  EXPECT_EQ(made.at("spec.template.spec.containers").items().at(0)["image"], Value(digest));
}

TEST(RunnerJob, TakesThePriorityClassOfTheOperatorAndThoseItAllows) {
  JobParameters parameters{"system", "runner:1"};
  const auto problem = [&](std::string asked) {
    return priority_class_problem({.resources = {}, .priority_class_name = std::move(asked)}, parameters);
  };
  EXPECT_EQ(problem(""), "");
  EXPECT_THAT(problem("system-node-critical"),
              AllOf(HasSubstr("\"system-node-critical\""), HasSubstr("it allows none")));
  parameters.priority_class = "own";
  parameters.priority_classes = {"low", "lower"};
  EXPECT_EQ(problem("own"), "");
  EXPECT_EQ(problem("lower"), "");
  EXPECT_THAT(problem("low,lower"), HasSubstr("allowed are own, low, lower"));
  EXPECT_EQ(runner_job(scan(), "r", "n", 1, parameters).at("spec.template.spec")["priorityClassName"],
            Value("own"));
  EXPECT_FALSE(job().at("spec.template.spec").contains("priorityClassName"));
}

TEST(RunnerJob, NamesAreDeterministicAndApart) {
  const std::string name = runner_job_name("u", "r", "n", 1);
  EXPECT_EQ(name, runner_job_name("u", "r", "n", 1));
  EXPECT_NE(name, runner_job_name("u", "r", "n", 2));
  EXPECT_NE(name, runner_job_name("u", "r", "m", 1));
  EXPECT_NE(name, runner_job_name("u", "s", "n", 1));
  EXPECT_NE(name, runner_job_name("v", "r", "n", 1));
  EXPECT_LE(runner_job_name("u", "r", std::string(253, 'n'), 1).size(), 63U);
}

TEST(RunnerJob, LabelOfALongScanNameIsValid) {
  crds::BaselineScan long_scan = scan();
  long_scan.metadata.name = std::string(62, 'a') + ".b";
  const Value made = runner_job(long_scan, "r", "n", 1, {"s", "i"});
  EXPECT_EQ(made.at("metadata.labels")[crds::kScanLabel], Value(std::string(62, 'a')));
}

const std::string kJobName = runner_job_name("u-1", "r1", "n1", 2);

Value job_value(std::string_view status = "{}") {
  Value object = yaml(
      "{metadata: {uid: uj, creationTimestamp: '2026-01-01T00:00:00Z', labels: {baseline.kxy.io/run: r1, "
      "baseline.kxy.io/attempt: '2', baseline.kxy.io/scan-uid: u-1}, annotations: {baseline.kxy.io/node: "
      "n1}, "
      "ownerReferences: [{kind: BaselineScan, uid: u-1, controller: true}]}}");
  object.find("metadata")->set("name", kJobName);
  object.set("status", yaml(status));
  return object;
}

std::shared_ptr<const Value> job_object(std::string_view status = "{}") {
  return std::make_shared<const Value>(project_job(job_value(status)));
}

Value pod_value(std::string_view name, std::string_view created, std::string_view status,
                std::string_view owner = "uj", std::string_view node = "n1") {
  Value object = yaml("{}");
  Value& metadata = object.set("metadata", Value::map());
  metadata.set("name", kJobName + "-" + std::string(name));
  metadata.set("creationTimestamp", created);
  Value reference = yaml("{kind: Job, controller: true}");
  reference.set("uid", owner);
  metadata.set("ownerReferences", Value::list()).push_back(std::move(reference));
  object.set("spec", Value::map()).set("nodeName", node);
  object.set("status", yaml(status));
  return object;
}

std::shared_ptr<const Value> pod_object(std::string_view name, std::string_view created,
                                        std::string_view status, std::string_view owner = "uj") {
  return std::make_shared<const Value>(project_pod(pod_value(name, created, status, owner)));
}

TEST(RunnerStates, ReadsTheJob) {
  const auto states = runner_states(
      {job_object(
          "{completionTime: '2026-01-01T00:01:00Z', conditions: [{type: Complete, status: 'True'}]}")},
      {});
  ASSERT_EQ(states.size(), 1U);
  EXPECT_EQ(states[0].node, "n1");
  EXPECT_EQ(states[0].run, "r1");
  EXPECT_EQ(states[0].attempt, 2);
  EXPECT_TRUE(states[0].completed);
  EXPECT_EQ(states[0].completed_at, testing::at("2026-01-01T00:01:00Z"));
  EXPECT_TRUE(states[0].pod.empty());
}

TEST(RunnerStates, TakesTheFailureInTheJobControllersWords) {
  const auto states = runner_states(
      {job_object("{conditions: [{type: Complete, status: 'False'}, {type: Failed, status: 'True', reason: "
                  "DeadlineExceeded, message: too long}]}")},
      {});
  EXPECT_TRUE(states[0].failed);
  EXPECT_FALSE(states[0].completed);
  EXPECT_EQ(states[0].job_problem, "DeadlineExceeded: too long");
}

TEST(RunnerStates, PrefersThePodThatSucceededThenTheNewer) {
  const auto failed = pod_object("old", "2026-01-01T00:00:01Z",
                                 "{phase: Failed, containerStatuses: [{state: {terminated: {reason: "
                                 "OOMKilled, exitCode: 137}}}]}");
  const auto good = pod_object("good", "2026-01-01T00:00:02Z",
                               "{phase: Succeeded, containerStatuses: [{state: {terminated: {message: "
                               "sha256=abc}}}]}");
  const auto newest = pod_object("new", "2026-01-01T00:00:03Z", "{phase: Running}");
  const auto foreign = pod_object("foreign", "2026-01-01T00:00:09Z", "{phase: Succeeded}", "other");
  auto state = runner_states({job_object()}, {failed, good, newest, foreign})[0];
  EXPECT_EQ(state.pod, kJobName + "-good");
  EXPECT_TRUE(state.pod_succeeded);
  EXPECT_EQ(state.sha256, "abc");
  state = runner_states({job_object()}, {newest, failed})[0];
  EXPECT_EQ(state.pod, kJobName + "-new");
  EXPECT_TRUE(state.pod_problem.empty());
  state = runner_states({job_object()}, {failed})[0];
  EXPECT_EQ(state.pod_problem, "OOMKilled (exit status 137)");
}

// Whoever may create pods and Jobs beside ours speaks for no node.
TEST(RunnerStates, APodSpeaksForTheNodeItRanOnAndForNoOther) {
  constexpr const char* kSucceeded =
      "{phase: Succeeded, containerStatuses: [{state: {terminated: {message: sha256=abc}}}]}";
  const auto taken = [&](const std::function<void(Value&)>& change) {
    Value pod = pod_value("x", "2026-01-01T00:00:01Z", kSucceeded);
    change(pod);
    const RunnerState state =
        runner_states({job_object()}, {std::make_shared<const Value>(project_pod(std::move(pod)))})[0];
    EXPECT_EQ(state.pod.empty(), state.sha256.empty());
    return !state.pod.empty();
  };
  const auto owned_by = [&](std::string_view owners) {
    return taken([&](Value& pod) { pod.find("metadata")->set("ownerReferences", yaml(owners)); });
  };
  EXPECT_TRUE(taken([](Value&) {}));
  EXPECT_FALSE(taken([](Value& pod) { pod.find("spec")->set("nodeName", "n2"); })) << "another node";
  EXPECT_FALSE(taken([](Value& pod) { pod.find("spec")->erase("nodeName"); })) << "no node";
  EXPECT_TRUE(owned_by("[{kind: Node, uid: other}, {kind: Job, uid: uj, controller: true}]"));
  EXPECT_FALSE(owned_by("[{kind: Job, uid: another, controller: true}]")) << "a Job made anew";
  EXPECT_FALSE(owned_by("[{kind: Job, controller: true}]")) << "no uid";
  EXPECT_FALSE(owned_by("[{kind: ReplicaSet, uid: uj, controller: true}]")) << "another kind";
  EXPECT_FALSE(owned_by("[{kind: Job, uid: uj}]")) << "owned, not controlled";
  EXPECT_FALSE(taken([](Value& pod) { pod.find("metadata")->erase("ownerReferences"); })) << "labels alone";
  EXPECT_FALSE(taken([](Value& pod) { pod.find("metadata")->set("name", "a-pod-of-mine"); }))
      << "another name";
}

TEST(RunnerStates, APodThatNoNodeTookOnlySaysWhy) {
  Value pod = pod_value("x", "2026-01-01T00:00:01Z", "{phase: Pending}");
  pod.find("spec")->erase("nodeName");
  const RunnerState state =
      runner_states({job_object()}, {std::make_shared<const Value>(project_pod(std::move(pod)))})[0];
  EXPECT_FALSE(state.pod_succeeded);
  EXPECT_EQ(state.pod_problem, "Pending");
}

TEST(RunnerStates, AJobThatTheOperatorDidNotMakeIsForNoNode) {
  const auto node = [](const std::function<void(Value&)>& change) {
    Value job = job_value();
    change(*job.find("metadata"));
    return runner_states({std::make_shared<const Value>(project_job(std::move(job)))}, {})[0].node;
  };
  EXPECT_EQ(node([](Value&) {}), "n1");
  EXPECT_EQ(node([](Value& job) { job.set("name", "mine"); }), "");
  EXPECT_EQ(node([](Value& job) { job.find("annotations")->set("baseline.kxy.io/node", "n2"); }), "");
  EXPECT_EQ(node([](Value& job) { job.erase("ownerReferences"); }), "");
  EXPECT_EQ(node([](Value& job) {
              job.set("ownerReferences", yaml("[{kind: BaselineScan, uid: u-2, controller: true}]"));
            }),
            "");
  EXPECT_EQ(node([](Value& job) { job.find("labels")->erase("baseline.kxy.io/scan-uid"); }), "");
}

TEST(RunnerStates, SaysWhyAPodWaits) {
  const auto problem = [](std::string_view status) {
    return runner_states({job_object()}, {pod_object("p", "2026-01-01T00:00:00Z", status)})[0].pod_problem;
  };
  EXPECT_EQ(problem("{phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: "
                    "Unschedulable, message: no room}]}"),
            "Unschedulable: no room");
  EXPECT_EQ(problem("{phase: Pending, containerStatuses: [{state: {waiting: {reason: ErrImagePull, message: "
                    "not there}}}]}"),
            "ErrImagePull: not there");
  EXPECT_EQ(problem("{phase: Pending, containerStatuses: [{state: {waiting: {reason: ContainerCreating}}}]}"),
            "Pending");
  EXPECT_EQ(problem("{phase: Failed, reason: Evicted, message: disk}"), "Evicted: disk");
}

}  // namespace
}  // namespace baseline::controllers
