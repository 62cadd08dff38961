#include "crds/runner_resources.h"

#include <gtest/gtest.h>

#include "base/yaml.h"
#include "crds/baseline_scan.h"

namespace baseline::crds {
namespace {

base::Value yaml(std::string_view text) {
  return base::parse_yaml(text, "test").value();
}

// Path and message of the first mistake; empty when there is none.
std::string mistake(std::string_view resources) {
  std::vector<Mistake> mistakes;
  check_runner_resources(yaml(resources), mistakes);
  return mistakes.empty() ? "" : mistakes.front().path + ": " + mistakes.front().message;
}

TEST(RunnerResources, WithinBoundsAreTaken) {
  for (const char* resources :
       {"{}", "{limits: {memory: 64Mi, cpu: 100m}}", "{limits: {memory: 536870912, cpu: 2}}",
        "{requests: {memory: 0, cpu: 0}}", "{requests: {memory: 128Mi, cpu: '1'}}", "{limits: {memory: 1e8}}",
        "{limits: {memory: 0.25Gi, cpu: +1.5}}", "{requests: null}"}) {
    EXPECT_EQ(mistake(resources), "") << resources;
  }
}

TEST(RunnerResources, BeyondThemAreRefusedByPath) {
  struct Case {
    const char *resources, *expected;
  };
  for (
      const auto& [resources, expected] : std::initializer_list<Case>{
          {"{limits: {memory: 513Mi}}", "limits.memory: 513Mi is out of bounds; 64Mi to 512Mi was expected."},
          {"{limits: {memory: 1E}}", "limits.memory: 1E is out of bounds; 64Mi to 512Mi was expected."},
          {"{limits: {memory: 63Mi}}", "limits.memory: 63Mi is out of bounds; 64Mi to 512Mi was expected."},
          {"{limits: {cpu: 3}}", "limits.cpu: 3 is out of bounds; 100m to 2 was expected."},
          {"{limits: {cpu: 99m}}", "limits.cpu: 99m is out of bounds; 100m to 2 was expected."},
          {"{requests: {cpu: 1001m}}", "requests.cpu: 1001m is out of bounds; 0 to 1 was expected."},
          {"{requests: {cpu: -1}}", "requests.cpu: \"-1\" is no quantity; one such as 20m was expected."},
          {"{limits: {memory: inf}}",
           "limits.memory: \"inf\" is no quantity; one such as 128Mi was expected."},
          {"{limits: {memory: 1Xi}}",
           "limits.memory: \"1Xi\" is no quantity; one such as 128Mi was expected."},
          {"{requests: {memory: 256Mi}}", "requests.memory: 256Mi is above the limit of 128Mi."},
          {"{requests: {cpu: 500m}, limits: {cpu: 200m}}", "requests.cpu: 500m is above the limit of 200m."},
          {"{limits: {nvidia.com/gpu: 1}}",
           "limits[\"nvidia.com/gpu\"]: A scan sets cpu and memory alone; other resources are the operator's "
           "affair."},
          {"{requests: {ephemeral-storage: 1Ti}}",
           "requests.ephemeral-storage: A scan sets cpu and memory alone; other resources are the operator's "
           "affair."},
          {"{claims: []}", "claims: A scan sets requests and limits alone."},
          {"{limits: 5}", "limits: A map was expected here."}}) {
    EXPECT_EQ(mistake(resources), "spec.runner.resources." + std::string(expected)) << resources;
  }
}

TEST(RunnerResources, AScanBeyondThemIsNoScan) {
  const auto scan = scan_from_value(yaml(
      "{metadata: {name: s}, spec: {profileRef: {name: p}, runner: {resources: {limits: {memory: 64Gi}}}}}"));
  ASSERT_FALSE(scan);
  EXPECT_EQ(scan.error().where, "spec.runner.resources.limits.memory");
}

TEST(RunnerResources, NobodyTakesTheLimitsAway) {
  const base::Value all = yaml("{requests: {cpu: 20m, memory: 32Mi}, limits: {cpu: '1', memory: 128Mi}}");
  EXPECT_EQ(runner_resources({}), all);
  EXPECT_EQ(runner_resources(yaml("{}")), all);
  EXPECT_EQ(runner_resources(yaml("{requests: {cpu: 50m}}")),
            yaml("{requests: {cpu: 50m, memory: 32Mi}, limits: {cpu: '1', memory: 128Mi}}"));
}

}  // namespace
}  // namespace baseline::crds
