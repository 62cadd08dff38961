#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/time.h"
#include "baseline/facts/facts.pb.h"
#include "node-runner/limits.h"
#include "node-runner/root_view.h"

namespace baseline::runner {

// The viewer of what is looked up in the host's root.
inline constexpr int kHost = 0;

// What every table's collector works with: the roots to look in, the bounds that are left, and the facts
// gathered so far. Each path is looked at once for each viewer. Lives on one thread for one collection.
class Context {
 public:
  Context(const RootView& host, const Limits& limits, const base::Clock& clock);

  facts::NodeFacts& facts() { return facts_; }
  const RootView& host() const { return host_; }
  const Limits& limits() const { return limits_; }

  // The root of a process that has one of its own. An error stands for a root that cannot be opened:
  // everything looked up there is then UNREADABLE.
  void add_viewer(int pid, base::Result<RootView> root);

  // The File of a path as `viewer` sees it. `location` is where it is when `path` is relative to something.
  const facts::File& look(int viewer, const std::string& path, const std::string& location = {});
  // A listing of what is no directory, with a File for each entry; subdirectories are descended into, and
  // have a File too, when `recursive`.
  const facts::Directory& list(int viewer, const std::string& path, bool recursive);
  // The text of a regular file, within the bounds left.
  base::Result<std::string> read(int viewer, const std::string& path, std::size_t max_bytes);
  base::Result<Listing> names(int viewer, const std::string& path);
  bool exists(int viewer, const std::string& path);
  // The root in which a viewer's paths are looked up.
  base::Result<const RootView*> view(int viewer) const;
  std::chrono::steady_clock::time_point now() const { return clock_.steady(); }
  // Whether the viewer sees at this path what the host has there (a bind mount).
  bool same_on_host(int viewer, const std::string& path) const;

  // A file in which certificates may be; read by collect_certificates().
  void note_certificates(int viewer, const std::string& path);
  const std::set<std::pair<int, std::string>>& certificate_files() const { return certificate_files_; }

  void error(std::string_view table, std::string_view subject, std::string_view reason);

  // Fails once a bound on the collection as a whole is reached. `bytes` are counted against what is left.
  base::Result<void> spend(std::size_t bytes);

  // Moves the tables kept here into the facts and puts every table in canonical order.
  facts::NodeFacts finish();

 private:
  void fill(facts::File& file, const Found& found);
  void descend(facts::Directory& directory, int viewer, const std::string& path, std::size_t depth);

  const RootView& host_;
  const Limits limits_;
  const base::Clock& clock_;
  const std::chrono::steady_clock::time_point deadline_;
  std::size_t bytes_left_;
  std::map<std::uint32_t, std::string> users_;
  std::map<std::uint32_t, std::string> groups_;
  std::map<int, base::Result<RootView>> viewers_;
  std::map<std::pair<int, std::string>, facts::File> files_;
  std::map<std::pair<int, std::string>, facts::Directory> directories_;
  std::set<std::pair<int, std::string>> certificate_files_;
  std::set<std::pair<std::string, std::string>> reported_;
  facts::NodeFacts facts_;
};

// The canonical form: schema version set, tables sorted.
void sort_tables(facts::NodeFacts& facts);

}  // namespace baseline::runner
