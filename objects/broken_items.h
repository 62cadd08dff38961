#pragma once

#include <cstddef>
#include <optional>

#include "baseline/cluster/kinds.h"
#include "baseline/phrase.h"
#include "objects/parse_error.h"

namespace baseline::objects {

// The objects of one kind that could not be understood: the first of them, and how many there are. Reading
// goes on after them, but the kind is not read whole.
class BrokenItems {
 public:
  void add(ParseError error) {
    if (count_++ == 0) first_ = std::move(error);
  }
  bool empty() const { return count_ == 0; }
  // Names the first object and what is wrong with it.
  Phrase reason(cluster::Kind kind) const;

 private:
  ParseError first_;
  std::size_t count_ = 0;
};

}  // namespace baseline::objects
