#include "base/secret_values.h"

#include <algorithm>
#include <array>
#include <string>

namespace baseline::base {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t' || text.front() == '\n'))
    text.remove_prefix(1);
  while (!text.empty() &&
         (text.back() == ' ' || text.back() == '\t' || text.back() == '\n' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

bool is_path_char(char c) {
  return is_letter(c) || is_digit(c) || c == '/' || c == '.' || c == '_' || c == '-' || c == '@' ||
         c == ':' || c == '~';
}

constexpr auto kUnits = std::to_array<std::string_view>(
    {"ns", "us", "ms", "s", "m", "h", "d", "w", "y", "k", "M", "G", "Ki", "Mi", "Gi", "KB", "MB", "GB", "%"});

// "30", "1.5", "15m", "1h30m", "512Mi", "v1.2.3". Longer numbers may be a secret.
bool is_amount(std::string_view value) {
  constexpr std::size_t kMost = 12;
  if (value.size() > kMost) return false;
  if (value.starts_with('v') || value.starts_with('-')) value.remove_prefix(1);
  while (!value.empty()) {
    const std::size_t digits = std::min(value.find_first_not_of("0123456789."), value.size());
    if (digits == 0) return false;
    value.remove_prefix(digits);
    const std::string_view unit = value.substr(0, value.find_first_of("0123456789"));
    if (!unit.empty() && std::ranges::find(kUnits, unit) == kUnits.end()) return false;
    value.remove_prefix(unit.size());
  }
  return true;
}

bool has_credentials(std::string_view url) {
  const std::size_t begin = url.find("://");
  const std::string_view rest = url.substr(begin + 3);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?# "));
  return authority.contains('@') || rest.contains('=');
}

bool is_plain_url(std::string_view value) {
  return value.contains("://") && value.find_first_of(" \t\n") == std::string_view::npos &&
         !has_credentials(value);
}

// "service-account.example.com", "kube-system/name", "Bearer": names are made of words, and a secret of this
// form would be a bad one. Short words of letters alone; no digits, no capitals within.
bool is_word_of_an_api(std::string_view value) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"RS256",  "ES256",  "HS256",  "RS384",  "RS512",  "HS512",  "EdDSA",  "bearer", "Bearer",
       "basic",  "Basic",  "oidc",   "jwt",    "JWT",    "oauth2", "OAuth2", "plain",  "default",
       "auto",   "always", "Always", "never",  "Never",  "file",   "env",    "vault",  "kubernetes",
       "memory", "redis",  "opaque", "Opaque", "strict", "lax",    "sha256", "bcrypt", "argon2id",
       "http",   "https",  "grpc",   "tls",    "mtls"});
  return std::ranges::find(kWords, value) != kWords.end();
}

}  // namespace

bool stands_elsewhere(std::string_view value) {
  value = trimmed(value);
  if (value.empty() || value.starts_with("{{")) return true;
  if (value.size() > 1 && value[0] == '$' &&
      (is_letter(value[1]) || value[1] == '{' || value[1] == '(' || value[1] == '_'))
    return true;
  constexpr auto kStarts = std::to_array<std::string_view>(
      {"%(", "@Microsoft.KeyVault", "arn:aws:", "aws-sm://", "awssm:", "gcp-sm:", "gcpsm:", "op://", "ref+",
       "secretref:", "sm://", "ssm:", "vault:", "vault://", "__", "REPLACE", "<", "*"});
  constexpr auto kBlanks =
      std::to_array<std::string_view>({"null", "none", "None", "nil", "NONE", "N/A", "n/a", "unset"});
  return std::ranges::any_of(kStarts, [value](std::string_view start) { return value.starts_with(start); }) ||
         std::ranges::find(kBlanks, value) != kBlanks.end();
}

bool is_switch(std::string_view value) {
  constexpr auto kSwitches =
      std::to_array<std::string_view>({"true", "false", "yes", "no", "on", "off", "enabled", "disabled",
                                       "enable", "disable", "required", "optional"});
  std::string lower(trimmed(value).substr(0, 16));
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return std::ranges::find(kSwitches, lower) != kSwitches.end();
}

bool is_path(std::string_view value) {
  value = trimmed(value);
  if (value.starts_with("file://")) return true;
  const bool rooted = value.starts_with('/') || value.starts_with("./") || value.starts_with("../") ||
                      value.starts_with("~/");
  if (!rooted || !std::ranges::all_of(value, is_path_char)) return false;
  const std::string_view below = value.substr(value.find('/') + 1);
  // Long random text may begin with a slash and hold another.
  constexpr std::size_t kLongestStep = 64;
  std::size_t step = 0;
  std::size_t longest = 0;
  for (const char c : below) {
    step = c == '/' ? 0 : step + 1;
    longest = std::max(longest, step);
  }
  return !below.empty() && longest <= kLongestStep &&
         (below.contains('/') || below.contains('.') || below.contains('-') || below.contains('_') ||
          longest < 16);
}

bool says_what_it_is(std::string_view value) {
  value = trimmed(value);
  return is_path(value) || is_plain_url(value) || is_amount(value) || is_word_of_an_api(value);
}

}  // namespace baseline::base
