#include "kube/object_store.h"

#include <utility>

namespace baseline::kube {

std::vector<Change> ObjectStore::put(const std::string& key, Entry entry) {
  const std::scoped_lock lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end()) {
    const ObjectPtr object = entry.object;
    entries_.emplace(key, std::move(entry));
    return {{Change::Type::kAdded, key, object, nullptr}};
  }
  if (found->second.resource_version == entry.resource_version) return {};
  const ObjectPtr before = std::exchange(found->second, std::move(entry)).object;
  return {{Change::Type::kUpdated, key, found->second.object, before}};
}

std::vector<Change> ObjectStore::erase(const std::string& key, ObjectPtr last) {
  const std::scoped_lock lock(mutex_);
  if (entries_.erase(key) == 0) return {};
  return {{Change::Type::kDeleted, key, std::move(last), nullptr}};
}

std::vector<Change> ObjectStore::replace(Entries entries) {
  const std::scoped_lock lock(mutex_);
  std::vector<Change> changes;
  for (const auto& [key, old] : entries_) {
    const auto found = entries.find(key);
    if (found == entries.end()) {
      changes.push_back({Change::Type::kDeleted, key, old.object, nullptr});
    } else if (found->second.resource_version != old.resource_version) {
      changes.push_back({Change::Type::kUpdated, key, found->second.object, old.object});
    }
  }
  for (const auto& [key, entry] : entries) {
    if (!entries_.contains(key)) changes.push_back({Change::Type::kAdded, key, entry.object, nullptr});
  }
  entries_ = std::move(entries);
  return changes;
}

ObjectPtr ObjectStore::same(std::string_view key, std::string_view resource_version) const {
  const std::scoped_lock lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end() || found->second.resource_version != resource_version) return nullptr;
  return found->second.object;
}

ObjectPtr ObjectStore::get(std::string_view key) const {
  const std::scoped_lock lock(mutex_);
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : found->second.object;
}

std::vector<ObjectPtr> ObjectStore::list() const {
  const std::scoped_lock lock(mutex_);
  std::vector<ObjectPtr> out;
  out.reserve(entries_.size());
  for (const auto& [key, entry] : entries_) out.push_back(entry.object);
  return out;
}

std::size_t ObjectStore::size() const {
  const std::scoped_lock lock(mutex_);
  return entries_.size();
}

}  // namespace baseline::kube
