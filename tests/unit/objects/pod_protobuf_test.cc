// What bytes can do to the reader. That a whole pod is read as its JSON is, tests/integration/objects holds
// against real API servers.
#include "objects/pod_protobuf.h"

#include <string>

#include <gmock/gmock.h>

#include "objects/pod.pb.h"
#include "support.h"

namespace baseline::objects::test {
namespace {

using cluster::Container;
using cluster::Pod;

wire::Pod named(const std::string& name = "cart") {
  wire::Pod out;
  out.mutable_metadata()->set_namespace_("shop");
  out.mutable_metadata()->set_name(name);
  return out;
}

Pod pod(const wire::Pod& message, ParseOptions options = {}) {
  auto made = ProtobufPodParser(std::move(options)).parse(message.SerializeAsString());
  EXPECT_TRUE(made.has_value()) << made.error().error().text();
  return made ? std::move(*made) : Pod{};
}

TEST(ProtobufPod, WhatIsNotThereIsTheDefaultOfJson) {
  wire::Pod message = named();
  message.mutable_spec()->add_containers()->set_name("web");
  message.mutable_spec()->mutable_containers(0)->add_ports()->set_container_port(80);
  const Pod json = parsed<Pod>(
      cluster::Kind::kPod,
      R"({"metadata":{"namespace":"shop","name":"cart"},"spec":{"containers":[{"name":"web","ports":[{"containerPort":80}]}]}})");
  EXPECT_TRUE(pod(message) == json);
}

TEST(ProtobufPod, AbsentIsNotFalse) {
  wire::Pod message = named();
  auto* const security = message.mutable_spec()->add_containers()->mutable_security_context();
  EXPECT_EQ(pod(message).containers.at(0).security.privileged, std::nullopt);
  security->set_privileged(false);
  security->set_run_as_user(0);
  const Container container = pod(message).containers.at(0);
  EXPECT_EQ(container.security.privileged, false);
  EXPECT_EQ(container.security.run_as_user, 0);
  EXPECT_EQ(container.security.run_as_non_root, std::nullopt);
}

TEST(ProtobufPod, OldAnnotationsCountAsInJson) {
  wire::Pod message = named();
  (*message.mutable_metadata()->mutable_annotations())["seccomp.security.alpha.kubernetes.io/pod"] =
      "unconfined";
  EXPECT_EQ(pod(message).security.seccomp.type, "Unconfined");
  EXPECT_EQ(pod(message, {.seccomp_annotations = false, .default_namespace = {}}).security.seccomp.type, "");
}

TEST(ProtobufPod, ALongAnnotationLosesItsValue) {
  wire::Pod message = named();
  (*message.mutable_metadata()->mutable_annotations())["big"] = std::string(1U << 20U, 'x');
  EXPECT_EQ(pod(message).metadata.annotations.at("big"), "");
}

TEST(ProtobufPod, BeyondTheBoundsItIsTruncated) {
  wire::Pod message = named();
  for (std::size_t i = 0; i <= kMaxContainers; ++i) message.mutable_spec()->add_containers()->set_name("c");
  for (std::size_t i = 0; i <= kMaxVolumes; ++i) message.mutable_spec()->add_volumes()->set_name("v");
  const Pod it = pod(message);
  EXPECT_TRUE(it.truncated);
  EXPECT_EQ(it.containers.size(), kMaxContainers);
  EXPECT_EQ(it.volumes.size(), kMaxVolumes);
}

TEST(ProtobufPod, ATimeThatIsNoneIsLeftOut) {
  wire::Pod message = named();
  for (const std::int64_t seconds :
       {std::int64_t{-1}, std::int64_t{0}, std::numeric_limits<std::int64_t>::max()}) {
    message.mutable_metadata()->mutable_creation_timestamp()->set_seconds(seconds);
    EXPECT_EQ(pod(message).metadata.created, std::nullopt) << seconds;
  }
}

TEST(ProtobufPod, APodWithoutANameIsAnError) {
  const auto made = ProtobufPodParser().parse("");
  ASSERT_FALSE(made.has_value());
  EXPECT_EQ(made.error().error().message, "metadata.name is null where string was expected");
}

TEST(ProtobufPod, BytesThatAreCutOrNoTextAreAnErrorThatNamesThePod) {
  wire::Pod message = named();
  message.mutable_spec()->set_node_name("node-1");
  std::string cut = message.SerializeAsString();
  cut.pop_back();
  std::string no_text = message.SerializeAsString();
  no_text.replace(no_text.find("node-1"), 1, "\xFF");
  ProtobufPodParser parser;
  for (const std::string& bytes : {cut, no_text}) {
    const auto made = parser.parse(bytes);
    ASSERT_FALSE(made.has_value());
    EXPECT_EQ(made.error().object, "shop/cart");
    EXPECT_EQ(made.error().error().message, "shop/cart: Protobuf was expected, found: other bytes");
  }
  EXPECT_TRUE(parser.parse(message.SerializeAsString()).has_value()) << "the next pod is read";
}

TEST(ProtobufPod, OnlyPodsComeInProtobuf) {
  ObjectParser parser;
  std::vector<cluster::Object> made;
  EXPECT_FALSE(parser.parse_item(cluster::Kind::kRole, "x", kube::Encoding::kProtobuf, made).has_value());
  EXPECT_TRUE(made.empty());
}

}  // namespace
}  // namespace baseline::objects::test
