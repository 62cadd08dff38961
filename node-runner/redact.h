#pragma once

#include <string>
#include <string_view>
#include <vector>

// What counts as a secret. Facts leave the node, so this is decided here, at the source, and in doubt a value
// is taken for a secret: a reader that misses it can only answer "cannot tell". The rules are tables in
// base/secret_signs.cc and, for settings, in redact.cc.
namespace baseline::runner {

inline constexpr std::string_view kRedacted = "<redacted>";

// By its text alone: private keys, tokens in well-known forms, credentials in a URL, "password: …" in a text,
// long random text, anything too long to be a setting.
bool is_secret_value(std::string_view value);

// By the name under which it stands (a flag, an environment variable, the last key of a setting), or by its
// text.
bool is_secret(std::string_view name, std::string_view value);

// A leaf of a configuration file: `keys` are the map keys on the way to it, `role` is ConfigFile.role. Roles
// made for secrets (kubeconfig, encryption) show only what an allow-list names.
bool is_secret_setting(std::string_view role, const std::vector<std::string>& keys, std::string_view value);

// A command line, or the words of one, with secret values replaced by kRedacted.
std::vector<std::string> redact_words(std::vector<std::string> words);

}  // namespace baseline::runner
