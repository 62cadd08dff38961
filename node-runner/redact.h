#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "baseline/facts/published.h"

// What leaves the node. Decided here, at the source, by allow-lists (baseline/facts/published.h): in doubt a
// value is withheld, and a reader that misses it can only answer "cannot tell".
namespace baseline::runner {

inline constexpr std::string_view kRedacted = facts::kWithheld;

// Whether a text that is no setting's value (a key, a name) is a secret by what it looks like, or too long to
// be none.
bool is_secret_value(std::string_view value);

// The text where it is of the type, else kRedacted.
std::string shown(facts::ValueType type, std::string_view text);
bool is_shown_path(std::string_view path);

// Words of a command line of a component or bundle; words[0] is the program and is left alone. Values of
// published flags stay where they are of their type, in one word with the flag or in the next. Else names of
// flags and known subcommands stay, and everything else becomes kRedacted.
std::vector<std::string> redact_words(std::string_view component, std::vector<std::string> words);

// A flag that a bundle passes on, "name=value", by the flag under which it does: "kube-apiserver-arg".
std::string redact_passed_on(std::string_view flag, std::string_view text);

// Whether a leaf of a configuration file may leave the node. `list` is the list in published/ that it is held
// against, `keys` are the map keys on the way to it.
bool is_shown_setting(std::string_view list, const std::vector<std::string>& keys, std::string_view value);

}  // namespace baseline::runner
