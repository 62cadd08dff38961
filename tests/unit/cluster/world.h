#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "baseline/cluster/evaluator.h"

namespace baseline::test {

// A cluster in a few words, held against one requirement of the built-in standard.
struct World {
  cluster::ClusterContext context;
  std::vector<cluster::Object> objects;
  std::set<cluster::Kind> unserved, unreadable;
  std::vector<cluster::RefusedObject> refused;

  template <typename T>
  World& add(T object) {
    objects.emplace_back(std::move(object));
    return *this;
  }
  World& refuse(cluster::Kind kind, const std::string& ns, const std::string& name);
  // Add-on kinds are not served unless one of their objects is there.
  ObjectResult judge(const std::string& id) const;
};

World files();

cluster::Role role(const std::string& ns, const std::string& name, std::vector<cluster::PolicyRule> rules);
cluster::PolicyRule rule(std::vector<std::string> verbs, std::vector<std::string> groups,
                         std::vector<std::string> resources, std::vector<std::string> names = {});
// "Group:NAME", "User:NAME", "NS/NAME" for a service account; "Role:NAME" or "ClusterRole:NAME".
cluster::RoleBinding binding(const std::string& ns, const std::string& name, const std::string& role,
                             const std::vector<std::string>& subjects);
// Gives an object the label that Kubernetes' own roles and bindings carry.
template <typename T>
T bootstrapped(T object) {
  object.metadata.labels["kubernetes.io/bootstrapping"] = "rbac-defaults";
  return object;
}

cluster::Pod pod(const std::string& ns, const std::string& name, const cluster::Labels& labels = {});
cluster::Namespace name_space(const std::string& name, const cluster::Labels& labels = {});
cluster::OtherObject other(cluster::Kind kind, const std::string& name, std::string_view yaml);

std::string text(const ObjectResult& result);
// Fails unless the requirement has this status, a message, and these words in its text().
void expect(const World& world, const std::string& id, Status status, const std::string& words = "");

}  // namespace baseline::test
