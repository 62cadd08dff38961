#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "baseline/model.h"
#include "baseline/profile.h"
#include "baseline/standard_loader.h"

namespace baseline {

// The standards that a program knows: the built-in ones, and those that were added when it started. Made
// once, then only read: a const set is safe to share between threads.
class StandardSet {
 public:
  // The files of one more standard; `name` is how messages call the whole of them. An id that is there
  // already is a mistake, as is a standard without requirements. On any mistake nothing is added.
  std::vector<Mistake> add(const std::string& name, const std::vector<StandardFile>& files);

  // Null for an unknown id.
  std::shared_ptr<const Standard> find(std::string_view id) const;
  // Those that were added first, in their order; then the built-in ones.
  std::vector<std::shared_ptr<const Standard>> all() const;
  const std::vector<std::shared_ptr<const Standard>>& added() const { return added_; }

  // A look-up that keeps a copy of what is known now.
  StandardLookup lookup() const;

 private:
  std::vector<std::shared_ptr<const Standard>> added_;
};

}  // namespace baseline
