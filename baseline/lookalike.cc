#include "baseline/lookalike.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "baseline/text.h"

namespace baseline {
namespace {

constexpr std::size_t kMaxObjectBytes = 256;
constexpr std::size_t kMaxComponentBytes = 64;

auto key_of(const Lookalike& one) {
  return std::tie(one.object, one.component);
}

}  // namespace

void add_lookalike(std::vector<Lookalike>& list, Lookalike one) {
  one.object = cut_text(std::move(one.object), kMaxObjectBytes);
  one.component = cut_text(std::move(one.component), kMaxComponentBytes);
  const auto at = std::ranges::lower_bound(list, key_of(one), {}, key_of);
  if (at != list.end() && key_of(*at) == key_of(one)) {
    at->processes += one.processes;
    at->nodes += one.nodes;
    return;
  }
  list.insert(at, std::move(one));
  if (list.size() > kMaxLookalikes) list.pop_back();
}

}  // namespace baseline
