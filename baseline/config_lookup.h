#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "baseline/facts/facts.pb.h"

// Reading the flattened settings of configuration files.
namespace baseline {

// What a set of files says about one place. `file` is null when none of them says anything.
struct ConfigHit {
  const facts::ConfigFile* file = nullptr;
  std::vector<std::string>
      values;  // one for a scalar, each item of a list; none for null and empty containers
  bool redacted = false;
};

// The value at a dotted place. Files are given in the order in which they are applied: a later one replaces a
// scalar or a whole list, and null takes away what earlier ones said.
ConfigHit look_up(const std::vector<const facts::ConfigFile*>& files, std::string_view place);

// The scalar at exactly that place in one file, or nothing.
const facts::Setting* setting_at(const facts::ConfigFile& file, std::string_view place);
// Whether a value at that place, or below it, did not leave the node.
bool is_withheld(const facts::ConfigFile& file, std::string_view place);
// How many items the list at a place has: 0 for none.
int list_size(const facts::ConfigFile& file, const std::string& place);
// The items of a list of scalars.
std::vector<std::string> list_at(const facts::ConfigFile& file, const std::string& place);
// The first key below a place: "aescbc" of "resources[0].providers[0]". Empty when there is none.
std::string first_key(const facts::ConfigFile& file, const std::string& place);

}  // namespace baseline
