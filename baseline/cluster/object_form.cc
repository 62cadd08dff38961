#include "baseline/cluster/object_form.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/secret_signs.h"
#include "baseline/check.h"
#include "baseline/cluster/field_expectation.h"
#include "baseline/cluster/finding_set.h"
#include "baseline/cluster/kinds.h"
#include "baseline/cluster/object_check.h"
#include "baseline/cluster/withheld_fields.h"
#include "baseline/text.h"

namespace baseline::cluster {
namespace {

using base::Value;
using Outcome = KindState::Outcome;
using Quantifier = FieldCheck::Quantifier;
using WhenAbsent = FieldCheck::WhenAbsent;

constexpr std::string_view kHidden = "<redacted>";
constexpr std::size_t kValuesNamed = 5;
constexpr std::string_view kDefaultNamespace = "default";  // of a manifest that names none

// What a value came to. kLeftOut: not there, and that is no matter.
enum class Verdict { kRight, kWrong, kUnknown, kLeftOut };

Labels labels_of(const Value& map) {
  Labels labels;
  for (const auto& [key, value] : map.members()) labels[key] = value.as_string();
  return labels;
}

// As much of a pod as its owner is told by.
Pod pod_of(const Value& object) {
  Pod pod;
  const Value& metadata = object["metadata"];
  pod.metadata.ns = metadata["namespace"].as_string();
  if (pod.metadata.ns.empty()) pod.metadata.ns = kDefaultNamespace;
  pod.metadata.name = metadata["name"].as_string();
  pod.metadata.labels = labels_of(metadata["labels"]);
  for (const Value& owner : metadata["ownerReferences"].items()) {
    if (!owner["controller"].as_bool()) continue;
    pod.metadata.controller_kind = owner["kind"].as_string();
    pod.metadata.controller_name = owner["name"].as_string();
  }
  pod.node = object.at("spec.nodeName").as_string();
  return pod;
}

// "secretName": a name of what is kept elsewhere.
bool is_reference(std::string_view key) {
  return key.ends_with("Name") || key.ends_with("Ref");
}

bool is_secret(const FieldValue& field, const std::string& text) {
  return (base::has_secret_name(field.last_key, text) && !is_reference(field.last_key)) ||
         base::has_secret_name(field.item_name, text) || base::has_secret_text(text, base::Doubt::kIsNone);
}

// Neither shown nor compared. Of a map the keys alone are, of a list the items.
bool is_withheld(std::string_view kind, const FieldValue& field) {
  if (!withheld(kind, field.keys).empty()) return true;
  const Value& value = *field.value;
  if (value.is_map()) return false;
  const auto is_text = [](const Value& one) { return one.is_string(); };
  if (!is_text(value) && std::ranges::none_of(value.items(), is_text)) return false;
  if (!is_published_text(kind, field.keys)) return true;
  return is_secret(field, value.as_string()) || std::ranges::any_of(value.items(), [&](const Value& item) {
           return is_secret(field, item.as_string());
         });
}

std::string hidden_or_shown(std::string_view kind, const FieldValue& field) {
  return is_withheld(kind, field) ? std::string(kHidden) : shown(*field.value);
}

bool asks_for_presence(const Expectation& expect) {
  return expect.kind == Expectation::Kind::kSet || expect.kind == Expectation::Kind::kUnset;
}

std::string types_of(const FieldCheck& check) {
  std::vector<std::string> types;
  for (const DocumentKind& kind : check.kinds) types.push_back(kind.type());
  return join(types, ", ");
}

std::string paths_of(const FieldCheck& check) {
  std::vector<std::string> paths;
  for (const FieldPath& path : check.paths) paths.push_back(to_string(path));
  return join(paths, ", ");
}

std::pair<std::string, std::string> key_of(const Workload& workload) {
  return {workload.kind, workload.ns + "/" + workload.name};
}

const FieldCheck* field_check_of(const Requirement& requirement) {
  const auto& check = requirement.scope == Scope::kCluster ? requirement.check : requirement.objects;
  return check ? std::get_if<FieldCheck>(&check->form) : nullptr;
}

}  // namespace

// One requirement being judged.
struct DocumentChecks::Row {
  Row(const ResolvedProfile& profile, const SelectedRequirement& requirement, const FieldCheck& of,
      base::Time now, std::set<std::size_t>& used, const OnFinding& on_finding)
      : selected(requirement),
        check(of),
        expected(expected_of(of.expect, of.quantifier == Quantifier::kNone, requirement)),
        findings(profile, requirement.requirement->id, now, used, &on_finding) {}

  // `kind` is the id of the object's; `subject` the object, or the owner of a pod, without a container.
  void judge(std::string_view kind, const Value& object, const FindingSubject& subject, int pods) {
    ++objects;
    std::vector<FieldValue> values;
    bool all = true;
    for (const FieldPath& path : check.paths) all = find_values(object, path, values) && all;
    if (!all) {
      ++judged;
      return findings.add(subject, Status::kError, expected,
                          phrase("field.too-many", paths_of(check), std::to_string(kMostFieldValues)), pods);
    }
    // No list on the way has an item: the field as a whole is not there.
    if (values.empty()) values.push_back({paths_of(check), nullptr, nullptr, "", "", "", {}});
    bool right = false;
    bool looked = false;
    std::vector<const FieldValue*> wrong;
    std::vector<const FieldValue*> unknown;
    for (const FieldValue& value : values) {
      const Verdict verdict = verdict_of(kind, value);
      looked = looked || verdict != Verdict::kLeftOut;
      right = right || verdict == Verdict::kRight;
      if (verdict == Verdict::kUnknown) unknown.push_back(&value);
      if (verdict == Verdict::kWrong) wrong.push_back(&value);
    }
    if (!looked) return;
    ++judged;
    const bool any = check.quantifier == Quantifier::kAny;
    if (any && right) return;
    for (const FieldValue* value : unknown) add_unknown(kind, *value, subject, pods);
    if (any) {
      // One that cannot be compared might be the one that is right.
      if (unknown.empty()) add_none_right(kind, wrong, subject, pods);
      return;
    }
    for (const FieldValue* value : wrong) {
      FindingSubject of = subject;
      of.container = value->container;
      const Phrase actual = value->value ? phrase("field.value", value->path, hidden_or_shown(kind, *value))
                                         : phrase("field.absent", value->path);
      findings.add(of, Status::kFail, expected, actual, pods);
    }
  }

  Verdict verdict_of(std::string_view kind, const FieldValue& field) const {
    if (field.stopped) return Verdict::kUnknown;
    if (!field.value) return absent_verdict();
    if (!asks_for_presence(check.expect) && is_withheld(kind, field)) return Verdict::kUnknown;
    const auto holds = meets(check.expect, *field.value, selected);
    if (!holds) return Verdict::kUnknown;
    return *holds == (check.quantifier != Quantifier::kNone) ? Verdict::kRight : Verdict::kWrong;
  }

  Verdict absent_verdict() const {
    if (asks_for_presence(check.expect)) {
      const bool holds = check.expect.kind == Expectation::Kind::kUnset;
      return holds == (check.quantifier != Quantifier::kNone) ? Verdict::kRight : Verdict::kWrong;
    }
    if (check.when_absent == WhenAbsent::kNotApplicable) return Verdict::kLeftOut;
    return check.when_absent == WhenAbsent::kPass ? Verdict::kRight : Verdict::kWrong;
  }

  void add_unknown(std::string_view kind, const FieldValue& field, const FindingSubject& subject, int pods) {
    FindingSubject of = subject;
    of.container = field.container;
    const Value& at = field.stopped ? *field.stopped : *field.value;
    const Phrase actual = !field.stopped && is_withheld(kind, field)
                              ? phrase("field.withheld", field.path)
                              : phrase("field.other-type", field.path, json_type(at));
    findings.add(of, Status::kError, expected, actual, pods);
  }

  void add_none_right(std::string_view kind, const std::vector<const FieldValue*>& wrong,
                      const FindingSubject& subject, int pods) {
    std::set<std::string> found;
    for (const FieldValue* value : wrong) {
      if (value->value) found.insert(hidden_or_shown(kind, *value));
    }
    std::vector<std::string> named(found.begin(), found.end());
    if (named.size() > kValuesNamed) {
      named.resize(kValuesNamed);
      named.emplace_back("…");
    }
    const Phrase actual = named.empty() ? phrase("field.absent", paths_of(check))
                                        : phrase("field.no-one", paths_of(check), join(named, ", "));
    findings.add(subject, Status::kFail, expected, actual, pods);
  }

  const SelectedRequirement& selected;
  const FieldCheck& check;
  const Phrase expected;
  FindingSet findings;
  std::size_t objects = 0;  // looked at
  std::size_t judged = 0;   // that have the field, or need it
};

struct DocumentChecks::Template {
  Workload workload;
  Labels labels;
  Value document;  // metadata and spec of the pod that it makes
};

DocumentChecks::DocumentChecks(const ResolvedProfile& profile, const ClusterContext& context, base::Time now,
                               std::set<std::size_t>& used)
    : context_(context) {
  for (const SelectedRequirement& selected : profile.requirements) {
    const FieldCheck* check = field_check_of(*selected.requirement);
    if (!check) continue;
    rows_.push_back(std::make_unique<Row>(profile, selected, *check, now, used, context.on_finding));
    for (const DocumentKind& kind : check->kinds) state(kind).rows.push_back(rows_.back().get());
  }
  if (!context.live && states_.contains(kPodDocument)) {
    for (const std::string_view id : kTemplateDocuments) {
      const std::size_t dot = std::min(id.find('.'), id.size() - 1);
      const bool core = !id.contains('.');
      state({core ? "" : std::string(id.substr(dot + 1)), "v1", std::string(core ? id : id.substr(0, dot)),
             true});
    }
  }
  for (const auto& [id, one] : states_) kinds_.push_back(one.kind);
}

DocumentChecks::~DocumentChecks() = default;

DocumentChecks::State& DocumentChecks::state(DocumentKind kind) {
  State& of = states_[kind.id()];
  // Two requirements may name different versions of a kind: the first one's are read.
  if (of.kind.kind.empty()) of.kind = std::move(kind);
  return of;
}

void DocumentChecks::add(std::string_view id, const Value& object) {
  const auto found = states_.find(id);
  if (found == states_.end()) return;
  State& of = found->second;
  ++of.objects;
  if (id == kPodDocument) {
    add_pod(of, object);
    return;
  }
  const auto pods = states_.find(kPodDocument);
  const bool is_template = std::ranges::find(kTemplateDocuments, id) != kTemplateDocuments.end();
  if (is_template && !context_.live && pods != states_.end())
    add_template(pods->second, of.kind.kind, object);
  const std::string& ns = object.at("metadata.namespace").as_string();
  if (of.rows.empty() || !context_.covers(ns)) return;
  const Labels labels = labels_of(object.at("metadata.labels"));
  const FindingSubject subject{of.kind.kind, ns,      object.at("metadata.name").as_string(),
                               "",           &labels, nullptr};
  for (Row* row : of.rows) row->judge(id, object, subject, 0);
}

void DocumentChecks::refuse(std::string_view id, const std::string& ns, const std::string& name,
                            const Phrase& reason) {
  const auto found = states_.find(id);
  if (found == states_.end()) return;
  ++found->second.objects;
  if (!context_.covers(ns)) return;
  for (Row* row : found->second.rows) {
    ++row->objects;
    row->findings.add({found->second.kind.kind, ns, name, "", nullptr, nullptr}, Status::kError,
                      row->expected, reason);
  }
}

void DocumentChecks::add_pod(State& pods, const Value& object) {
  const std::string& phase = object.at("status.phase").as_string();
  const Pod pod = pod_of(object);
  if (phase == "Succeeded" || phase == "Failed" || !context_.covers(pod.metadata.ns)) return;
  const Workload workload = workload_of(pod);
  if (!context_.live) with_pods_.insert(key_of(workload));
  const FindingSubject subject{workload.kind, workload.ns, workload.name, "", &pod.metadata.labels, nullptr};
  for (Row* row : pods.rows) row->judge(kPodDocument, object, subject, 1);
}

void DocumentChecks::add_template(State& pods, std::string_view kind, const Value& object) {
  const Value& spec = object["spec"];
  const Value& inner = kind == "CronJob" ? spec.at("jobTemplate.spec.template") : spec["template"];
  Pod owner = pod_of(object);
  const bool owned = !owner.metadata.controller_kind.empty();
  // A revision that its Deployment has left behind makes no pods.
  if (kind == "ReplicaSet" && owned && spec["replicas"] == Value(0)) return;
  ++pods.objects;
  if (!context_.covers(owner.metadata.ns)) return;
  if (!owned) {
    owner.metadata.controller_kind = kind;
    owner.metadata.controller_name = owner.metadata.name;
  }
  owner.metadata.labels = labels_of(inner.at("metadata.labels"));
  Value document = Value::map();
  Value metadata = inner["metadata"].is_map() ? inner["metadata"] : Value::map();
  metadata.set("namespace", owner.metadata.ns);
  document.set("metadata", std::move(metadata));
  document.set("spec", inner["spec"]);
  templates_.push_back({workload_of(owner), std::move(owner.metadata.labels), std::move(document)});
}

void DocumentChecks::judge_templates() {
  const auto pods = states_.find(kPodDocument);
  if (pods == states_.end()) return;
  for (const Template& one : templates_) {
    if (with_pods_.contains(key_of(one.workload))) continue;
    const Workload& workload = one.workload;
    const FindingSubject subject{workload.kind, workload.ns, workload.name, "", &one.labels, nullptr};
    for (Row* row : pods->second.rows) row->judge(kPodDocument, one.document, subject, 0);
  }
  templates_.clear();
}

void DocumentChecks::read(std::string_view id) {
  const auto found = states_.find(id);
  if (found == states_.end() || found->second.outcome == Outcome::kUnreadable) return;
  found->second.outcome = Outcome::kRead;
}

void DocumentChecks::not_served(std::string_view id) {
  const auto found = states_.find(id);
  if (found != states_.end()) found->second.outcome = Outcome::kNotServed;
}

void DocumentChecks::unreadable(std::string_view id, Phrase reason) {
  const auto found = states_.find(id);
  if (found == states_.end()) return;
  found->second.outcome = Outcome::kUnreadable;
  found->second.reason = std::move(reason);
  // A workload that cannot be read leaves the pods that it makes unknown.
  const auto pods = states_.find(kPodDocument);
  const bool is_template = std::ranges::find(kTemplateDocuments, id) != kTemplateDocuments.end();
  if (!context_.live && is_template && pods != states_.end()) {
    pods->second.outcome = Outcome::kUnreadable;
    pods->second.reason = found->second.reason;
  }
}

// Why a row cannot be judged as a whole; nothing when all that it needs was read.
std::optional<std::pair<Status, Phrase>> DocumentChecks::why_unknown(const Row& row) const {
  bool given = context_.live;
  bool served = !context_.live;
  for (const DocumentKind& kind : row.check.kinds) {
    const State& of = states_.at(kind.id());
    if (of.outcome == Outcome::kUnreadable) return std::pair(Status::kError, of.reason);
    if (context_.live && of.outcome == Outcome::kNotAsked) {
      return std::pair(Status::kError, phrase("object.not-read", kind.type()));
    }
    if (context_.live && of.outcome == Outcome::kNotServed && !kind.optional) {
      return std::pair(Status::kError, phrase("field.kind-unknown", kind.type()));
    }
    served = served || of.outcome != Outcome::kNotServed;
    given = given || of.objects > 0;
  }
  if (!given) return std::pair(Status::kNotChecked, phrase("object.none-given", types_of(row.check)));
  if (!served) return std::pair(Status::kNotApplicable, phrase("field.kind-absent", types_of(row.check)));
  return std::nullopt;
}

ObjectResult DocumentChecks::result_of(Row& row) const {
  const std::string types = types_of(row.check);
  const std::string objects = std::to_string(row.objects);
  const Status worst = row.findings.worst();
  // A Fail among what was read stands, whatever else there may be.
  if (worst != Status::kFail) {
    if (auto unknown = why_unknown(row)) return row.findings.take(unknown->first, std::move(unknown->second));
  }
  if (!row.findings.empty()) {
    const std::string count = std::to_string(row.findings.count(worst));
    if (worst == Status::kFail) return row.findings.take(worst, phrase("field.fail", count, objects, types));
    if (worst == Status::kError)
      return row.findings.take(worst, phrase("field.error", count, objects, types));
    return row.findings.take(worst, phrase("field.waived", count, objects, types));
  }
  if (row.objects == 0) return row.findings.take(Status::kNotApplicable, phrase("field.no-objects", types));
  if (row.judged == 0) {
    return row.findings.take(Status::kNotApplicable,
                             phrase("field.not-there", objects, types, paths_of(row.check)));
  }
  return row.findings.take(Status::kPass,
                           phrase("field.pass", std::to_string(row.judged), types, paths_of(row.check)));
}

std::vector<ObjectResult> DocumentChecks::finish() {
  judge_templates();
  std::vector<ObjectResult> results;
  for (const auto& row : rows_) results.push_back(result_of(*row));
  return results;
}

std::map<std::string, int> DocumentChecks::objects() const {
  std::map<std::string, int> counts;
  for (const auto& [id, one] : states_) {
    const std::string version = one.kind.versions.substr(0, one.kind.versions.find(' '));
    const std::string api_version = one.kind.group.empty() ? version : one.kind.group + "/" + version;
    if (one.rows.empty() || kind_of(api_version, one.kind.kind)) continue;
    if (one.outcome == Outcome::kRead || one.objects > 0) counts[id] = static_cast<int>(one.objects);
  }
  return counts;
}

}  // namespace baseline::cluster
