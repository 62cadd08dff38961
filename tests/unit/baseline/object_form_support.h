#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "base/yaml.h"
#include "baseline/cluster/evaluator.h"
#include "baseline/component.h"
#include "baseline/requirement_parse.h"
#include "baseline/yaml_reader.h"

namespace baseline::testing {

inline base::Value yaml(std::string_view text) {
  return base::parse_yaml(text, "test.yaml").value();
}

// A requirement "acme.1" with the `object` form of this YAML; its parameter `allowed` is [a, b], `least` 3.
inline Requirement object_requirement(const std::string& form, MistakeList& mistakes) {
  const std::string text =
      "id: acme.1\nlevel: mandatory\nscope: cluster\nobject: pod\ntitle: T\nexplanation: E\nremediation: R\n"
      "parameters:\n"
      "  allowed: {type: strings, default: [a, b], description: D}\n"
      "  least: {type: integer, default: 3, description: D}\n"
      "check: {object: {" +
      form + "}}\n";
  return parse_requirement(yaml(text), built_in_components(), mistakes, RowOrigin::kProfile);
}

inline std::string mistakes_in(const std::string& form) {
  MistakeList mistakes("t");
  object_requirement(form, mistakes);
  std::string all;
  for (const Mistake& mistake : mistakes.take()) all += mistake.text() + "\n";
  return all;
}

inline std::shared_ptr<ResolvedProfile> profile_with(const std::string& form) {
  MistakeList mistakes("t");
  auto standard = std::make_shared<Standard>();
  standard->id = "s";
  standard->requirements.push_back(object_requirement(form, mistakes));
  auto profile = std::make_shared<ResolvedProfile>();
  profile->standard = standard;
  SelectedRequirement selected{&standard->requirements.front(), Level::kMandatory, {}};
  for (const Parameter& parameter : selected.requirement->parameters) {
    selected.parameters[parameter.name] = parameter.default_value;
  }
  profile->requirements.push_back(selected);
  return profile;
}

// One pass over documents for one requirement.
class Pass {
 public:
  explicit Pass(std::shared_ptr<const ResolvedProfile> profile, cluster::ClusterContext context = {})
      : live_(context.live), evaluator_(std::move(profile), std::move(context), base::Time{}) {}
  explicit Pass(const std::string& form, cluster::ClusterContext context = {})
      : Pass(profile_with(form), std::move(context)) {}

  Pass& see(std::string_view id, std::string_view document) {
    evaluator_.add_document(id, yaml(document));
    return *this;
  }
  cluster::ClusterEvaluator& evaluator() { return evaluator_; }

  // All kinds of which nothing else was said are read.
  ObjectResult finish(bool all_read = true) {
    if (all_read && live_) {
      for (const cluster::DocumentKind& kind : evaluator_.document_kinds())
        evaluator_.documents_read(kind.id());
    }
    outcome_ = std::move(evaluator_).finish();
    return outcome_.results.at(0);
  }
  const ClusterOutcome& outcome() const { return outcome_; }

 private:
  bool live_;
  cluster::ClusterEvaluator evaluator_;
  ClusterOutcome outcome_;
};

inline std::string pod(const std::string& spec, const std::string& name = "web-1") {
  return "{metadata: {namespace: shop, name: " + name + "}, spec: " + spec + "}";
}

// "Fail Pod shop/web-1 | true | spec.x: false" for each finding.
inline std::vector<std::string> lines(const ObjectResult& result) {
  std::vector<std::string> all;
  for (const ObjectFinding& finding : result.findings) {
    const auto text = [](const Phrase& phrase) { return render(phrase, Language::kEnglish); };
    all.push_back(std::string(to_string(finding.status)) + " " + text(finding.subject) + " | " +
                  text(finding.expected) + " | " + text(finding.actual));
  }
  return all;
}

inline cluster::ClusterContext files() {
  cluster::ClusterContext context;
  context.live = false;
  return context;
}

}  // namespace baseline::testing
