// Whether a value is a secret by the name that it stands under.
#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <string>
#include <vector>

#include "base/secret_signs.h"
#include "base/secret_values.h"

namespace baseline::base {
namespace {

using Words = std::vector<std::string>;

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// "DB_PASSWORD", "dbPassword" and "db-password" are the words "db" and "password". Digits belong to the word
// before them, and count for nothing at its end.
Words words_of(std::string_view name) {
  Words out;
  bool fresh = true;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (!is_upper(c) && !is_lower(c) && !is_digit(c)) {
      fresh = true;
      continue;
    }
    const bool before_lower = i + 1 < name.size() && is_lower(name[i + 1]);
    const bool after_lower = i > 0 && (is_lower(name[i - 1]) || is_digit(name[i - 1]));
    const bool after_upper = i > 0 && is_upper(name[i - 1]);
    if (is_upper(c) && (after_lower || (after_upper && before_lower))) fresh = true;
    if (fresh) out.emplace_back();
    fresh = false;
    out.back() += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  for (std::string& word : out) {
    while (word.size() > 1 && is_digit(word.back())) word.pop_back();
  }
  return out;
}

bool is_one_of(std::string_view word, std::span<const std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

// What a person or a program proves itself by: a number can be one as well.
constexpr auto kPasswords = std::to_array<std::string_view>(
    {"pass", "passcode", "passphrase", "passwd", "password", "passwords", "pswd", "pw", "pwd", "userpass"});
// Within a word too: "mysqlpassword".
constexpr auto kPasswordParts = std::to_array<std::string_view>({"passphrase", "passwd", "password"});
constexpr auto kSecrets =
    std::to_array<std::string_view>({"apikey", "bearer", "cred", "credential", "credentials", "creds",
                                     "passkey", "privatekey", "psk", "secret", "secrets", "token", "tokens"});
constexpr auto kSecretParts = std::to_array<std::string_view>(
    {"accesskey", "apikey", "clientkey", "credential", "encryptionkey", "keydata", "certificatedata",
     "masterkey", "privatekey", "secret", "token"});
// Before "key".
constexpr auto kKeysOf = std::to_array<std::string_view>(
    {"access",  "account", "api",        "app",        "application", "auth",    "client",      "cookie",
     "crypt",   "crypto",  "decryption", "encryption", "hash",        "hmac",    "integration", "jwt",
     "license", "master",  "private",    "secret",     "server",      "service", "session",     "shared",
     "signing", "ssh",     "storage",    "token",      "tsig",        "user",    "webhook",     "write"});

// What stands behind the word for a secret and says that the value is about it, not the secret itself.
constexpr auto kAbouts = std::to_array<std::string_view>(
    {"age",        "alg",        "algo",      "algorithm",  "allowed",  "api",        "arn",
     "attempts",   "attribute",  "audience",  "aud",        "backend",  "bin",        "bytes",
     "cfg",        "cert",       "conf",      "crt",        "ini",      "js",         "json",
     "pem",        "properties", "pub",       "sh",         "toml",     "yaml",       "yml",
     "cache",      "chars",      "check",     "class",      "command",  "config",     "configmap",
     "controller", "cost",       "count",     "days",       "delay",    "dir",        "directory",
     "disable",    "disabled",   "driver",    "duration",   "enable",   "enabled",    "encoding",
     "endpoint",   "engine",     "env",       "exp",        "expire",   "expires",    "expiry",
     "expiration", "field",      "file",      "filename",   "files",    "folder",     "format",
     "grace",      "group",      "handler",   "hash",       "header",   "hint",       "host",
     "hours",      "id",         "ids",       "interval",   "issuer",   "issuers",    "kind",
     "kubeconfig", "label",      "length",    "lifetime",   "limit",    "location",   "lookup",
     "manager",    "max",        "method",    "min",        "minutes",  "mode",       "mount",
     "name",       "names",      "namespace", "namespaces", "operator", "param",      "params",
     "path",       "paths",      "pattern",   "per",        "period",   "policy",     "port",
     "prefix",     "processing", "provider",  "providers",  "rate",     "ref",        "reference",
     "refresh",    "regex",      "region",    "renew",      "renewal",  "replicas",   "request",
     "required",   "reset",      "retries",   "review",     "role",     "rotate",     "rotation",
     "rounds",     "sa",         "scope",     "scopes",     "seconds",  "secs",       "selector",
     "server",     "service",    "size",      "source",     "store",    "strategy",   "strength",
     "sync",       "template",   "threshold", "timeout",    "ttl",      "type",       "types",
     "uri",        "url",        "usage",     "user",       "username", "validation", "validity",
     "version",    "volume",     "webhook",   "window"});

// Names that hold the word and mean something else.
constexpr auto kOthers = std::to_array<std::string_view>(
    {"authorization-mode", "bypass", "compass", "passthrough", "pass-through", "proxy-pass", "server-tokens",
     "tokenizer", "max-tokens", "total-tokens", "prompt-tokens", "completion-tokens"});

enum class Says { kNothing, kSecret, kPassword };

bool has_part(std::string_view word, std::span<const std::string_view> parts) {
  return std::ranges::any_of(parts, [word](std::string_view part) { return word.contains(part); });
}

Says word_says(const Words& words, std::size_t at) {
  const std::string_view word = words[at];
  if (is_one_of(word, kPasswords) || has_part(word, kPasswordParts)) return Says::kPassword;
  if (is_one_of(word, kSecrets) || has_part(word, kSecretParts)) return Says::kSecret;
  const bool key = word == "key" || word == "keys";
  if (key && at > 0 && is_one_of(words[at - 1], kKeysOf)) return Says::kSecret;
  return Says::kNothing;
}

// By the last word that speaks of a secret, and what stands behind it.
Says name_says(std::string_view name) {
  const Words words = words_of(name);
  for (std::size_t i = words.size(); i-- > 0;) {
    const Says says = word_says(words, i);
    if (says == Says::kNothing) {
      // "TOKEN_FILE", and "SECRET_KEY_ID": a key is not what it is about.
      if (is_one_of(words[i], kAbouts)) return Says::kNothing;
      continue;
    }
    // The directory that a shell is in.
    if (words.size() == 1 && words[0] == "pwd") return Says::kNothing;
    return says;
  }
  return Says::kNothing;
}

// Written as several words or one: "client-key-data" of a kubeconfig, "manifest-url-header" of a kubelet.
bool says_in_all(std::string_view name) {
  std::string all;
  for (const std::string& word : words_of(name)) all += word;
  return all == "auth" || all == "manifesturlheader" || all.contains("keydata") ||
         all.contains("certificatedata");
}

bool is_other(std::string_view name) {
  std::string plain;
  for (const std::string& word : words_of(name)) plain += (plain.empty() ? "" : "-") + word;
  return std::ranges::any_of(kOthers, [&](std::string_view other) { return plain.contains(other); });
}

}  // namespace

bool has_secret_name(std::string_view name, std::string_view value) {
  if (value.empty()) return false;
  Says says = name_says(name);
  if (says == Says::kNothing && says_in_all(name)) says = Says::kSecret;
  if (says == Says::kNothing || is_other(name)) return false;
  if (stands_elsewhere(value) || is_switch(value)) return false;
  return says == Says::kPassword ? !is_path(value) : !says_what_it_is(value);
}

}  // namespace baseline::base
