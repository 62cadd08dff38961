#include <gmock/gmock.h>

#include "support.h"

namespace baseline::objects::test {
namespace {

using cluster::Kind;
using cluster::Pod;
using ::testing::ElementsAre;

std::vector<ManifestObject> manifest(std::string_view json) {
  ObjectParser parser({.default_namespace = "default"});
  std::vector<ManifestObject> out;
  const auto result =
      parser.parse_manifest(json, [&](ManifestObject&& object) { out.push_back(std::move(object)); });
  EXPECT_TRUE(result.has_value()) << result.error().error().text();
  return out;
}

Pod pod_of(std::string_view json) {
  const auto objects = manifest(json);
  if (objects.size() != 1 || objects[0].objects.size() != 1) {
    ADD_FAILURE() << "not one object: " << json;
    return {};
  }
  EXPECT_EQ(objects[0].kind, Kind::kPod);
  return std::get<Pod>(objects[0].objects[0]);
}

TEST(Workload, EveryKindMakesThePodOfItsTemplate) {
  for (const char* type :
       {R"("apiVersion":"apps/v1","kind":"Deployment")", R"("apiVersion":"apps/v1","kind":"StatefulSet")",
        R"("apiVersion":"apps/v1","kind":"DaemonSet")", R"("apiVersion":"apps/v1","kind":"ReplicaSet")",
        R"("apiVersion":"v1","kind":"ReplicationController")", R"("apiVersion":"batch/v1","kind":"Job")",
        R"("apiVersion":"extensions/v1beta1","kind":"Deployment")"}) {
    const Pod it = pod_of("{" + std::string(type) + R"(,"metadata":{"name":"cart","labels":{"of":"workload"}},
      "spec":{"template":{"metadata":{"labels":{"app":"cart"},"annotations":{"a":"b"}},
      "spec":{"hostPID":true,"containers":[{"name":"web"}]}}}})");
    EXPECT_TRUE(it.is_template) << type;
    EXPECT_EQ(it.metadata.ns, "default") << type;
    EXPECT_EQ(it.metadata.name, "cart") << type;
    EXPECT_EQ(it.metadata.labels, (cluster::Labels{{"app", "cart"}})) << type;
    EXPECT_EQ(it.metadata.annotations, (cluster::Labels{{"a", "b"}})) << type;
    EXPECT_EQ(it.metadata.controller_name, "cart") << type;
    EXPECT_THAT(std::string(type), ::testing::HasSubstr("\"" + it.metadata.controller_kind + "\""));
    EXPECT_TRUE(it.host_pid) << type;
    EXPECT_EQ(it.containers.size(), 1U) << type;
    EXPECT_EQ(it.service_account, "default") << type;
  }
}

TEST(Workload, CronJobs) {
  const Pod it =
      pod_of(R"({"apiVersion":"batch/v1","kind":"CronJob","metadata":{"namespace":"shop","name":"nightly"},
    "spec":{"jobTemplate":{"spec":{"template":{"spec":{"containers":[{"name":"a"}]}}}}}})");
  EXPECT_EQ(it.metadata.ns, "shop");
  EXPECT_EQ(it.metadata.controller_kind, "CronJob");
  EXPECT_EQ(it.containers.size(), 1U);
}

TEST(Workload, ItsOwnControllerIsTheOwner) {
  const Pod it =
      pod_of(R"({"apiVersion":"batch/v1","kind":"Job","metadata":{"namespace":"shop","name":"nightly-1",
    "ownerReferences":[{"kind":"CronJob","name":"nightly","controller":true}]},"spec":{"template":{"spec":{}}}})");
  EXPECT_EQ(it.metadata.controller_kind, "CronJob");
  EXPECT_EQ(it.metadata.controller_name, "nightly");
}

TEST(Workload, AJobThatIsDoneMakesNoPods) {
  const auto pods_of = [](const std::string& status) {
    return manifest(R"({"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"install"},
      "spec":{"template":{"spec":{}}},"status":)" +
                    status + "}")[0]
        .objects.size();
  };
  EXPECT_EQ(
      pods_of(
          R"({"conditions":[{"type":"SuccessCriteriaMet","status":"True"},{"type":"Complete","status":"True"}]})"),
      0U);
  EXPECT_EQ(pods_of(R"({"conditions":[{"type":"Failed","status":"True"}]})"), 0U);
  EXPECT_EQ(pods_of(R"({"conditions":[{"type":"Complete","status":"False"}]})"), 1U);
  EXPECT_EQ(pods_of(R"({"conditions":[{"type":"Suspended","status":"True"}]})"), 1U);
  EXPECT_EQ(pods_of(R"({"active":1})"), 1U);
  EXPECT_EQ(pods_of("null"), 1U);
}

TEST(Workload, ARevisionLeftBehindMakesNoPods) {
  const auto objects = manifest(R"({"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"cart-1",
    "ownerReferences":[{"kind":"Deployment","name":"cart","controller":true}]},
    "spec":{"replicas":0,"template":{"spec":{}}}})");
  ASSERT_EQ(objects.size(), 1U);
  EXPECT_TRUE(objects[0].objects.empty());
  EXPECT_FALSE(objects[0].error.has_value());
}

TEST(Workload, WithoutATemplateItIsAnError) {
  const auto objects =
      manifest(R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"x"},"spec":{}})");
  ASSERT_EQ(objects.size(), 1U);
  ASSERT_TRUE(objects[0].error.has_value());
  EXPECT_EQ(objects[0].error->path, "spec.template");
}

TEST(Manifest, ListsAreUnfolded) {
  const auto objects = manifest(R"({"apiVersion":"v1","kind":"List","items":[
    {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a"}},
    {"apiVersion":"v1","kind":"PodList","items":[{"metadata":{"name":"p"}},null]},
    {"apiVersion":"apps/v1","kind":"ControllerRevision","metadata":{"name":"r"}},{"metadata":{}}]})");
  ASSERT_EQ(objects.size(), 5U);
  EXPECT_EQ(objects[0].kind, Kind::kNamespace);
  EXPECT_EQ(objects[0].path, "items[0]");
  EXPECT_EQ(objects[1].kind, Kind::kPod);
  EXPECT_EQ(objects[1].path, "items[1].items[0]");
  ASSERT_TRUE(objects[2].error.has_value());
  EXPECT_EQ(objects[2].error->path, "items[1].items[1].metadata.name");
  EXPECT_EQ(objects[3].type, "apps/v1 ControllerRevision");
  EXPECT_EQ(objects[3].kind, std::nullopt);
  EXPECT_EQ(objects[4].type, "");
}

TEST(Manifest, NamespacesAreFilledInWhereThereShouldBeOne) {
  const auto objects = manifest(R"({"apiVersion":"v1","kind":"List","items":[
    {"apiVersion":"v1","kind":"Service","metadata":{"name":"s"}},
    {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"r"}}]})");
  ASSERT_EQ(objects.size(), 2U);
  EXPECT_EQ(std::get<cluster::Service>(objects[0].objects.at(0)).metadata.ns, "default");
  EXPECT_EQ(std::get<cluster::Role>(objects[1].objects.at(0)).metadata.ns, "");
}

TEST(Manifest, CalicoByTheGroupOfItsOwnServer) {
  const auto objects = manifest(
      R"({"apiVersion":"projectcalico.org/v3","kind":"GlobalNetworkPolicy","metadata":{"name":"p"},"spec":{}})");
  ASSERT_EQ(objects.size(), 1U);
  EXPECT_EQ(objects[0].kind, Kind::kCalicoGlobalNetworkPolicy);
}

}  // namespace
}  // namespace baseline::objects::test
