#pragma once

#include <string>

#include "base/error.h"
#include "baseline/cluster/kinds.h"
#include "baseline/phrase.h"

namespace baseline::objects {

// Why an object could not be read. In names of fields and of JSON's types, so that it can be said in any
// language.
struct ParseError {
  std::string object;    // "namespace/name", "name"; empty when not even that could be read
  std::string path;      // "spec.containers[3].securityContext.privileged"; empty: the whole text
  std::string expected;  // "boolean", "JSON"
  std::string found;     // "string"; what the parser said of a text that is no JSON

  // "spec.hostNetwork is string where boolean was expected"; kInvalid, without a place.
  base::Error error() const;
};

}  // namespace baseline::objects
