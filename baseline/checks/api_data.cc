#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "baseline/checks/authorization.h"
#include "baseline/checks/builtin_functions.h"
#include "baseline/checks/expectation.h"
#include "baseline/config_lookup.h"
#include "baseline/text.h"

// What the API server does with its data: encryption at rest (5.1.4.2) and the audit policy (5.1.5.5).
namespace baseline {
namespace {

constexpr Version kEncryptionFlagAlone{1, 14, 0};  // from here on the experimental flag no longer counts

// A resource of an encryption configuration: "secrets", "*." (the core group) or "*.*".
bool covers_secrets(const std::string& resource) {
  return resource == "secrets" || resource == "secrets." || resource == "*." || resource == "*.*";
}

// The provider that writes secrets: the first of the first entry that covers them. Empty: none does.
std::string provider_of_secrets(const facts::ConfigFile& file) {
  const int size = list_size(file, "resources");
  for (int i = 0; i < size; ++i) {
    const std::string entry = fmt::format("resources[{}]", i);
    if (std::ranges::any_of(list_at(file, entry + ".resources"), covers_secrets)) {
      return first_key(file, entry + ".providers[0]");
    }
  }
  return {};
}

// The first list of resources of which an item did not leave the node.
std::string withheld_resources(const facts::ConfigFile& file) {
  const int size = list_size(file, "resources");
  for (int i = 0; i < size; ++i) {
    std::string place = fmt::format("resources[{}].resources", i);
    if (is_withheld(file, place)) return place;
  }
  return {};
}

// Finds the file that a flag names and says what is wrong when it cannot be judged.
std::optional<CheckOutcome> not_readable(const NamedConfig& named, const ProcessView& process,
                                         const CheckContext& context, const Phrase& subject,
                                         const Phrase& expected) {
  const Judgement there = judge_named_file(named.value.text, process, context);
  if (there.status == Status::kFail)
    return outcome(Status::kFail, there.actual, subject, expected, there.actual);
  if (named.unknown) return outcome(Status::kError, *named.unknown, subject, expected, *named.unknown);
  return std::nullopt;
}

CheckOutcome judge_encryption(const ProcessView& apiserver, const CheckContext& context) {
  const Phrase expected = phrase("expected.encryption");
  Phrase subject = setting_subject("kube-apiserver", "encryption-provider-config");
  const auto unknown = [&](const Phrase& reason) {
    return outcome(Status::kError, reason, subject, expected, reason);
  };
  NamedConfig named = named_config(apiserver, "encryption-provider-config", context);
  if (named.value.unknown) return unknown(*named.value.unknown);
  if (!named.value.is_set()) {
    NamedConfig old = named_config(apiserver, "experimental-encryption-provider-config", context);
    if (!old.value.is_set()) {
      return outcome(Status::kFail, phrase("encryption.unset"), subject, expected, value_phrase(named.value));
    }
    if (!apiserver.version) return unknown(phrase("unknown.version", "kube-apiserver"));
    subject = setting_subject("kube-apiserver", "experimental-encryption-provider-config");
    if (*apiserver.version >= kEncryptionFlagAlone) {
      return outcome(Status::kFail, phrase("encryption.experimental", minor_text(*apiserver.version)),
                     subject, expected, value_phrase(old.value));
    }
    named = std::move(old);
  }
  if (auto wrong = not_readable(named, apiserver, context, subject, expected)) return *wrong;
  const std::string& path = named.file->path();
  if (const std::string place = withheld_resources(*named.file); !place.empty())
    return unknown(phrase("unknown.redacted", path, place));
  const std::string provider = provider_of_secrets(*named.file);
  if (provider.empty()) {
    return outcome(Status::kFail, phrase("encryption.no-secrets", path), subject, expected,
                   phrase("encryption.no-secrets", path));
  }
  const bool plain = provider == "identity";
  return outcome(plain ? Status::kFail : Status::kPass,
                 plain ? phrase("encryption.identity", path) : phrase("encryption.pass", provider, path),
                 subject, expected, phrase("value.config", provider, path, "resources[].providers[0]"));
}

CheckOutcome judge_audit(const ProcessView& apiserver, const CheckContext& context) {
  const Phrase expected = phrase("expected.audit-policy");
  const Phrase subject = setting_subject("kube-apiserver", "audit-policy-file");
  const NamedConfig named = named_config(apiserver, "audit-policy-file", context);
  if (named.value.unknown)
    return outcome(Status::kError, *named.value.unknown, subject, expected, *named.value.unknown);
  if (!named.value.is_set()) {
    return outcome(Status::kFail, value_sentence(named.value, "kube-apiserver", "--audit-policy-file"),
                   subject, expected, value_phrase(named.value));
  }
  if (auto wrong = not_readable(named, apiserver, context, subject, expected)) return *wrong;
  const std::string& path = named.file->path();
  std::set<std::string> levels;
  const int size = list_size(*named.file, "rules");
  for (int i = 0; i < size; ++i) {
    const std::string place = fmt::format("rules[{}].level", i);
    const facts::Setting* level = setting_at(*named.file, place);
    if (is_withheld(*named.file, place)) {
      const Phrase reason = phrase("unknown.redacted", path, place);
      return outcome(Status::kError, reason, subject, expected, reason);
    }
    if (level && !level->value().empty()) levels.insert(level->value());
  }
  if (named.file->kind() != "Policy" || levels.empty()) {
    return outcome(Status::kFail, phrase("audit.no-rules", path), subject, expected,
                   phrase("audit.no-rules", path));
  }
  if (levels == std::set<std::string>{"None"}) {
    return outcome(Status::kFail, phrase("audit.none", path), subject, expected,
                   phrase("value.config", "None", path, "rules[].level"));
  }
  const std::string found = join(levels, ", ");
  return outcome(Status::kPass, phrase("audit.pass", path, found), subject, expected,
                 phrase("value.config", found, path, "rules[].level"));
}

}  // namespace

CheckOutcome check_encryption_provider(const CheckContext& context, const BuiltinCheck&) {
  return each_process("kube-apiserver", context,
                      [&](const ProcessView& apiserver) { return judge_encryption(apiserver, context); });
}

CheckOutcome check_audit_policy(const CheckContext& context, const BuiltinCheck&) {
  return each_process("kube-apiserver", context,
                      [&](const ProcessView& apiserver) { return judge_audit(apiserver, context); });
}

}  // namespace baseline
