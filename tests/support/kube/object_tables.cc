#include "kube/object_tables.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace baseline::kube::testing {
namespace {

using base::Value;

constexpr std::string_view kCreated = "2026-01-01T00:00:00Z";

Value& metadata_of(Value& object) {
  if (Value* metadata = object.find("metadata")) return *metadata;
  return object.set("metadata", Value::map()), *object.find("metadata");
}

Value without_version(Value object) {
  metadata_of(object).erase("resourceVersion");
  return object;
}

bool is_owned_by(const Value& object, const std::string& uid) {
  return std::ranges::any_of(object["metadata"]["ownerReferences"].items(),
                             [&](const Value& owner) { return owner["uid"].as_string() == uid; });
}

}  // namespace

Value merge_patch(const Value& target, const Value& patch) {
  if (!patch.is_map()) return patch;
  Value out = target.is_map() ? target : Value::map();
  for (const auto& [key, value] : patch.members()) {
    if (value.is_null()) {
      out.erase(key);
    } else {
      out.set(key, merge_patch(out[key], value));
    }
  }
  return out;
}

const Value* ObjectTables::find(const ResourceKind& kind, std::string_view key) const {
  const Table& objects = table(kind);
  const auto found = objects.find(key);
  return found == objects.end() ? nullptr : found->second.get();
}

const ObjectTables::Table& ObjectTables::table(const ResourceKind& kind) const {
  static const Table kNone;
  const auto found = tables_.find(kind.resource_name());
  return found == tables_.end() ? kNone : found->second;
}

Value ObjectTables::store(const ResourceKind& kind, Value object) {
  const std::string resource = kind.resource_name();
  const std::string key = object_key(object);
  Table& objects = tables_[resource];
  const auto found = objects.find(key);
  const std::shared_ptr<const Value> before = found == objects.end() ? nullptr : found->second;

  fill_type(kind, object);
  Value& metadata = metadata_of(object);
  std::int64_t generation = 1;
  if (before) {
    const Value& old = (*before)["metadata"];
    for (const std::string_view kept : {"uid", "creationTimestamp", "deletionTimestamp"}) {
      if (!old[kept].is_null()) metadata.set(kept, old[kept]);
    }
    generation = old["generation"].as_int(1) + ((*before)["spec"] == object["spec"] ? 0 : 1);
  } else {
    metadata.set("uid", fmt::format("00000000-0000-4000-8000-{:012}", ++last_uid_));
    if (metadata["creationTimestamp"].is_null()) metadata.set("creationTimestamp", kCreated);
  }
  metadata.set("generation", generation);
  if (before && without_version(object) == without_version(*before)) return *before;

  if (!metadata["deletionTimestamp"].is_null() && metadata["finalizers"].items().empty()) {
    erase(resource, key, false);
    return object;
  }
  metadata.set("resourceVersion", std::to_string(version_ + 1));
  const auto after = std::make_shared<const Value>(object);
  objects[key] = after;
  log(resource, before, after);
  return object;
}

void ObjectTables::remove(const ResourceKind& kind, std::string_view key, bool orphan) {
  const Value* present = find(kind, key);
  if (present == nullptr) return;
  if ((*present)["metadata"]["finalizers"].items().empty()) return erase(kind.resource_name(), key, orphan);
  if (!(*present)["metadata"]["deletionTimestamp"].is_null()) return;
  const auto before = tables_[kind.resource_name()].find(key)->second;
  Value object = *before;
  metadata_of(object).set("deletionTimestamp", kCreated);
  metadata_of(object).set("resourceVersion", std::to_string(version_ + 1));
  const auto after = std::make_shared<const Value>(std::move(object));
  tables_[kind.resource_name()].find(key)->second = after;
  log(kind.resource_name(), before, after);
}

void ObjectTables::erase(const std::string& resource, std::string_view key, bool orphan) {
  Table& objects = tables_[resource];
  const auto found = objects.find(key);
  const std::shared_ptr<const Value> before = found->second;
  objects.erase(found);
  log(resource, before, nullptr);
  if (orphan) return;
  const std::string& uid = (*before)["metadata"]["uid"].as_string();
  std::vector<std::pair<std::string, std::string>> dependents;
  for (const auto& [name, table] : tables_) {
    for (const auto& [dependent, object] : table) {
      if (is_owned_by(*object, uid)) dependents.emplace_back(name, dependent);
    }
  }
  for (const auto& [name, dependent] : dependents) {
    if (tables_[name].contains(dependent)) erase(name, dependent, false);
  }
}

void ObjectTables::log(const std::string& resource, std::shared_ptr<const Value> before,
                       std::shared_ptr<const Value> after) {
  history_.push_back({++version_, resource, std::move(before), std::move(after)});
}

}  // namespace baseline::kube::testing
