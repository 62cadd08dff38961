#pragma once

#include <string>
#include <vector>

#include "baseline/check.h"
#include "baseline/model.h"

// A check in words, for people who ask how a requirement is judged.
namespace baseline::cli {

// Sentences, in the order in which they count. Never empty: a requirement without a check says so.
std::vector<std::string> judged_by(const Requirement& requirement, Language language);

// What is looked at for it; never empty.
std::vector<std::string> evidence_of(const Requirement& requirement, Language language);

// A parameter's default, or any value in a check, in words: lists with commas.
std::string value_words(const base::Value& value, Language language);

// What a built-in check asks. Empty for a name that is not known here.
std::string builtin_words(const Requirement& requirement, const BuiltinCheck& check, Language language);

// A value in a check: itself, or the parameter with its default.
std::string operand_words(const Requirement& requirement, const Operand& operand, Language language);

}  // namespace baseline::cli
