#pragma once

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/time.h"
#include "node-runner/collect.h"
#include "node_tree.h"

// What the tests of this room share: collecting from a tree, and finding rows in the facts.
namespace baseline::runner {

inline facts::NodeFacts collect_from(const test::NodeTree& tree, const Limits& limits = {}) {
  const base::SystemClock clock;
  auto facts = collect({.root = tree.root(), .limits = limits}, clock);
  EXPECT_TRUE(facts.has_value()) << facts.error().text();
  return facts ? std::move(*facts) : facts::NodeFacts();
}

template <typename Table, typename Predicate>
auto find_in(const Table& table, Predicate predicate) -> decltype(&*table.begin()) {
  for (const auto& row : table) {
    if (predicate(row)) return &row;
  }
  return nullptr;
}

inline const facts::File* find_file(const facts::NodeFacts& node, std::string_view path, int viewer = 0) {
  return find_in(node.files(),
                 [&](const facts::File& f) { return f.path() == path && f.viewer() == viewer; });
}

inline const facts::Directory* find_directory(const facts::NodeFacts& node, std::string_view path) {
  return find_in(node.directories(), [&](const facts::Directory& d) { return d.path() == path; });
}

inline const facts::Process* find_process(const facts::NodeFacts& node, std::string_view component) {
  return find_in(node.processes(), [&](const facts::Process& p) { return p.component() == component; });
}

inline const facts::ConfigFile* find_config(const facts::NodeFacts& node, std::string_view path) {
  return find_in(node.configs(), [&](const facts::ConfigFile& c) { return c.path() == path; });
}

inline const facts::Setting* find_setting(const facts::ConfigFile& config, std::string_view path) {
  return find_in(config.settings(), [&](const facts::Setting& s) { return s.path() == path; });
}

// The reason given for a subject, or "".
inline std::string error_about(const facts::NodeFacts& node, std::string_view table,
                               std::string_view subject) {
  const auto* error = find_in(node.errors(), [&](const facts::CollectionError& e) {
    return e.table() == table && e.subject() == subject;
  });
  return error == nullptr ? std::string() : error->reason();
}

}  // namespace baseline::runner
