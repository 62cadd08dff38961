#include "kube/resource.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace baseline::kube {
namespace {

constexpr ResourceKind kWidget{"example.io", "v1alpha1", "widgets", "Widget", false};

TEST(ResourceTest, BuildsPathsOfCoreAndGroupKinds) {
  EXPECT_EQ(kPod.collection_path(""), "/api/v1/pods");
  EXPECT_EQ(kPod.collection_path("ns"), "/api/v1/namespaces/ns/pods");
  EXPECT_EQ(kJob.object_path("ns", "j"), "/apis/batch/v1/namespaces/ns/jobs/j");
  EXPECT_EQ(kPod.object_path("ns", "p", "log"), "/api/v1/namespaces/ns/pods/p/log");
  EXPECT_EQ(kWidget.object_path("ignored", "w", "status"), "/apis/example.io/v1alpha1/widgets/w/status");
  EXPECT_EQ(kLease.api_version(), "coordination.k8s.io/v1");
  EXPECT_EQ(kNode.api_version(), "v1");
  EXPECT_EQ(kJob.resource_name(), "jobs.batch");
  EXPECT_EQ(kNode.resource_name(), "nodes");
}

TEST(ResourceTest, ANameCannotLeaveItsPlaceInThePath) {
  EXPECT_EQ(kNode.object_path("", "a/../b?x=y#z"), "/api/v1/nodes/a%2F..%2Fb%3Fx%3Dy%23z");
  EXPECT_EQ(kNode.object_path("", ".."), "/api/v1/nodes/%2E%2E");
  EXPECT_EQ(kPod.object_path("a/b", "p"), "/api/v1/namespaces/a%2Fb/pods/p");
  EXPECT_EQ(url_escape("a b\r\n\xc3\xa9~-_."), "a%20b%0D%0A%C3%A9~-_.");
}

TEST(ResourceTest, KeysSplitIntoTheirParts) {
  EXPECT_EQ(object_key("ns", "n"), "ns/n");
  EXPECT_EQ(object_key("", "n"), "n");
  EXPECT_EQ(split_key("ns/n").ns, "ns");
  EXPECT_EQ(split_key("ns/n").name, "n");
  EXPECT_EQ(split_key("n").ns, "");
  EXPECT_EQ(split_key("n").name, "n");
}

TEST(ResourceTest, ReadsAReferenceFromAnObject) {
  const auto object = base::parse_json(
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"ns","uid":"u"}})", "");
  ASSERT_TRUE(object.has_value());
  EXPECT_EQ(reference_to(*object), (ObjectRef{"v1", "Pod", "ns", "p", "u"}));
  EXPECT_EQ(reference_to(base::Value()), ObjectRef{});
  EXPECT_EQ(object_key(*object), "ns/p");
}

TEST(ResourceTest, ListItemsGetTheirType) {
  base::Value item = base::Value::map();
  fill_type(kJob, item);
  EXPECT_EQ(item["apiVersion"].as_string(), "batch/v1");
  EXPECT_EQ(item["kind"].as_string(), "Job");
}

}  // namespace
}  // namespace baseline::kube
