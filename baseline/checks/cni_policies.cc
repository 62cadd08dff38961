#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "baseline/checks/builtin_functions.h"
#include "baseline/text.h"

// 5.8.2.1: the network plugin that this node uses enforces network policies.
namespace baseline {
namespace {

// Plugins that adjust what another one set up, and change nothing about policies.
constexpr auto kHelpers =
    std::to_array<std::string_view>({"bandwidth", "firewall", "portmap", "sbr", "tuning", "vrf"});
// Known to enforce none, and to be run without anything that does unless that shows in the chain. Others,
// such as bridge and ptp, are used by network solutions whose own daemon enforces policies.
constexpr std::string_view kEnforcesNone = "flannel";

bool is_helper(const std::string& plugin) {
  return std::ranges::find(kHelpers, plugin) != kHelpers.end();
}

CheckOutcome error(const Phrase& subject, const Phrase& reason) {
  return outcome(Status::kError, reason, subject, phrase("cni.expected"), reason);
}

// Why it is not known which network is in use.
std::optional<Phrase> unknown(const CheckContext& context, const facts::Cni& cni) {
  if (const auto* trouble = context.node.error("cni"))
    return phrase("cni.unreadable", trouble->subject(), trouble->reason());
  for (const facts::Directory& folder : context.node.facts().directories()) {
    if (folder.path() != cni.conf_dir()) continue;
    if (folder.presence() == facts::UNREADABLE || (folder.presence() == facts::PRESENT && !folder.complete()))
      return phrase("cni.unreadable", folder.path(), folder.error());
  }
  if (cni.networks().empty() || !cni.networks(0).plugins().empty()) return std::nullopt;
  const std::string& path = cni.networks(0).path();
  for (const facts::ConfigFile& file : context.node.facts().configs()) {
    if (file.path() == path && !file.error().empty()) return phrase("cni.unreadable", path, file.error());
  }
  return phrase("cni.unreadable", path, "plugins: []");
}

// k3s brings a controller that enforces policies beside its flannel.
Status status_of(const std::vector<std::string>& plugins, const std::vector<std::string>& enforcing,
                 bool k3s) {
  const auto enforces = [&](const std::string& one) {
    return std::ranges::find(enforcing, one) != enforcing.end();
  };
  const bool rest_helps = std::all_of(plugins.begin() + 1, plugins.end(), is_helper);
  if (rest_helps && enforces(plugins.front())) return Status::kPass;
  return rest_helps && plugins.front() == kEnforcesNone && !k3s ? Status::kFail : Status::kManual;
}

}  // namespace

CheckOutcome check_cni_policies(const CheckContext& context, const BuiltinCheck& check) {
  const facts::Cni& cni = context.node.facts().cni();
  if (cni.networks().empty() && !context.node.processes("kubelet")) {
    CheckOutcome away = absent("kubelet", context);
    if (away.status == Status::kNotApplicable) return away;
  }
  const Phrase folder = phrase("cni.subject-folder", cni.conf_dir());
  if (cni.conf_dir().empty()) return error(folder, phrase("cni.no-folder"));
  if (const auto reason = unknown(context, cni)) return error(folder, *reason);
  if (cni.networks().empty()) return not_applicable(phrase("cni.no-network", cni.conf_dir()));

  const facts::CniNetwork& network = cni.networks(0);
  const std::vector<std::string> plugins(network.plugins().begin(), network.plugins().end());
  std::vector<std::string> enforcing;
  for (const base::Value& one : context.value(*check.argument("enforcing-plugins")).items())
    enforcing.push_back(one.as_string());
  const Status status = status_of(plugins, enforcing, context.node.runs_bundle("k3s"));
  const std::string all = join(plugins, ", ");
  const std::string& name = network.name().empty() ? network.path() : network.name();
  Phrase message = status == Status::kPass   ? phrase("cni.pass", name, plugins.front())
                   : status == Status::kFail ? phrase("cni.fail", name, all)
                                             : phrase("cni.manual", name, all);
  return outcome(status, std::move(message), phrase("cni.subject", network.path()), phrase("cni.expected"),
                 phrase("cni.actual", all));
}

}  // namespace baseline
