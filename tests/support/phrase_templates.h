#pragma once

#include <string>
#include <vector>

#include "baseline/phrase.h"

namespace baseline::test {

// The keys of all phrase files of baseline/ with the English and Chinese template, as they stand there.
struct PhraseTemplate {
  std::string key, en, zh;
};
std::vector<PhraseTemplate> phrase_templates();

// The phrase has a template in both languages that uses exactly its arguments.
void expect_whole(const Phrase& phrase);

// The same of all that a result says.
template <typename Result>
void expect_whole_result(const Result& result) {
  expect_whole(result.message);
  for (const auto& finding : result.findings) {
    expect_whole(finding.subject);
    expect_whole(finding.expected);
    expect_whole(finding.actual);
  }
}

}  // namespace baseline::test
