#pragma once

#include <cstddef>
#include <string>

#include "baseline/cluster/kinds.h"
#include "baseline/phrase.h"

namespace baseline::cluster {

// An object that is there and is not judged: it could not be understood, or takes more room than one object
// or one namespace may. What rests on it is Error; what rests on others is judged.
struct RefusedObject {
  Kind kind = Kind::kNamespace;
  std::string ns, name;
  Phrase reason;
  std::size_t objects = 1;  // that it stands for; several: the name is "*"
};

}  // namespace baseline::cluster
