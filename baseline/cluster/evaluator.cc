#include "baseline/cluster/evaluator.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <variant>

#include "baseline/check.h"
#include "baseline/cluster/held_facts.h"
#include "baseline/cluster/object_check.h"
#include "baseline/cluster/object_form.h"
#include "baseline/name_pattern.h"
#include "baseline/signals.h"
#include "baseline/text.h"

namespace baseline::cluster {
namespace {

using Outcome = KindState::Outcome;

// One requirement being judged.
struct Row {
  Row(const ResolvedProfile& profile, CheckInput check_input, const ObjectBuiltin& of, base::Time now,
      std::set<std::size_t>& used)
      : input(check_input),
        builtin(of),
        findings(profile, input.selected.requirement->id, now, used, &input.context.on_finding) {}

  const CheckInput input;
  const ObjectBuiltin& builtin;
  FindingSet findings;
  std::unique_ptr<ObjectCheck> check;  // null: what it needs is not known, or only nodes tell
};

bool needs(const ObjectBuiltin& builtin, Kind kind) {
  return std::ranges::find(builtin.needs, kind) != builtin.needs.end();
}

std::string names_of(const std::vector<Kind>& kinds_given) {
  std::vector<std::string> names;
  for (const Kind kind : kinds_given) names.push_back(resource_name(kind));
  return join(names, ", ");
}

constexpr std::size_t kNamedInMessage = 3;

// "NetworkPolicy shop/p".
std::string name_of(const RefusedObject& object) {
  const std::string ns = object.ns.empty() ? "" : object.ns + "/";
  return std::string(info(object.kind).name) + " " + ns + object.name;
}

}  // namespace

struct ClusterEvaluator::Impl {
  Impl(std::shared_ptr<const ResolvedProfile> for_profile, ClusterContext in_context, base::Time at)
      : profile(std::move(for_profile)),
        context(std::move(in_context)),
        now(at),
        documents(*profile, context, now, used) {
    for (const KindInfo& one : kinds()) facts.kinds[one.kind];
  }

  void add(Object&& object) {
    if (auto* pod = std::get_if<Pod>(&object)) {
      ++facts.kinds[Kind::kPod].objects;
      return add_pod(std::move(*pod));
    }
    const Kind kind = started ? late_kind(object) : hold(facts, std::move(object));
    ++facts.kinds[kind].objects;
  }

  // Of an object that comes when checks have looked at all of its kind already.
  Kind late_kind(Object& object) const {
    ClusterFacts unused;
    return hold(unused, std::move(object));
  }

  void add_pod(Pod&& pod) {
    if (pod.phase == "Succeeded" || pod.phase == "Failed" || !context.covers(pod.metadata.ns)) return;
    if (pod.is_template) {
      templates.push_back(std::move(pod));
      return;
    }
    const Workload workload = workload_of(pod);
    if (!context.live) with_pods.insert({workload.kind, workload.ns + "/" + workload.name});
    show(pod, workload);
  }

  void show(const Pod& pod, const Workload& workload) {
    if (!started) start();
    for (const auto& row : rows) {
      if (row->check) row->check->see(pod, workload);
    }
  }

  void start() {
    started = true;
    for (const SelectedRequirement& selected : profile->requirements) {
      const Requirement& requirement = *selected.requirement;
      const auto& about_objects =
          requirement.scope == Scope::kCluster ? requirement.check : requirement.objects;
      const auto* check = about_objects ? std::get_if<BuiltinCheck>(&about_objects->form) : nullptr;
      const ObjectBuiltin* builtin = check ? find_object_builtin(check->name) : nullptr;
      if (!builtin || !builtin->make) continue;
      auto row = std::make_unique<Row>(*profile, CheckInput{facts, context, selected, *check, now}, *builtin,
                                       now, used);
      if (!why_unknown(*builtin, /*pods_too=*/false)) row->check = builtin->make(row->input, row->findings);
      rows.push_back(std::move(row));
    }
  }

  // Why a row cannot be judged; nothing when all that it needs was read.
  std::optional<std::pair<Status, Phrase>> why_unknown(const ObjectBuiltin& builtin, bool pods_too) const {
    bool given = context.live;
    for (const Kind kind : builtin.needs) {
      const KindState& state = facts.state(kind);
      if (kind == Kind::kPod && !pods_too) {
        given = true;
        continue;
      }
      if (state.outcome == Outcome::kUnreadable) return std::pair(Status::kError, state.reason);
      const bool missing = state.outcome == Outcome::kNotAsked ||
                           (state.outcome == Outcome::kNotServed && !info(kind).optional);
      if (context.live && missing)
        return std::pair(Status::kError, phrase("object.not-read", resource_name(kind)));
      given = given || state.objects > 0;
    }
    if (given || builtin.needs.empty()) return std::nullopt;
    return std::pair(Status::kNotChecked, phrase("object.none-given", names_of(builtin.needs)));
  }

  ObjectResult result_of(Row& row) const {
    const std::string& id = row.input.selected.requirement->id;
    auto unknown = why_unknown(row.builtin, /*pods_too=*/true);
    if (!row.check || (unknown && !needs(row.builtin, Kind::kPod))) {
      if (!unknown) unknown.emplace(Status::kError, phrase("object.not-read", names_of(row.builtin.needs)));
      return {id, unknown->first, unknown->second, {}, {}};
    }
    ObjectResult result = finish_with_refused(row);
    // Pods that did come are judged, and a Fail among them stands; for the rest nobody knows.
    if (!unknown || result.status == Status::kFail) return result;
    if (unknown->first == Status::kNotChecked) return {id, unknown->first, unknown->second, {}, {}};
    result.status = Status::kError;
    result.message = unknown->second;
    return result;
  }

  // Where an object that counts was refused, the row is Error, unless what was read makes it Fail: findings
  // about other objects stand as they are.
  ObjectResult finish_with_refused(Row& row) const {
    std::size_t count = 0;
    std::vector<std::string> names;
    for (const RefusedObject& one : facts.refused) {
      if (!needs(row.builtin, one.kind) || !context.covers(one.ns)) continue;
      count += one.objects;
      if (names.size() < kNamedInMessage) names.push_back(name_of(one));
      row.findings.add({std::string(info(one.kind).name), one.ns, one.name, "", nullptr, nullptr},
                       Status::kError, phrase("object.expected-readable"), one.reason);
    }
    ObjectResult result = row.check->finish();
    if (count == 0 || result.status == Status::kFail) return result;
    return row.findings.take(Status::kError,
                             phrase("object.refused", std::to_string(count), join(names, ", ")));
  }

  // The results of both ways, in the order of the profile.
  void add_documents(ClusterOutcome& outcome) {
    std::ranges::move(documents.finish(), std::back_inserter(outcome.results));
    outcome.objects = documents.objects();
    std::map<std::string_view, std::size_t> places;
    for (std::size_t i = 0; i < profile->requirements.size(); ++i) {
      places[profile->requirements[i].requirement->id] = i;
    }
    std::ranges::stable_sort(outcome.results, {},
                             [&](const ObjectResult& result) { return places[result.id]; });
  }

  ClusterOutcome finish() {
    if (!started) start();
    for (const auto& row : rows) row->findings.count_pods(false);
    for (const Pod& pod : templates) {
      const Workload workload = workload_of(pod);
      if (!with_pods.contains({workload.kind, workload.ns + "/" + workload.name})) show(pod, workload);
    }
    ClusterOutcome outcome;
    for (const auto& row : rows) outcome.results.push_back(result_of(*row));
    if (!documents.kinds().empty()) add_documents(outcome);
    for (const auto& [kind, state] : facts.kinds) {
      if (state.objects > 0 || state.outcome == Outcome::kRead) {
        outcome.objects[resource_name(kind)] = static_cast<int>(state.objects);
      }
    }
    for (const std::size_t index : used) outcome.used_exemptions.push_back(profile->exemptions[index].reason);
    return outcome;
  }

  const std::shared_ptr<const ResolvedProfile> profile;
  const ClusterContext context;
  const base::Time now;
  ClusterFacts facts;
  bool started = false;  // the checks have been made: all kinds but pods are complete
  std::set<std::size_t> used;
  DocumentChecks documents;
  std::vector<std::unique_ptr<Row>> rows;
  std::vector<Pod> templates;
  std::set<std::pair<std::string, std::string>> with_pods;  // workloads of which a pod came (files only)
};

ClusterEvaluator::ClusterEvaluator(std::shared_ptr<const ResolvedProfile> profile, ClusterContext context,
                                   base::Time now)
    : impl_(std::make_unique<Impl>(std::move(profile), std::move(context), now)) {}

ClusterEvaluator::~ClusterEvaluator() = default;

void ClusterEvaluator::add(Object object) {
  impl_->add(std::move(object));
}

void ClusterEvaluator::take_back(Kind kind, const std::function<bool(const Metadata&)>& which) {
  std::size_t& objects = impl_->facts.kinds[kind].objects;
  let_go(impl_->facts, kind, [&](const Metadata& metadata) {
    const bool gone = which(metadata);
    if (gone) --objects;
    return gone;
  });
}

void ClusterEvaluator::refuse(RefusedObject object) {
  impl_->facts.kinds[object.kind].objects += object.objects;
  impl_->facts.refused.push_back(std::move(object));
}

void ClusterEvaluator::read(Kind kind) {
  KindState& state = impl_->facts.kinds[kind];
  if (state.outcome != Outcome::kUnreadable) state.outcome = Outcome::kRead;
}

void ClusterEvaluator::not_served(Kind kind) {
  impl_->facts.kinds[kind].outcome = Outcome::kNotServed;
}

void ClusterEvaluator::unreadable(Kind kind, Phrase reason) {
  KindState& state = impl_->facts.kinds[kind];
  state.outcome = Outcome::kUnreadable;
  state.reason = std::move(reason);
}

const std::vector<DocumentKind>& ClusterEvaluator::document_kinds() const {
  return impl_->documents.kinds();
}

void ClusterEvaluator::add_document(std::string_view id, const base::Value& object) {
  impl_->documents.add(id, object);
}

void ClusterEvaluator::refuse_document(std::string_view id, const std::string& ns, const std::string& name,
                                       const Phrase& reason) {
  impl_->documents.refuse(id, ns, name, reason);
}

void ClusterEvaluator::documents_read(std::string_view id) {
  impl_->documents.read(id);
}

void ClusterEvaluator::documents_not_served(std::string_view id) {
  impl_->documents.not_served(id);
}

void ClusterEvaluator::documents_unreadable(std::string_view id, Phrase reason) {
  impl_->documents.unreadable(id, std::move(reason));
}

ClusterOutcome ClusterEvaluator::finish() && {
  return impl_->finish();
}

void ClusterContext::add(const NodeGroup& group) {
  signals.insert(group.signals.begin(), group.signals.end());
  if (std::ranges::find(group.signals, baseline::signals::kPodsJudged) != group.signals.end()) {
    reported_nodes.insert(group.nodes.begin(), group.nodes.end());
  }
}

bool ClusterContext::covers(const std::string& ns) const {
  return selects_namespace(ns, include_namespaces, exclude_namespaces);
}

}  // namespace baseline::cluster
