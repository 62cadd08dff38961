#include "baseline/cluster/withheld_fields.h"

#include <algorithm>
#include <array>
#include <vector>

namespace baseline::cluster {
namespace {

using Keys = std::span<const std::string_view>;

enum class Where { kAnywhere, kAtTheTop };
enum class Part { kAll, kBelow };  // the field that the steps lead to as well, or only what it holds

struct Rule {
  std::string_view what;
  std::array<std::string_view, 4> steps;  // the unused ones empty; "*" is each item or member
  Part part;
  Where where = Where::kAnywhere;
  std::string_view kind{};  // empty: of every kind
};

constexpr std::string_view kArguments = "command lines";
constexpr std::string_view kParameters = "parameters that may hold credentials";
constexpr std::string_view kData = "the values of data";

constexpr std::array kRules{
    Rule{"the values of ConfigMaps", {"data"}, Part::kBelow, Where::kAtTheTop, "ConfigMap"},
    Rule{"the values of ConfigMaps", {"binaryData"}, Part::kBelow, Where::kAtTheTop, "ConfigMap"},
    Rule{"the values of environment variables", {"env", "*", "value"}, Part::kAll},
    Rule{kArguments, {"command"}, Part::kAll},
    Rule{kArguments, {"args"}, Part::kAll},
    Rule{"the values of HTTP headers", {"httpHeaders", "*", "value"}, Part::kAll},
    // kubectl's holds the whole object.
    Rule{"the values of annotations", {"annotations"}, Part::kBelow},
    Rule{"the attributes of volumes", {"volumeAttributes"}, Part::kBelow},
    Rule{"the options of volumes", {"flexVolume", "options"}, Part::kBelow},
    // A ControllerRevision holds a pod template, and what others keep there is not known.
    Rule{kData, {"data"}, Part::kBelow, Where::kAtTheTop},
    Rule{kData, {"binaryData"}, Part::kBelow},
    Rule{kData, {"stringData"}, Part::kBelow},
    Rule{kData, {"template", "data"}, Part::kBelow},
    Rule{kParameters,
         {"spec", "parameters"},
         Part::kBelow,
         Where::kAtTheTop,
         "SecretProviderClass.secrets-store.csi.x-k8s.io"},
    Rule{kParameters,
         {"spec", "parameters"},
         Part::kBelow,
         Where::kAtTheTop,
         "Store.config.ratify.deislabs.io"},
    Rule{kParameters,
         {"spec", "parameters"},
         Part::kBelow,
         Where::kAtTheTop,
         "Verifier.config.ratify.deislabs.io"},
};

// Annotations that Kubernetes itself has published, with values that say nothing else.
constexpr std::array<std::string_view, 4> kPublishedAnnotations{
    "container.apparmor.security.beta.kubernetes.io/", "container.seccomp.security.alpha.kubernetes.io/",
    "seccomp.security.alpha.kubernetes.io/", "pod-security.kubernetes.io/"};

// Groups of which every kind is known: those of Kubernetes, and Gatekeeper's constraints, which are policies
// and have parameters of all names.
bool is_known_group(std::string_view group) {
  return !group.contains('.') || group.ends_with(".k8s.io") || group == "constraints.gatekeeper.sh";
}

// By the last key on the way. Sorted.
constexpr std::array<std::string_view, 75> kPublishedTexts{"action",
                                                           "actions",
                                                           "apiGroup",
                                                           "apiGroups",
                                                           "apiVersion",
                                                           "apiVersions",
                                                           "categories",
                                                           "cidr",
                                                           "cidrs",
                                                           "clusterRoles",
                                                           "controllerName",
                                                           "defaultAction",
                                                           "deletionPolicy",
                                                           "effect",
                                                           "endPort",
                                                           "enforcementAction",
                                                           "exceptions",
                                                           "excludedNamespaces",
                                                           "failureAction",
                                                           "failurePolicy",
                                                           "fromCIDR",
                                                           "fromEntities",
                                                           "generateName",
                                                           "glob",
                                                           "group",
                                                           "groups",
                                                           "image",
                                                           "imagePullPolicy",
                                                           "imageReferences",
                                                           "images",
                                                           "interfaceName",
                                                           "kind",
                                                           "kinds",
                                                           "matchPolicy",
                                                           "mode",
                                                           "name",
                                                           "names",
                                                           "namespace",
                                                           "namespaceSelector",
                                                           "namespaces",
                                                           "nets",
                                                           "nodeName",
                                                           "nodeSelector",
                                                           "notNets",
                                                           "notSelector",
                                                           "operation",
                                                           "operations",
                                                           "operator",
                                                           "phase",
                                                           "podSelector",
                                                           "policyTypes",
                                                           "port",
                                                           "ports",
                                                           "priorityClassName",
                                                           "protocol",
                                                           "reason",
                                                           "refreshInterval",
                                                           "registries",
                                                           "resource",
                                                           "resources",
                                                           "roles",
                                                           "ruleName",
                                                           "ruleNames",
                                                           "runtimeClassName",
                                                           "scope",
                                                           "secretName",
                                                           "selector",
                                                           "serviceAccountName",
                                                           "state",
                                                           "tier",
                                                           "toCIDR",
                                                           "toEntities",
                                                           "type",
                                                           "types",
                                                           "validationFailureAction"};
static_assert(std::ranges::is_sorted(kPublishedTexts));

bool matches_at(Keys keys, const Rule& rule) {
  std::size_t used = 0;
  for (const std::string_view step : rule.steps) {
    if (step.empty()) break;
    if (used == keys.size()) return false;
    // The first step is named; below it the [*] of a check may come to any key.
    const bool same = keys[used] == step || step == "*" || (used > 0 && keys[used].empty());
    if (!same) return false;
    ++used;
  }
  if (rule.part == Part::kBelow && used == keys.size()) return false;
  if (rule.steps.front() != "annotations") return true;
  return std::ranges::none_of(kPublishedAnnotations,
                              [&](std::string_view start) { return keys[used].starts_with(start); });
}

bool matches(Keys keys, const Rule& rule) {
  const std::size_t starts =
      rule.where == Where::kAtTheTop ? std::min<std::size_t>(1, keys.size()) : keys.size();
  for (std::size_t start = 0; start < starts; ++start) {
    if (matches_at(keys.subspan(start), rule)) return true;
  }
  return false;
}

}  // namespace

std::string_view withheld(std::string_view kind, Keys keys) {
  for (const Rule& rule : kRules) {
    if ((rule.kind.empty() || rule.kind == kind) && matches(keys, rule)) return rule.what;
  }
  return {};
}

bool is_published_text(std::string_view kind, Keys keys) {
  const std::size_t dot = kind.find('.');
  if (dot == std::string_view::npos || is_known_group(kind.substr(dot + 1))) return true;
  while (!keys.empty() && keys.back().empty()) keys = keys.first(keys.size() - 1);
  if (keys.empty()) return false;
  const auto within = [&](std::string_view key) { return std::ranges::find(keys, key) != keys.end(); };
  return std::ranges::binary_search(kPublishedTexts, keys.back()) || within("labels") ||
         within("matchLabels") || within("matchExpressions");
}

std::string_view withheld(std::string_view kind, const FieldPath& path) {
  std::vector<std::string_view> keys;
  keys.reserve(path.size());
  for (const FieldStep& step : path) keys.push_back(step.key);
  return withheld(kind, keys);
}

}  // namespace baseline::cluster
