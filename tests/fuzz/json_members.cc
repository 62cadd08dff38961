// The reader of large JSON texts that keeps only what is asked for. What it keeps is what a reader of the
// whole reads.
#include "node-runner/json_members.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/json.h"
#include "support.h"

namespace {

using namespace baseline;

constexpr std::array<std::string_view, 4> kNames{"a", "config", "history", ""};

bool repeats_a_key(const base::Value& value) {
  for (const base::Value& item : value.items()) {
    if (repeats_a_key(item)) return true;
  }
  for (const auto& [key, member] : value.members()) {
    if (&member != value.find(key) || repeats_a_key(member)) return true;
  }
  return false;
}

// Fractions may differ in their last digit.
bool same(const base::Value& a, const base::Value& b) {
  if (a.is_list() && b.is_list()) {
    return std::ranges::equal(a.items(), b.items(), same);
  }
  if (a.is_map() && b.is_map()) {
    return std::ranges::equal(a.members(), b.members(), [](const auto& one, const auto& other) {
      return one.first == other.first && same(one.second, other.second);
    });
  }
  if (a.is_int() || b.is_int() || !a.is_number()) return a == b;
  return std::abs(a.as_double() - b.as_double()) <= 1e-9 * std::abs(a.as_double());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const runner::JsonBounds bounds{.values = 500, .depth = 24};
  const auto kept = runner::parse_json_members(text, kNames, bounds);
  const auto whole = base::parse_json(text, "text");
  if (!kept) {
    fuzz::require_sentence(kept.error());
  } else if (whole && !repeats_a_key(*whole)) {
    for (const auto& [key, member] : kept->members()) {
      fuzz::require(same(member, (*whole)[key]), "a member is what stands there", key);
    }
    for (const std::string_view name : kNames) {
      fuzz::require(kept->contains(name) == whole->contains(name), "no member is overlooked", name);
    }
  }
  std::size_t items = 0;
  const auto listed = runner::parse_json_items(text, kNames, [&](const base::Value&) { ++items; }, bounds);
  if (!listed) {
    fuzz::require_sentence(listed.error());
  } else if (whole) {
    fuzz::require(whole->is_list() && items == whole->items().size(), "every item is handed over");
  }
  return 0;
}
