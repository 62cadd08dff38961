#include "baseline/checks/admission.h"
#include "baseline/checks/builtin_functions.h"

namespace baseline {

// 5.1.2.17 asks for SecurityContextDeny only where nothing stronger, PodSecurityPolicy, does its work.
CheckOutcome check_security_context_deny(const CheckContext& context, const BuiltinCheck&) {
  return each_process("kube-apiserver", context, [&](const ProcessView& apiserver) {
    const Phrase subject = phrase("subject.plugin", "SecurityContextDeny");
    const Phrase expected = phrase("expected.enabled");
    const PluginState policy = plugin_state("PodSecurityPolicy", apiserver);
    const PluginState deny = plugin_state("SecurityContextDeny", apiserver);
    for (const PluginState* state : {&policy, &deny}) {
      if (state->unknown) return outcome(Status::kError, *state->unknown, subject, expected, *state->unknown);
    }
    if (policy.enabled) return not_applicable(phrase("plugin.psp-instead"));
    return outcome(deny.enabled ? Status::kPass : Status::kFail,
                   plugin_sentence("SecurityContextDeny", deny, apiserver), subject, expected,
                   plugin_phrase(deny, apiserver));
  });
}

// 5.1.2.21: the standard asks for DenyServiceExternalIPs to be off; a profile may ask for the stricter
// practice.
CheckOutcome check_external_ips(const CheckContext& context, const BuiltinCheck& check) {
  const std::string wanted = context.value(*check.argument("expect")).as_string();
  return each_process("kube-apiserver", context, [&](const ProcessView& apiserver) {
    const Phrase subject = phrase("subject.plugin", "DenyServiceExternalIPs");
    if (wanted != "required" && wanted != "forbidden") {
      const Phrase reason = phrase("unknown.external-ips-parameter", wanted);
      return outcome(Status::kError, reason, subject, phrase("expected.enabled-or-disabled"), reason);
    }
    const bool required = wanted == "required";
    const Phrase expected = required ? phrase("expected.enabled") : phrase("expected.disabled");
    const PluginState state = plugin_state("DenyServiceExternalIPs", apiserver);
    if (state.unknown) return outcome(Status::kError, *state.unknown, subject, expected, *state.unknown);
    Phrase message =
        required ? (state.enabled ? phrase("external-ips.required-on") : phrase("external-ips.required-off"))
                 : (state.enabled ? phrase("external-ips.on") : phrase("external-ips.off"));
    return outcome(state.enabled == required ? Status::kPass : Status::kFail, std::move(message), subject,
                   expected, plugin_phrase(state, apiserver));
  });
}

}  // namespace baseline
