#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "baseline/component.h"

namespace baseline {

// A flag of a command line with the value of each time that it stands there, in order.
struct FlagUse {
  std::string name;  // dashes for underscores, none in front
  std::vector<std::string> values;
};

// Reads a component's command line as the component itself does (pflag, Go's flag package): --f=v, -f=v; --f
// v for every flag that is not boolean; a bare boolean is "true"; "--" ends the flags; underscores equal
// dashes. A flag that neither the table nor the published
// list of the component knows takes the next word unless that looks like a flag. A bundle's
// --COMPONENT-arg=f=v counts as --f=v.
std::vector<FlagUse> parse_flags(const std::vector<std::string>& argv, const Component& component);

}  // namespace baseline
