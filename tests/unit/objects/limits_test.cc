// What goes beyond a bound of limits.h is refused by name, and what comes after it is read.
#include "objects/limits.h"

#include <gmock/gmock.h>

#include "objects/held_bytes.h"
#include "objects/held_objects.h"
#include "objects/pod.pb.h"
#include "support.h"

namespace baseline::objects::test {
namespace {

using cluster::Kind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string list(std::string_view item, std::size_t count) {
  std::string out = "[";
  for (std::size_t i = 0; i < count; ++i) (out += i == 0 ? "" : ",") += item;
  return out + "]";
}

// {"prefix0": value, …}
std::string map(std::string_view prefix, std::string_view value, std::size_t count) {
  std::string out = "{";
  for (std::size_t i = 0; i < count; ++i) {
    (((((out += i == 0 ? "\"" : ",\"") += prefix) += std::to_string(i)) += "\":") += value);
  }
  return out + "}";
}

std::string object(std::string_view rest, std::string_view metadata = "") {
  return R"({"metadata":{"namespace":"shop","name":"big")" + std::string(metadata) + "}," +
         std::string(rest) + "}";
}

struct Case {
  Kind kind;
  std::string within, beyond, path, expected;
};

void hold_against(const std::vector<Case>& cases) {
  ObjectParser parser;
  std::vector<cluster::Object> out;
  for (const Case& one : cases) {
    EXPECT_TRUE(parser.parse(one.kind, one.within, Padding::kNone, out).has_value())
        << one.within.substr(0, 150);
    const ParseError error = refused(one.kind, one.beyond);
    EXPECT_TRUE(error.is_too_large) << one.beyond.substr(0, 150);
    EXPECT_EQ(error.object, "shop/big");
    EXPECT_EQ(error.path, one.path);
    EXPECT_EQ(error.expected, one.expected);
    EXPECT_FALSE(parser.parse(one.kind, one.beyond, Padding::kNone, out).has_value());
    EXPECT_TRUE(parser.parse(one.kind, one.within, Padding::kNone, out).has_value()) << "the next is read";
  }
}

TEST(Limits, OfLabelsKeysRulesSubjectsAndLists) {
  const auto labels = [](std::size_t count) {
    return object(R"("x":0)", R"(,"labels":)" + map("k", "\"v\"", count));
  };
  const auto annotations = [](std::size_t count) {
    return object(R"("x":0)", R"(,"annotations":)" + map("k", "\"v\"", count));
  };
  const auto data = [](std::size_t count) { return object(R"("data":)" + map("k", "\"v\"", count)); };
  const auto rules = [](std::size_t count) {
    return object(R"("rules":)" + list(R"({"verbs":["get"]})", count));
  };
  const auto words = [](std::size_t count, std::size_t each) {
    return object(R"("rules":)" + list(R"({"resourceNames":)" + list("\"b\"", each) + "}", count));
  };
  const auto subjects = [](std::size_t count) {
    return object(R"("subjects":)" + list(R"({"kind":"User","name":"u"})", count));
  };
  const auto selectors = [](std::size_t count) {
    return object(R"("aggregationRule":{"clusterRoleSelectors":)" + list("{}", count) + "}");
  };
  const auto ports = [](std::size_t count) {
    return object(R"("spec":{"ports":)" + list("{}", count) + "}");
  };
  hold_against({
      {Kind::kService, labels(1'000), labels(1'001), "metadata.labels", "object ≤ 1000"},
      {Kind::kPod, annotations(1'000), annotations(1'001), "metadata.annotations", "object ≤ 1000"},
      {Kind::kConfigMap, data(10'000), data(10'001), "data", "object ≤ 10000"},
      {Kind::kRole, rules(5'000), rules(5'001), "rules", "array ≤ 5000"},
      {Kind::kRole, words(1, 20'000), words(1, 20'001), "rules[0].resourceNames", "array ≤ 20000"},
      {Kind::kRole, words(6, 16'000), words(7, 16'000), "rules[6].resourceNames", "arrays ≤ 100000"},
      {Kind::kRoleBinding, subjects(10'000), subjects(10'001), "subjects", "array ≤ 10000"},
      {Kind::kClusterRole, selectors(100), selectors(101), "aggregationRule.clusterRoleSelectors",
       "array ≤ 100"},
      {Kind::kService, ports(20'000), ports(20'001), "spec.ports", "array ≤ 20000"},
  });
}

TEST(Limits, OfSelectorsAndPolicies) {
  const auto in_spec = [](std::string_view spec) { return object(R"("spec":{)" + std::string(spec) + "}"); };
  const auto values = [&](std::size_t each, std::size_t expressions) {
    return in_spec(R"("podSelector":{"matchExpressions":)" +
                   list(R"({"key":"a","operator":"In","values":)" + list("\"b\"", each) + "}", expressions) +
                   "}");
  };
  const auto parts = [&](std::size_t count) {
    return in_spec(R"("podSelector":{"matchLabels":)" + map("k", "\"v\"", count) + "}");
  };
  const auto rules = [&](std::size_t count) { return in_spec(R"("ingress":)" + list("{}", count)); };
  const auto cilium = [&](std::size_t count) {
    return in_spec(R"("endpointSelector":{"matchLabels":)" + map("k", "\"v\"", count) + "}");
  };
  const auto specs = [](std::size_t count) {
    return object(R"("specs":)" + list(R"({"endpointSelector":{}})", count));
  };
  const auto calico = [&](std::size_t length) {
    return in_spec(R"("selector":"all() )" + std::string(length - 6, ' ') + "\"");
  };
  hold_against({
      {Kind::kNetworkPolicy, values(2'500, 2), values(2'501, 2), "spec.podSelector", "values ≤ 5000"},
      {Kind::kNetworkPolicy, parts(1'000), parts(1'001), "spec.podSelector", "labels, expressions ≤ 1000"},
      {Kind::kNetworkPolicy, rules(5'000), rules(5'001), "spec.ingress", "array ≤ 5000"},
      {Kind::kCiliumNetworkPolicy, cilium(1'000), cilium(1'001), "spec.endpointSelector",
       "labels, expressions ≤ 1000"},
      {Kind::kCiliumNetworkPolicy, specs(200), specs(201), "specs", "array ≤ 200"},
      {Kind::kCalicoNetworkPolicy, calico(65'536), calico(65'537), "spec.selector", "bytes ≤ 65536"},
  });
}

TEST(Limits, OfPodsInBothEncodings) {
  const auto json = [](std::size_t containers, std::size_t each) {
    return object(R"("spec":{"containers":)" +
                  list(R"({"env":)" + list(R"({"name":"a"})", each) + "}", containers) + "}");
  };
  hold_against(
      {{Kind::kPod, json(9, 10'000), json(11, 10'000), "spec.containers[9].env", "arrays ≤ 100000"}});

  wire::Pod pod;
  pod.mutable_metadata()->set_name("big");
  pod.mutable_metadata()->set_namespace_("shop");
  ObjectParser parser;
  std::vector<cluster::Object> out;
  const auto error = [&] {
    const auto read = parser.parse_item(Kind::kPod, pod.SerializeAsString(), kube::Encoding::kProtobuf, out);
    return read ? ParseError{} : read.error();
  };
  for (int i = 0; i < 1'000; ++i) (*pod.mutable_metadata()->mutable_labels())["k" + std::to_string(i)] = "v";
  EXPECT_FALSE(error().is_too_large);
  (*pod.mutable_metadata()->mutable_labels())["one"] = "more";
  EXPECT_EQ(error().path, "metadata.labels");
  pod.mutable_metadata()->clear_labels();
  auto* const container = pod.mutable_spec()->add_containers();
  for (int i = 0; i < 100'000; ++i) container->add_env()->set_name("a");
  EXPECT_FALSE(error().is_too_large);
  container->add_env();
  EXPECT_EQ(error().expected, "arrays ≤ 100000");
  container->clear_env();
  container->set_image(std::string(5U << 20, 'x'));
  EXPECT_TRUE(error().is_too_large);
  EXPECT_EQ(error().object, "shop/big");
}

TEST(Limits, OfDocumentsOfAddOns) {
  const auto rules = [](std::size_t count) {
    return object(R"("spec":{"rules":)" + list("{}", count) + "}");
  };
  hold_against({{Kind::kKyvernoPolicy, rules(1'000), rules(1'001), "spec", "array ≤ 1000"}});
  const auto secret = parsed<cluster::OtherObject>(Kind::kExternalSecret, rules(1));
  EXPECT_TRUE(secret.document["spec"].is_null()) << "that it is there is all that counts";
}

TEST(Limits, AnnotationsAreKeptWhereTheyAreLookedAt) {
  const std::string json = object(R"("spec":{})", R"(,"annotations":{"a":"b"})");
  EXPECT_THAT(parsed<cluster::Pod>(Kind::kPod, json).metadata.annotations, SizeIs(1));
  EXPECT_THAT(parsed<cluster::OtherObject>(Kind::kGatekeeperTemplate, json).metadata.annotations, SizeIs(1));
  EXPECT_THAT(parsed<cluster::Service>(Kind::kService, json).metadata.annotations, IsEmpty());
}

// Objects of about so many bytes.
std::vector<cluster::Object> role(const std::string& ns, const std::string& name, std::size_t bytes = 1'000) {
  cluster::Role role;
  role.metadata.ns = ns;
  role.metadata.name = name;
  role.rules.resize(1);
  role.rules[0].verbs = {std::string(bytes, 'x')};
  std::vector<cluster::Object> out;
  out.emplace_back(std::move(role));
  return out;
}

struct Held : ::testing::Test {
  void add(HeldObjects& held, const std::string& ns, std::size_t count, std::size_t bytes = 1'000) {
    for (std::size_t i = 0; i < count; ++i) {
      auto made = role(ns, "r" + std::to_string(i), bytes);
      held.add(made);
    }
  }
  std::size_t count(const std::string& ns) const {
    std::size_t found = 0;
    for (const auto& one : sink.all<cluster::Role>()) found += one.metadata.ns == ns ? 1 : 0;
    return found;
  }
  std::size_t refused(const std::string& ns) const {
    std::size_t found = 0;
    for (const auto& one : sink.refused) found += one.ns == ns ? one.objects : 0;
    return found;
  }

  RecordingSink sink;
};

TEST_F(Held, OneObjectThatIsTooLargeIsRefusedByName) {
  HeldObjects held(Kind::kRole, kHeldOfKind, sink);
  add(held, "shop", 1, kLargestHeld);
  add(held, "shop", 1);
  EXPECT_GT(held.finish(), 1'000U);
  EXPECT_EQ(count("shop"), 1U);
  EXPECT_THAT(sink.refusals(),
              ElementsAre(HasSubstr("Role shop/r0: What requirements ask of this object takes")));
}

TEST_F(Held, ANamespaceSpendsItsOwnShareAndNobodyElses) {
  HeldObjects held(Kind::kRole, kHeldOfKind, sink);
  add(held, "a", 10, 400'000);  // 4 MiB and no more
  add(held, "b", 1);
  EXPECT_LE(held.finish(), kHeldOfNamespace + 2'000);
  EXPECT_EQ(count("a"), 10U - 0U - refused("a"));
  EXPECT_GE(count("a"), 9U);
  EXPECT_EQ(count("b"), 1U);
  EXPECT_EQ(refused("b"), 0U);
}

TEST_F(Held, WhatIsRefusedIsNamedThreeTimesAndThenCounted) {
  HeldObjects held(Kind::kRole, kHeldOfKind, sink);
  for (int i = 0; i < 10; ++i) held.refuse("shop", "r" + std::to_string(i), {"objects.refused-share", {"1"}});
  held.finish();
  ASSERT_THAT(sink.refused, SizeIs(4));
  EXPECT_EQ(sink.refused[2].name, "r2");
  EXPECT_EQ(sink.refused[3].name, "*");
  EXPECT_EQ(sink.refused[3].objects, 7U);
}

TEST_F(Held, WhereAllWantTooMuchTheLargestGiveWayFirst) {
  HeldObjects held(Kind::kRole, 1U << 20, sink);
  add(held, "small", 5);
  for (const char* ns : {"a", "b", "c"}) add(held, ns, 1'000);
  const std::size_t bytes = held.finish();
  EXPECT_LE(bytes, 1U << 20);
  EXPECT_GE(bytes, 1U << 19);
  EXPECT_EQ(count("small"), 5U);
  for (const char* ns : {"a", "b", "c"}) {
    EXPECT_EQ(count(ns) + refused(ns), 1'000U) << ns;
    EXPECT_GT(count(ns), 100U) << ns;
  }
}

TEST(HeldTotals, EveryKindHasRoomHoweverMuchTheOthersTook) {
  HeldTotal total;
  std::size_t sum = 0;
  for (std::size_t i = 0; i < cluster::kinds().size(); ++i) {
    const std::size_t next = total.of_next();
    EXPECT_GE(next, kHeldAtLeast);
    EXPECT_LE(next, kHeldOfKind);
    total.take(next);
    sum += next;
  }
  EXPECT_LE(sum, kHeldInAll + cluster::kinds().size() * kHeldAtLeast);
}

TEST(HeldBytes, AreNearWhatIsAllocated) {
  const auto bytes = held_bytes(role("shop", "r", 100'000).front());
  EXPECT_GT(bytes, 100'000U);
  EXPECT_LT(bytes, 102'000U);
  EXPECT_EQ(held_bytes(cluster::Pod{}), 0U);
  EXPECT_EQ(held_bytes(cluster::ConfigMap{}), 0U) << "without a suspicious key none is held";
}

}  // namespace
}  // namespace baseline::objects::test
