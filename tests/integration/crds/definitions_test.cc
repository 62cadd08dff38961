// The three CRDs as a real API server takes them. What CEL does is held against versions that have it.
#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crds/former_fields.h"
#include "integration/support/control_plane.h"

namespace baseline::integration {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

bool has_cel() {
  const Connection client;
  const auto version = client->version();
  return version && version->minor >= 25;
}

std::string crds_folder() {
  return has_cel() ? PROJECT_DIR "/crds" : PROJECT_DIR "/config/overlays/kubernetes-1.20";
}

std::vector<std::string> words(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> list;
  for (std::string word; stream >> word;) list.push_back(word);
  return list;
}

class Definitions : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const Finished applied = plane().kubectl({"apply", "-k", crds_folder()});
    ASSERT_TRUE(applied.ok()) << applied.text();
    const Finished waited = plane().kubectl(
        {"wait", "--for=condition=Established", "--timeout=60s", "crd", "baselineprofiles.baseline.kxy.io",
         "baselinescans.baseline.kxy.io", "baselinereports.baseline.kxy.io"});
    ASSERT_TRUE(waited.ok()) << waited.text();
    // Served in discovery a moment after they are established.
    ASSERT_TRUE(eventually([] { return plane().kubectl({"get", "bscan,breport,bprofile"}).ok(); }));
  }

  // The columns' heads of `kubectl get`, with one object there.
  static std::vector<std::string> columns(const std::string& resource, const std::string& manifest) {
    const Finished applied = plane().apply(manifest);
    EXPECT_TRUE(applied.ok()) << applied.text();
    return words(plane().kubectl({"get", resource}).out);
  }
};

constexpr const char* kProfile = R"(
apiVersion: baseline.kxy.io/v1alpha1
kind: BaselineProfile
metadata: {name: small}
spec: {standard: kxy-cs001-2023}
)";
constexpr const char* kScan = R"(
apiVersion: baseline.kxy.io/v1alpha1
kind: BaselineScan
metadata: {name: small}
spec: {profileRef: {name: small}}
)";
constexpr const char* kReport = R"(
apiVersion: baseline.kxy.io/v1alpha1
kind: BaselineReport
metadata: {name: small}
scan: small
profile: {name: small}
summary: {pass: 1, fail: 2, score: "33.3"}
results: [{id: 5.1.1.1, status: Pass}]
)";

TEST_F(Definitions, AreAppliedAgainWithoutAChange) {
  const Finished again = plane().kubectl({"apply", "-k", crds_folder()});
  ASSERT_TRUE(again.ok()) << again.text();
  EXPECT_THAT(again.out, testing::Not(HasSubstr("configured")));
}

TEST_F(Definitions, AreStructuralAndKeepEveryFieldThatTheyDescribe) {
  const base::Value crds = plane().get("crd", "baselinescans.baseline.kxy.io");
  for (const base::Value& condition : crds.at("status.conditions").items()) {
    EXPECT_NE(condition["type"].as_string(), "NonStructuralSchema") << condition["message"].as_string();
  }
}

TEST_F(Definitions, ShowTheColumnsOfTheDesign) {
  const auto until_age = [](std::vector<std::string> all) {
    const auto age = std::find(all.begin(), all.end(), "AGE");
    if (age != all.end()) all.erase(age + 1, all.end());
    return all;
  };
  EXPECT_THAT(until_age(columns("bscan", kScan)),
              ElementsAre("NAME", "PROFILE", "PHASE", "PROGRESS", "PASS", "FAIL", "MANUAL", "SCORE", "LAST",
                          "NEXT", "AGE"));
  EXPECT_THAT(until_age(columns("breport", kReport)),
              ElementsAre("NAME", "SCAN", "PASS", "FAIL", "MANUAL", "ERROR", "SCORE", "NODES", "AGE"));
  EXPECT_THAT(until_age(columns("bprofile", kProfile)),
              ElementsAre("NAME", "STANDARD", "REQUIREMENTS", "READY", "REASON", "AGE"));
}

TEST_F(Definitions, AreOneCategory) {
  ASSERT_TRUE(plane().apply(std::string(kProfile) + "---" + kScan + "---" + kReport).ok());
  const Finished all = plane().kubectl({"get", "baseline", "-o", "name"});
  EXPECT_THAT(all.out, HasSubstr("baselineprofile.baseline.kxy.io/small"));
  EXPECT_THAT(all.out, HasSubstr("baselinescan.baseline.kxy.io/small"));
  EXPECT_THAT(all.out, HasSubstr("baselinereport.baseline.kxy.io/small"));
}

TEST_F(Definitions, FillDefaultsIn) {
  ASSERT_TRUE(plane().apply(kScan).ok());
  const base::Value scan = plane().get("bscan", "small");
  EXPECT_EQ(scan.at("spec.parallelism").as_int(), 10);
  EXPECT_EQ(scan.at("spec.timeout").as_string(), "5m");
  EXPECT_EQ(scan.at("spec.history").as_int(), 5);
  EXPECT_FALSE(scan.at("spec.suspend").as_bool(true));
}

TEST_F(Definitions, WhatIsNoLongerInTheApiIsTakenOutAndKnownFromWhatWasApplied) {
  const Finished applied = plane().kubectl(
      {"apply", "--validate=false", "-f", "-"},
      "apiVersion: baseline.kxy.io/v1alpha1\nkind: BaselineScan\nmetadata: {name: former}\nspec: "
      "{profileRef: "
      "{name: small}, runner: {image: attacker/root:1, resources: {limits: {cpu: 1, nvidia.com/gpu: 1}}}}\n");
  ASSERT_TRUE(applied.ok()) << applied.text();
  const base::Value scan = plane().get("bscan", "former");
  EXPECT_FALSE(scan.at("spec.runner").contains("image"));
  EXPECT_EQ(scan.at("spec.runner.resources.limits").members().size(), 1U);
  EXPECT_THAT(crds::former_fields(scan), ElementsAre("spec.runner.image"));
}

TEST_F(Definitions, StatusIsWrittenByItsSubresourceAlone) {
  ASSERT_TRUE(plane().apply(std::string(kScan) + "status: {phase: Completed}\n").ok());
  EXPECT_TRUE(plane().get("bscan", "small").at("status.phase").is_null());
  ASSERT_TRUE(plane().apply(kReport).ok());
  EXPECT_EQ(plane().get("breport", "small").at("summary.fail").as_int(), 2);
}

TEST_F(Definitions, ExplainThemselves) {
  if (!has_cel()) GTEST_SKIP() << "kubectl explain needs OpenAPI version 3, which this server does not have";
  for (const char* path :
       {"bscan", "bscan.spec.timeout", "bscan.status.conditions", "bprofile.spec.exemptions",
        "bprofile.spec.exemptions.expires", "breport.results", "breport.coverage.missing"}) {
    const Finished explained = plane().kubectl({"explain", path});
    ASSERT_TRUE(explained.ok()) << explained.text();
    EXPECT_THAT(explained.out, testing::Not(HasSubstr("<empty>"))) << path;
    EXPECT_THAT(explained.out, HasSubstr("DESCRIPTION:")) << path;
  }
}

TEST_F(Definitions, TheReadyProfilesAndSamplesAreAccepted) {
  int accepted = 0;
  for (const char* folder : {PROJECT_DIR "/config/profiles", PROJECT_DIR "/config/samples"}) {
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
      if (file.path().extension() != ".yaml" || file.path().filename() == "kustomization.yaml") continue;
      const Finished applied = plane().kubectl({"apply", "--dry-run=server", "-f", file.path().string()});
      EXPECT_TRUE(applied.ok()) << file.path() << ": " << applied.text();
      ++accepted;
    }
  }
  EXPECT_GE(accepted, 5);
}

struct Refused {
  const char* what;
  const char* manifest;
  const char* message;  // a part of the server's answer that tells a person what to do
  bool by_cel = false;
};

class Refusals : public Definitions, public testing::WithParamInterface<Refused> {};

TEST_P(Refusals, NameWhatIsWrong) {
  const Refused& bad = GetParam();
  if (bad.by_cel && !has_cel()) GTEST_SKIP() << "this server has no CEL; the operator refuses it instead";
  const Finished applied = plane().kubectl({"create", "-f", "-"}, bad.manifest);
  EXPECT_FALSE(applied.ok());
  EXPECT_THAT(applied.err, HasSubstr(bad.message));
}

#define SCAN "apiVersion: baseline.kxy.io/v1alpha1\nkind: BaselineScan\nmetadata: {name: bad}\nspec: "
#define PROFILE "apiVersion: baseline.kxy.io/v1alpha1\nkind: BaselineProfile\nmetadata: {name: bad}\nspec: "
#define EXEMPTION(fields) PROFILE "{standard: kxy-cs001-2023, exemptions: [{" fields "}]}"

INSTANTIATE_TEST_SUITE_P(
    Objects, Refusals,
    testing::Values(
        Refused{"NoProfile", SCAN "{suspend: true}", "profileRef"},
        Refused{"ZeroAtOnce", SCAN "{profileRef: {name: p}, parallelism: 0}", "spec.parallelism"},
        Refused{"NoHistory", SCAN "{profileRef: {name: p}, history: 0}", "spec.history"},
        Refused{"NotCron", SCAN "{profileRef: {name: p}, schedule: sometimes}", "spec.schedule"},
        Refused{"TimeoutNoDuration", SCAN "{profileRef: {name: p}, timeout: soon}", "spec.timeout"},
        Refused{"TimeoutTooShort", SCAN "{profileRef: {name: p}, timeout: 2s}",
                "timeout is between 10s and 24h", true},
        Refused{"ZoneWithoutSchedule", SCAN "{profileRef: {name: p}, timeZone: Asia/Shanghai}",
                "set schedule as well", true},
        Refused{"UnknownOperator",
                SCAN
                "{profileRef: {name: p}, nodes: {selector: {matchExpressions: [{key: a, operator: Is}]}}}",
                "NotIn"},
        Refused{"NoStandard", PROFILE "{language: zh}", "name a standard", true},
        Refused{"UnknownLanguage", PROFILE "{standard: kxy-cs001-2023, language: fr}", "spec.language"},
        Refused{"UnknownLevel", PROFILE "{standard: kxy-cs001-2023, overrides: {5.1.1.1: {level: high}}}",
                "recommended"},
        Refused{"ExemptionWithoutReason",
                EXEMPTION("requirements: [\"5.1\"], owner: o, expires: \"2030-01-01\""), "reason"},
        Refused{"ExemptionWithoutEnd", EXEMPTION("requirements: [\"5.1\"], owner: o, reason: r"), "expires"},
        Refused{"ExemptionUntilNoDay",
                EXEMPTION("requirements: [\"5.1\"], owner: o, reason: r, expires: \"2030-13-01\""),
                "expires"},
        Refused{"ExemptionOfNoId",
                EXEMPTION("requirements: [\"5.*\"], owner: o, reason: r, expires: \"2030-01-01\""),
                "spec.exemptions"}),
    [](const auto& test) { return std::string(test.param.what); });

}  // namespace
}  // namespace baseline::integration
