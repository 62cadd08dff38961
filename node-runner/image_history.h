#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "base/value.h"

namespace baseline::runner {

// What an image's build steps tell. Names only: no value of a step leaves.
struct History {
  bool known = false;  // there is a step with a text
  std::set<std::string> secrets;
  std::uint32_t added_files = 0;
  bool maintainer = false;
  std::uint32_t index_updates = 0;
};

// `history` is that member of an image's configuration, the oldest step first, as Docker's old builder
// ("/bin/sh -c
// #(nop) ENV A=b"), BuildKit ("ENV A=b", "RUN |1 A=b /bin/sh -c … # buildkit") and Buildah write it. The
// first step that makes a layer is the base's root filesystem when it is an ADD.
History analyse_history(const base::Value& history);

// Whether a value built into an image is a secret. Less strict than redact.h, which hides in doubt: a
// reference to a variable, a path, an address without a password and a version number are none.
bool is_built_in_secret(std::string_view name, std::string_view value);

}  // namespace baseline::runner
