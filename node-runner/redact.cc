#include "node-runner/redact.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/secret_signs.h"
#include "node-runner/text.h"

namespace baseline::runner {
namespace {

constexpr std::size_t kMaxValue = 8192;

// Keys are compared in lower case without "-", "_" and ".".
std::string squash(std::string_view key) {
  std::string out = to_lower(key);
  std::erase_if(out, [](char c) { return c == '-' || c == '_' || c == '.'; });
  return out;
}

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

bool allowed(std::string_view role, const std::string& key) {
  return std::any_of(kAllowed.begin(), kAllowed.end(),
                     [&](const AllowRule& rule) { return rule.role == role && rule.key == key; });
}

bool has_allow_list(std::string_view role) {
  return std::any_of(kAllowed.begin(), kAllowed.end(),
                     [role](const AllowRule& rule) { return rule.role == role; });
}

std::string_view without_dashes(std::string_view word) {
  return word.substr(std::min(word.find_first_not_of('-'), word.size()));
}

// Of a flag with its value only the name stays, if the value is a secret.
void hide_value(std::string& word, std::size_t equals) {
  const std::string_view value = std::string_view(word).substr(equals + 1);
  const std::string_view name = without_dashes(std::string_view(word).substr(0, equals));
  // A bundle's flag carries a component's: --kube-apiserver-arg=name=value.
  const std::size_t inner = name.ends_with("-arg") ? value.find('=') : std::string_view::npos;
  const bool secret = is_secret(name, value) || (inner != std::string_view::npos &&
                                                 is_secret(value.substr(0, inner), value.substr(inner + 1)));
  if (secret) word = word.substr(0, equals + 1) + std::string(kRedacted);
}

}  // namespace

bool is_secret_value(std::string_view value) {
  return value.size() > kMaxValue || base::has_secret_text(value, base::Doubt::kIsSecret);
}

bool is_secret(std::string_view name, std::string_view value) {
  return !value.empty() && (base::has_secret_name(name, value) || is_secret_value(value));
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
    const std::size_t equals = word.starts_with('-') ? word.find('=') : std::string::npos;
    const bool takes_next = word.starts_with('-') && equals == std::string::npos && i + 1 < words.size() &&
                            !words[i + 1].starts_with('-') && is_secret(without_dashes(word), words[i + 1]);
    // What stands before "=" is not always a name: a key in PEM form begins with dashes, too.
    if (is_secret_value(std::string_view(word).substr(0, equals))) {
      word = kRedacted;
    } else if (equals != std::string::npos) {
      hide_value(word, equals);
    }
    if (takes_next) words[++i] = kRedacted;
  }
  return words;
}

}  // namespace baseline::runner
