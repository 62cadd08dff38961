#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "kube/reflector.h"

namespace baseline::kube {

// A reflector's copy of the objects, by key. Written by one thread, read by any.
class ObjectStore {
 public:
  struct Entry {
    std::string resource_version;
    ObjectPtr object;
  };
  using Entries = std::map<std::string, Entry, std::less<>>;

  // One event of a watch. Gives the change it made, if any: an object that is known in this very version is
  // none.
  std::vector<Change> put(const std::string& key, Entry entry);
  std::vector<Change> erase(const std::string& key, ObjectPtr last);
  // A whole list: what is not in it any more is reported as deleted.
  std::vector<Change> replace(Entries entries);

  // The object if it is stored in exactly this version: a relist need not build it again.
  ObjectPtr same(std::string_view key, std::string_view resource_version) const;
  ObjectPtr get(std::string_view key) const;
  std::vector<ObjectPtr> list() const;
  std::size_t size() const;

 private:
  mutable std::mutex mutex_;
  Entries entries_;
};

}  // namespace baseline::kube
