#include "objects/held_bytes.h"

#include <string>

namespace baseline::objects {
namespace {

using namespace cluster;

constexpr std::size_t kAllocation = 16;  // what malloc adds
constexpr std::size_t kNode = 48;        // of a tree, without what it holds

std::size_t of(const std::string& text) {
  return text.capacity() < sizeof(std::string) / 2 ? 0 : text.capacity() + kAllocation;
}

std::size_t of(const std::vector<std::string>& texts) {
  std::size_t bytes = texts.empty() ? 0 : texts.capacity() * sizeof(std::string) + kAllocation;
  for (const std::string& text : texts) bytes += of(text);
  return bytes;
}

std::size_t of(const Labels& labels) {
  std::size_t bytes = 0;
  for (const auto& [key, value] : labels) bytes += kNode + 2 * sizeof(std::string) + of(key) + of(value);
  return bytes;
}

std::size_t of(const Metadata& it) {
  return of(it.ns) + of(it.name) + of(it.labels) + of(it.annotations) + of(it.controller_kind) +
         of(it.controller_name);
}

std::size_t of(const LabelSelector& selector) {
  std::size_t bytes = of(selector.match_labels);
  for (const LabelSelector::Expression& one : selector.expressions) {
    bytes += sizeof(one) + of(one.key);
    for (const std::string& value : one.values) bytes += kNode + sizeof(std::string) + of(value);
  }
  return bytes;
}

std::size_t of(const base::Value& value) {
  std::size_t bytes = value.is_string() ? of(value.as_string()) : 0;
  for (const base::Value& item : value.items()) bytes += sizeof(item) + of(item);
  for (const auto& [key, member] : value.members())
    bytes += sizeof(std::string) + sizeof(base::Value) + of(key) + of(member);
  return bytes;
}

struct Rest {
  std::size_t operator()(const Namespace& it) const { return of(it.phase); }
  std::size_t operator()(const ServiceAccount&) const { return 0; }
  std::size_t operator()(const Role& it) const {
    std::size_t bytes = 0;
    for (const PolicyRule& rule : it.rules) {
      bytes += sizeof(rule) + of(rule.verbs) + of(rule.api_groups) + of(rule.resources) +
               of(rule.resource_names) + of(rule.non_resource_urls);
    }
    for (const LabelSelector& selector : it.aggregation) bytes += sizeof(selector) + of(selector);
    return bytes;
  }
  std::size_t operator()(const RoleBinding& it) const {
    std::size_t bytes = of(it.role_kind) + of(it.role_name);
    for (const Subject& one : it.subjects) bytes += sizeof(one) + of(one.kind) + of(one.ns) + of(one.name);
    return bytes;
  }
  std::size_t operator()(const NetworkPolicy& it) const { return of(it.pods) + of(it.unsupported); }
  std::size_t operator()(const Service& it) const {
    return of(it.type) + of(it.selector) + it.node_ports.capacity() * sizeof(int);
  }
  std::size_t operator()(const ConfigMap& it) const { return of(it.secret_keys) + of(it.private_keys); }
  std::size_t operator()(const ResourceQuota& it) const { return of(it.hard); }
  std::size_t operator()(const LimitRange& it) const { return of(it.types); }
  std::size_t operator()(const CertificateSigningRequest& it) const {
    return of(it.signer) + of(it.requester) + of(it.common_name) + of(it.organizations);
  }
  std::size_t operator()(const VulnerabilityReport& it) const { return of(it.image); }
  std::size_t operator()(const OtherObject& it) const { return of(it.type) + of(it.document); }
  std::size_t operator()(const Pod&) const { return 0; }
};

}  // namespace

std::size_t held_bytes(const Object& object) {
  if (std::holds_alternative<Pod>(object)) return 0;
  const auto* const map = std::get_if<ConfigMap>(&object);
  if (map && map->secret_keys.empty() && map->private_keys.empty()) return 0;
  // Each stands in a vector of its own type, of which a part is spare.
  const std::size_t itself = std::visit([](const auto& it) { return sizeof(it) + sizeof(it) / 2; }, object);
  return itself + of(metadata_of(object)) + std::visit(Rest{}, object);
}

Metadata& metadata_of(Object& object) {
  return std::visit([](auto& it) -> Metadata& { return it.metadata; }, object);
}
const Metadata& metadata_of(const Object& object) {
  return std::visit([](const auto& it) -> const Metadata& { return it.metadata; }, object);
}

}  // namespace baseline::objects
