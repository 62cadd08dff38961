// Reading and writing objects of a real API server.
#include "integration/kube/objects.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/support/control_plane.h"

namespace baseline::integration {
namespace {

using base::ErrorCode;
using testing::HasSubstr;

// A kind that the test brings along: the client knows nothing of this project's own.
constexpr kube::ResourceKind kWidget{"example.kxy.io", "v1", "widgets", "Widget", false};
constexpr const char* kWidgetDefinition = R"(
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.kxy.io}
spec:
  group: example.kxy.io
  scope: Cluster
  names: {kind: Widget, plural: widgets}
  versions:
    - name: v1
      served: true
      storage: true
      subresources: {status: {}}
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: {type: object, properties: {size: {type: integer}}}
            status:
              type: object
              properties: {phase: {type: string}, note: {type: string}}
)";

base::Value widget(base::Value spec, base::Value status) {
  base::Value object = base::Value::map();
  object.set("apiVersion", kWidget.api_version());
  object.set("kind", kWidget.kind);
  object.set("metadata", base::Value::map());
  object.find("metadata")->set("name", "one");
  if (!spec.is_null()) object.set("spec", std::move(spec));
  if (!status.is_null()) object.set("status", std::move(status));
  return object;
}

base::Value map_of(std::string_view key, base::Value value) {
  base::Value map = base::Value::map();
  map.set(key, std::move(value));
  return map;
}

TEST(Objects, VersionOfTheServer) {
  const Connection client;
  const auto version = client->version();
  ASSERT_TRUE(version) << version.error().text();
  EXPECT_EQ(version->major, 1);
  EXPECT_EQ(version->minor, 36);
  EXPECT_THAT(version->git_version, testing::StartsWith("v1.36."));
}

TEST(Objects, CreateReadReplacePatchRemove) {
  const Connection client;
  const auto created = client->create(kConfigMap, "default", config_map("crud"));
  ASSERT_TRUE(created) << created.error().text();
  EXPECT_FALSE(created->at("metadata.uid").as_string().empty());

  base::Value changed = *created;
  changed.find("data")->set("value", "2");
  const auto replaced = client->replace(kConfigMap, changed);
  ASSERT_TRUE(replaced) << replaced.error().text();
  EXPECT_NE(replaced->at("metadata.resourceVersion"), created->at("metadata.resourceVersion"));

  const auto patched = client->patch(kConfigMap, "default", "crud", map_of("data", map_of("more", "3")));
  ASSERT_TRUE(patched) << patched.error().text();
  const auto read = client->get(kConfigMap, "default", "crud");
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->at("data.value").as_string(), "2");
  EXPECT_EQ(read->at("data.more").as_string(), "3");

  const auto other = client->remove(kConfigMap, "default", "crud", {.uid = "not-this-one"});
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::kConflict);
  ASSERT_TRUE(client->remove(kConfigMap, "default", "crud", {.uid = read->at("metadata.uid").as_string()}));
  const auto gone = client->get(kConfigMap, "default", "crud");
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(gone.error().where, HasSubstr("/api/v1/namespaces/default/configmaps/crud"));
}

TEST(Objects, WritesThatMeetAreConflicts) {
  const Connection client;
  const auto first = client->create(kConfigMap, "default", config_map("met"));
  ASSERT_TRUE(first) << first.error().text();
  const auto again = client->create(kConfigMap, "default", config_map("met"));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kConflict);

  base::Value ours = *first;
  ours.find("data")->set("value", "ours");
  base::Value theirs = *first;
  theirs.find("data")->set("value", "theirs");
  ASSERT_TRUE(client->replace(kConfigMap, theirs));
  const auto late = client->replace(kConfigMap, ours);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::kConflict);
  EXPECT_EQ(client->get(kConfigMap, "default", "met")->at("data.value").as_string(), "theirs");
}

TEST(Objects, WhatTheServerRefusesIsSaidInItsWords) {
  const Connection client;
  const auto bad = client->create(kConfigMap, "default", config_map("Not A Name"));
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(bad.error().message, HasSubstr("metadata.name"));
  const auto nowhere = client->create(kConfigMap, "no-such-namespace", config_map("x"));
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, ErrorCode::kNotFound);
}

TEST(Objects, KindsComeAndStatusIsApplied) {
  const Connection client;
  const auto before = client->is_served(kWidget);
  ASSERT_TRUE(before) << before.error().text();
  EXPECT_FALSE(*before);
  const auto missing = client->list_all(kWidget);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);

  const Finished applied = plane().apply(kWidgetDefinition);
  ASSERT_TRUE(applied.ok()) << applied.text();
  ASSERT_TRUE(eventually([&] { return client->is_served(kWidget).value_or(false); }));

  // The definition is served a moment before its objects can be written.
  ASSERT_TRUE(
      eventually([&] { return client->create(kWidget, "", widget(map_of("size", 3), {})).has_value(); }));
  kube::PatchOptions apply{
      .type = kube::PatchType::kApply, .subresource = "status", .field_manager = "first"};
  const auto status = client->patch(kWidget, "", "one", widget({}, map_of("phase", "Ready")), apply);
  ASSERT_TRUE(status) << status.error().text();
  EXPECT_EQ(status->at("status.phase").as_string(), "Ready");
  EXPECT_EQ(status->at("spec.size").as_int(), 3) << "the status alone is written";

  // The same again changes nothing: not even the resourceVersion, so nobody is woken by it.
  const auto same = client->patch(kWidget, "", "one", widget({}, map_of("phase", "Ready")), apply);
  ASSERT_TRUE(same) << same.error().text();
  EXPECT_EQ(same->at("metadata.resourceVersion"), status->at("metadata.resourceVersion"));

  // What is not applied any more goes away, and another manager's field is not ours to take without force.
  const auto moved = client->patch(kWidget, "", "one", widget({}, map_of("note", "n")), apply);
  ASSERT_TRUE(moved) << moved.error().text();
  EXPECT_FALSE(moved->at("status").contains("phase"));
  apply.field_manager = "second";
  const auto taken = client->patch(kWidget, "", "one", widget({}, map_of("note", "m")), apply);
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ErrorCode::kConflict);
  apply.force = true;
  EXPECT_TRUE(client->patch(kWidget, "", "one", widget({}, map_of("note", "m")), apply));
}

}  // namespace
}  // namespace baseline::integration
