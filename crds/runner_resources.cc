#include "crds/runner_resources.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "baseline/value_reader.h"

namespace baseline::crds {
namespace {

using base::Value;

constexpr std::string_view kPath = "spec.runner.resources";

struct Bound {
  std::string_view list, name, least, most, otherwise;
};

// The runner has one thread: a whole CPU never slows it down. Every least limit is above the request that
// stands beside it when nothing is asked for.
constexpr std::array<Bound, 4> kBounds{{{"requests", "cpu", "0", "1", "20m"},
                                        {"requests", "memory", "0", "512Mi", "32Mi"},
                                        {"limits", "cpu", "100m", "2", "1"},
                                        {"limits", "memory", "64Mi", "512Mi", "128Mi"}}};

// A quantity of the API in its base unit (CPUs, bytes); nothing for what is none. Exact enough for bounds.
std::optional<double> quantity(std::string_view text) {
  struct Suffix {
    std::string_view text;
    double factor;
  };
  constexpr double kKibi = 1024;
  constexpr std::array<Suffix, 16> kSuffixes{{{"", 1},
                                              {"n", 1e-9},
                                              {"u", 1e-6},
                                              {"m", 1e-3},
                                              {"k", 1e3},
                                              {"M", 1e6},
                                              {"G", 1e9},
                                              {"T", 1e12},
                                              {"P", 1e15},
                                              {"E", 1e18},
                                              {"Ki", kKibi},
                                              {"Mi", kKibi * kKibi},
                                              {"Gi", kKibi * kKibi * kKibi},
                                              {"Ti", kKibi * kKibi * kKibi * kKibi},
                                              {"Pi", 0x1p50},
                                              {"Ei", 0x1p60}}};
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || text.find_first_of("0123456789.") != 0) return std::nullopt;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  const auto* const suffix = std::ranges::find(kSuffixes, text, &Suffix::text);
  if (suffix == kSuffixes.end()) return std::nullopt;
  return number * suffix->factor;
}

double known_quantity(std::string_view text) {
  return quantity(text).value_or(0);
}

std::string text_of(const Value& resources, const Bound& bound) {
  const Value& asked = resources[bound.list][bound.name];
  return asked.is_null() ? std::string(bound.otherwise) : asked.scalar_text();
}

// Whether requests and limits are maps that hold nothing but cpu and memory.
bool check_names(const Value& resources, std::vector<Mistake>& mistakes) {
  bool right = true;
  const auto look = [&](const Value& map, const std::string& path, auto known, const char* expected) {
    if (!map.is_map() && !map.is_null()) {
      mistakes.push_back({path, map.line(), "A map was expected here."});
      right = false;
    }
    for (const auto& [key, member] : map.members()) {
      if (known(key)) continue;
      mistakes.push_back({child_path(path, key), member.line(), expected});
      right = false;
    }
  };
  const auto is_list = [](std::string_view key) { return key == "requests" || key == "limits"; };
  const auto is_name = [](std::string_view key) { return key == "cpu" || key == "memory"; };
  look(resources, std::string(kPath), is_list, "A scan sets requests and limits alone.");
  for (const char* list : {"requests", "limits"}) {
    look(resources[list], child_path(std::string(kPath), list), is_name,
         "A scan sets cpu and memory alone; other resources are the operator's affair.");
  }
  return right;
}

}  // namespace

void check_runner_resources(const Value& resources, std::vector<Mistake>& mistakes) {
  if (!check_names(resources, mistakes)) return;
  for (const Bound& bound : kBounds) {
    const Value& asked = resources[bound.list][bound.name];
    if (asked.is_null()) continue;
    const std::string path = fmt::format("{}.{}.{}", kPath, bound.list, bound.name);
    const std::string text = text_of(resources, bound);
    const auto amount = quantity(text);
    if (!amount) {
      mistakes.push_back({path, asked.line(),
                          fmt::format("\"{}\" is no quantity; one such as {} was expected.",
                                      text.substr(0, 64), bound.otherwise)});
    } else if (*amount < known_quantity(bound.least) || *amount > known_quantity(bound.most)) {
      mistakes.push_back({path, asked.line(),
                          fmt::format("{} is out of bounds; {} to {} was expected.", text.substr(0, 64),
                                      bound.least, bound.most)});
    }
  }
  for (std::size_t i = 0; i < 2; ++i) {
    const std::string request = text_of(resources, kBounds.at(i));
    const std::string limit = text_of(resources, kBounds.at(i + 2));
    if (known_quantity(request) <= known_quantity(limit)) continue;
    mistakes.push_back(
        {fmt::format("{}.requests.{}", kPath, kBounds.at(i).name), 0,
         fmt::format("{} is above the limit of {}.", request.substr(0, 64), limit.substr(0, 64))});
  }
}

Value runner_resources(const Value& asked) {
  Value resources = Value::map();
  for (const Bound& bound : kBounds) {
    Value* list = resources.find(bound.list);
    if (!list) list = &resources.set(bound.list, Value::map());
    list->set(bound.name, text_of(asked, bound));
  }
  return resources;
}

}  // namespace baseline::crds
