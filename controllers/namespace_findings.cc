#include "controllers/namespace_findings.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

#include "baseline/text.h"

namespace baseline::controllers {
namespace {

constexpr std::size_t kMaxText = 1024;

std::uint64_t hash_of(std::string_view text) {
  return std::hash<std::string_view>()(text);
}

// An object's namespace: a Namespace is in itself.
std::string namespace_of(std::string_view kind, std::string_view ns, std::string_view name) {
  return std::string(kind == "Namespace" && ns.empty() ? name : ns);
}

// The container that a rendered subject names; empty when it names none.
std::string container_in(const std::string& subject, const ObjectName& object, Language language) {
  const std::string name = object.ns.empty() ? object.name : object.ns + "/" + object.name;
  constexpr std::string_view kMark = "\uFFFC";  // seen, but in no name
  const std::string form = render(phrase("object.container", object.kind, name, kMark), language);
  const std::size_t mark = form.rfind(kMark);
  if (mark == std::string::npos) return "";
  const std::string_view before = std::string_view(form).substr(0, mark);
  const std::string_view after = std::string_view(form).substr(mark + kMark.size());
  if (subject.size() <= before.size() + after.size() || !subject.starts_with(before) ||
      !subject.ends_with(after))
    return "";
  return subject.substr(before.size(), subject.size() - before.size() - after.size());
}

}  // namespace

std::size_t NamespaceFindings::outcome_of(Status status) {
  switch (status) {
    case Status::kFail:
      return 0;
    case Status::kError:
      return 1;
    case Status::kManual:
      return 2;
    case Status::kWaived:
      return 3;
    default:
      return kOutcomes;
  }
}

ObjectName parse_object(std::string_view object) {
  const std::size_t first = object.find('/');
  if (first == std::string_view::npos) return {};
  const std::size_t second = object.find('/', first + 1);
  const bool begins_with_kind = object.front() >= 'A' && object.front() <= 'Z';
  if (begins_with_kind || second == std::string_view::npos)
    return {"", std::string(object.substr(0, first)), std::string(object.substr(first + 1))};
  return {std::string(object.substr(0, first)), std::string(object.substr(first + 1, second - first - 1)),
          std::string(object.substr(second + 1))};
}

NamespaceFindings::NamespaceFindings(Covers covers, Language language, ExportBounds bounds)
    : covers_(std::move(covers)), language_(language), bounds_(bounds), limit_(bounds.results) {}

void NamespaceFindings::add(const Report& report) {
  for (const RequirementResult& result : report.results) {
    // Objects have a say in a row of the nodes only where those leave it to a person (ReportBuilder).
    if (result.scope == Scope::kNode && result.status != Status::kManual) settled_.insert(result.id);
    if (!result.seen.empty()) seen_[result.id] = result.seen;
    for (const Finding& finding : result.findings) {
      if (finding.object.empty()) continue;
      incomplete_ |= static_cast<std::size_t>(result.findings_total) > result.findings.size();
      const ObjectName object = parse_object(finding.object);
      Row row{outcome_of(finding.status),
              result.id,
              finding.object,
              container_in(finding.subject, object, language_),
              finding.subject,
              finding.expected,
              finding.actual,
              finding.waived_by};
      count(namespace_of(object.kind, object.ns, object.name), std::move(row), finding.pods, true);
    }
  }
}

void NamespaceFindings::found(const cluster::FoundObject& found) {
  const ObjectFinding& finding = found.finding;
  if (outcome_of(finding.status) == kOutcomes) return;
  if (!found.is_new && found.pods == 0) return;
  if (settled_.contains(found.requirement)) return;
  const auto text = [&](const Phrase& phrase) {
    return phrase.empty() ? std::string() : cut_text(render(phrase, language_), kMaxText);
  };
  bool is_new = found.is_new;
  if (is_new) {
    const auto seen = seen_.find(found.requirement);
    is_new = seen == seen_.end() || !seen->second.contains(finding.key());
  }
  Row row{outcome_of(finding.status),
          std::string(found.requirement),
          finding.object,
          std::string(found.container),
          text(finding.subject),
          text(finding.expected),
          text(finding.actual),
          finding.waived_by};
  count(namespace_of(found.kind, found.ns, found.name), std::move(row), found.pods, is_new);
}

void NamespaceFindings::count(const std::string& ns, Row row, int pods, bool is_new) {
  if (ns.empty() || ns == "*" || row.outcome == kOutcomes || !covers_(ns)) return;
  const auto at = namespaces_.find(ns);
  if (at == namespaces_.end() && namespaces_.size() >= bounds_.namespaces) {
    namespaces_left_out_.insert(hash_of(ns));
    return;
  }
  Namespace& of = at == namespaces_.end() ? namespaces_[ns] : at->second;
  if (!is_new) {
    if (const auto kept = of.rows.find(row); kept != of.rows.end()) kept->second += pods;
    return;
  }
  ++of.counts[row.requirement][row.outcome];
  keep(of, std::move(row), pods);
}

void NamespaceFindings::keep(Namespace& of, Row&& row, int pods) {
  if (of.rows.size() >= limit_ && of.rows.rbegin()->first < row) return;
  const auto [at, is_new] = of.rows.emplace(std::move(row), pods);
  if (!is_new) {
    at->second += pods;
    return;
  }
  ++kept_;
  trim(of);
  while (kept_ > bounds_.results_in_all && limit_ > 1) shrink();
}

void NamespaceFindings::trim(Namespace& of) {
  while (of.rows.size() > limit_) {
    of.rows.erase(std::prev(of.rows.end()));
    --kept_;
  }
}

void NamespaceFindings::shrink() {
  limit_ = std::max<std::size_t>(1, limit_ / 2);
  for (auto& [name, one] : namespaces_) trim(one);
}

}  // namespace baseline::controllers
