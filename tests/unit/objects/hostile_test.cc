#include <gmock/gmock.h>

#include "baseline/cluster/object_check.h"
#include "support.h"

namespace baseline::objects::test {
namespace {

using cluster::Kind;
using cluster::Pod;
using ::testing::HasSubstr;

std::string repeated(std::string_view item, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += (i == 0 ? "" : ",") + std::string(item);
  return out;
}

TEST(Hostile, AWrongTypeThatCouldHideAFailIsAnErrorNamingThePlace) {
  struct Case {
    Kind kind;
    std::string json, path, expected, found;
  };
  const auto in_pod = [](std::string_view spec) { return pod_json(spec); };
  const std::vector<Case> cases = {
      {Kind::kPod, in_pod(R"({"hostNetwork":"true"})"), "spec.hostNetwork", "boolean", "string"},
      {Kind::kPod, in_pod(R"({"containers":{"name":"a"}})"), "spec.containers", "array", "object"},
      {Kind::kPod, in_pod(R"({"containers":[{"name":"a"},{"securityContext":{"privileged":1}}]})"),
       "spec.containers[1].securityContext.privileged", "boolean", "number"},
      {Kind::kPod, in_pod(R"({"containers":[{"securityContext":{"runAsUser":"0"}}]})"),
       "spec.containers[0].securityContext.runAsUser", "integer", "string"},
      {Kind::kPod, in_pod(R"({"containers":[{"securityContext":{"capabilities":{"add":"ALL"}}}]})"),
       "spec.containers[0].securityContext.capabilities.add", "array", "string"},
      {Kind::kPod, in_pod(R"({"containers":[{"ports":[{"containerPort":80,"hostPort":99999999999}]}]})"),
       "spec.containers[0].ports[0].hostPort", "32-bit integer", "number"},
      {Kind::kPod, in_pod(R"({"containers":[{"resources":{"limits":{"cpu":[]}}}]})"),
       "spec.containers[0].resources.limits.cpu", "quantity", "array"},
      {Kind::kPod, in_pod("[]"), "spec", "object", "array"},
      {Kind::kPod, R"({"metadata":{"name":"x","labels":{"a.b/c":1}}})", R"(metadata.labels["a.b/c"])",
       "string", "number"},
      {Kind::kPod, R"({"metadata":{"name":"x","labels":["a"]}})", "metadata.labels", "object", "array"},
      {Kind::kPod, R"({"metadata":{"namespace":"n"}})", "metadata.name", "string", "null"},
      {Kind::kPod, R"({"metadata":{"name":7}})", "metadata.name", "string", "number"},
      {Kind::kPod, "{}", "metadata.name", "string", "null"},
      {Kind::kPod, "[1]", "", "object", "array"},
      {Kind::kRole, R"({"metadata":{"name":"x"},"rules":[{"verbs":"*"}]})", "rules[0].verbs", "array",
       "string"},
      {Kind::kRoleBinding, R"({"metadata":{"name":"x"},"subjects":{}})", "subjects", "array", "object"},
      {Kind::kConfigMap, R"({"metadata":{"name":"x"},"data":{"password":{}}})", "data.password", "string",
       "object"},
  };
  for (const Case& one : cases) {
    const ParseError error = refused(one.kind, one.json);
    EXPECT_EQ(error.path, one.path) << one.json;
    EXPECT_EQ(error.expected, one.expected) << one.json;
    EXPECT_EQ(error.found, one.found) << one.json;
  }
}

TEST(Hostile, TheErrorIsASentence) {
  const ParseError error = refused(Kind::kPod, pod_json(R"({"hostNetwork":"true"})"));
  EXPECT_EQ(error.object, "shop/cart");
  EXPECT_EQ(error.error().text(), "shop/cart: spec.hostNetwork is string where boolean was expected");
}

TEST(Hostile, TextsThatAreNoJson) {
  for (const std::string_view json : {"", "{", R"({"metadata":{"name":"x"})", "nonsense",
                                      "{\"a\":\"\xff\xfe\"}", R"({"metadata":{"name":"x"}} trailing)"}) {
    EXPECT_EQ(refused(Kind::kPod, json).expected, "JSON") << json;
  }
}

TEST(Hostile, NestingTooDeepIsAnErrorThatStillNamesTheObject) {
  std::string json = R"({"metadata":{"namespace":"shop","name":"deep"},"spec":)";
  json += std::string(100'000, '[') + std::string(100'000, ']') + "}";
  const ParseError error = refused(Kind::kKyvernoClusterPolicy, json);
  EXPECT_EQ(error.object, "shop/deep");
  EXPECT_EQ(error.expected, "JSON, depth ≤ 128");
  EXPECT_TRUE(error.is_too_large);
}

TEST(Hostile, AfterABrokenTextTheNextIsRead) {
  ObjectParser parser;
  std::vector<cluster::Object> out;
  EXPECT_FALSE(parser.parse(Kind::kPod, R"({"metadata":{"name":7}})", Padding::kNone, out).has_value());
  EXPECT_FALSE(parser.parse(Kind::kPod, "{{{", Padding::kNone, out).has_value());
  EXPECT_TRUE(parser.parse(Kind::kPod, R"({"metadata":{"name":"x"}})", Padding::kNone, out).has_value());
  EXPECT_EQ(out.size(), 1U);
}

TEST(Hostile, LargeAnnotationsAreNamedAndNotKept) {
  const Pod it =
      parsed<Pod>(Kind::kPod, pod_json("{}", R"({"big":")" + std::string(1U << 20, 'x') + R"(","fits":")" +
                                                 std::string(4096, 'y') + R"("})"));
  EXPECT_EQ(it.metadata.annotations.at("big"), "");
  EXPECT_EQ(it.metadata.annotations.at("fits").size(), 4096U);
}

TEST(Hostile, HarmlessNonsenseIsLeftOut) {
  const Pod it = parsed<Pod>(
      Kind::kPod,
      R"({"metadata":{"name":"x","annotations":7,"creationTimestamp":"yesterday"},"spec":{"unknown":[[]]}})");
  EXPECT_TRUE(it.metadata.annotations.empty());
  EXPECT_EQ(it.metadata.created, std::nullopt);
}

TEST(Hostile, NullsAreAbsent) {
  const Pod it = parsed<Pod>(
      Kind::kPod,
      R"({"metadata":{"name":"x","labels":null,"ownerReferences":null},"spec":{"hostNetwork":null,"containers":[null,
        {"name":null,"env":null,"securityContext":{"privileged":null}}],"volumes":null},"status":null})");
  EXPECT_FALSE(it.host_network);
  ASSERT_EQ(it.containers.size(), 2U);
  EXPECT_EQ(it.containers[1].security.privileged, std::nullopt);
}

TEST(Hostile, FiveThousandContainersAndVolumesAndThenSome) {
  const auto of = [](int containers, int volumes) {
    return parsed<Pod>(Kind::kPod,
                       pod_json(R"({"containers":[)" + repeated(R"({"name":"c"})", containers) +
                                R"(],"volumes":[)" + repeated(R"({"name":"v"})", volumes) + "]}"));
  };
  const Pod full = of(5'000, 5'000);
  EXPECT_EQ(full.containers.size(), 5'000U);
  EXPECT_EQ(full.volumes.size(), 5'000U);
  EXPECT_FALSE(full.truncated);
  EXPECT_EQ(of(5'001, 1).containers.size(), 5'000U);
  EXPECT_TRUE(of(5'001, 1).truncated);
  EXPECT_TRUE(of(1, 5'001).truncated);
}

TEST(Hostile, AnOwnerThatIsItself) {
  const Pod it = parsed<Pod>(Kind::kPod, R"({"metadata":{"name":"x",
    "ownerReferences":[{"kind":"Pod","name":"x","controller":true}]}})");
  EXPECT_EQ(it.metadata.controller_kind, "Pod");
  EXPECT_EQ(it.metadata.controller_name, "x");
}

// Owners are told by what a pod says of its own: nothing is followed, so a circle has no end to look for.
TEST(Hostile, OwnersInACircleAreOneStepEach) {
  const auto owned = [](const std::string& name, const std::string& owner) {
    return parsed<Pod>(Kind::kPod, R"({"metadata":{"namespace":"shop","name":")" + name +
                                       R"(","ownerReferences":[{"kind":"Pod","name":")" + owner +
                                       R"(","controller":true}]}})");
  };
  const std::vector<Pod> pods{owned("a", "b"), owned("b", "c"), owned("c", "a")};
  std::vector<std::string> names;
  for (const Pod& pod : pods) names.push_back(cluster::workload_of(pod).name);
  EXPECT_THAT(names, ::testing::ElementsAre("b", "c", "a"));
}

// The API refuses such labels; a manifest and a server of another make may hold them. They are texts like
// others.
TEST(Hostile, LabelsThatAreNoLabelsAreKeptAsTheyAre) {
  const std::string longest(100'000, 'l');
  const Pod it = parsed<Pod>(Kind::kPod, R"({"metadata":{"name":"x","labels":{"":"", "a b/c/d":"\u0000\n",
    "-x-":"空","twice":"1","twice":"2",")" + longest +
                                             R"(":")" + longest + R"("}}})");
  EXPECT_EQ(it.metadata.labels.size(), 5U);
  EXPECT_EQ(it.metadata.labels.at(""), "");
  EXPECT_EQ(it.metadata.labels.at("a b/c/d"), std::string("\0\n", 2));
  EXPECT_EQ(it.metadata.labels.at("twice"), "2") << "the last one counts, as for the API";
  EXPECT_EQ(it.metadata.labels.at(longest), longest);
}

TEST(Hostile, AKeyOfAMegabyteDoesNotFillTheMessage) {
  const ParseError error = refused(
      Kind::kConfigMap, R"({"metadata":{"name":"x"},"data":{")" + std::string(1U << 20, 'k') + R"(":1}})");
  EXPECT_LT(error.path.size(), 200U);
  EXPECT_THAT(error.path, HasSubstr("data.kkk"));
}

}  // namespace
}  // namespace baseline::objects::test
