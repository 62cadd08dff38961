#include <algorithm>
#include <iterator>
#include <utility>

#include "baseline/cluster/object_check.h"
#include "baseline/operand.h"

namespace baseline::cluster {
namespace {

std::vector<ObjectBuiltin> all_families() {
  std::vector<ObjectBuiltin> all;
  for (auto* family : {workload_builtins, access_builtins, evidence_builtins, secret_builtins,
                       network_builtins, resource_builtins, add_on_builtins, image_builtins}) {
    std::ranges::move(family(), std::back_inserter(all));
  }
  return all;
}

// Immutable; made on first use, from any thread.
const std::vector<ObjectBuiltin>& builtins() {
  static const std::vector<ObjectBuiltin> all = all_families();
  return all;
}

}  // namespace

const ObjectBuiltin* find_object_builtin(std::string_view name) {
  const auto it = std::ranges::find(builtins(), name, &ObjectBuiltin::name);
  return it == builtins().end() ? nullptr : &*it;
}

std::vector<std::string> object_builtin_names() {
  std::vector<std::string> names;
  for (const ObjectBuiltin& builtin : builtins()) names.emplace_back(builtin.name);
  std::ranges::sort(names);
  return names;
}

std::vector<std::string> CheckInput::texts(std::string_view argument) const {
  return texts_of(check, selected, argument);
}

std::string CheckInput::text(std::string_view argument) const {
  return argument_of(check, selected, argument).as_string();
}

}  // namespace baseline::cluster
