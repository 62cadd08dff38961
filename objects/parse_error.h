#pragma once

#include <string>

#include "base/error.h"
#include "baseline/cluster/kinds.h"
#include "baseline/phrase.h"

namespace baseline::objects {

// Why an object could not be read. In names of fields and of JSON's types, so that it can be said in any
// language.
struct ParseError {
  std::string object;         // "namespace/name", "name"; empty when not even that could be read
  std::string path;           // "spec.containers[3].securityContext.privileged"; empty: the whole text
  std::string expected;       // "boolean", "JSON", "array ≤ 5000"
  std::string found;          // "string", "array > 5000"; what the parser said of a text that is no JSON
  bool is_too_large = false;  // it goes beyond one of limits.h

  // "spec.hostNetwork is string where boolean was expected"; kInvalid, or kLimit for what is too large.
  // Without a place.
  base::Error error() const;
  // The same of one object, for a finding about it.
  Phrase reason() const;
};

// "namespace/name" -> both.
struct ObjectName {
  std::string ns, name;
};
ObjectName split_name(const std::string& object);

}  // namespace baseline::objects
