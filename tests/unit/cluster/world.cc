#include "world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/yaml.h"
#include "baseline/standard_loader.h"

namespace baseline::test {

using namespace cluster;

namespace {

std::shared_ptr<const ResolvedProfile> only(const std::string& id) {
  ProfileSpec spec;
  spec.standard = "kxy-cs001-2023";
  spec.include = {id};
  const auto profile = resolve_profile(
      "p", spec, [](const std::string&) { return std::nullopt; },
      [](const std::string& standard) { return built_in_standard(standard); });
  EXPECT_TRUE(profile) << id;
  return profile.value_or(nullptr);
}

Kind kind_of_object(const Object& object) {
  if (const auto* policy = std::get_if<NetworkPolicy>(&object)) return policy->kind;
  if (const auto* one = std::get_if<OtherObject>(&object)) return one->kind;
  return std::holds_alternative<VulnerabilityReport>(object) ? Kind::kVulnerabilityReport : Kind::kNamespace;
}

}  // namespace

ObjectResult World::judge(const std::string& id) const {
  base::Time now{std::chrono::seconds(1'800'000'000)};
  ClusterEvaluator evaluator(only(id), context, now);
  std::set<Kind> there;
  for (const Object& object : objects) there.insert(kind_of_object(object));
  for (const Object& object : objects) {
    if (!std::holds_alternative<Pod>(object)) evaluator.add(object);
  }
  for (const RefusedObject& one : refused) {
    there.insert(one.kind);
    evaluator.refuse(one);
  }
  for (const KindInfo& kind : kinds()) {
    if (unreadable.contains(kind.kind)) {
      evaluator.unreadable(kind.kind, Phrase{"object.not-read", {resource_name(kind.kind)}});
    } else if (unserved.contains(kind.kind) || (kind.optional && !there.contains(kind.kind))) {
      if (context.live) evaluator.not_served(kind.kind);
    } else if (context.live) {
      evaluator.read(kind.kind);
    }
  }
  for (const Object& object : objects) {
    if (std::holds_alternative<Pod>(object)) evaluator.add(object);
  }
  const ClusterOutcome outcome = std::move(evaluator).finish();
  for (const ObjectResult& result : outcome.results) {
    if (result.id == id) return result;
  }
  ADD_FAILURE() << id << " has no result";
  return {};
}

World& World::refuse(Kind kind, const std::string& ns, const std::string& name) {
  refused.push_back({kind, ns, name, Phrase{"objects.refused-share", {"4"}}, 1});
  return *this;
}

World files() {
  World world;
  world.context.live = false;
  return world;
}

Role role(const std::string& ns, const std::string& name, std::vector<PolicyRule> rules) {
  Role out;
  out.metadata.ns = ns;
  out.metadata.name = name;
  out.cluster = ns.empty();
  out.rules = std::move(rules);
  return out;
}

PolicyRule rule(std::vector<std::string> verbs, std::vector<std::string> groups,
                std::vector<std::string> resources, std::vector<std::string> names) {
  return {std::move(verbs), std::move(groups), std::move(resources), std::move(names), {}};
}

RoleBinding binding(const std::string& ns, const std::string& name, const std::string& role,
                    const std::vector<std::string>& subjects) {
  RoleBinding out;
  out.metadata.ns = ns;
  out.metadata.name = name;
  out.cluster = ns.empty();
  const std::size_t colon = role.find(':');
  out.role_kind = role.substr(0, colon);
  out.role_name = role.substr(colon + 1);
  for (const std::string& one : subjects) {
    if (one.starts_with("Group:") || one.starts_with("User:")) {
      const std::size_t at = one.find(':');
      out.subjects.push_back({one.substr(0, at), "", one.substr(at + 1)});
    } else {
      const std::size_t slash = one.find('/');
      out.subjects.push_back({"ServiceAccount", one.substr(0, slash), one.substr(slash + 1)});
    }
  }
  return out;
}

Pod pod(const std::string& ns, const std::string& name, const Labels& labels) {
  Pod out;
  out.metadata.ns = ns;
  out.metadata.name = name;
  out.metadata.labels = labels;
  out.phase = "Running";
  out.service_account = name;
  out.containers.resize(1);
  out.containers[0].name = "web";
  out.containers[0].image = "registry.example/" + name + ":1";
  return out;
}

Namespace name_space(const std::string& name, const Labels& labels) {
  Namespace out;
  out.metadata.name = name;
  out.metadata.labels = labels;
  out.phase = "Active";
  return out;
}

OtherObject other(Kind kind, const std::string& name, std::string_view yaml) {
  OtherObject out;
  out.kind = kind;
  out.metadata.name = name;
  const auto document = base::parse_yaml(yaml, name);
  EXPECT_TRUE(document) << name;
  if (document) out.document = *document;
  return out;
}

std::string text(const ObjectResult& result) {
  std::string out = std::string(to_string(result.status)) + ": " + render(result.message, Language::kEnglish);
  for (const ObjectFinding& one : result.findings) {
    out += "\n  " + std::string(to_string(one.status)) + " " + render(one.subject, Language::kEnglish) +
           " | " + render(one.expected, Language::kEnglish) + " | " + render(one.actual, Language::kEnglish) +
           " | " + std::to_string(one.pods);
  }
  return out;
}

void expect(const World& world, const std::string& id, Status status, const std::string& words) {
  const ObjectResult result = world.judge(id);
  EXPECT_EQ(to_string(result.status), to_string(status)) << id << " " << text(result);
  EXPECT_THAT(text(result), testing::HasSubstr(words)) << id;
  EXPECT_FALSE(result.message.empty()) << id;
}

}  // namespace baseline::test
