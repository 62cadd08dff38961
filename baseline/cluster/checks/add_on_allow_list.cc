#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

#include "baseline/cluster/checks/add_on_checks.h"
#include "baseline/cluster/checks/add_on_evidence.h"
#include "baseline/cluster/checks/add_on_gatekeeper.h"
#include "baseline/cluster/checks/add_on_kyverno.h"
#include "baseline/cluster/checks/add_on_registry.h"
#include "baseline/cluster/checks/verdict.h"
#include "baseline/signals.h"

// 5.7.1.16: a rule at admission limits the registries that images may come from.
namespace baseline::cluster {
namespace {

using All = std::vector<Evidence>;

// Whether a prefix pins a registry down: it ends after the host, so that no longer host begins with it.
bool pins_registry(std::string_view prefix) {
  const std::size_t slash = prefix.find('/');
  return slash != std::string_view::npos && slash > 0;
}

// A Kyverno pattern of images: "a/* | b/*". Every alternative must pin a registry down; "!*:latest" is no
// list.
bool pattern_pins(std::string_view pattern) {
  while (true) {
    const std::size_t bar = pattern.find('|');
    std::string_view one = pattern.substr(0, bar);
    while (one.starts_with(' ')) one.remove_prefix(1);
    if (one.starts_with('!') || !pins_registry(one.substr(0, one.find_first_of("*?")))) return false;
    if (bar == std::string_view::npos) return true;
    pattern.remove_prefix(bar + 1);
  }
}

// The image patterns that a Kyverno pattern gives a list of containers, also with the anchor of equality:
// "=(initContainers)".
std::vector<std::string> image_patterns(const base::Value& spec, std::string_view list) {
  std::vector<std::string> out;
  for (const auto& [key, containers] : spec.members()) {
    if (key != list && key != "=(" + std::string(list) + ")") continue;
    for (const base::Value& container : containers.items()) {
      for (const auto& [field, pattern] : container.members()) {
        if (field == "image" && pattern.is_string()) out.push_back(pattern.as_string());
      }
    }
  }
  return out;
}

// The first key with an anchor that makes the rest of a pattern hold under a condition, or for one of several
// elements alone.
std::string condition_in(const base::Value& pattern) {
  for (const auto& [key, value] : pattern.members()) {
    if (key.ends_with(')') && !key.starts_with("=(")) return key;
    if (std::string below = condition_in(value); !below.empty()) return below;
  }
  for (const base::Value& one : pattern.items()) {
    if (std::string below = condition_in(one); !below.empty()) return below;
  }
  return {};
}

// What is known of a rule: whether it names images at all, and what it leaves open.
struct Limit {
  std::string what;
  std::string gap;  // empty: it limits the registries of containers and init containers
};

std::optional<Limit> limit_of_pattern(const base::Value& pattern) {
  const auto containers = image_patterns(pattern["spec"], "containers");
  if (containers.empty()) return std::nullopt;
  const auto init = image_patterns(pattern["spec"], "initContainers");
  Limit limit{containers.front(), condition_in(pattern)};
  if (limit.gap.empty() && !std::ranges::any_of(containers, pattern_pins))
    limit.gap = "image: " + containers.front();
  if (limit.gap.empty() && !std::ranges::any_of(init, pattern_pins)) limit.gap = "initContainers";
  return limit;
}

// Text literals that image.startsWith() is given in CEL, with either kind of quotes.
std::vector<std::string> prefixes_in(const std::string& expression) {
  constexpr std::string_view kCall = "image.startsWith(";
  std::vector<std::string> out;
  for (std::size_t at = expression.find(kCall); at != std::string::npos;
       at = expression.find(kCall, at + 1)) {
    const std::size_t open = at + kCall.size();
    const char quote = open < expression.size() ? expression[open] : '\0';
    const std::size_t close =
        quote == '\'' || quote == '"' ? expression.find(quote, open + 1) : std::string::npos;
    out.push_back(close == std::string::npos ? std::string() : expression.substr(open + 1, close - open - 1));
  }
  return out;
}

// What CEL expressions limit, taken together: a list of maps with an "expression" each.
std::optional<Limit> limit_of_cel(const base::Value& validations) {
  std::vector<std::string> prefixes;
  bool init = false;
  for (const base::Value& one : validations.items()) {
    const std::string& expression = one["expression"].as_string();
    const auto found = prefixes_in(expression);
    if (found.empty()) continue;
    init = init || expression.find("initContainers") != std::string::npos;
    prefixes.insert(prefixes.end(), found.begin(), found.end());
  }
  if (prefixes.empty()) return std::nullopt;
  Limit limit{"image.startsWith('" + prefixes.front() + "')", ""};
  const auto open = std::ranges::find_if_not(prefixes, pins_registry);
  if (open != prefixes.end()) limit.gap = "image.startsWith('" + *open + "')";
  if (limit.gap.empty() && !init) limit.gap = "initContainers";
  return limit;
}

Evidence evidence_of(const ClusterFacts& facts, const OtherObject& policy, const Limit& limit,
                     PolicyActs acts) {
  std::string what = limit.what;
  if (acts.gap.empty()) what += "; namespaces " + reach_text(facts, acts.only_in);
  what += kyverno_note(policy.document["spec"]);
  const std::string gap = acts.gap.empty() ? limit.gap : acts.gap;
  return {&policy, gap.empty() ? phrase("addon.limits", what) : phrase("addon.limits-not", what, gap),
          gap.empty(), held_in(std::move(acts))};
}

void add_kyverno_rule(const ClusterFacts& facts, const KyvernoEngine& engine, const OtherObject& policy,
                      const base::Value& rule, All& out) {
  const base::Value& validate = rule["validate"];
  std::vector<const base::Value*> patterns;
  if (validate["pattern"].is_map()) patterns.push_back(&validate["pattern"]);
  for (const base::Value& one : validate["anyPattern"].items()) patterns.push_back(&one);
  // Of several patterns one must hold, so each has to limit.
  std::optional<Limit> limit;
  for (const base::Value* pattern : patterns) {
    const auto one = limit_of_pattern(*pattern);
    if (one && (!limit || limit->gap.empty())) limit = one;
    if (!one && limit && limit->gap.empty()) limit->gap = "anyPattern";
  }
  if (!limit) {
    limit = limit_of_cel(validate["cel"]["expressions"]);
    if (limit && limit->gap.empty() && validate["cel"]["paramKind"].is_map()) limit->gap = "cel.paramKind";
  }
  if (limit)
    out.push_back(evidence_of(facts, policy, *limit, kyverno_acts(facts, engine, policy, rule, validate)));
}

void add_kyverno(const ClusterFacts& facts, All& out) {
  const KyvernoEngine engine = kyverno_engine(facts, /*on_updates=*/true);
  for (const Kind kind : {Kind::kKyvernoClusterPolicy, Kind::kKyvernoPolicy}) {
    for (const OtherObject* policy : objects_of(facts, kind)) {
      for (const base::Value& rule : policy->document["spec"]["rules"].items())
        add_kyverno_rule(facts, engine, *policy, rule, out);
    }
  }
  for (const OtherObject* policy : objects_of(facts, Kind::kKyvernoValidatingPolicy)) {
    if (const auto limit = limit_of_cel(policy->document["spec"]["validations"]))
      out.push_back(evidence_of(facts, *policy, *limit, kyverno_cel_acts(facts, engine, *policy)));
  }
}

void add_admission_policies(const ClusterFacts& facts, All& out) {
  for (const OtherObject* policy : objects_of(facts, Kind::kValidatingAdmissionPolicy)) {
    // The image of a pod can be changed later.
    if (const auto limit = limit_of_cel(policy->document["spec"]["validations"]))
      out.push_back(evidence_of(facts, *policy, *limit, acts_of(facts, *policy, /*on_updates=*/true)));
  }
}

bool about_repositories(std::string_view kind) {
  std::string lower(kind);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower.find("repo") != std::string::npos || lower.find("registr") != std::string::npos;
}

// Of the library's lists of prefixes, and of patterns with a star at their end.
Limit limit_of_constraint(const ClusterFacts& facts, const OtherObject& constraint) {
  const base::Value& parameters = constraint.document["spec"]["parameters"];
  const bool globs = constraint.type == "K8sAllowedReposv2";
  const std::string_view list = globs ? "allowedImages" : "repos";
  if (!globs && constraint.type != "K8sAllowedRepos") return {"", "ConstraintTemplate"};
  Limit limit;
  for (const base::Value& one : parameters[list].items()) {
    const std::string_view text = one.as_string();
    if (limit.what.empty()) limit.what = text;
    const std::string_view fixed = globs ? text.substr(0, text.find('*')) : text;
    if (limit.gap.empty() && !pins_registry(fixed)) limit.gap = std::string(list) + ": " + std::string(text);
  }
  if (limit.what.empty()) limit.gap = std::string(list) + ": []";
  if (limit.gap.empty()) limit.gap = template_gap(facts, constraint, {"containers", "initContainers", list});
  return limit;
}

void add_gatekeeper(const ClusterFacts& facts, All& out) {
  for (ConstraintActs& acts : constraints_of(facts, about_repositories)) {
    Limit limit = limit_of_constraint(facts, *acts.constraint);
    if (!limit.what.empty()) acts.what += "; " + limit.what;
    out.push_back(evidence_of(std::move(acts), std::move(limit.gap), "addon.limits", "addon.limits-not",
                              "addon.limits-not"));
  }
  for (const OtherObject* one : idle_templates(facts, about_repositories))
    out.push_back({one, phrase("addon.limits-not", one->metadata.name, "constraints: []"), false, {}});
}

class AllowedRegistries final : public ObjectCheck {
 public:
  AllowedRegistries(const CheckInput& input, FindingSet& findings) : input_(input), findings_(findings) {}

  void see(const Pod& pod, const Workload&) override { registries_.see(pod); }

  ObjectResult finish() override {
    const Phrase expected = phrase("addon.expected-limited");
    All evidence;
    add_kyverno(input_.facts, evidence);
    add_admission_policies(input_.facts, evidence);
    add_gatekeeper(input_.facts, evidence);
    const std::set<std::string> namespaces = namespaces_that_count(input_);
    if (!in_force_in(evidence, namespaces)) {
      if (evidence.empty()) {
        if (auto none = nothing_given(
                input_, {Kind::kValidatingAdmissionPolicy, Kind::kKyvernoClusterPolicy, Kind::kKyvernoPolicy,
                         Kind::kKyvernoValidatingPolicy, Kind::kGatekeeperConstraint}))
          return findings_.take(Status::kNotChecked, *none);
      }
      registries_.tell(findings_, expected);
      if (input_.context.signals.contains(std::string(signals::kImagePolicyWebhook))) {
        findings_.add({"kube-apiserver", "", "--enable-admission-plugins", "", nullptr, nullptr},
                      Status::kManual, expected, phrase("addon.webhook-unknown"));
      }
    }
    return conclude_evidence(findings_, evidence, namespaces, expected, phrase("addon.limits-pass"),
                             evidence.empty() ? phrase("addon.no-limit") : phrase("addon.weak-limit"));
  }

 private:
  const CheckInput& input_;
  FindingSet& findings_;
  RegistriesInUse registries_;
};

}  // namespace

std::unique_ptr<ObjectCheck> allowed_registries(const CheckInput& input, FindingSet& findings) {
  return std::make_unique<AllowedRegistries>(input, findings);
}

}  // namespace baseline::cluster
