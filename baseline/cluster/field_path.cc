#include "baseline/cluster/field_path.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace baseline::cluster {
namespace {

constexpr std::size_t kMaxSteps = 32;
constexpr std::size_t kMaxShown = 64;  // of a key or an item's name in a path
constexpr std::array<std::string_view, 3> kContainerLists{"containers", "initContainers",
                                                          "ephemeralContainers"};

bool is_plain(std::string_view key) {
  return !key.empty() && std::ranges::all_of(key, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '$' || c == '/';
  });
}

void append_key(std::string& path, std::string_view key) {
  if (is_plain(key)) {
    if (!path.empty()) path += '.';
    path += key.substr(0, kMaxShown);
  } else {
    path += fmt::format("[\"{}\"]", key.substr(0, kMaxShown));
  }
}

// Takes one step off the front of `rest`; empty when there is none that can be read.
std::expected<FieldStep, std::string> take_step(std::string_view& rest, bool first) {
  if (rest.starts_with("[*]")) {
    if (first) return std::unexpected("[*] must follow a key");
    rest.remove_prefix(3);
    return FieldStep{};
  }
  if (rest.starts_with("[\"")) {
    const std::size_t end = rest.find("\"]", 2);
    if (end == std::string_view::npos || end == 2) {
      return std::unexpected("a key in brackets is written [\"key\"]");
    }
    FieldStep step{std::string(rest.substr(2, end - 2))};
    rest.remove_prefix(end + 2);
    return step;
  }
  if (rest.starts_with('[')) {
    return std::unexpected("brackets hold * for each item, or a key in double quotes");
  }
  if (!first) {
    if (!rest.starts_with('.')) return std::unexpected("keys are joined by dots");
    rest.remove_prefix(1);
  }
  const std::size_t end = std::min(rest.find_first_of(".["), rest.size());
  const std::string_view key = rest.substr(0, end);
  if (!is_plain(key)) {
    return std::unexpected(
        fmt::format("\"{}\" is no plain key; one with other characters than letters, digits, - and _ is "
                    "written [\"key\"]",
                    key.substr(0, kMaxShown)));
  }
  rest.remove_prefix(end);
  return FieldStep{std::string(key)};
}

class Finder {
 public:
  Finder(const FieldPath& path, std::vector<FieldValue>& out)
      : path_(path), out_(out), most_(out.size() + kMostFieldValues) {}

  bool found_all() const { return all_; }

  void walk(const base::Value* at, std::size_t depth, const FieldValue& so_far) {
    if (out_.size() == most_) {
      all_ = false;
      return;
    }
    if (at && at->is_null()) at = nullptr;
    if (depth == path_.size()) {
      out_.push_back(so_far);
      out_.back().value = at;
      return;
    }
    if (path_[depth].key.empty()) {
      each(at, depth, so_far);
      return;
    }
    if (!at) return absent(depth, so_far);
    if (!at->is_map()) return stop(*at, so_far);
    const std::string& key = path_[depth].key;
    FieldValue next = so_far;
    append_key(next.path, key);
    next.last_key = key;
    next.keys.emplace_back(key);
    walk(at->find(key), depth + 1, next);
  }

 private:
  void each(const base::Value* at, std::size_t depth, const FieldValue& so_far) {
    if (!at) return;
    if (!at->is_list() && !at->is_map()) return stop(*at, so_far);
    const bool containers = std::ranges::find(kContainerLists, so_far.last_key) != kContainerLists.end();
    for (std::size_t i = 0; all_ && i < at->items().size(); ++i) {
      const base::Value& item = at->items()[i];
      const std::string& name = item["name"].as_string();
      FieldValue next = so_far;
      next.path += name.empty() ? fmt::format("[{}]", i) : fmt::format("[{}]", name.substr(0, kMaxShown));
      next.item_name = name;
      next.keys.emplace_back();
      if (containers) next.container = name;
      walk(&item, depth + 1, next);
    }
    for (const auto& [key, member] : at->members()) {
      if (!all_) break;
      FieldValue next = so_far;
      next.path += fmt::format("[\"{}\"]", key.substr(0, kMaxShown));
      next.last_key = key;
      next.keys.emplace_back(key);
      walk(&member, depth + 1, next);
    }
  }

  // A field that is not there has no further lists to branch at; without one, it is one value that is absent.
  void absent(std::size_t depth, const FieldValue& so_far) {
    const auto rest = path_.begin() + static_cast<std::ptrdiff_t>(depth);
    if (std::any_of(rest, path_.end(), [](const FieldStep& step) { return step.key.empty(); })) return;
    out_.push_back(so_far);
    for (auto step = rest; step != path_.end(); ++step) append_key(out_.back().path, step->key);
    out_.back().last_key = path_.back().key;
  }

  void stop(const base::Value& at, const FieldValue& so_far) {
    out_.push_back(so_far);
    out_.back().stopped = &at;
  }

  const FieldPath& path_;
  std::vector<FieldValue>& out_;
  const std::size_t most_;
  bool all_ = true;
};

}  // namespace

std::expected<FieldPath, std::string> parse_field_path(std::string_view text) {
  if (text.starts_with("$.")) text.remove_prefix(2);
  if (text.starts_with('.')) text.remove_prefix(1);
  FieldPath path;
  if (text.empty()) return std::unexpected("a path is not empty");
  while (!text.empty()) {
    auto step = take_step(text, path.empty());
    if (!step) return std::unexpected(std::move(step.error()));
    path.push_back(std::move(*step));
    if (path.size() > kMaxSteps)
      return std::unexpected(fmt::format("a path has at most {} steps", kMaxSteps));
  }
  return path;
}

std::string to_string(const FieldPath& path) {
  std::string text;
  for (const FieldStep& step : path) {
    if (step.key.empty()) {
      text += "[*]";
    } else {
      append_key(text, step.key);
    }
  }
  return text;
}

bool find_values(const base::Value& object, const FieldPath& path, std::vector<FieldValue>& out) {
  Finder finder(path, out);
  finder.walk(&object, 0, {});
  return finder.found_all();
}

}  // namespace baseline::cluster
