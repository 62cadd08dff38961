#include "crds/object_meta.h"

#include "baseline/value_reader.h"
#include "baseline/value_writer.h"

namespace baseline::crds {
namespace {

using base::Value;

const std::string kNothing;

const std::string& lookup(const std::map<std::string, std::string>& map, const std::string& key) {
  const auto it = map.find(key);
  return it == map.end() ? kNothing : it->second;
}

OwnerReference owner_from(ValueReader& reader) {
  OwnerReference owner;
  reader.read("apiVersion", owner.api_version);
  reader.read("kind", owner.kind);
  reader.read("name", owner.name);
  reader.read("uid", owner.uid);
  reader.read("controller", owner.controller);
  reader.read("blockOwnerDeletion", owner.block_owner_deletion);
  return owner;
}

Value to_value(const OwnerReference& owner) {
  Value map = Value::map();
  map.set("apiVersion", owner.api_version);
  map.set("kind", owner.kind);
  map.set("name", owner.name);
  map.set("uid", owner.uid);
  if (owner.controller) map.set("controller", true);
  if (owner.block_owner_deletion) map.set("blockOwnerDeletion", true);
  return map;
}

}  // namespace

const std::string& ObjectMeta::annotation(const std::string& key) const {
  return lookup(annotations, key);
}

const std::string& ObjectMeta::label(const std::string& key) const {
  return lookup(labels, key);
}

base::Result<ObjectMeta> object_meta_from(const base::Value& metadata) {
  ObjectMeta meta;
  std::vector<Mistake> mistakes;
  ValueReader reader(metadata, "metadata", mistakes);
  reader.read("name", meta.name);
  reader.read("uid", meta.uid);
  reader.read("resourceVersion", meta.resource_version);
  reader.read("generation", meta.generation);
  reader.read("creationTimestamp", meta.creation_timestamp);
  reader.read("deletionTimestamp", meta.deletion_timestamp);
  reader.read("labels", meta.labels);
  reader.read("annotations", meta.annotations);
  reader.read("finalizers", meta.finalizers);
  if (const Value* owners = reader.list("ownerReferences")) {
    for (std::size_t i = 0; i < owners->items().size(); ++i) {
      ValueReader owner(owners->items()[i], item_path("metadata.ownerReferences", i), mistakes);
      meta.owner_references.push_back(owner_from(owner));
    }
  }
  if (!mistakes.empty()) return std::unexpected(to_error(mistakes));
  return meta;
}

Value to_value(const ObjectMeta& meta) {
  Value map = Value::map();
  set_text(map, "name", meta.name);
  set_text(map, "uid", meta.uid);
  set_text(map, "resourceVersion", meta.resource_version);
  if (meta.generation != 0) map.set("generation", meta.generation);
  if (meta.creation_timestamp) map.set("creationTimestamp", base::format_time(*meta.creation_timestamp));
  if (meta.deletion_timestamp) map.set("deletionTimestamp", base::format_time(*meta.deletion_timestamp));
  set_texts(map, "labels", meta.labels);
  set_texts(map, "annotations", meta.annotations);
  if (!meta.finalizers.empty()) {
    Value& finalizers = map.set("finalizers", Value::list());
    for (const std::string& finalizer : meta.finalizers) finalizers.push_back(finalizer);
  }
  if (!meta.owner_references.empty()) {
    Value& owners = map.set("ownerReferences", Value::list());
    for (const OwnerReference& owner : meta.owner_references) owners.push_back(to_value(owner));
  }
  return map;
}

}  // namespace baseline::crds
