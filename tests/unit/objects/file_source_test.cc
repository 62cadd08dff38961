#include "objects/file_source.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

#include "base/json.h"
#include "base/yaml.h"
#include "kube/fake_api_server.h"
#include "objects/api_source.h"
#include "support.h"

namespace baseline::objects::test {
namespace {

namespace fs = std::filesystem;
using cluster::Kind;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class FileSourceTest : public ::testing::Test {
 protected:
  FileSourceTest() {
    std::string name = (fs::temp_directory_path() / "objects-test-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~FileSourceTest() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  fs::path write(const std::string& name, std::string_view text) const {
    const fs::path file = folder_ / name;
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::trunc) << text;
    return file;
  }
  FileSummary read(const FileOptions& options = {}) { return read_manifests({folder_}, sink_, options); }
  static std::vector<std::string> texts(const FileSummary& summary) {
    std::vector<std::string> out;
    for (const base::Error& error : summary.errors) out.push_back(error.text());
    return out;
  }

  fs::path folder_;
  RecordingSink sink_;
};

constexpr std::string_view kTwo = R"(# two objects
apiVersion: v1
kind: Pod
metadata: {name: first, namespace: shop}
spec:
  containers:
  - {name: web, image: "nginx:1"}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
)";

TEST_F(FileSourceTest, ManyDocumentsAndPodsLast) {
  write("a.yaml", kTwo);
  const FileSummary summary = read();
  EXPECT_THAT(texts(summary), IsEmpty());
  EXPECT_EQ(summary.files, 1U);
  EXPECT_EQ(summary.objects, 2U);
  ASSERT_EQ(sink_.objects.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<cluster::Namespace>(sink_.objects[0]));
  EXPECT_THAT(sink_.names<cluster::Pod>(), ElementsAre("shop/first"));
  EXPECT_EQ(sink_.ends, (std::map<Kind, std::string>{{Kind::kNamespace, "read"}, {Kind::kPod, "read"}}))
      << "of kinds that were not given nothing is said";
}

TEST_F(FileSourceTest, FoldersAreReadInOrderAndOtherFilesLeftAlone) {
  write("b/c.yml", "apiVersion: v1\nkind: Service\nmetadata: {name: two}\n");
  write("a.json", R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"one"}})");
  write("b/notes.txt", "{{ not a manifest");
  write("empty.yaml", "\n# nothing\n---\n");
  const FileSummary summary = read();
  EXPECT_THAT(texts(summary), IsEmpty());
  EXPECT_THAT(sink_.names<cluster::Service>(), ElementsAre("default/one", "default/two"));
  EXPECT_EQ(summary.files, 3U);
}

TEST_F(FileSourceTest, ListsAndWorkloads) {
  write("list.yaml", R"(apiVersion: v1
kind: List
items:
- apiVersion: apps/v1
  kind: Deployment
  metadata: {name: cart}
  spec: {template: {spec: {containers: [{name: web}]}}}
- apiVersion: v1
  kind: ServiceAccount
  metadata: {name: robot}
)");
  EXPECT_THAT(texts(read()), IsEmpty());
  EXPECT_THAT(sink_.names<cluster::Pod>(), ElementsAre("default/cart"));
  EXPECT_THAT(sink_.names<cluster::ServiceAccount>(), ElementsAre("default/robot"));
}

TEST_F(FileSourceTest, ATemplateIsNamedByFileAndLineAndCostsOnlyItself) {
  write("chart.yaml", std::string(kTwo) +
                          "---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n---\n" +
                          "apiVersion: v1\nkind: Service\nmetadata: {name: after}\n");
  const FileSummary summary = read();
  ASSERT_EQ(summary.errors.size(), 1U);
  EXPECT_THAT(summary.errors[0].where, EndsWith("chart.yaml:16"));
  EXPECT_THAT(summary.errors[0].message, HasSubstr("render it first"));
  EXPECT_THAT(sink_.names<cluster::Service>(), ElementsAre("default/after"));
  EXPECT_EQ(sink_.objects.size(), 3U);
}

TEST_F(FileSourceTest, ATemplateInQuotesIsNoImage) {
  write("t.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {containers: [{image: \"{{ .img }}:1\"}]}\n");
  const FileSummary summary = read();
  ASSERT_EQ(summary.errors.size(), 1U);
  EXPECT_THAT(summary.errors[0].text(), HasSubstr("t.yaml:1: this is a template"));
  EXPECT_EQ(sink_.ends[Kind::kPod], "unreadable");
  EXPECT_TRUE(sink_.objects.empty());
}

TEST_F(FileSourceTest, BrokenDocumentsOfEveryKind) {
  write("a.yaml", "a: 1\n---\nx: [1\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: ok}\n");
  write("b.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  hostNetwork: \"true\"\n");
  write("c.json", "{\"apiVersion\": \"v1\",\n \"kind\": ");
  const FileSummary summary = read();
  ASSERT_EQ(summary.errors.size(), 3U);
  EXPECT_THAT(summary.errors[0].where, HasSubstr("a.yaml:"));
  EXPECT_THAT(summary.errors[1].text(),
              EndsWith("b.yaml:5: p: spec.hostNetwork is string where boolean was expected"));
  EXPECT_THAT(summary.errors[2].where, HasSubstr("c.json:"));
  EXPECT_EQ(summary.no_objects, 1U);
  EXPECT_EQ(sink_.ends[Kind::kNamespace], "read");
  EXPECT_EQ(sink_.ends[Kind::kPod], "unreadable");
  EXPECT_THAT(render(sink_.reasons[Kind::kPod], Language::kEnglish), HasSubstr("b.yaml:5 p"));
}

TEST_F(FileSourceTest, AMistakeInJsonHasItsLine) {
  write("a.json",
        "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [\n"
        " {\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"name\": \"x\"},\n"
        "  \"spec\": {\"hostPID\": 1}}]}");
  const FileSummary summary = read();
  ASSERT_EQ(summary.errors.size(), 1U);
  EXPECT_THAT(summary.errors[0].text(),
              EndsWith("a.json:3: x: items[0].spec.hostPID is number where boolean was expected"));
}

TEST_F(FileSourceTest, WhatIsTooLargeIsRefusedByNameAndLineAndItsKindIsRead) {
  std::string rules;
  for (int i = 0; i < 5'001; ++i) rules += "\n- {verbs: [get]}";
  const std::string role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: ";
  write("r.yaml", role + "small}\n---\n" + role + "big}\nrules:" + rules + "\n");
  const FileSummary summary = read();
  ASSERT_EQ(summary.errors.size(), 1U);
  EXPECT_THAT(summary.errors[0].text(),
              EndsWith("r.yaml:9: big: rules is array > 5000 where array ≤ 5000 was expected"));
  EXPECT_EQ(sink_.ends[Kind::kRole], "read");
  EXPECT_THAT(sink_.names<cluster::Role>(), ElementsAre("default/small"));
  ASSERT_EQ(sink_.refused.size(), 1U);
  EXPECT_EQ(sink_.refused[0].ns + "/" + sink_.refused[0].name, "default/big");
}

TEST_F(FileSourceTest, ALongListIsTakenApartItemByItem) {
  const std::string filler(1U << 20, 'x');
  const auto service = [&](const std::string& name, const std::string& type) {
    return R"({"apiVersion":"v1","kind":"Service","metadata":{"name":")" + name + R"("},"filler":")" +
           filler + R"(","spec":{"type":)" + type + "}}";
  };
  const auto list = [&](const std::string& third) {
    return "{\"apiVersion\":\"v1\",\"items\":[" + service("a", "null") + ",\n" +
           service("b", "\"NodePort\"") + ",\n" + third + ",\n" + service("c", "null") +
           "],\"kind\":\"List\"}";
  };
  write("l.json", list(service("odd", "1")));
  const FileSummary summary = read();
  ASSERT_EQ(summary.errors.size(), 1U);
  EXPECT_THAT(summary.errors[0].text(), HasSubstr("l.json:3: odd: spec.type is number"));
  EXPECT_THAT(sink_.names<cluster::Service>(), ElementsAre("default/a", "default/b", "default/c"));
}

TEST_F(FileSourceTest, ItemsOfALongListHaveItsType) {
  const std::string filler(5U << 20, 'x');
  write(
      "l.json",
      R"({"kind":"ServiceList","apiVersion":"v1","items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"},"x":")" +
          filler + R"("}]})");
  EXPECT_THAT(texts(read()), IsEmpty());
  EXPECT_THAT(sink_.names<cluster::Service>(), ElementsAre("default/a", "default/b"));
}

TEST_F(FileSourceTest, ALongListThatBreaksOffIsAMistake) {
  write("l.json", R"({"kind":"ServiceList","apiVersion":"v1","items":[{"metadata":{"name":"a"},"x":")" +
                      std::string(5U << 20, 'x') + R"("},{"metadata":{"na)");
  EXPECT_EQ(read().errors.size(), 1U);
}

TEST_F(FileSourceTest, KindsNobodyJudgesAreCounted) {
  write("a.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n---\napiVersion: apps/v1\n"
        "kind: ControllerRevision\nmetadata: {name: r}\n---\nreplicas: 3\n---\n- a\n");
  const FileSummary summary = read();
  EXPECT_THAT(texts(summary), IsEmpty());
  EXPECT_EQ(summary.skipped,
            (std::map<std::string, std::size_t>{{"v1 Secret", 1}, {"apps/v1 ControllerRevision", 1}}));
  EXPECT_EQ(summary.no_objects, 2U);
  EXPECT_TRUE(sink_.ends.empty());
}

TEST_F(FileSourceTest, LinksAreNotFollowedOutOfTheFolder) {
  const fs::path outside = write("outside/o.yaml", kTwo);
  write("in/a.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n");
  fs::create_symlink(outside, folder_ / "in/link.yaml");
  fs::create_symlink(folder_ / "outside", folder_ / "in/folder");
  fs::create_symlink("a.yaml", folder_ / "in/same.yaml");
  fs::create_symlink("..", folder_ / "in/up");
  fs::create_symlink("nowhere", folder_ / "in/gone.yaml");
  const FileSummary summary = read_manifests({folder_ / "in"}, sink_);
  EXPECT_EQ(sink_.objects.size(), 1U) << "a link to a file of the folder is that file";
  ASSERT_EQ(summary.errors.size(), 4U);
  EXPECT_THAT(summary.errors[0].text(), HasSubstr("in/folder: the link leads out of the folder"));
  EXPECT_THAT(summary.errors[1].text(), HasSubstr("in/gone.yaml: the link leads nowhere"));
}

TEST_F(FileSourceTest, PathsThatAreNotThereOrHoldNothing) {
  fs::create_directories(folder_ / "empty");
  const FileSummary summary = read_manifests({folder_ / "no.yaml", folder_ / "empty"}, sink_);
  EXPECT_THAT(texts(summary),
              ElementsAre(EndsWith("no.yaml: there is no such file or folder"),
                          EndsWith("empty: there is no *.yaml, *.yml or *.json in this folder")));
}

TEST_F(FileSourceTest, EachFileOnceAndWithinTheBounds) {
  const fs::path file = write("a.yaml", kTwo);
  EXPECT_EQ(read_manifests({file, folder_, file}, sink_).objects, 2U);
  RecordingSink small;
  const FileSummary summary = read_manifests({folder_}, small, {.max_file_bytes = 10});
  ASSERT_EQ(summary.errors.size(), 1U);
  EXPECT_EQ(summary.errors[0].code, base::ErrorCode::kLimit);
  write("b.yaml", kTwo);
  RecordingSink few;
  EXPECT_EQ(read_manifests({folder_}, few, {.max_files = 1}).errors.size(), 1U);
  EXPECT_EQ(few.objects.size(), 2U);
}

TEST_F(FileSourceTest, HostileTexts) {
  write("a.yaml", std::string(1U << 16, '['));
  write("b.yaml",
        "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c "
        "[*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
        "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n"
        "f: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: [*f,*f,*f,*f,*f,*f,*f,*f,*f,*f]\n");
  write("c.json", "{\"a\": \"\xff\xfe\"}");
  write("d.yaml", std::string("\0\0\0", 3));
  const FileSummary summary = read();
  EXPECT_GE(summary.errors.size(), 2U);
  EXPECT_TRUE(sink_.objects.empty());
}

// What is the same object must be the same struct, whichever way it came.
TEST_F(FileSourceTest, TheSameObjectsAsFromTheApi) {
  const base::Value pod = base::parse_yaml(R"(apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop, labels: {app: cart}}
spec:
  hostNetwork: true
  serviceAccountName: robot
  containers:
  - name: web
    image: nginx
    ports: [{containerPort: 80}]
    securityContext: {runAsUser: 0, capabilities: {add: [NET_RAW]}}
    resources: {limits: {cpu: 1, memory: 64Mi}}
)",
                                           "pod")
                              .value();
  write("pod.yaml", base::write_yaml(pod));
  read();
  kube::testing::FakeApiServer server;
  server.put(kube::kPod, pod);
  const kube::Client client(server);
  RecordingSink api;
  ASSERT_TRUE(read_cluster(client, api, {.kinds = {Kind::kPod}}).has_value());
  ASSERT_EQ(sink_.objects.size(), 1U);
  ASSERT_EQ(api.objects.size(), 1U);
  const cluster::Pod from_file = sink_.all<cluster::Pod>()[0];
  const cluster::Pod from_api = api.all<cluster::Pod>()[0];
  EXPECT_EQ(from_file.metadata.labels, from_api.metadata.labels);
  EXPECT_EQ(from_file.metadata.ns, from_api.metadata.ns);
  EXPECT_EQ(from_file.host_network, from_api.host_network);
  EXPECT_EQ(from_file.service_account, from_api.service_account);
  const cluster::Container& a = from_file.containers.at(0);
  const cluster::Container& b = from_api.containers.at(0);
  EXPECT_EQ(a.image, b.image);
  EXPECT_EQ(a.ports.at(0).host_port, 80);
  EXPECT_EQ(b.ports.at(0).host_port, 80);
  EXPECT_EQ(a.security.run_as_user, b.security.run_as_user);
  EXPECT_EQ(a.security.capabilities_add, b.security.capabilities_add);
  EXPECT_EQ(a.cpu_request, b.cpu_request);
  EXPECT_EQ(a.memory_limit, b.memory_limit);
}

}  // namespace
}  // namespace baseline::objects::test
