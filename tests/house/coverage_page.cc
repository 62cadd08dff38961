// Prints docs/coverage.md out of the catalogue and of what the checks say of themselves.
//   coverage_page                 prints the page
//   coverage_page --check FILE    ends with 1 when FILE holds anything else
#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <variant>

#include <fmt/format.h>

#include "baseline/cluster/node_row.h"
#include "baseline/cluster/object_check.h"
#include "baseline/standard_loader.h"

namespace {

using namespace baseline;
using cluster::RestsOn;

enum class Answer { kJudged, kAddOn, kAttested, kNone };
constexpr std::array kAnswers{Answer::kJudged, Answer::kAddOn, Answer::kAttested, Answer::kNone};

struct Coverage {
  Answer answer = Answer::kNone;
  std::string_view how;
};

// Of a check of objects. Parts that must all hold are worth the weakest of them; of parts of which one is
// enough, the strongest.
RestsOn rests_on(const Check& check) {
  if (const auto* named = std::get_if<BuiltinCheck>(&check.form)) {
    const auto* builtin = cluster::find_object_builtin(named->name);
    return builtin ? builtin->rests_on : RestsOn::kAttestation;
  }
  const auto ordered = [](const Check& a, const Check& b) { return rests_on(a) < rests_on(b); };
  if (const auto* all = std::get_if<AllOf>(&check.form)) {
    return rests_on(*std::ranges::max_element(all->checks, ordered));
  }
  if (const auto* any = std::get_if<AnyOf>(&check.form)) {
    return rests_on(*std::ranges::min_element(any->checks, ordered));
  }
  return RestsOn::kObjects;
}

Coverage of_node_row(const Requirement& row) {
  if (!row.objects) return {Answer::kJudged, "judged on nodes"};
  return {Answer::kJudged,
          rests_on(*row.objects) == RestsOn::kAttestation
              ? "judged on nodes; what they leave open by attestation, with objects as evidence"
              : "judged on nodes; what they leave open from objects"};
}

Coverage of_cluster_row(const Check& check) {
  switch (rests_on(check)) {
    case RestsOn::kAttestation:
      return {Answer::kAttested, "attested (Manual), with the evidence laid out"};
    case RestsOn::kAddOn:
      return {Answer::kAddOn, "judged when an add-on is there, else attested (Manual)"};
    case RestsOn::kObjects:
      break;
  }
  const auto* named = std::get_if<BuiltinCheck>(&check.form);
  if (named && cluster::image_row(named->name)) return {Answer::kJudged, "judged from the images on nodes"};
  if (named && cluster::runtime_row(named->name)) {
    return {Answer::kJudged, "judged from objects and from the running processes on nodes"};
  }
  return {Answer::kJudged, "judged from objects"};
}

Coverage coverage_of(const Requirement& row) {
  if (!row.check) return {Answer::kNone, "not judged in this version"};
  return row.scope == Scope::kNode ? of_node_row(row) : of_cluster_row(*row.check);
}

std::string_view words(Answer answer) {
  switch (answer) {
    case Answer::kJudged:
      return "judged";
    case Answer::kAddOn:
      return "judged when an add-on is there";
    case Answer::kAttested:
      return "only attested";
    case Answer::kNone:
      return "not judged in this version";
  }
  return "";
}

std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, 1, '\\');
  return text;
}

std::string counts(const Standard& standard) {
  std::string out =
      "| here | rows | of those that the standard calls automatable | of the others |\n|---|---|---|---|\n";
  for (const Answer answer : kAnswers) {
    const auto count = [&](auto&& chosen) {
      return std::ranges::count_if(standard.requirements, [&](const Requirement& row) {
        return coverage_of(row).answer == answer && chosen(row);
      });
    };
    const auto automatable = count([](const Requirement& row) { return row.automated; });
    const auto others = count([](const Requirement& row) { return !row.automated; });
    if (answer == Answer::kNone && automatable + others == 0) continue;
    out += fmt::format("| {} | {} | {} | {} |\n", words(answer), automatable + others, automatable, others);
  }
  const auto automatable = std::ranges::count(standard.requirements, true, &Requirement::automated);
  const auto all = std::ssize(standard.requirements);
  return out + fmt::format("| all | {} | {} | {} |\n", all, automatable, all - automatable);
}

std::string rows(const Standard& standard) {
  std::string out =
      "| id | title | 标题 | level | automatable by the standard | here |\n|---|---|---|---|---|---|\n";
  for (const Requirement& row : standard.requirements) {
    out += fmt::format("| {} | {} | {} | {} | {} | {} |\n", row.id, cell(row.title.en), cell(row.title.zh),
                       to_string(row.level), row.automated ? "yes" : "no", coverage_of(row).how);
  }
  return out;
}

std::string page(const Standard& standard) {
  return fmt::format(R"(# What is judged, and by what

Each requirement of the standard, whether the standard itself calls it automatable, and what is done here. Made from
the catalogue and the checks by `coverage_page`, a program that is built with the tests; a test holds the two together.

- **judged**: evidence that every cluster has decides between Pass and Fail. Where it does not settle a case, the report
  says `Manual`, shows the evidence and asks the question to be answered.
- **judged when an add-on is there**: the evidence is what something installed for the purpose has left in the cluster, such
  as vulnerability reports or a policy that verifies signatures. Without it the row is `Manual`.
- **only attested**: no program can see the answer. The report lays out what a person needs for it, and a profile's
  `spec.attestations` carries that person's answer until it expires ([profiles.md](profiles.md)).

{}
{})",
                     counts(standard), rows(standard));
}

// The number of the first line in which two texts differ.
std::size_t first_difference(std::string_view a, std::string_view b) {
  const auto [at, other] = std::ranges::mismatch(a, b);
  return static_cast<std::size_t>(std::count(a.begin(), at, '\n')) + 1;
}

int check(std::string_view program, const std::string& file, const std::string& wanted) {
  std::ifstream in(file, std::ios::binary);
  const std::string found(std::istreambuf_iterator<char>(in), {});
  if (found == wanted) return 0;
  std::cerr << fmt::format("{}:{}: is not what the catalogue says; write it anew: {} > {}\n", file,
                           first_difference(found, wanted), program, file);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  const auto standard = built_in_standard("kxy-cs001-2023");
  if (!standard) {
    std::cerr << "the built-in standard could not be read\n";
    return 2;
  }
  const std::string text = page(*standard);
  if (argc == 3 && std::string_view(argv[1]) == "--check") return check(argv[0], argv[2], text);
  if (argc != 1) {
    std::cerr << "usage: coverage_page [--check FILE]\n";
    return 2;
  }
  std::cout << text;
  return 0;
}
