// `scan` over objects: manifests and a cluster.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "base/yaml.h"
#include "crds/baseline_report.h"
#include "hidden_texts.h"
#include "kube/fake_api_server.h"
#include "program.h"

namespace baseline::cli {
namespace {

using kube::testing::FakeApiServer;
using test::Borrowed;
using test::Program;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kPrivileged = R"(
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: web, image: "example/web:1", securityContext: {privileged: true}}]}
status: {phase: Running}
)";

class ScanObjects : public ::testing::Test {
 protected:
  ScanObjects() : folder(::testing::TempDir() + "scan-objects-" + std::to_string(::getpid())) {
    std::filesystem::create_directories(folder);
  }
  ~ScanObjects() override { std::filesystem::remove_all(folder); }

  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(folder + "/" + name) << text;
    return folder + "/" + name;
  }

  static RequirementResult row(const std::string& json, const std::string& id) {
    const auto object = base::parse_json(json, "output");
    EXPECT_TRUE(object) << json;
    const auto report = crds::report_from_value(*object);
    EXPECT_TRUE(report) << json;
    for (const RequirementResult& result : report->report.results) {
      if (result.id == id) return result;
    }
    ADD_FAILURE() << id << " is not in the report";
    return {};
  }

  const std::string folder;
  Program program;
};

TEST_F(ScanObjects, ManifestsAreJudgedAndWhatWasNotGivenIsNotChecked) {
  const auto ran = program({"scan", "--manifests", file("pod.yaml", kPrivileged), "-o", "json"});
  EXPECT_EQ(ran.status, 1) << ran.err;
  EXPECT_EQ(row(ran.out, "5.7.2.4").status, Status::kFail);
  EXPECT_EQ(row(ran.out, "5.7.2.4").findings.at(0).object, "shop/Pod/web");
  EXPECT_EQ(row(ran.out, "5.7.3.7").status, Status::kNotChecked);
  EXPECT_EQ(row(ran.out, "5.6.2.1").status, Status::kNotChecked) << "no node was looked at";
}

TEST_F(ScanObjects, ABrokenManifestIsNamedAndTheScanIsNotWhole) {
  file("a.yaml", kPrivileged);
  file("b.yaml", "kind: Pod\nspec: {{ .Values.spec }}\n");
  const auto ran = program({"scan", "--manifests", folder, "-o", "json", "--fail-on", "never"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.err, HasSubstr("b.yaml:"));
  EXPECT_EQ(row(ran.out, "5.7.2.4").status, Status::kFail) << "the rest is judged all the same";
}

TEST_F(ScanObjects, NothingToJudgeIsSaid) {
  const auto ran = program({"scan", "--manifests", file("values.yaml", "replicas: 3\n")});
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.err, HasSubstr("none of the files given"));
  EXPECT_EQ(program({"scan", "--manifests", folder + "/missing"}).status, 2);
}

TEST_F(ScanObjects, NamespacesNarrowTheWorkloads) {
  const std::string pod = file("pod.yaml", kPrivileged);
  const auto ran = program({"scan", "--manifests", pod, "--namespace", "other*", "-o", "json"});
  EXPECT_NE(row(ran.out, "5.7.2.4").status, Status::kFail);
}

TEST_F(ScanObjects, AClusterIsReadThroughItsApiServer) {
  FakeApiServer server;
  program.connect = [&](const ClusterOptions&) -> base::Result<std::unique_ptr<kube::Transport>> {
    return std::make_unique<Borrowed>(server);
  };
  server.put(kube::kPod, base::parse_yaml(kPrivileged, "pod").value());
  const auto ran = program({"scan", "--cluster", "-o", "json", "--fail-on", "never"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(row(ran.out, "5.7.2.4").status, Status::kFail);
  // The fake server has no roles: that is no reason to pass.
  EXPECT_EQ(row(ran.out, "5.7.3.7").status, Status::kError);
  const auto table = program({"scan", "--cluster", "--fail-on", "never"});
  EXPECT_THAT(table.out, AllOf(HasSubstr("Cluster"), Not(HasSubstr("Node "))));
}

TEST_F(ScanObjects, AMistypedNamespaceIsNoEmptyOne) {
  FakeApiServer server;
  program.connect = [&](const ClusterOptions&) -> base::Result<std::unique_ptr<kube::Transport>> {
    return std::make_unique<Borrowed>(server);
  };
  server.put(kube::kPod, base::parse_yaml(kPrivileged, "pod").value());
  server.put(kube::kNamespace, base::parse_yaml("{metadata: {name: shop}}", "ns").value());
  EXPECT_NE(program({"scan", "--cluster", "--namespace", "shop", "--fail-on", "never"}).status, 2);
  const auto ran = program({"scan", "--cluster", "--namespace", "typo", "--fail-on", "never"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, HasSubstr("there is no namespace typo"));
}

TEST_F(ScanObjects, WhereNothingCouldBeJudgedThereIsNoReport) {
  const std::string role =
      "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: [], namespace: shop}\n";
  const auto ran = program({"scan", "--manifests", file("role.yaml", role), "--fail-on", "never"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_EQ(ran.out, "");
}

TEST_F(ScanObjects, AClusterThatCannotBeReachedIsOneLine) {
  const auto ran = program({"scan", "--cluster"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.err, HasSubstr("no cluster in this test"));
}

TEST_F(ScanObjects, NothingHiddenInAManifestIsPrinted) {
  const std::string& hidden = baseline::testing::kHiddenQuoted;
  const std::string path =
      file("hidden.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: " + hidden + ", namespace: " + hidden +
                              ", labels: {" + hidden + ": " + hidden + "}, annotations: {" + hidden + ": " +
                              hidden + "}}\nspec: {containers: [{name: " + hidden + ", image: " + hidden +
                              ", securityContext: {privileged: true}}]}\n");
  for (const char* output : {"table", "json", "yaml"}) {
    const auto ran = program({"scan", "--manifests", path, "--details", "-o", output});
    EXPECT_THAT(ran.out, HasSubstr("u202eb")) << output << ran.err;
    EXPECT_FALSE(baseline::testing::shows_hidden(ran.out)) << output << ran.out;
    EXPECT_FALSE(baseline::testing::shows_hidden(ran.err)) << output << ran.err;
  }
}

TEST_F(ScanObjects, NothingHiddenInTheNameOfAFileIsPrinted) {
  const auto ran = program({"scan", "--manifests", folder + "/none\x1b[2J\u202E.yaml"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.err, HasSubstr("none\\u001b[2J\\u202e.yaml"));
  EXPECT_FALSE(baseline::testing::shows_hidden(ran.err)) << ran.err;
}

}  // namespace
}  // namespace baseline::cli
