#include "baseline/cluster/object_form.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "object_form_support.h"

namespace baseline {
namespace {

using ::testing::ElementsAre;
using testing::files;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::lines;
using testing::mistakes_in;
using testing::Pass;
using testing::pod;
using ::testing::StartsWith;

const std::string kNonRoot =
    "kinds: [pods], path: \"spec.containers[*].securityContext.runAsNonRoot\", every: {equals: true}";

std::string message(const ObjectResult& result) {
  return render(result.message, Language::kEnglish);
}

struct Case {
  std::string name, form, spec;
  Status status;
};
void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}
class OneObject : public ::testing::TestWithParam<Case> {};

TEST_P(OneObject, ComesToThis) {
  const auto result = Pass("kinds: [pods], " + GetParam().form).see("Pod", pod(GetParam().spec)).finish();
  EXPECT_EQ(result.status, GetParam().status) << message(result) << ::testing::PrintToString(lines(result));
  EXPECT_FALSE(result.message.empty());
}

INSTANTIATE_TEST_SUITE_P(
    All, OneObject,
    ::testing::Values(
        Case{"every_holds", "path: \"spec.l[*].v\", every: {equals: 1}", "{l: [{v: 1}, {v: 1}]}",
             Status::kPass},
        Case{"every_fails", "path: \"spec.l[*].v\", every: {equals: 1}", "{l: [{v: 1}, {v: 2}]}",
             Status::kFail},
        Case{"any_holds", "path: \"spec.l[*].v\", any: {equals: 1}", "{l: [{v: 1}, {v: 2}]}", Status::kPass},
        Case{"any_fails", "path: \"spec.l[*].v\", any: {equals: 1}", "{l: [{v: 3}, {v: 2}]}", Status::kFail},
        Case{"none_holds", "path: \"spec.l[*].v\", none: {equals: 1}", "{l: [{v: 3}, {v: 2}]}",
             Status::kPass},
        Case{"none_fails", "path: \"spec.l[*].v\", none: {equals: 1}", "{l: [{v: 1}, {v: 2}]}",
             Status::kFail},
        // What is not there.
        Case{"absent_fails", "path: spec.v, every: {equals: 1}", "{}", Status::kFail},
        Case{"absent_of_none_fails", "path: spec.v, none: {equals: 1}", "{}", Status::kFail},
        Case{"absent_of_any_fails", "path: spec.v, any: {equals: 1}", "{}", Status::kFail},
        Case{"absent_passes", "path: spec.v, every: {equals: 1}, when-absent: pass", "{}", Status::kPass},
        Case{"absent_not_applicable", "path: spec.v, every: {equals: 1}, when-absent: not-applicable", "{}",
             Status::kNotApplicable},
        Case{"one_absent_left_out", "path: \"spec.l[*].v\", every: {equals: 1}, when-absent: not-applicable",
             "{l: [{v: 1}, {}]}", Status::kPass},
        Case{"one_absent_fails", "path: \"spec.l[*].v\", every: {equals: 1}", "{l: [{v: 1}, {}]}",
             Status::kFail},
        Case{"list_absent_fails", "path: \"spec.l[*].v\", every: {equals: 1}", "{}", Status::kFail},
        Case{"list_empty_fails", "path: \"spec.l[*].v\", every: {equals: 1}", "{l: []}", Status::kFail},
        Case{"one_path_of_two", "paths: [\"spec.l[*].v\", \"spec.m[*].v\"], every: {equals: 1}",
             "{l: [{v: 1}]}", Status::kPass},
        Case{"second_path_counts", "paths: [\"spec.l[*].v\", \"spec.m[*].v\"], every: {equals: 1}",
             "{l: [{v: 1}], m: [{v: 2}]}", Status::kFail},
        // Expectations.
        Case{"set", "path: spec.v, every: {set: true}", "{v: false}", Status::kPass},
        Case{"set_empty", "path: spec.v, every: {set: true}", "{v: \"\"}", Status::kFail},
        Case{"set_absent", "path: spec.v, every: {set: true}", "{}", Status::kFail},
        Case{"unset_absent", "path: spec.v, every: {unset: true}", "{}", Status::kPass},
        Case{"unset_there", "path: spec.v, every: {unset: true}", "{v: {a: 1}}", Status::kFail},
        Case{"none_set", "path: \"spec.l[*].v\", none: {set: true}", "{l: [{}, {v: 1}]}", Status::kFail},
        Case{"not_equals", "path: spec.v, every: {not-equals: latest}", "{v: stable}", Status::kPass},
        Case{"not_equals_fails", "path: spec.v, every: {not-equals: latest}", "{v: latest}", Status::kFail},
        Case{"number_and_text", "path: spec.v, every: {equals: \"1\"}", "{v: 1}", Status::kPass},
        Case{"contains", "path: spec.v, every: {contains: ALL}", "{v: [ALL, X]}", Status::kPass},
        Case{"contains_not", "path: spec.v, every: {contains: ALL}", "{v: [X]}", Status::kFail},
        Case{"contains_key", "path: spec.v, every: {contains: team}", "{v: {team: a}}", Status::kPass},
        Case{"contains_comma", "path: spec.v, every: {contains: b}", "{v: \"a, b\"}", Status::kPass},
        Case{"lacks", "path: spec.v, every: {lacks: ALL}", "{v: [X]}", Status::kPass},
        Case{"lacks_not", "path: spec.v, every: {lacks: ALL}", "{v: [ALL]}", Status::kFail},
        Case{"integer", "path: spec.v, every: {integer: {min: {parameter: least}, max: 9}}", "{v: 3}",
             Status::kPass},
        Case{"integer_low", "path: spec.v, every: {integer: {min: {parameter: least}}}", "{v: 2}",
             Status::kFail},
        Case{"integer_text", "path: spec.v, every: {integer: {max: 9}}", "{v: \"10\"}", Status::kFail},
        Case{"none_integer", "path: spec.v, none: {integer: {min: 5}}", "{v: 4}", Status::kPass},
        Case{"subset", "path: spec.v, every: {subset-of: {parameter: allowed}}", "{v: [a]}", Status::kPass},
        Case{"subset_of_one", "path: spec.v, every: {subset-of: {parameter: allowed}}", "{v: b}",
             Status::kPass},
        Case{"subset_outside", "path: spec.v, every: {subset-of: {parameter: allowed}}", "{v: [a, c]}",
             Status::kFail},
        Case{"subset_empty", "path: spec.v, every: {subset-of: {parameter: allowed}}", "{v: []}",
             Status::kFail},
        Case{"none_of", "path: spec.v, none: {subset-of: {parameter: allowed}}", "{v: a}", Status::kFail},
        // What cannot be compared is never a Pass.
        Case{"map_for_text", "path: spec.v, every: {not-equals: 1}", "{v: {a: 1}}", Status::kError},
        Case{"list_for_text", "path: spec.v, none: {equals: 1}", "{v: [1]}", Status::kError},
        Case{"text_for_number", "path: spec.v, every: {integer: {max: 3}}", "{v: many}", Status::kError},
        Case{"path_through_text", "path: spec.v.w, every: {unset: true}", "{v: text}", Status::kError},
        Case{"list_of_maps", "path: spec.v, every: {lacks: a}", "{v: [{a: 1}]}", Status::kError},
        Case{"any_right_beside_unknown", "path: \"spec.l[*].v\", any: {equals: 1}", "{l: [{v: [1]}, {v: 1}]}",
             Status::kPass},
        Case{"any_unknown", "path: \"spec.l[*].v\", any: {equals: 1}", "{l: [{v: [1]}, {v: 2}]}",
             Status::kError},
        Case{"fail_beside_unknown", "path: \"spec.l[*].v\", every: {equals: 1}", "{l: [{v: [1]}, {v: 2}]}",
             Status::kFail}),
    [](const auto& one) { return one.param.name; });

TEST(ObjectForm, FindingsNameOwnerContainerAndPath) {
  Pass pass(kNonRoot);
  for (const char* name : {"cart-7d9c-a", "cart-7d9c-b"}) {
    pass.see("Pod",
             "{metadata: {namespace: shop, name: " + std::string(name) +
                 ", labels: {pod-template-hash: 7d9c}, ownerReferences: [{kind: ReplicaSet, name: cart-7d9c, "
                 "controller: true}]}, spec: {containers: [{name: web, securityContext: {runAsNonRoot: "
                 "false}}, {name: log}]}}");
  }
  const auto result = pass.finish();
  EXPECT_EQ(result.status, Status::kFail);
  EXPECT_THAT(lines(result), ElementsAre("Fail Deployment shop/cart, container log | true | "
                                         "spec.containers[log].securityContext.runAsNonRoot is not there",
                                         "Fail Deployment shop/cart, container web | true | "
                                         "spec.containers[web].securityContext.runAsNonRoot: false"));
  EXPECT_EQ(result.findings[0].pods, 2);
  EXPECT_EQ(result.findings[0].object, "shop/Deployment/cart");
}

TEST(ObjectForm, SecretsInFieldsThatAreFreeAreHidden) {
  const auto result = Pass("kinds: [pods], path: spec.proxy, every: {equals: x}")
                          .see("Pod", pod("{proxy: \"https://admin:hunter2@example.com\"}"))
                          .finish();
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.status, Status::kError);
  EXPECT_THAT(lines(result)[0], ::testing::Not(HasSubstr("hunter2")));
}

TEST(ObjectForm, PodsThatEndedAndOtherNamespacesAreNotLookedAt) {
  cluster::ClusterContext context;
  context.exclude_namespaces = {"kube-*"};
  Pass pass("kinds: [pods], path: spec.v, every: {equals: 1}", context);
  pass.see("Pod", "{metadata: {namespace: shop, name: a}, spec: {}, status: {phase: Succeeded}}");
  pass.see("Pod", "{metadata: {namespace: kube-system, name: b}, spec: {}}");
  pass.see("Service", "{metadata: {namespace: shop, name: c}}");  // nobody asked
  const auto result = pass.finish();
  EXPECT_EQ(result.status, Status::kNotApplicable);
  EXPECT_EQ(message(result), "There is no object of v1 Pod to look at");
}

TEST(ObjectForm, AnExemptionCoversAsElsewhere) {
  auto profile = testing::profile_with(kNonRoot);
  Exemption exemption;
  exemption.requirements = {"acme"};
  exemption.scope.containers = {"log"};
  exemption.reason = "the old logger";
  profile->exemptions.push_back(exemption);
  Pass covered(profile);
  covered.see("Pod", pod("{containers: [{name: log}]}"));
  EXPECT_EQ(covered.finish().status, Status::kWaived);
  EXPECT_THAT(covered.outcome().used_exemptions, ElementsAre("the old logger"));
  EXPECT_EQ(Pass(profile).see("Pod", pod("{containers: [{name: log}, {name: web}]}")).finish().status,
            Status::kFail);
}

TEST(ObjectForm, NeverAPassWhereTheKindWasNotRead) {
  const std::string good = pod("{containers: [{name: c, securityContext: {runAsNonRoot: true}}]}");
  Pass unread(kNonRoot);
  unread.see("Pod", good);
  EXPECT_EQ(unread.finish(/*all_read=*/false).status, Status::kError);

  Pass broken(kNonRoot);
  broken.see("Pod", good);
  broken.evaluator().documents_unreadable("Pod", phrase("object.not-read", "pods"));
  const auto result = broken.finish();  // a later "read" changes nothing
  EXPECT_EQ(result.status, Status::kError);
  EXPECT_THAT(message(result), StartsWith("The objects of pods were not read"));

  Pass failing(kNonRoot);
  failing.see("Pod", pod("{containers: [{name: c}]}"));
  failing.evaluator().documents_unreadable("Pod", phrase("object.not-read", "pods"));
  EXPECT_EQ(failing.finish().status, Status::kFail);
}

TEST(ObjectForm, AKindThatIsNotServedIsAnAnswerOnlyOfAddOns) {
  const std::string rest = "], path: spec.v, every: {set: true}";
  Pass add_on("kinds: [\"widgets.example.com/v1 Widget\"" + rest);
  add_on.evaluator().documents_not_served("Widget.widgets.example.com");
  const auto absent = add_on.finish(false);
  EXPECT_EQ(absent.status, Status::kNotApplicable);
  EXPECT_EQ(message(absent), "The API server does not have widgets.example.com/v1 Widget");

  Pass mistaken("kinds: [\"apps/v1 Deploymnet\"" + rest);
  mistaken.evaluator().documents_not_served("Deploymnet.apps");
  EXPECT_EQ(mistaken.finish(false).status, Status::kError);

  // Of two kinds the one that is there decides.
  Pass two("kinds: [\"widgets.example.com/v1 Widget\", services" + rest);
  two.evaluator().documents_not_served("Widget.widgets.example.com");
  two.evaluator().documents_read("Service");
  two.see("Service", "{metadata: {name: s, namespace: 'n'}, spec: {v: 1}}");
  EXPECT_EQ(two.finish(false).status, Status::kPass);
}

TEST(ObjectForm, FilesWithoutSuchObjectsAreNotChecked) {
  const auto result = Pass(kNonRoot, files()).finish();
  EXPECT_EQ(result.status, Status::kNotChecked);
  EXPECT_EQ(message(result), "Not checked: no objects of v1 Pod were given");
}

TEST(ObjectForm, InFilesTemplatesStandInForPods) {
  const std::string deployment =
      "{metadata: {name: cart, namespace: shop}, spec: {template: {metadata: {labels: {a: b}}, spec: "
      "{containers: "
      "[{name: web}]}}}}";
  Pass pass(kNonRoot, files());
  pass.see("Deployment.apps", deployment);
  pass.see("CronJob.batch",
           "{metadata: {name: tick}, spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: c, "
           "securityContext: {runAsNonRoot: true}}]}}}}}}");
  const auto result = pass.finish();
  EXPECT_THAT(lines(result), ElementsAre("Fail Deployment shop/cart, container web | true | "
                                         "spec.containers[web].securityContext.runAsNonRoot is not there"));
  EXPECT_EQ(result.findings[0].pods, 0);

  // Its pod is there: that is looked at, and the template is not.
  Pass with_pod(kNonRoot, files());
  with_pod.see("Deployment.apps", deployment);
  with_pod.see(
      "Pod",
      "{metadata: {namespace: shop, name: cart-7d9c-a, labels: {pod-template-hash: 7d9c}, ownerReferences: "
      "[{kind: ReplicaSet, name: cart-7d9c, controller: true}]}, spec: {containers: [{name: web, "
      "securityContext: {runAsNonRoot: true}}]}}");
  EXPECT_EQ(with_pod.finish().status, Status::kPass);

  // A live API server has the pods themselves.
  Pass live(kNonRoot);
  EXPECT_EQ(live.evaluator().document_kinds().size(), 1U);

  // A workload that cannot be parsed leaves its pods unknown.
  Pass broken(kNonRoot, files());
  broken.see("Pod", pod("{containers: [{name: c, securityContext: {runAsNonRoot: true}}]}"));
  broken.evaluator().documents_unreadable("Deployment.apps", phrase("object.not-read", "x"));
  EXPECT_EQ(broken.finish().status, Status::kError);
}

TEST(ObjectForm, CountsKindsThatNobodyElseLooksAt) {
  Pass pass("kinds: [\"apps/v1 Deployment\", services], path: metadata.name, every: {set: true}");
  pass.see("Deployment.apps", "{metadata: {name: a, namespace: 'n'}}");
  pass.see("Service", "{metadata: {name: a, namespace: 'n'}}");
  EXPECT_EQ(pass.finish().status, Status::kPass);
  EXPECT_EQ(pass.outcome().objects, (std::map<std::string, int>{{"Deployment.apps", 1}}));
}

TEST(ObjectForm, AbsurdObjectsAreErrorsOrFailsAndNeverACrash) {
  for (const char* document :
       {"3", "[1, 2]", "text", "{}", "{metadata: 3, spec: [1]}", "{metadata: {labels: 3}}",
        "{metadata: {ownerReferences: 3}, spec: {containers: {name: 3}}}"}) {
    const auto result = Pass(kNonRoot).see("Pod", document).finish();
    EXPECT_TRUE(result.status == Status::kFail || result.status == Status::kError) << document;
  }
  std::string many = "{containers: [";
  for (int i = 0; i < 5000; ++i) many += "{name: c" + std::to_string(i) + "},";
  const auto result = Pass(kNonRoot).see("Pod", pod(many + "]}")).finish();
  EXPECT_EQ(result.findings.size(), 50U);
  EXPECT_EQ(result.more.size(), 4950U);
}

TEST(ObjectForm, CostsNothingWhereNoProfileUsesIt) {
  auto profile = std::make_shared<ResolvedProfile>();
  profile->standard = std::make_shared<Standard>();
  const cluster::ClusterEvaluator evaluator(profile, {}, base::Time{});
  EXPECT_THAT(evaluator.document_kinds(), IsEmpty());
}

TEST(ObjectForm, KindsAreNamedAsManifestsOrRbacNameThem) {
  Pass pass(
      "kinds: [pods, networkpolicies.networking.k8s.io, \"apps/v1 Deployment\", \"v1 Event\", "
      "\"kyverno.io/v1 "
      "ClusterPolicy\"], path: spec.v, every: {set: true}");
  std::map<std::string, bool> optional;
  for (const auto& kind : pass.evaluator().document_kinds()) optional[kind.type()] = kind.optional;
  EXPECT_EQ(optional, (std::map<std::string, bool>{{"v1 Pod", false},
                                                   {"networking.k8s.io/v1 NetworkPolicy", false},
                                                   {"apps/v1 Deployment", false},
                                                   {"v1 Event", false},
                                                   {"kyverno.io/v1 ClusterPolicy", true}}));
}

struct WrongForm {
  std::string form, says;
};
class ObjectFormMistake : public ::testing::TestWithParam<WrongForm> {};

TEST_P(ObjectFormMistake, IsNamed) {
  EXPECT_THAT(mistakes_in(GetParam().form), HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    All, ObjectFormMistake,
    ::testing::Values(
        WrongForm{"path: a, every: {set: true}", "lacks \"kinds\""},
        WrongForm{"kinds: [], path: a, every: {set: true}", "a list of kinds that is not empty"},
        WrongForm{"kinds: [pod], path: a, every: {set: true}", "\"pod\" is no kind"},
        WrongForm{"kinds: [\"apps/v1 deployment\"], path: a, every: {set: true}", "is no kind"},
        WrongForm{"kinds: [\"v1 Secret\"], path: a, every: {set: true}", "Secrets are never read"},
        WrongForm{"kinds: [pods, \"v1 Pod\"], path: a, every: {set: true}", "v1 Pod stands twice"},
        WrongForm{"kinds: [pods], every: {set: true}", "exactly one of path and paths"},
        WrongForm{"kinds: [pods], path: a, paths: [b], every: {set: true}", "exactly one of path and paths"},
        WrongForm{"kinds: [pods], path: \"a[0]\", every: {set: true}", "the path \"a[0]\" cannot be read"},
        WrongForm{"kinds: [pods], path: 3, every: {set: true}", "a path must be a string"},
        WrongForm{"kinds: [pods], path: a", "exactly one of every, any and none"},
        WrongForm{"kinds: [pods], path: a, every: {set: true}, any: {set: true}",
                  "exactly one of every, any and none"},
        WrongForm{"kinds: [pods], path: a, every: {is: 1}", "\"is\" is no expectation"},
        WrongForm{"kinds: [pods], path: a, every: {loopback: true}", "\"loopback\" is for settings"},
        WrongForm{"kinds: [pods], path: a, every: {duration: {min: 3s}}", "\"duration\" is for settings"},
        WrongForm{"kinds: [pods], path: a, every: {equals: [1]}", "takes a string, a number, true or false"},
        WrongForm{"kinds: [pods], path: a, every: {equals: {parameter: other}}",
                  "declares no parameter \"other\""},
        WrongForm{"kinds: [pods], path: a, every: {subset-of: {parameter: least}}", "of another type"},
        WrongForm{"kinds: [pods], path: a, every: {set: true}, when-absent: pass", "does not go with set"},
        WrongForm{"kinds: [pods], path: a, every: {equals: 1}, when-absent: error",
                  "one of fail, pass, not-applicable"},
        WrongForm{"kinds: [pods], path: a, every: {equals: 1}, where: b", "\"where\" is no key of object"}));

}  // namespace
}  // namespace baseline
