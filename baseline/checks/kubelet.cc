#include <algorithm>
#include <cctype>

#include "base/go_scalar.h"
#include "baseline/checks/builtin_functions.h"
#include "baseline/checks/expectation.h"

// The kubelet's read-only port (5.6.2.1) and its serving certificate (5.6.2.3, 5.6.2.6).
namespace baseline {
namespace {

constexpr std::uint32_t kReadOnlyPort = 10255;
constexpr std::string_view kGate = "RotateKubeletServerCertificate";

CheckOutcome judge_port(const ProcessView& kubelet) {
  const Phrase subject = setting_subject("kubelet", "read-only-port");
  const Phrase expected = phrase("expected.equals", "0");
  const bool listens = std::ranges::any_of(
      kubelet.fact->listening(), [](const facts::Socket& socket) { return socket.port() == kReadOnlyPort; });
  if (listens) {
    const std::string port = std::to_string(kReadOnlyPort);
    return outcome(Status::kFail, phrase("kubelet.port-open", port), subject, expected,
                   phrase("actual.port-open", port));
  }
  const EffectiveValue value = setting_of(kubelet, "read-only-port");
  if (value.unknown) return outcome(Status::kError, *value.unknown, subject, expected, *value.unknown);
  return outcome(value.text == "0" ? Status::kPass : Status::kFail,
                 value_sentence(value, "kubelet", "--read-only-port"), subject, expected,
                 value_phrase(value));
}

// The kubelet's own makeshift certificate is issued by "NAME-ca@TIME"; any other self-signed one by itself.
bool is_self_signed(const facts::Certificate& one) {
  if (!one.subject().empty() && one.subject() == one.issuer()) return true;
  const std::size_t mark = one.issuer().rfind("-ca@");
  return mark != std::string::npos && mark + 4 < one.issuer().size() &&
         std::ranges::all_of(std::string_view(one.issuer()).substr(mark + 4),
                             [](unsigned char c) { return std::isdigit(c) != 0; });
}

struct ServingCertificate {
  EffectiveValue certificate, key;
  bool given() const { return certificate.is_set() && key.is_set(); }
};

ServingCertificate own_certificate(const ProcessView& kubelet) {
  return {setting_of(kubelet, "tls-cert-file"), setting_of(kubelet, "tls-private-key-file")};
}

// Whether certificate and key are there and not self-signed.
CheckOutcome judge_own(const ServingCertificate& own, const ProcessView& kubelet,
                       const CheckContext& context) {
  const Phrase expected = phrase("expected.serving-certificate");
  const std::string& path = own.certificate.text;
  for (const EffectiveValue* value : {&own.certificate, &own.key}) {
    const Judgement there = judge_named_file(value->text, kubelet, context);
    const std::string_view flag = value == &own.key ? "tls-private-key-file" : "tls-cert-file";
    if (there.status != Status::kPass) {
      return outcome(there.status, there.actual, setting_subject("kubelet", flag), expected, there.actual);
    }
  }
  const Phrase subject = setting_subject("kubelet", "tls-cert-file");
  const auto chain = context.node.certificates(path, kubelet.viewer);
  const facts::Certificate* leaf = nullptr;
  for (const facts::Certificate* one : chain) {
    if (one->index() == 0) leaf = one;
  }
  if (!leaf || !leaf->error().empty()) {
    const Phrase reason =
        leaf ? phrase("unknown.certificate", path, leaf->error()) : phrase("unknown.certificates", path);
    return outcome(Status::kError, reason, subject, expected, reason);
  }
  if (is_self_signed(*leaf)) {
    return outcome(Status::kFail, phrase("kubelet.certificate-self-signed", path), subject, expected,
                   phrase("kubelet.certificate-self-signed", path));
  }
  return outcome(Status::kPass, phrase("kubelet.certificate-own", path), subject, expected,
                 value_phrase(own.certificate));
}

CheckOutcome judge_gate(const ProcessView& kubelet) {
  const Phrase subject = phrase("subject.gate", "kubelet", kGate);
  const Phrase expected = phrase("expected.not-disabled");
  const EffectiveValue gate = effective_gate(kubelet, *kubelet.component->gate(kGate));
  if (gate.unknown) return outcome(Status::kError, *gate.unknown, subject, expected, *gate.unknown);
  const bool off = gate.is_set() && !base::parse_go_bool(gate.text).value_or(false);
  return outcome(off ? Status::kFail : Status::kPass, value_sentence(gate, "kubelet", kGate), subject,
                 expected, value_phrase(gate));
}

CheckOutcome judge_rotation(const ProcessView& kubelet) {
  const Phrase subject = setting_subject("kubelet", "rotate-server-certificates");
  const Phrase expected = phrase("expected.equals", "true");
  const EffectiveValue rotate = setting_of(kubelet, "rotate-server-certificates");
  if (rotate.unknown) return outcome(Status::kError, *rotate.unknown, subject, expected, *rotate.unknown);
  const bool on = base::parse_go_bool(rotate.text).value_or(false);
  return outcome(on ? Status::kPass : Status::kFail,
                 value_sentence(rotate, "kubelet", "--rotate-server-certificates"), subject, expected,
                 value_phrase(rotate));
}

CheckOutcome judge_serving(const ProcessView& kubelet, const CheckContext& context) {
  const ServingCertificate own = own_certificate(kubelet);
  const Phrase subject = setting_subject("kubelet", "tls-cert-file");
  const Phrase expected = phrase("expected.serving-certificate");
  for (const EffectiveValue* value : {&own.certificate, &own.key}) {
    if (value->unknown) return outcome(Status::kError, *value->unknown, subject, expected, *value->unknown);
  }
  if (own.given()) return judge_own(own, kubelet, context);
  CheckOutcome rotation = all_of({judge_gate(kubelet), judge_rotation(kubelet)});
  if (rotation.status == Status::kFail) rotation.message = phrase("kubelet.certificate-makeshift");
  if (rotation.status == Status::kPass) rotation.message = phrase("kubelet.certificate-rotated");
  return rotation;
}

CheckOutcome judge_server_rotation(const ProcessView& kubelet) {
  const ServingCertificate own = own_certificate(kubelet);
  CheckOutcome gate = judge_gate(kubelet);
  if (own.given()) {
    if (gate.status != Status::kPass) return gate;
    CheckOutcome result = outcome(Status::kPass, phrase("kubelet.rotation-own", own.certificate.text),
                                  setting_subject("kubelet", "tls-cert-file"),
                                  phrase("expected.serving-certificate"), value_phrase(own.certificate));
    std::ranges::move(gate.findings, std::back_inserter(result.findings));
    return result;
  }
  return all_of({std::move(gate), judge_rotation(kubelet)});
}

}  // namespace

CheckOutcome check_read_only_port(const CheckContext& context, const BuiltinCheck&) {
  return each_process("kubelet", context, judge_port);
}

CheckOutcome check_serving_certificate(const CheckContext& context, const BuiltinCheck&) {
  return each_process("kubelet", context,
                      [&](const ProcessView& kubelet) { return judge_serving(kubelet, context); });
}

CheckOutcome check_server_rotation(const CheckContext& context, const BuiltinCheck&) {
  return each_process("kubelet", context, judge_server_rotation);
}

}  // namespace baseline
