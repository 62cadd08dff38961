#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <stop_token>
#include <string>

#include "base/error.h"
#include "baseline/cluster/kinds.h"
#include "baseline/phrase.h"
#include "baseline/version.h"
#include "kube/client.h"
#include "objects/object_sink.h"

namespace baseline::objects {

struct ApiOptions {
  std::set<cluster::Kind> kinds{};   // empty: all
  std::optional<Version> version{};  // of the server: decides which annotations still count
  int page_size = 500;
  std::function<std::optional<Phrase>(const std::string& kind)>
      on_kind{};  // as cluster::ClusterContext has it
  // Ends the reading between two objects. Give the client the same one, and it ends within a request too.
  std::stop_token stop{};
};

struct ApiSummary {
  std::size_t objects = 0;
  bool stopped = false;  // kinds not read by then are unreadable
};

using ApiProgress = std::function<void(cluster::Kind kind, std::size_t so_far)>;

// Reads all objects that requirements ask for from an API server into the sink, in memory that does not grow
// with the cluster. Which optional kinds there are is found out by discovery first. Never reads Secrets.
//
// What goes wrong with one kind is that kind's reason: a missing right, a list that breaks off after the
// client's retries, an object that cannot be understood (the others are judged all the same). An error only
// when the server cannot be reached at all; the sink was given nothing then.
base::Result<ApiSummary> read_cluster(const kube::Client& client, ObjectSink& sink,
                                      const ApiOptions& options = {}, const ApiProgress& progress = {});

}  // namespace baseline::objects
