#include "baseline/cluster/checks/verdict.h"

#include <algorithm>
#include <utility>

#include "baseline/text.h"

namespace baseline::cluster {
namespace {

Phrase counted(Phrase sentence, std::size_t count) {
  sentence.args.push_back(number(count));
  return sentence;
}

}  // namespace

std::string number(std::size_t count) {
  return std::to_string(count);
}

ObjectResult conclude(FindingSet& findings, Sentences sentences) {
  const Status status = findings.empty() ? Status::kPass : findings.worst();
  switch (status) {
    case Status::kFail:
      return findings.take(status, counted(std::move(sentences.fail), findings.count(status)));
    case Status::kManual:
      return findings.take(status, counted(std::move(sentences.manual), findings.count(status)));
    case Status::kWaived:
      return findings.take(status, phrase("verdict.waived", number(findings.count(status))));
    case Status::kError:
      return findings.take(status, phrase("verdict.incomplete", number(findings.count(status))));
    default:
      return findings.take(Status::kPass, std::move(sentences.pass));
  }
}

std::optional<Phrase> nothing_given(const CheckInput& input, const std::vector<Kind>& kinds) {
  if (input.context.live) return std::nullopt;
  const bool any = std::ranges::any_of(kinds, [&](Kind kind) { return input.facts.state(kind).objects > 0; });
  if (any) return std::nullopt;
  std::vector<std::string> names;
  for (const Kind kind : kinds) names.push_back(resource_name(kind));
  return phrase("verdict.not-given", join(names, ", "));
}

}  // namespace baseline::cluster
