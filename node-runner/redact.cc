#include "node-runner/redact.h"

#include <algorithm>
#include <array>
#include <span>

#include "node-runner/text.h"

namespace baseline::runner {
namespace {

constexpr std::size_t kMaxValue = 8192;

// Names are compared in lower case without "-", "_" and ".".
std::string squash(std::string_view name) {
  std::string out = to_lower(name);
  std::erase_if(out, [](char c) { return c == '-' || c == '_' || c == '.'; });
  return out;
}

enum class Match { kIs, kContains };
enum class Except {
  kNothing,   // always a secret
  kSwitch,    // but "true" and "false" are not
  kFileName,  // nor is the value of a name that ends in a word for a file
  kPath,      // nor is an absolute path
};

struct NameRule {
  std::string_view word;
  Match match;
  Except except;
};

constexpr auto kNames = std::to_array<NameRule>({
    {"auth", Match::kIs, Except::kNothing},
    {"token", Match::kIs, Except::kNothing},
    {"secret", Match::kIs, Except::kNothing},
    {"password", Match::kIs, Except::kNothing},
    {"passwd", Match::kIs, Except::kNothing},
    {"pass", Match::kIs, Except::kNothing},
    {"manifesturlheader", Match::kIs, Except::kNothing},
    {"keydata", Match::kContains, Except::kNothing},
    {"certificatedata", Match::kContains, Except::kNothing},
    {"secretkey", Match::kContains, Except::kSwitch},
    {"accesskey", Match::kContains, Except::kSwitch},
    {"apikey", Match::kContains, Except::kSwitch},
    {"encryptionkey", Match::kContains, Except::kFileName},
    {"passphrase", Match::kContains, Except::kFileName},
    {"password", Match::kContains, Except::kFileName},
    {"passwd", Match::kContains, Except::kFileName},
    {"credential", Match::kContains, Except::kFileName},
    {"bearer", Match::kContains, Except::kFileName},
    {"secret", Match::kContains, Except::kFileName},
    {"token", Match::kContains, Except::kFileName},
    {"privatekey", Match::kContains, Except::kPath},
    {"clientkey", Match::kContains, Except::kPath},
});

constexpr auto kFileEndings =
    std::to_array<std::string_view>({"file", "path", "dir", "directory", "config", "kubeconfig", "bin"});

// Keys below which a leaf is a secret; with a leaf name, only leaves of that name.
struct BranchRule {
  std::string_view role;  // empty: any
  std::string_view key;
  std::string_view leaf;
};

constexpr auto kBranches = std::to_array<BranchRule>({
    {"", "auth", ""},
    {"", "auths", ""},
    {"", "header", ""},
    {"", "headers", ""},
    {"", "httpheaders", "value"},
    {"", "staticpodurlheader", ""},
    {"", "env", "value"},
    {"manifest", "annotations", ""},
});

// Roles of which only these keys are shown.
struct AllowRule {
  std::string_view role;
  std::string_view key;
};

constexpr auto kAllowed = std::to_array<AllowRule>({
    {"encryption", "apiversion"},
    {"encryption", "kind"},
    {"encryption", "resources"},
    {"encryption", "name"},
    {"encryption", "endpoint"},
    {"encryption", "cachesize"},
    {"encryption", "timeout"},
    {"kubeconfig", "apiversion"},
    {"kubeconfig", "kind"},
    {"kubeconfig", "currentcontext"},
    {"kubeconfig", "name"},
    {"kubeconfig", "cluster"},
    {"kubeconfig", "user"},
    {"kubeconfig", "namespace"},
    {"kubeconfig", "server"},
    {"kubeconfig", "certificateauthority"},
    {"kubeconfig", "insecureskiptlsverify"},
    {"kubeconfig", "tlsservername"},
    {"kubeconfig", "proxyurl"},
    {"kubeconfig", "clientcertificate"},
    {"kubeconfig", "clientkey"},
    {"kubeconfig", "tokenfile"},
    {"kubeconfig", "command"},
});

// In a running text: one of these, then "=" or ":", then something.
constexpr auto kTextWords =
    std::to_array<std::string_view>({"password", "passwd", "passphrase", "secret", "token", "apikey",
                                     "api_key", "api-key", "access_key", "credential"});

bool is_switch(std::string_view value) {
  return value == "true" || value == "false";
}

bool excepted(const NameRule& rule, std::string_view name, std::string_view value) {
  switch (rule.except) {
    case Except::kNothing:
      return false;
    case Except::kSwitch:
      return is_switch(value);
    case Except::kFileName:
      return is_switch(value) ||
             std::any_of(kFileEndings.begin(), kFileEndings.end(),
                         [name](std::string_view ending) { return name.ends_with(ending); });
    case Except::kPath:
      return is_switch(value) || value.starts_with('/');
  }
  return false;
}

bool is_secret_name(std::string_view name, std::string_view value) {
  const std::string squashed = squash(name);
  return std::any_of(kNames.begin(), kNames.end(), [&](const NameRule& rule) {
    const bool matches =
        rule.match == Match::kIs ? squashed == rule.word : squashed.find(rule.word) != std::string::npos;
    return matches && !excepted(rule, squashed, value);
  });
}

bool is_alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_token_char(char c) {
  return is_alnum(c) || c == '-' || c == '_';
}

// "scheme://user:password@host"
bool has_url_credentials(std::string_view text) {
  for (std::size_t at = 0; (at = text.find("://", at)) != std::string_view::npos; ++at) {
    const std::string_view authority = text.substr(at + 3, text.find_first_of("/?# \t\n", at + 3) - at - 3);
    if (authority.find('@') != std::string_view::npos) return true;
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

bool has_labelled_secret(const std::string& lower) {
  return std::any_of(kTextWords.begin(), kTextWords.end(), [&lower](std::string_view word) {
    for (std::size_t at = 0; (at = lower.find(word, at)) != std::string::npos; ++at) {
      std::size_t next = at + word.size();
      while (next < lower.size() && (lower[next] == ' ' || lower[next] == '"' || lower[next] == '\'')) ++next;
      if (next == lower.size() || (lower[next] != '=' && lower[next] != ':')) continue;
      next = lower.find_first_not_of(" \t\"'", next + 1);
      if (next == std::string::npos) continue;
      const std::string_view value = std::string_view(lower).substr(next);
      if (!value.starts_with("true") && !value.starts_with("false")) return true;
    }
    return false;
  });
}

bool has_authorization(const std::string& lower) {
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

bool allowed(std::string_view role, const std::string& key) {
  return std::any_of(kAllowed.begin(), kAllowed.end(),
                     [&](const AllowRule& rule) { return rule.role == role && rule.key == key; });
}

bool has_allow_list(std::string_view role) {
  return std::any_of(kAllowed.begin(), kAllowed.end(),
                     [role](const AllowRule& rule) { return rule.role == role; });
}

}  // namespace

bool is_secret_value(std::string_view value) {
  if (value.size() > kMaxValue) return true;
  if (value.find("PRIVATE KEY") != std::string_view::npos) return true;
  const std::string lower = to_lower(value);
  return has_url_credentials(value) || has_web_token(value) || is_bootstrap_token(value) ||
         has_labelled_secret(lower) || has_authorization(lower) || is_random_text(value);
}

bool is_secret(std::string_view name, std::string_view value) {
  return !value.empty() && (is_secret_name(name, value) || is_secret_value(value));
}

bool is_secret_setting(std::string_view role, const std::vector<std::string>& keys, std::string_view value) {
  if (value.empty()) return false;
  const std::string leaf = keys.empty() ? std::string() : squash(keys.back());
  if (has_allow_list(role)) return !allowed(role, leaf) || is_secret_value(value);
  if (is_secret(leaf, value)) return true;
  for (std::size_t i = 0; i + 1 < keys.size(); ++i) {
    const std::string key = squash(keys[i]);
    for (const BranchRule& rule : kBranches) {
      if ((rule.role.empty() || rule.role == role) && rule.key == key &&
          (rule.leaf.empty() || rule.leaf == leaf)) {
        return true;
      }
    }
  }
  return false;
}

std::vector<std::string> redact_words(std::vector<std::string> words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string& word = words[i];
    if (!word.starts_with('-')) {
      if (is_secret_value(word)) word = kRedacted;
      continue;
    }
    const std::size_t name_begin = std::min(word.find_first_not_of('-'), word.size());
    const std::size_t equals = word.find('=');
    if (equals != std::string::npos) {
      const std::string_view value = std::string_view(word).substr(equals + 1);
      const std::string_view name = std::string_view(word).substr(name_begin, equals - name_begin);
      // A bundle's flag carries a component's: --kube-apiserver-arg=name=value.
      const std::size_t inner = name.ends_with("-arg") ? value.find('=') : std::string_view::npos;
      const bool secret =
          is_secret(name, value) ||
          (inner != std::string_view::npos && is_secret(value.substr(0, inner), value.substr(inner + 1)));
      if (secret) word = word.substr(0, equals + 1) + std::string(kRedacted);
    } else if (i + 1 < words.size() && !words[i + 1].starts_with('-') &&
               is_secret(std::string_view(word).substr(name_begin), words[i + 1])) {
      words[++i] = kRedacted;
    } else if (is_secret_value(word)) {
      word = kRedacted;
    }
  }
  return words;
}

}  // namespace baseline::runner
