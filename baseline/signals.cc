#include "baseline/signals.h"

#include <algorithm>

#include "baseline/checks/admission.h"
#include "baseline/checks/authorization.h"
#include "baseline/checks/builtin_functions.h"
#include "baseline/checks/pod_security_config.h"
#include "baseline/node_view.h"

namespace baseline::signals {
namespace {

// Adds a signal when every API server of the node agrees on the answer, and none leaves it open.
template <typename Ask>
void agree(std::vector<std::string>& out, const std::vector<ProcessView>& apiservers, const Ask& ask,
           std::string_view yes, std::string_view no) {
  bool all_yes = true;
  bool any_no = false;
  for (const ProcessView& apiserver : apiservers) {
    const std::optional<bool> answer = ask(apiserver);
    all_yes = all_yes && answer == true;
    any_no = any_no || answer == false;
  }
  if (all_yes) out.emplace_back(yes);
  if (any_no) out.emplace_back(no);
}

void add_pod_security(std::vector<std::string>& out, const std::vector<ProcessView>& apiservers,
                      const CheckContext& context) {
  for (const ProcessView& apiserver : apiservers) {
    const auto defaults = pod_security_defaults(apiserver, context);
    if (defaults && defaults->refuses()) {
      out.push_back(std::string(kPodSecurityDefault) + defaults->enforce);
    } else {
      out.emplace_back(kNoPodSecurityDefault);
    }
    if (!defaults) continue;
    for (const std::string& ns : defaults->exempt_namespaces)
      out.push_back(std::string(kPodSecurityExempt) + ns);
  }
}

}  // namespace

std::vector<std::string> of_node(const NodeView& node) {
  std::vector<std::string> out;
  const auto* apiservers = node.processes("kube-apiserver");
  if (!apiservers) return out;
  const Requirement none;
  const SelectedRequirement selected{&none, Level::kMandatory, {}};
  const CheckContext context{node, selected};

  const auto webhook = [](const ProcessView& apiserver) -> std::optional<bool> {
    const PluginState state = plugin_state("ImagePolicyWebhook", apiserver);
    return state.unknown ? std::nullopt : std::optional(state.enabled);
  };
  agree(out, *apiservers, webhook, kImagePolicyWebhook, kNoImagePolicyWebhook);
  const bool everywhere = std::ranges::all_of(*apiservers, [](const ProcessView& apiserver) {
    const PluginState state = plugin_state("PodSecurityPolicy", apiserver);
    return !state.unknown && state.enabled;
  });
  if (everywhere) out.emplace_back(kPodSecurityPolicy);
  const auto rbac = [&](const ProcessView& apiserver) -> std::optional<bool> {
    const EffectiveValue modes = authorizers(apiserver, context);
    return modes.unknown ? std::nullopt : std::optional(has_item(modes, "RBAC"));
  };
  agree(out, *apiservers, rbac, kRbac, kNoRbac);

  const Status encryption = check_encryption_provider(context, {}).status;
  if (encryption == Status::kPass) out.emplace_back(kEncryptionAtRest);
  if (encryption == Status::kFail) out.emplace_back(kNoEncryptionAtRest);
  const Status anonymous = check_anonymous_auth(context, {}).status;
  if (anonymous == Status::kPass) out.emplace_back(kNoAnonymousRequests);
  if (anonymous == Status::kFail || anonymous == Status::kManual) out.emplace_back(kAnonymousRequests);
  add_pod_security(out, *apiservers, context);
  std::ranges::sort(out);
  const auto equal = std::ranges::unique(out);
  out.erase(equal.begin(), equal.end());
  return out;
}

}  // namespace baseline::signals
