#include "base/secret_signs.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/secret_values.h"

namespace baseline::base {
namespace {

std::string to_lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

// In a running text: one of these, then "=" or ":", then something.
constexpr auto kTextWords =
    std::to_array<std::string_view>({"password", "passwd", "passphrase", "secret", "token", "apikey",
                                     "api_key", "api-key", "access_key", "credential"});

bool is_alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_token_char(char c) {
  return is_alnum(c) || c == '-' || c == '_';
}

// What stands behind a label and is no value: the next line, a list, a map.
bool is_structure(std::string_view value) {
  return value.empty() || value.find_first_of("\r\n,;}{[<|&") == 0;
}

// "scheme://user:password@host"; in doubt "scheme://user@host" too.
bool has_url_credentials(std::string_view text, Doubt doubt) {
  for (std::size_t at = 0; (at = text.find("://", at)) != std::string_view::npos; ++at) {
    const std::string_view authority = text.substr(at + 3, text.find_first_of("/?# \t\n", at + 3) - at - 3);
    const std::size_t end = authority.rfind('@');
    if (end == std::string_view::npos) continue;
    if (doubt == Doubt::kIsSecret) return true;
    const std::size_t colon = authority.find(':');
    if (colon < end && !stands_elsewhere(authority.substr(colon + 1, end - colon - 1))) return true;
  }
  return false;
}

// A signed JSON web token: "eyJ…", a dot, more.
bool has_web_token(std::string_view text) {
  for (std::size_t at = 0; (at = text.find("eyJ", at)) != std::string_view::npos; ++at) {
    std::size_t end = at;
    while (end < text.size() && is_token_char(text[end])) ++end;
    if (end - at >= 12 && end < text.size() && text[end] == '.') return true;
  }
  return false;
}

// kubeadm's "abcdef.0123456789abcdef".
bool is_bootstrap_token(std::string_view text) {
  const auto small = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'); };
  return text.size() == 23 && text[6] == '.' && std::all_of(text.begin(), text.begin() + 6, small) &&
         std::all_of(text.begin() + 7, text.end(), small);
}

bool has_labelled_secret(const std::string& lower, Doubt doubt) {
  return std::any_of(kTextWords.begin(), kTextWords.end(), [&](std::string_view word) {
    for (std::size_t at = 0; (at = lower.find(word, at)) != std::string::npos; ++at) {
      std::size_t next = at + word.size();
      while (next < lower.size() && (lower[next] == ' ' || lower[next] == '"' || lower[next] == '\'')) ++next;
      if (next == lower.size() || (lower[next] != '=' && lower[next] != ':')) continue;
      next = lower.find_first_not_of(" \t\"'", next + 1);
      if (next == std::string::npos) continue;
      const std::string_view value = std::string_view(lower).substr(next);
      if (value.starts_with("true") || value.starts_with("false")) continue;
      const std::string_view first = value.substr(0, value.find_first_of(" \t\r\n\"',;"));
      if (doubt == Doubt::kIsSecret ||
          !(is_structure(value) || stands_elsewhere(first) || says_what_it_is(first)))
        return true;
    }
    return false;
  });
}

// In doubt the words alone will do, without a token behind them.
bool has_authorization(const std::string& lower, Doubt doubt) {
  constexpr std::size_t kShortestToken = 16;
  if (doubt == Doubt::kIsNone) {
    const std::size_t at = lower.find("bearer ");
    if (at == std::string::npos) return false;
    const std::string_view token = std::string_view(lower).substr(at + 7);
    const auto* const end = std::find_if_not(token.begin(), token.end(), is_token_char);
    return static_cast<std::size_t>(end - token.begin()) >= kShortestToken;
  }
  return lower.find("bearer ") != std::string::npos || lower.starts_with("basic ") ||
         lower.find("authorization:") != std::string::npos;
}

// Forty characters or more of base64 with both cases and digits.
bool is_random_text(std::string_view text) {
  bool upper = false;
  bool lower = false;
  bool digit = false;
  for (const char c : text) {
    if (!is_alnum(c) && c != '+' && c != '/' && c != '=' && c != '\n') return false;
    upper |= c >= 'A' && c <= 'Z';
    lower |= c >= 'a' && c <= 'z';
    digit |= c >= '0' && c <= '9';
  }
  return text.size() >= 40 && upper && lower && digit;
}

}  // namespace

bool has_private_key(std::string_view text) {
  return text.find("PRIVATE KEY") != std::string_view::npos;
}

bool has_secret_text(std::string_view text, Doubt doubt) {
  if (has_private_key(text) || has_web_token(text) || is_bootstrap_token(text) || is_random_text(text) ||
      has_url_credentials(text, doubt)) {
    return true;
  }
  // A reference as a whole, with a label within: "$name-of-secret:key".
  if (doubt == Doubt::kIsNone && text.starts_with('$') &&
      text.find_first_of(" \t\n") == std::string_view::npos)
    return false;
  const std::string lower = to_lower(text);
  return has_labelled_secret(lower, doubt) || has_authorization(lower, doubt);
}

}  // namespace baseline::base
