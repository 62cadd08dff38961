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

// What is left of a source's share of the collection.
struct Allowance {
  Share left;
  bool quiet = false;  // what goes wrong is told in the facts' own rows only: the source can make it go wrong
};

// What every table's collector works with: the roots to look in, the bounds that are left, and the facts
// gathered so far. Each path is looked at once for each viewer. Lives on one thread for one collection.
class Context {
 public:
  Context(const RootView& host, const Limits& limits, const base::Clock& clock);
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

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
  // Those noted since the last call, each path once a collection.
  std::set<std::pair<int, std::string>> take_certificate_files();

  void error(std::string_view table, std::string_view subject, std::string_view reason);

  // Fails once the time is over or the share in use is used up. `bytes` are counted against what is left of
  // it.
  base::Result<void> spend(std::size_t bytes);

  // While it lives, what is read is counted against an allowance other than the host's own; null: the host's.
  class Charge {
   public:
    Charge(Context& context, Allowance* allowance) : context_(context), before_(context.allowance_) {
      context_.allowance_ = allowance == nullptr ? &context_.own_ : allowance;
    }
    ~Charge() { context_.allowance_ = before_; }
    Charge(const Charge&) = delete;
    Charge& operator=(const Charge&) = delete;

   private:
    Context& context_;
    Allowance* before_;
  };

  // Moves the tables kept here into the facts and puts every table in canonical order.
  facts::NodeFacts finish();

 private:
  void fill(facts::File& file, const Found& found);
  void descend(facts::Directory& directory, int viewer, const std::string& path, std::size_t depth);

  const RootView& host_;
  const Limits limits_;
  const base::Clock& clock_;
  const std::chrono::steady_clock::time_point deadline_;
  Allowance own_;
  Allowance* allowance_ = &own_;
  std::map<std::uint32_t, std::string> users_;
  std::map<std::uint32_t, std::string> groups_;
  std::map<int, base::Result<RootView>> viewers_;
  std::map<std::pair<int, std::string>, facts::File> files_;
  std::map<std::pair<int, std::string>, facts::Directory> directories_;
  std::set<std::pair<int, std::string>> certificate_files_;
  std::set<std::pair<int, std::string>> certificate_files_taken_;
  std::set<std::pair<std::string, std::string>> reported_;
  facts::NodeFacts facts_;
};

// The canonical form: schema version set, tables sorted.
void sort_tables(facts::NodeFacts& facts);

}  // namespace baseline::runner
