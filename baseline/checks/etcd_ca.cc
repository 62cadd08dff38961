#include <set>

#include "baseline/checks/builtin_functions.h"
#include "baseline/checks/expectation.h"

// 5.4.2.7: whoever holds a client certificate of the cluster's CA must not thereby reach etcd.
namespace baseline {
namespace {

struct Authority {
  EffectiveValue value;
  std::set<std::string> fingerprints;
  std::optional<Phrase> wrong;  // why there are no fingerprints
  Status status = Status::kPass;
};

Authority authority(const ProcessView& process, std::string_view flag, const CheckContext& context) {
  Authority result;
  const auto fail_with = [&](Status status, Phrase reason) {
    result.status = status;
    result.wrong = std::move(reason);
    return result;
  };
  result.value = setting_of(process, flag);
  if (result.value.unknown) return fail_with(Status::kError, *result.value.unknown);
  const std::string& component = process.component->name;
  if (!result.value.is_set()) {
    return fail_with(Status::kFail, value_sentence(result.value, component, "--" + std::string(flag)));
  }
  const std::string& path = result.value.text;
  const Judgement there = judge_named_file(path, process, context);
  if (there.status != Status::kPass) return fail_with(there.status, there.actual);
  for (const facts::Certificate* one : context.node.certificates(path, process.viewer)) {
    if (!one->error().empty())
      return fail_with(Status::kError, phrase("unknown.certificate", path, one->error()));
    if (!one->sha256().empty()) result.fingerprints.insert(one->sha256());
  }
  if (result.fingerprints.empty()) return fail_with(Status::kError, phrase("unknown.certificates", path));
  return result;
}

CheckOutcome judge_pair(const ProcessView& etcd, const ProcessView& apiserver, const CheckContext& context) {
  const Phrase subject = setting_subject("etcd", "trusted-ca-file");
  const Phrase expected = phrase("expected.separate-ca");
  const Authority trusted = authority(etcd, "trusted-ca-file", context);
  if (trusted.wrong) return outcome(trusted.status, *trusted.wrong, subject, expected, *trusted.wrong);
  const Authority clients = authority(apiserver, "client-ca-file", context);
  if (clients.status == Status::kError)
    return outcome(Status::kError, *clients.wrong, subject, expected, *clients.wrong);
  for (const std::string& fingerprint : trusted.fingerprints) {
    if (clients.fingerprints.contains(fingerprint)) {
      return outcome(Status::kFail, phrase("etcd-ca.same", trusted.value.text, clients.value.text), subject,
                     expected, phrase("actual.fingerprint", trusted.value.text, fingerprint));
    }
  }
  return outcome(Status::kPass, phrase("etcd-ca.separate", trusted.value.text, clients.value.text), subject,
                 expected, phrase("actual.fingerprint", trusted.value.text, *trusted.fingerprints.begin()));
}

}  // namespace

CheckOutcome check_etcd_separate_ca(const CheckContext& context, const BuiltinCheck&) {
  return each_process("etcd", context, [&](const ProcessView& etcd) {
    const auto* servers = context.node.processes("kube-apiserver");
    const Phrase subject = setting_subject("etcd", "trusted-ca-file");
    const Phrase expected = phrase("expected.separate-ca");
    if (!servers) {
      const auto unknown = context.node.absence_unknown("kube-apiserver");
      if (unknown) return outcome(Status::kError, *unknown, subject, expected, *unknown);
      const Authority trusted = authority(etcd, "trusted-ca-file", context);
      if (trusted.wrong) return outcome(trusted.status, *trusted.wrong, subject, expected, *trusted.wrong);
      return outcome(Status::kManual, phrase("etcd-ca.no-apiserver", trusted.value.text), subject, expected,
                     phrase("actual.fingerprint", trusted.value.text, *trusted.fingerprints.begin()));
    }
    std::vector<CheckOutcome> outcomes;
    for (const ProcessView& apiserver : *servers) outcomes.push_back(judge_pair(etcd, apiserver, context));
    return all_of(std::move(outcomes));
  });
}

}  // namespace baseline
