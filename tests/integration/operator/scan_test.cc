// A whole scan with exactly the rights of config/rbac, on nodes that never answer.
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "integration/operator/operator_process.h"

namespace baseline::integration {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr const char* kAccount = "system:serviceaccount:baseline-system:baseline-operator";

// One request of the operator, as the API server's audit log has it.
struct Asked {
  std::string verb, resource;
  int code = 0;
  bool operator<(const Asked& other) const {
    return std::tie(verb, resource, code) < std::tie(other.verb, other.resource, other.code);
  }
};
std::ostream& operator<<(std::ostream& out, const Asked& asked) {
  return out << asked.verb << " " << asked.resource << " -> " << asked.code;
}

// What was asked by the account since byte `from` of the log.
std::multiset<Asked> asked_since(std::streamoff from) {
  std::ifstream log(plane().dir() / "apiserver.log");
  log.seekg(from);
  std::multiset<Asked> all;
  for (std::string line; std::getline(log, line);) {
    if (line.find(kAccount) == std::string::npos || !line.starts_with('{')) continue;
    const auto event = base::parse_json(line, "audit");
    if (!event || event->at("user.username").as_string() != kAccount) continue;
    std::string resource = event->at("objectRef.resource").as_string();
    if (const auto& sub = event->at("objectRef.subresource").as_string(); !sub.empty()) resource += "/" + sub;
    if (resource.empty()) resource = (*event)["requestURI"].as_string();
    all.insert({(*event)["verb"].as_string(), resource,
                static_cast<int>(event->at("responseStatus.code").as_int())});
  }
  return all;
}

std::streamoff log_size() {
  return static_cast<std::streamoff>(std::filesystem::file_size(plane().dir() / "apiserver.log"));
}

class Scan : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    install();
    add_node("answers-never", "True", "");
    add_node("not-ready", "False", "");
    add_node("cordoned", "True", "spec: {unschedulable: true}\n");
  }

  static void add_node(const std::string& name, const std::string& ready, const std::string& spec) {
    const Finished made =
        plane().apply(fmt::format("apiVersion: v1\nkind: Node\nmetadata: {{name: {}}}\n{}", name, spec));
    ASSERT_TRUE(made.ok()) << made.text();
    const std::string status = fmt::format(
        R"({{"status":{{"conditions":[{{"type":"Ready","status":"{}","reason":"ByHand","message":"set by a test"}}],)"
        R"("nodeInfo":{{"kubeletVersion":"v1.36.3"}}}}}})",
        ready);
    const Finished patched =
        plane().kubectl({"patch", "node", name, "--subresource=status", "--type=merge", "-p", status});
    ASSERT_TRUE(patched.ok()) << patched.text();
  }

  // A kubeconfig with a token of the operator's service account.
  static std::filesystem::path account() {
    const std::string token = plane().token_of("baseline-system", "baseline-operator");
    const auto path = scratch_folder() / "account.kubeconfig";
    std::ofstream(path) << "apiVersion: v1\nkind: Config\n"
                        << "clusters: [{name: c, cluster: {server: \"" << plane().server()
                        << "\", certificate-authority: \"" << (plane().dir() / "pki/ca.crt").string()
                        << "\"}}]\n"
                        << "users: [{name: u, user: {token: " << token << "}}]\n"
                        << "contexts: [{name: x, context: {cluster: c, user: u}}]\ncurrent-context: x\n";
    return path;
  }

  static std::string scan(const std::string& name, const std::string& profile) {
    return fmt::format(
        "apiVersion: baseline.kxy.io/v1alpha1\nkind: BaselineScan\nmetadata: {{name: {}}}\n"
        "spec: {{profileRef: {{name: {}}}, timeout: 10s}}\n",
        name, profile);
  }
  static std::string phase(const std::string& name) {
    return plane().get("bscan", name).at("status.phase").as_string();
  }
};

TEST_F(Scan, EndsWithEveryNodeNamedAndAsksForNothingItMayNot) {
  const std::streamoff from = log_size();
  OperatorProcess op({.kubeconfig = account()});
  ASSERT_TRUE(eventually([&] { return op.holds_lease(); })) << op.log();
  ASSERT_TRUE(plane().apply(scan("whole", "kxy-cs001-2023")).ok());
  ASSERT_TRUE(eventually([] { return phase("whole") == "Completed"; }, std::chrono::seconds(120)))
      << base::write_json_pretty(plane().get("bscan", "whole")) << op.log();

  const base::Value done = plane().get("bscan", "whole");
  EXPECT_EQ(done.at("status.progress").as_string(), "0/3");
  EXPECT_EQ(condition_of(done, "Ready")["status"].as_string(), "True");
  const base::Value report = plane().get("breport", done.at("status.lastReport").as_string());
  std::map<std::string, std::string> missing;
  for (const base::Value& entry : report.at("coverage.missing").items())
    missing[entry["node"].as_string()] = entry["reason"].as_string();
  std::set<std::string> names;
  for (const auto& [node, reason] : missing) {
    names.insert(node);
    EXPECT_FALSE(reason.empty()) << node;
  }
  EXPECT_THAT(names, UnorderedElementsAre("answers-never", "not-ready", "cordoned"));
  EXPECT_THAT(missing["not-ready"], HasSubstr("set by a test")) << "in the node's own words";
  EXPECT_EQ(report["results"].items().size(), 156U);
  for (const base::Value& result : report["results"].items()) {
    const std::string& id = result["id"].as_string();
    EXPECT_NE(result["status"].as_string(), "NotChecked") << id;
    EXPECT_FALSE(result["message"].as_string().empty()) << id;
    if (result["scope"].as_string() != "node") continue;
    EXPECT_NE(result["status"].as_string(), "Pass") << "without evidence: " << id;
  }

  // Its children go with it: the operator removes its Jobs, the garbage collector its reports.
  EXPECT_TRUE(eventually([] {
    return plane().kubectl({"-n", "baseline-system", "get", "jobs", "-o", "name"}).out.empty();
  })) << op.log();
  ASSERT_TRUE(plane().kubectl({"delete", "bscan", "whole"}).ok());
  EXPECT_TRUE(eventually([] { return plane().kubectl({"get", "breport", "-o", "name"}).out.empty(); }));
  EXPECT_EQ(op.stop(), 0) << op.log();

  std::set<Asked> refused;
  const auto asked = asked_since(from);
  EXPECT_GT(asked.size(), 20U) << "the audit log must tell what was asked";
  for (const Asked& one : asked) {
    if (one.code == 401 || one.code == 403) refused.insert(one);
    EXPECT_THAT(one.resource, testing::Not(HasSubstr("secrets")));
  }
  EXPECT_THAT(refused, IsEmpty());
}

TEST_F(Scan, WhenNothingChangesItOnlyWatchesAndRenewsItsLease) {
  OperatorProcess op({.kubeconfig = account()});
  ASSERT_TRUE(eventually([&] { return op.holds_lease(); })) << op.log();
  ASSERT_TRUE(eventually([&] { return !op.probe("readyz").empty(); })) << op.log();
  ASSERT_TRUE(eventually([] {
    return condition_of(plane().get("bprofile", "kxy-cs001-2023"), "Ready")["status"].as_string() == "True";
  })) << op.log();
  std::this_thread::sleep_for(std::chrono::seconds(3));  // what the start has begun comes to its end
  const std::streamoff from = log_size();
  std::this_thread::sleep_for(std::chrono::seconds(12));
  std::set<Asked> other;
  for (const Asked& one : asked_since(from)) {
    if (one.verb != "watch" && one.resource != "leases") other.insert(one);
  }
  EXPECT_THAT(other, IsEmpty());
  EXPECT_EQ(op.stop(), 0) << op.log();
}

TEST_F(Scan, AWrongProfileIsNamedOnBothAndNothingRuns) {
  ASSERT_TRUE(plane()
                  .apply(R"(
apiVersion: baseline.kxy.io/v1alpha1
kind: BaselineProfile
metadata: {name: wrong}
spec: {standard: no-such-standard}
---
apiVersion: baseline.kxy.io/v1alpha1
kind: BaselineProfile
metadata: {name: wrong-inside}
spec:
  standard: kxy-cs001-2023
  overrides: {9.9.9.9: {level: mandatory}}
)")
                  .ok());
  ASSERT_TRUE(plane().apply(scan("of-wrong", "wrong-inside") + "---\n" + scan("of-none", "never-made")).ok());
  OperatorProcess op;
  const auto stalled = [](const std::string& name) {
    return condition_of(plane().get("bscan", name), "Stalled")["status"].as_string() == "True";
  };
  ASSERT_TRUE(eventually([&] { return stalled("of-wrong") && stalled("of-none"); })) << op.log();
  const auto message = [](const base::Value& object, const char* type) {
    return condition_of(object, type)["message"].as_string();
  };
  EXPECT_THAT(message(plane().get("bprofile", "wrong"), "Ready"), HasSubstr("no-such-standard"));
  EXPECT_THAT(message(plane().get("bprofile", "wrong-inside"), "Ready"), HasSubstr("spec.overrides"));
  EXPECT_THAT(message(plane().get("bscan", "of-wrong"), "Stalled"), HasSubstr("9.9.9.9"));
  EXPECT_THAT(message(plane().get("bscan", "of-none"), "Stalled"), HasSubstr("never-made"));
  EXPECT_EQ(plane().kubectl({"-n", "baseline-system", "get", "jobs", "-o", "name"}).out, "");

  // Once the profile is right, the scan goes on by itself.
  ASSERT_TRUE(plane()
                  .kubectl({"patch", "bprofile", "wrong-inside", "--type=json", "-p",
                            R"([{"op":"remove","path":"/spec/overrides"}])"})
                  .ok());
  EXPECT_TRUE(eventually([] { return phase("of-wrong") == "Completed"; }, std::chrono::seconds(120)))
      << op.log();
  ASSERT_TRUE(plane().kubectl({"delete", "bscan", "of-wrong", "of-none"}).ok());
  EXPECT_EQ(op.stop(), 0) << op.log();
}

}  // namespace
}  // namespace baseline::integration
