#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/go_scalar.h"
#include "baseline/checks/authorization.h"
#include "baseline/checks/builtin_functions.h"
#include "baseline/config_lookup.h"
#include "baseline/text.h"

namespace baseline {
namespace {

constexpr std::array<std::string_view, 3> kHealthPaths{"/livez", "/readyz", "/healthz"};

// Where an authentication configuration lets anonymous requests in.
struct Anonymous {
  bool configured = false;
  bool enabled = false;
  std::vector<std::string> paths;  // empty: everywhere

  bool only_health() const {
    return !paths.empty() && std::ranges::all_of(paths, [](const std::string& path) {
      return std::ranges::find(kHealthPaths, path) != kHealthPaths.end();
    });
  }
};

Anonymous read_anonymous(const facts::ConfigFile& file) {
  Anonymous anonymous;
  const facts::Setting* enabled = setting_at(file, "anonymous.enabled");
  anonymous.configured = enabled != nullptr || !first_key(file, "anonymous").empty();
  anonymous.enabled = enabled && enabled->value() == "true";
  const int size = list_size(file, "anonymous.conditions");
  for (int i = 0; i < size; ++i) {
    const facts::Setting* path = setting_at(file, fmt::format("anonymous.conditions[{}].path", i));
    anonymous.paths.push_back(path ? path->value() : std::string());
  }
  return anonymous;
}

CheckOutcome judge_open(const ProcessView& apiserver, const CheckContext& context, const Phrase& subject,
                        const Phrase& expected, const Phrase& actual) {
  const EffectiveValue modes = authorizers(apiserver, context);
  if (modes.unknown) return outcome(Status::kError, *modes.unknown, subject, expected, *modes.unknown);
  if (has_item(modes, "AlwaysAllow")) {
    return outcome(Status::kFail, phrase("anonymous.always-allow"), subject, expected, actual);
  }
  if (!has_item(modes, "RBAC")) {
    return outcome(Status::kFail, phrase("anonymous.no-rbac", modes.text), subject, expected, actual);
  }
  CheckOutcome result =
      outcome(Status::kManual, phrase("anonymous.bindings", modes.text), subject, expected, actual);
  result.findings.push_back({setting_subject("kube-apiserver", "authorization-mode"),
                             phrase("expected.contains", "RBAC"),
                             value_phrase(modes),
                             Status::kManual,
                             {}});
  return result;
}

CheckOutcome judge_process(const ProcessView& apiserver, const CheckContext& context) {
  const Phrase subject = setting_subject("kube-apiserver", "anonymous-auth");
  const Phrase expected = phrase("expected.anonymous");
  const EffectiveValue flag = setting_of(apiserver, "anonymous-auth");
  const auto unknown = [&](const Phrase& reason) {
    return outcome(Status::kError, reason, subject, expected, reason);
  };

  const NamedConfig config = named_config(apiserver, "authentication-config", context);
  // With the flag given, the API server accepts no file that says anything of anonymous requests.
  if (config.unknown && !flag.is_set()) return unknown(*config.unknown);
  if (config.file && !flag.is_set()) {
    if (is_withheld(*config.file, "anonymous"))
      return unknown(phrase("unknown.redacted", config.file->path(), "anonymous"));
    const Anonymous anonymous = read_anonymous(*config.file);
    const std::string& path = config.file->path();
    if (anonymous.configured && !anonymous.enabled) {
      return outcome(Status::kPass, phrase("anonymous.config-off", path), subject, expected,
                     phrase("value.config", "false", path, "anonymous.enabled"));
    }
    if (anonymous.configured) {
      const std::string paths = join(anonymous.paths, ", ");
      const Phrase actual = anonymous.paths.empty()
                                ? phrase("value.config", "true", path, "anonymous.enabled")
                                : phrase("value.config", paths, path, "anonymous.conditions");
      if (anonymous.only_health()) {
        return outcome(Status::kPass, phrase("anonymous.config-health", path, paths), subject, expected,
                       actual);
      }
      return judge_open(apiserver, context, subject, expected, actual);
    }
  }
  if (flag.unknown) return unknown(*flag.unknown);
  const auto on = base::parse_go_bool(flag.text);
  if (!on) return unknown(phrase("unknown.value", "kube-apiserver", "--anonymous-auth", flag.text));
  if (!*on) {
    return outcome(Status::kPass, value_sentence(flag, "kube-apiserver", "--anonymous-auth"), subject,
                   expected, value_phrase(flag));
  }
  return judge_open(apiserver, context, subject, expected, value_phrase(flag));
}

}  // namespace

CheckOutcome check_anonymous_auth(const CheckContext& context, const BuiltinCheck&) {
  return each_process("kube-apiserver", context,
                      [&](const ProcessView& apiserver) { return judge_process(apiserver, context); });
}

// 5.1.6.3: people should come in by another way than client certificates, which cannot be taken back.
CheckOutcome check_client_certificates(const CheckContext& context, const BuiltinCheck&) {
  return each_process("kube-apiserver", context, [&](const ProcessView& apiserver) {
    const Phrase subject = setting_subject("kube-apiserver", "client-ca-file");
    const Phrase expected = phrase("expected.other-login");
    const EffectiveValue ca = setting_of(apiserver, "client-ca-file");
    if (ca.unknown) return outcome(Status::kError, *ca.unknown, subject, expected, *ca.unknown);
    if (!ca.is_set()) {
      return outcome(Status::kPass, phrase("login.no-certificates"), subject, expected, value_phrase(ca));
    }
    std::vector<NodeFinding> ways;
    std::optional<Phrase> unknown;
    for (const std::string_view flag :
         {"oidc-issuer-url", "authentication-token-webhook-config-file", "token-auth-file"}) {
      const EffectiveValue value = setting_of(apiserver, flag);
      if (value.unknown) unknown = value.unknown;
      if (value.is_set()) {
        ways.push_back(
            {setting_subject("kube-apiserver", flag), expected, value_phrase(value), Status::kManual, {}});
      }
    }
    const NamedConfig config = named_config(apiserver, "authentication-config", context);
    if (config.file && list_size(*config.file, "jwt") > 0) {
      ways.push_back({setting_subject("kube-apiserver", "authentication-config"),
                      expected,
                      value_phrase(config.value),
                      Status::kManual,
                      {}});
    }
    if (config.unknown) unknown = config.unknown;
    if (ways.empty() && unknown) return outcome(Status::kError, *unknown, subject, expected, *unknown);
    if (ways.empty()) {
      return outcome(Status::kFail, phrase("login.only-certificates"), subject, expected, value_phrase(ca));
    }
    CheckOutcome result =
        outcome(Status::kManual, phrase("login.several"), subject, expected, value_phrase(ca));
    std::ranges::move(ways, std::back_inserter(result.findings));
    return result;
  });
}

}  // namespace baseline
