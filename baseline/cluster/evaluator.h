#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "base/value.h"
#include "baseline/cluster/cluster_facts.h"
#include "baseline/cluster/document_kind.h"
#include "baseline/cluster/outcome.h"
#include "baseline/profile.h"

namespace baseline::cluster {

// Judges the cluster-scoped requirements of a profile over objects that are handed in one by one and not kept
// when they are pods. Pure: no clock, no network. Not thread-safe.
//
// Order: every other kind first, then pods (kinds() has it). An object that comes after the first pod and is
// none is counted and not judged, so sources keep the order. Templates of workloads are held until the end,
// and judged when no pod of their workload came.
class ClusterEvaluator {
 public:
  ClusterEvaluator(std::shared_ptr<const ResolvedProfile> profile, ClusterContext context, base::Time now);
  ~ClusterEvaluator();
  ClusterEvaluator(const ClusterEvaluator&) = delete;
  ClusterEvaluator& operator=(const ClusterEvaluator&) = delete;

  void add(Object object);
  // Takes back the objects of a kind (not pods) for which this is true, before the first pod. Asked once of
  // each, in the order in which they came.
  void take_back(Kind kind, const std::function<bool(const Metadata&)>& which);
  // One that is there and cannot be judged: what needs its kind has an Error finding about it, and no Pass.
  void refuse(RefusedObject object);
  // How the reading of a kind ended. Called once for each kind, for every kind but those of kNotAsked.
  void read(Kind kind);
  void not_served(Kind kind);
  void unreadable(Kind kind, Phrase reason);

  // Kinds whose objects requirements look into by path, whole: to be handed over beside what add() takes.
  // Empty unless the profile has such requirements. They may come in any order; ids are DocumentKind::id().
  const std::vector<DocumentKind>& document_kinds() const;
  void add_document(std::string_view id, const base::Value& object);
  // One that is there and cannot be looked into: an Error finding about it.
  void refuse_document(std::string_view id, const std::string& ns, const std::string& name,
                       const Phrase& reason);
  // How the reading of such a kind ended; one of which nothing is said counts as not read. Where a document
  // of a manifest cannot be parsed, its kind is unreadable.
  void documents_read(std::string_view id);
  void documents_not_served(std::string_view id);
  void documents_unreadable(std::string_view id, Phrase reason);

  ClusterOutcome finish() &&;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace baseline::cluster
