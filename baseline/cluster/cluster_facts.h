#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "baseline/cluster/found_object.h"
#include "baseline/cluster/objects.h"
#include "baseline/cluster/refused_object.h"
#include "baseline/phrase.h"
#include "baseline/report.h"
#include "baseline/version.h"

namespace baseline::cluster {

// What became of the reading of one kind.
struct KindState {
  enum class Outcome {
    kNotAsked,   // nobody asked for it, or (files) no object of it was given
    kRead,       // all of it
    kNotServed,  // the API server has no such kind
    kUnreadable  // refused or broken off: what there is cannot be known
  } outcome = Outcome::kNotAsked;
  std::size_t objects = 0;
  Phrase reason;  // of kUnreadable: a sentence with what to do
};

// All objects but pods. They are few compared with pods, so they are held; pods are judged as they come.
struct ClusterFacts {
  std::vector<Namespace> namespaces;
  std::vector<ServiceAccount> service_accounts;
  std::vector<Role> roles;
  std::vector<RoleBinding> bindings;
  std::vector<NetworkPolicy> network_policies;  // of every kind
  std::vector<Service> services;
  std::vector<ConfigMap> config_maps;  // only those with a suspicious key
  std::vector<ResourceQuota> quotas;
  std::vector<LimitRange> limit_ranges;
  std::vector<CertificateSigningRequest> certificate_requests;
  std::vector<VulnerabilityReport> vulnerability_reports;
  std::map<Kind, std::vector<OtherObject>> others;
  std::vector<RefusedObject> refused;  // pods: those that came so far
  std::map<Kind, KindState> kinds;     // every kind is in it

  const KindState& state(Kind kind) const { return kinds.at(kind); }
  const std::vector<OtherObject>& others_of(Kind kind) const {
    static const std::vector<OtherObject> kNone;
    const auto found = others.find(kind);
    return found == others.end() ? kNone : found->second;
  }
};

inline constexpr const char* kJudging = "judging";

// What is known of the cluster from outside its objects.
struct ClusterContext {
  bool live =
      true;  // an API server: what is not there does not exist. false: files, which may leave things out
  std::optional<Version> version{};        // of the API server
  std::set<std::string> reported_nodes{};  // nodes that were judged knowing their pods
  std::set<std::string> signals{};         // NodeOutcome::signals of those nodes together
  std::vector<std::string> include_namespaces{},
      exclude_namespaces{};  // of the scan; empty: all; * at the end: prefix
  // Asked before a kind is read, by its resource's name, and before all is judged (kJudging): why to leave it
  // out, else nothing. None: nothing is left out.
  std::function<std::optional<Phrase>(const std::string& kind)> on_kind{};
  OnFinding on_finding{};  // told of every finding about an object; none: nobody is

  // Takes over what these nodes tell.
  void add(const NodeGroup& group);
  // Whether the scan looks at objects of this namespace. Cluster-scoped objects are always looked at.
  bool covers(const std::string& ns) const;
};

}  // namespace baseline::cluster
