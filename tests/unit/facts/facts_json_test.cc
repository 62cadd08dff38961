#include "baseline/facts/facts_json.h"

#include <gtest/gtest.h>

namespace baseline::facts {
namespace {

using base::Value;

TEST(FactsJson, AContainerWhoseProcessWasRead) {
  NodeFacts node;
  node.set_containers_known(true);
  Container& container = *node.add_containers();
  container.set_namespace_("shop");
  container.set_pod("cart-1");
  container.set_name("web");
  container.set_image_id("sha256:1");
  container.set_process_read(true);
  container.set_capabilities(0xa80425fb);
  container.set_listening_known(true);
  container.add_listening()->set_port(53);
  const Value value = to_value(node);
  EXPECT_TRUE(value["containersKnown"].as_bool());
  const Value& row = value["containers"].items()[0];
  EXPECT_EQ(row["namespace"].as_string(), "shop");
  EXPECT_EQ(row["imageId"].as_string(), "sha256:1");
  // User 0, no filter and no new privileges are answers, not gaps.
  EXPECT_TRUE(row.contains("uid"));
  EXPECT_TRUE(row.contains("seccomp"));
  EXPECT_TRUE(row.contains("noNewPrivs"));
  EXPECT_EQ(row["capabilities"].as_string(), "00000000a80425fb");
  EXPECT_EQ(row["listening"].items()[0]["port"].as_int(), 53);
}

TEST(FactsJson, WhatWasNotReadShowsNoAnswers) {
  NodeFacts node;
  node.add_containers()->set_error("no process of it was found");
  node.add_images()->set_error("gone");
  const Value value = to_value(node);
  EXPECT_FALSE(value["containersKnown"].as_bool(true));
  const Value& container = value["containers"].items()[0];
  EXPECT_FALSE(container["processRead"].as_bool(true));
  EXPECT_FALSE(container.contains("uid"));
  EXPECT_EQ(container["error"].as_string(), "no process of it was found");
  const Value& image = value["images"].items()[0];
  EXPECT_FALSE(image.contains("user"));
  EXPECT_FALSE(image["root"]["read"].as_bool(true));
  EXPECT_FALSE(image["root"].contains("setIdTotal"));
}

TEST(FactsJson, AnImage) {
  NodeFacts node;
  Image& image = *node.add_images();
  image.set_id("sha256:2");
  image.set_config_read(true);
  image.add_secret_env("DB_PASSWORD");
  image.set_bytes(1234);
  image.mutable_root()->set_read(true);
  image.mutable_root()->set_set_id_total(1);
  File& file = *image.mutable_root()->add_set_id_files();
  file.set_path("/bin/su");
  file.set_mode(04755);
  const Value row = to_value(node)["images"].items()[0];
  EXPECT_EQ(row["user"].as_string(), "");
  EXPECT_TRUE(row.contains("user"));
  EXPECT_EQ(row["secretEnv"].items()[0].as_string(), "DB_PASSWORD");
  EXPECT_EQ(row["bytes"].as_int(), 1234);
  EXPECT_EQ(row["root"]["setIdFiles"].items()[0]["mode"].as_string(), "4755");
  EXPECT_FALSE(row["root"]["complete"].as_bool(true));
}

}  // namespace
}  // namespace baseline::facts
