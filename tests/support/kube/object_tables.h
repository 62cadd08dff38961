#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "kube/resource.h"

namespace baseline::kube::testing {

// RFC 7386.
base::Value merge_patch(const base::Value& target, const base::Value& patch);

// The fake server's objects and their history. Not safe from several threads: the server holds its lock.
class ObjectTables {
 public:
  struct HistoryEntry {
    std::uint64_t version = 0;
    std::string resource;                       // ResourceKind::resource_name()
    std::shared_ptr<const base::Value> before;  // null: added
    std::shared_ptr<const base::Value> after;   // null: deleted
  };
  using Table = std::map<std::string, std::shared_ptr<const base::Value>, std::less<>>;  // by object_key()

  const base::Value* find(const ResourceKind& kind, std::string_view key) const;
  const Table& table(const ResourceKind& kind) const;
  const std::vector<HistoryEntry>& history() const { return history_; }
  std::uint64_t version() const { return version_; }
  // Makes all that happened so far older than the present version, which it returns.
  std::uint64_t skip_version() { return ++version_; }

  // Stores a new object or a new state of one: fills in uid, creationTimestamp, generation and
  // resourceVersion. A state equal to the present one changes nothing. An object whose deletion waited only
  // for finalizers that are gone is removed.
  base::Value store(const ResourceKind& kind, base::Value object);
  // Removes it, or marks it as being deleted while it has finalizers; its dependents follow unless `orphan`.
  void remove(const ResourceKind& kind, std::string_view key, bool orphan);

 private:
  void erase(const std::string& resource, std::string_view key, bool orphan);
  void log(const std::string& resource, std::shared_ptr<const base::Value> before,
           std::shared_ptr<const base::Value> after);

  std::map<std::string, Table, std::less<>> tables_;
  std::vector<HistoryEntry> history_;
  std::uint64_t version_ = 1000;
  std::uint64_t last_uid_ = 0;
};

}  // namespace baseline::kube::testing
