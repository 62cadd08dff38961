#include "operator/options.h"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace baseline::op {
namespace {

using ::testing::HasSubstr;

std::variant<Options, Exit> parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "baseline-operator");
  return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

Options good(const std::vector<const char*>& arguments) {
  auto parsed = parse(arguments);
  const auto* options = std::get_if<Options>(&parsed);
  EXPECT_NE(options, nullptr);
  return options ? *options : Options{};
}

// The environment for as long as this lives.
class Environment {
 public:
  Environment(const char* name, const char* value) : name_(name) { setenv(name, value, 1); }
  ~Environment() { unsetenv(name_); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  const char* name_;
};

TEST(Options, DefaultsAreThoseOfTheManifests) {
  const Options o = good({});
  EXPECT_EQ(o.ns, "baseline-system");
  EXPECT_TRUE(o.leader_elect);
  EXPECT_EQ(o.probe_port, 8081);
  EXPECT_EQ(o.metrics_address, "127.0.0.1");
  EXPECT_EQ(o.metrics_port, 8082);
  EXPECT_FALSE(o.metrics_authorize);
  EXPECT_EQ(o.workers, 2);
  EXPECT_EQ(o.checkpoint_interval, std::chrono::seconds(3));
  EXPECT_EQ(o.log_format, "text");
  EXPECT_EQ(o.log_level, "info");
}

TEST(Options, FlagsWinOverTheEnvironmentAndThatOverDefaults) {
  const Environment ns("BASELINE_NAMESPACE", "from-environment"), level("BASELINE_LOG_LEVEL", "debug"),
      elect("BASELINE_LEADER_ELECT", "false");
  const Options o = good({"--namespace", "from-flag", "--workers=4", "--checkpoint-seconds", "9"});
  EXPECT_EQ(o.ns, "from-flag");
  EXPECT_EQ(o.log_level, "debug");
  EXPECT_FALSE(o.leader_elect);
  EXPECT_EQ(o.workers, 4);
  EXPECT_EQ(o.checkpoint_interval, std::chrono::seconds(9));
  EXPECT_EQ(o.lease_name, "baseline-operator");
}

TEST(Options, StandardsAreGivenOneByOneOrAsAListInTheEnvironment) {
  EXPECT_TRUE(good({}).standards.empty());
  EXPECT_THAT(good({"--standards", "/a", "--standards=/b"}).standards, ::testing::ElementsAre("/a", "/b"));
  const Environment both("BASELINE_STANDARDS", "/c:/d");
  EXPECT_THAT(good({}).standards, ::testing::ElementsAre("/c", "/d"));
  EXPECT_THAT(good({"--standards", "/a"}).standards, ::testing::ElementsAre("/a"));
}

TEST(Options, TheRunnersImageMayBePinnedByDigest) {
  const std::string pinned = "registry.example.com:5000/node-runner@sha256:" + std::string(64, 'f');
  EXPECT_EQ(good({"--runner-image", pinned.c_str()}).runner_image, pinned);
  const Environment image("BASELINE_RUNNER_IMAGE", pinned.c_str());
  EXPECT_EQ(good({}).runner_image, pinned);
  EXPECT_EQ(good({"--runner-image", "a/b:1"}).runner_image, "a/b:1");
}

TEST(Options, PriorityClassesThatScansMayNameAreNoneUnlessGiven) {
  EXPECT_TRUE(good({}).runner_priority_classes.empty());
  EXPECT_EQ(good({}).runner_priority_class, "");
  EXPECT_EQ(good({"--runner-priority-class", "own"}).runner_priority_class, "own");
  EXPECT_THAT(good({"--runner-priority-classes", "low,lower"}).runner_priority_classes,
              ::testing::ElementsAre("low", "lower"));
  const Environment both("BASELINE_RUNNER_PRIORITY_CLASSES", "a,b.c");
  EXPECT_THAT(good({}).runner_priority_classes, ::testing::ElementsAre("a", "b.c"));
}

TEST(Options, LeaderElectionTakesItsValue) {
  EXPECT_FALSE(good({"--leader-elect=false"}).leader_elect);
  EXPECT_TRUE(good({"--leader-elect=true"}).leader_elect);
}

void expect_refused(const std::vector<const char*>& arguments, const std::string& names) {
  const auto parsed = parse(arguments);
  const auto* exit = std::get_if<Exit>(&parsed);
  ASSERT_NE(exit, nullptr) << arguments[0];
  EXPECT_EQ(exit->status, 2);
  EXPECT_TRUE(exit->to_stderr);
  EXPECT_THAT(exit->text, HasSubstr(names));
  EXPECT_THAT(exit->text, HasSubstr("see baseline-operator --help"));
  EXPECT_EQ(exit->text.find('\n'), exit->text.size() - 1) << exit->text;
}

TEST(Options, EachMistakeIsOneSentenceThatNamesIt) {
  expect_refused({"--nonsense"}, "--nonsense");
  expect_refused({"stray"}, "stray");
  expect_refused({"--workers", "0"}, "--workers");
  expect_refused({"--workers", "many"}, "--workers");
  expect_refused({"--probe-port", "99999"}, "--probe-port");
  expect_refused({"--log-format", "xml"}, "--log-format");
  expect_refused({"--namespace", "No Name"}, "--namespace");
  expect_refused({"--namespace"}, "--namespace");
  expect_refused({"--runner-image", "a b"}, "--runner-image");
  expect_refused({"--runner-image", "a@sha256:123"}, "--runner-image");
  expect_refused({"--runner-image", "@sha256:"}, "--runner-image");
  expect_refused({"--runner-priority-class", "Not Good"}, "--runner-priority-class");
  expect_refused({"--runner-priority-classes", "low,Not Good"}, "--runner-priority-classes");
  expect_refused({"--leader-elect=perhaps"}, "--leader-elect");
  expect_refused({"--metrics-port", "70000"}, "--metrics-port");
}

TEST(Options, WhatDoesNotFitTogetherIsRefused) {
  expect_refused({"--metrics-authorize=true"}, "never asked for over plain HTTP");
  expect_refused({"--metrics-tls-cert-file", "/c"}, "--metrics-tls-key-file");
  expect_refused({"--metrics-tls-key-file", "/k"}, "--metrics-tls-cert-file");
  expect_refused({"--metrics-port", "8081"}, "--probe-port");
  expect_refused({"--notify-ca-file", "/ca"}, "--notify-url-file");
  EXPECT_TRUE(good({"--metrics-authorize=true", "--metrics-tls-cert-file=/c", "--metrics-tls-key-file=/k"})
                  .metrics_authorize);
  EXPECT_EQ(good({"--metrics-port", "0", "--probe-port", "0"}).metrics_port, 0);
}

TEST(Options, AMistakeInTheEnvironmentIsRefusedToo) {
  const Environment workers("BASELINE_WORKERS", "1000");
  expect_refused({"--log-level=info"}, "--workers");
}

TEST(Options, HelpNamesEveryOptionAndVersionTheVersion) {
  auto parsed = parse({"--help"});
  const Exit help = std::get<Exit>(parsed);
  EXPECT_EQ(help.status, 0);
  EXPECT_FALSE(help.to_stderr);
  for (const char* option : {"--kubeconfig", "--context", "--namespace", "--runner-image",
                             "--runner-priority-class", "--runner-priority-classes", "--leader-elect",
                             "--lease-name", "--identity", "--probe-address", "--probe-port", "--workers",
                             "--checkpoint-seconds", "--log-format", "--log-level", "BASELINE_NAMESPACE"})
    EXPECT_THAT(help.text, HasSubstr(option));
  parsed = parse({"--version"});
  EXPECT_THAT(std::get<Exit>(parsed).text, HasSubstr(BASELINE_VERSION));
}

}  // namespace
}  // namespace baseline::op
