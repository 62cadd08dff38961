// The forms of a check, by small standards of their own.
#include <gtest/gtest.h>

#include "baseline/evaluate.h"
#include "baseline/standard_loader.h"
#include "evaluate_support.h"

namespace baseline::test {
namespace {

NodeResult judged(const std::string& check, std::string_view facts, const std::string& parameters = "") {
  const auto loaded = load_standard({{"t/standard.yaml", R"(standard: t
version: "1"
title: {en: T, zh: 测试}
sections: [{id: "1.1", title: {en: S, zh: 节}}]
)"},
                                     {"t/1.yaml", R"(requirements:
  - id: 1.1.1
    level: mandatory
    automated: true
    scope: node
    object: kubelet
    title: {en: A, zh: 甲}
    explanation: {en: B, zh: 乙}
    remediation: {en: C, zh: 丙}
)" + parameters + "    check: " + check + "\n"}});
  EXPECT_TRUE(loaded) << loaded.error().front().text();
  if (!loaded) return {};
  ResolvedProfile profile;
  profile.standard = *loaded;
  profile.requirements.push_back({&(*loaded)->requirements.front(), Level::kMandatory, {}});
  return evaluate_node(profile, facts_of(facts), {}, {}).results.front();
}

Status setting(const std::string& component, const std::string& name, const std::string& expect,
               const std::string& flags, const std::string& when = "default") {
  return judged("{setting: {component: " + component + ", name: " + name + ", expect: " + expect +
                    ", when-unset: " + when + "}}",
                "{run: {" + component + ": \"" + flags + "\"}}")
      .status;
}

TEST(Expectation, SetAndUnset) {
  EXPECT_EQ(setting("kubelet", "client-ca-file", "{set: true}", "--client-ca-file=/a"), Status::kPass);
  EXPECT_EQ(setting("kubelet", "client-ca-file", "{set: true}", "--client-ca-file="), Status::kFail);
  EXPECT_EQ(setting("kubelet", "client-ca-file", "{unset: true}", ""), Status::kPass);
  EXPECT_EQ(setting("kubelet", "client-ca-file", "{unset: true}", "--client-ca-file=/a"), Status::kFail);
}

TEST(Expectation, EqualsByType) {
  EXPECT_EQ(setting("kubelet", "anonymous-auth", "{equals: false}", "--anonymous-auth=F"), Status::kPass);
  EXPECT_EQ(setting("kubelet", "event-qps", "{equals: 7}", "--event-qps=07"), Status::kPass);
  EXPECT_EQ(setting("kubelet", "authorization-mode", "{equals: Webhook}", "--authorization-mode=webhook"),
            Status::kFail);
  EXPECT_EQ(
      setting("kubelet", "authorization-mode", "{not-equals: AlwaysAllow}", "--authorization-mode=Webhook"),
      Status::kPass);
  EXPECT_EQ(setting("kubelet", "anonymous-auth", "{equals: false}", "--anonymous-auth=no"), Status::kError);
}

TEST(Expectation, ListsContainAndLack) {
  const auto modes = [](const char* expect, const char* flags) {
    return setting("kube-apiserver", "authorization-mode", expect, flags);
  };
  EXPECT_EQ(modes("{contains: RBAC}", "--authorization-mode=Node,RBAC"), Status::kPass);
  EXPECT_EQ(modes("{contains: RBAC}", "--authorization-mode=NotRBAC"), Status::kFail);
  EXPECT_EQ(modes("{contains: rbac}", "--authorization-mode=RBAC"), Status::kFail);
  EXPECT_EQ(modes("{lacks: AlwaysAllow}", "--authorization-mode=Node"), Status::kPass);
  EXPECT_EQ(modes("{lacks: AlwaysAllow}", ""), Status::kFail);
}

TEST(Expectation, NumbersAndDurationsHaveBounds) {
  EXPECT_EQ(setting("kubelet", "event-qps", "{integer: {min: 1, max: 5}}", "--event-qps=5"), Status::kPass);
  EXPECT_EQ(setting("kubelet", "event-qps", "{integer: {min: 1, max: 5}}", "--event-qps=6"), Status::kFail);
  EXPECT_EQ(setting("kubelet", "event-qps", "{integer: {max: 5}}", "--event-qps=-1"), Status::kPass);
  const auto timeout = [](const char* expect, const char* value) {
    return setting("kube-apiserver", "request-timeout", expect, std::string("--request-timeout=") + value);
  };
  EXPECT_EQ(timeout("{duration: {above: 0s}}", "1ms"), Status::kPass);
  EXPECT_EQ(timeout("{duration: {above: 0s}}", "0"), Status::kFail);
  EXPECT_EQ(timeout("{duration: {min: 1s, max: 5m}}", "300s"), Status::kPass);
  EXPECT_EQ(timeout("{duration: {min: 1s, max: 5m}}", "6m"), Status::kFail);
}

TEST(Expectation, ASubsetIsNotEmpty) {
  const char* expect = "{subset-of: [A, B]}";
  EXPECT_EQ(setting("kubelet", "tls-cipher-suites", expect, "--tls-cipher-suites=B,A"), Status::kPass);
  EXPECT_EQ(setting("kubelet", "tls-cipher-suites", expect, "--tls-cipher-suites=A,C"), Status::kFail);
  EXPECT_EQ(setting("kubelet", "tls-cipher-suites", expect, "", "fail"), Status::kFail);
}

TEST(Expectation, LoopbackAddresses) {
  for (const char* good : {"127.0.0.1", "127.1.2.3", "::1", "localhost"}) {
    EXPECT_EQ(
        setting("kube-scheduler", "bind-address", "{loopback: true}", std::string("--bind-address=") + good),
        Status::kPass)
        << good;
  }
  for (const char* bad : {"0.0.0.0", "::", "10.0.0.1", "12.7.0.1"}) {
    EXPECT_EQ(
        setting("kube-scheduler", "bind-address", "{loopback: true}", std::string("--bind-address=") + bad),
        Status::kFail)
        << bad;
  }
}

TEST(Expectation, WhenUnsetDecidesBeforeTheDefault) {
  EXPECT_EQ(setting("kubelet", "anonymous-auth", "{equals: true}", "", "default"), Status::kPass);
  EXPECT_EQ(setting("kubelet", "anonymous-auth", "{equals: true}", "", "fail"), Status::kFail);
  EXPECT_EQ(setting("kubelet", "anonymous-auth", "{equals: false}", "", "pass"), Status::kPass);
}

TEST(Combination, AllIsTheWorstAndAnyTheBest) {
  const std::string pass = "{setting: {component: kubelet, name: event-qps, expect: {equals: 1}}}";
  const std::string fail = "{setting: {component: kubelet, name: event-qps, expect: {equals: 2}}}";
  const std::string error = "{setting: {component: kubelet, name: client-ca-file, expect: {file: true}}}";
  const std::string none = "{setting: {component: etcd, name: auto-tls, expect: {equals: false}}}";
  const auto status = [](const std::string& check) {
    return judged(check, R"({run: {kubelet: "--event-qps=1 --client-ca-file=/a"}})").status;
  };
  EXPECT_EQ(status("{all: [" + pass + ", " + pass + "]}"), Status::kPass);
  EXPECT_EQ(status("{all: [" + pass + ", " + error + "]}"), Status::kError);
  EXPECT_EQ(status("{all: [" + error + ", " + fail + "]}"), Status::kFail);
  EXPECT_EQ(status("{all: [" + none + ", " + pass + "]}"), Status::kPass);
  EXPECT_EQ(status("{all: [" + none + "]}"), Status::kNotApplicable);
  EXPECT_EQ(status("{any: [" + fail + ", " + pass + "]}"), Status::kPass);
  EXPECT_EQ(status("{any: [" + fail + ", " + error + "]}"), Status::kError);
  EXPECT_EQ(status("{any: [" + fail + ", " + none + "]}"), Status::kFail);
  EXPECT_EQ(status("{any: [" + none + ", " + none + "]}"), Status::kNotApplicable);
}

TEST(Combination, AFailShowsWhatFailedAndAPassShowsAll) {
  const std::string check =
      "{all: [{setting: {component: kubelet, name: event-qps, expect: {equals: 1}}}, {setting: {component: "
      "kubelet, name: "
      "anonymous-auth, expect: {equals: false}}}]}";
  EXPECT_EQ(judged(check, R"({run: {kubelet: "--event-qps=1 --anonymous-auth=false"}})").findings.size(), 2U);
  const NodeResult fail = judged(check, R"({run: {kubelet: "--event-qps=1 --anonymous-auth=true"}})");
  ASSERT_EQ(fail.findings.size(), 1U);
  EXPECT_EQ(english(fail.findings[0].subject), "kubelet --anonymous-auth");
}

TEST(Files, AbsenceIsJudgedAsTheCheckSays) {
  const auto status = [](const char* absent) {
    return judged(std::string("{files: {select: [{well-known: /a}], require: {mode: \"0600\"}, absent: ") +
                      absent + "}}",
                  "{files: {/a: missing}}")
        .status;
  };
  EXPECT_EQ(status("not-applicable"), Status::kNotApplicable);
  EXPECT_EQ(status("fail"), Status::kFail);
  EXPECT_EQ(status("error"), Status::kError);
}

TEST(Files, ALinkIsNamedWithItsEnd) {
  const NodeResult result = judged("{files: {select: [{well-known: /a}], require: {mode: \"0600\"}}}",
                                   R"({files: {/a: "0644 root:root /pki/client-2026-01-02-03-04-05.pem"}})");
  EXPECT_EQ(english(result.findings.at(0).subject), "/a (a link to /pki/client*.pem)");
}

TEST(FeatureGates, EnabledOrNotDisabled) {
  const auto status = [](const char* expect, const char* flags) {
    return judged(std::string(
                      "{feature-gate: {component: kubelet, gate: RotateKubeletServerCertificate, expect: ") +
                      expect + "}}",
                  std::string("{run: {kubelet: {version: \"1.11.0\", flags: \"") + flags + "\"}}}")
        .status;
  };
  EXPECT_EQ(status("enabled", ""), Status::kFail);  // off by default before 1.12
  EXPECT_EQ(status("not-disabled", ""), Status::kPass);
  EXPECT_EQ(status("enabled", "--feature-gates=RotateKubeletServerCertificate=true"), Status::kPass);
  EXPECT_EQ(status("not-disabled", "--feature-gates=RotateKubeletServerCertificate=false"), Status::kFail);
}

TEST(Parameters, TheProfilesValueIsUsed) {
  const std::string declared =
      "    parameters: {least: {type: integer, default: 5, description: {en: a, zh: 一}}}\n";
  const std::string check =
      "{setting: {component: kubelet, name: event-qps, expect: {integer: {min: {parameter: least}}}}}";
  EXPECT_EQ(judged(check, R"({run: {kubelet: "--event-qps=5"}})", declared).status, Status::kPass);
  EXPECT_EQ(judged(check, R"({run: {kubelet: "--event-qps=4"}})", declared).status, Status::kFail);
}

}  // namespace
}  // namespace baseline::test
