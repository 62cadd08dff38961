#pragma once

#include <string_view>

// What looks like a secret, by name and by text: the word lists that everything which meets settings of
// others shares. Pure. What to do about it is the caller's affair: the node-runner hides such a value, a
// requirement about ConfigMaps names its key.
namespace baseline::base {

// What to make of a text that may be one or not: a user's name without a password in a URL, or a reference to
// a value that stands elsewhere ("${PASSWORD}").
enum class Doubt { kIsSecret, kIsNone };

// Whether a value under this name (of a flag, a variable, a key) is a secret: "dbPassword", "DB_PASS",
// "api-key"; not what the name says to be about one ("token-file", "SECRET_NAME", "TOKEN_TTL"), nor what the
// value shows to be none: a reference, a switch, a path, a URL without credentials, a number or a duration (a
// password may be a number).
bool has_secret_name(std::string_view name, std::string_view value);

// Whether the text holds one whatever its name: a private key, a token in a well-known form, credentials in a
// URL, "password: …", long random text.
bool has_secret_text(std::string_view text, Doubt doubt);

// Whether the text holds a private key in PEM form.
bool has_private_key(std::string_view text);

}  // namespace baseline::base
