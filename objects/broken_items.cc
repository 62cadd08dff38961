#include "objects/broken_items.h"

#include <string>

namespace baseline::objects {

Phrase BrokenItems::reason(cluster::Kind kind) const {
  const std::string resource = cluster::resource_name(kind);
  const std::string object = first_.object.empty() ? "?" : first_.object;
  const std::string count = std::to_string(count_);
  if (first_.path.empty()) {
    return {"objects.broken-text", {resource, count, object, first_.expected, first_.found}};
  }
  return {"objects.broken-field", {resource, count, object, first_.path, first_.expected, first_.found}};
}

}  // namespace baseline::objects
