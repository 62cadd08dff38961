#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/value.h"

namespace baseline::base {

// Bounds on a YAML text: files from a node and manifests from a user are hostile until read.
struct YamlLimits {
  std::size_t bytes = 4U << 20;
  std::size_t nodes =
      200'000;  // counted after aliases are expanded, so that a small text cannot become a large tree
  int depth = 64;
  // Of text that comes out of aliases: more than the 3 MiB that an API server takes in one object.
  std::size_t alias_bytes = 4U << 20;
};

// Reads every document of a YAML (or JSON) text as Kubernetes reads it: quoted scalars are strings, others
// what plain_scalar() takes them for ("yes" and "on" are true); a key is the text of its scalar. A merge key
// (<<) brings the members of a map, or of each of a list of maps of which the first wins: they take the place
// of what stands before, and what stands behind takes theirs. Each value knows its line. A repeated key and
// bytes that are no UTF-8 are errors. `name` goes into Error::where as "name:line".
Result<std::vector<Value>> parse_yaml_documents(std::string_view text, std::string_view name,
                                                const YamlLimits& limits = {});

// The same for a text that must hold exactly one document; an empty text reads as null.
Result<Value> parse_yaml(std::string_view text, std::string_view name, const YamlLimits& limits = {});

// Block-style YAML that parse_yaml reads back as the same value, but for Unicode's noncharacters (U+FFFE and
// the like), which become U+FFFD. Ends with a newline.
std::string write_yaml(const Value& value);

}  // namespace baseline::base
