#include <algorithm>
#include <iterator>
#include <utility>

#include "baseline/cluster/object_check.h"

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

const base::Value* CheckInput::argument(std::string_view name) const {
  const Operand* operand = check.argument(name);
  if (!operand) return nullptr;
  if (operand->parameter.empty()) return &operand->literal;
  const auto it = selected.parameters.find(operand->parameter);
  return it == selected.parameters.end() ? nullptr : &it->second;
}

std::vector<std::string> CheckInput::texts(std::string_view argument_name) const {
  std::vector<std::string> out;
  const base::Value* value = argument(argument_name);
  if (!value || !value->is_list()) return out;
  for (const base::Value& item : value->items()) out.push_back(item.as_string());
  return out;
}

std::string CheckInput::text(std::string_view argument_name) const {
  const base::Value* value = argument(argument_name);
  return value && value->is_string() ? value->as_string() : std::string();
}

}  // namespace baseline::cluster
