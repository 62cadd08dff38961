#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/secret_signs.h"
#include "baseline/cluster/checks/pod_row.h"
#include "baseline/cluster/checks/verdict.h"
#include "baseline/cluster/checks/workload_checks.h"
#include "baseline/signals.h"

// 5.7.4.1: Secrets in environment variables. 5.7.4.3 and 5.7.4.4: secrets and private keys in plain sight,
// and whether the API server encrypts what it stores. Only names are ever told.
namespace baseline::cluster {
namespace {

class SecretReferences final : public PodRow {
 public:
  SecretReferences(const CheckInput& input, FindingSet& findings)
      : PodRow(input, findings, {.words = "secret.reference", .linux_only = false}) {}

 protected:
  void look(const Sight& sight) override {
    for (const EnvironmentVariable& one : sight.container->env) {
      if (!one.secret.empty()) add(sight, Status::kFail, phrase("secret.in-env", one.name, one.secret));
    }
    for (const std::string& secret : sight.container->env_from_secrets) {
      add(sight, Status::kFail, phrase("secret.in-env-from", secret));
    }
  }
};

enum class Encryption { kOn, kOff, kUnknown };

Encryption encryption(const ClusterContext& context) {
  // Of several API servers, one that stores in the clear is enough.
  if (context.signals.contains(std::string(signals::kNoEncryptionAtRest))) return Encryption::kOff;
  return context.signals.contains(std::string(signals::kEncryptionAtRest)) ? Encryption::kOn
                                                                           : Encryption::kUnknown;
}

// What is looked for; where it may stand in plain sight.
struct Sought {
  std::string_view words;
  bool (*in_variable)(const EnvironmentVariable& variable);
  std::vector<std::string> ConfigMap::* keys;
  const char *variable, *key;  // phrases
};

// kubeadm's cluster-info carries a signature for nodes that join, in the form of a token.
bool is_public(const Metadata& map, std::string_view key) {
  return map.ns == "kube-public" && map.name == "cluster-info" && key.starts_with("jws-kubeconfig-");
}

class PlainSight final : public PodRow {
 public:
  PlainSight(const CheckInput& input, FindingSet& findings, const Sought& sought)
      : PodRow(input, findings, {.words = sought.words, .linux_only = false}), sought_(sought) {}

  ObjectResult finish() override {
    look_at_config_maps();
    const Encryption state = encryption(input().context);
    const FindingSubject server{"Component", "", "kube-apiserver", "", nullptr, nullptr};
    if (state == Encryption::kOff) {
      findings().add(server, Status::kFail, phrase("secret.encryption"), phrase("secret.not-encrypted"));
    } else if (state == Encryption::kUnknown) {
      findings().add(server, Status::kManual, phrase("secret.encryption"),
                     phrase("secret.encryption-unknown"));
    }
    const Status worst = findings().worst();
    const bool nobody_to_ask = state == Encryption::kUnknown && !input().context.live;
    if (nobody_to_ask && worst != Status::kFail && worst != Status::kError) {
      return findings().take(Status::kNotChecked, words("not-checked"));
    }
    Phrase pass = words("pass");
    pass.args = {containers(), number(input().facts.state(Kind::kConfigMap).objects)};
    return conclude(findings(), {std::move(pass), words("fail"), words("manual")});
  }

 protected:
  void look(const Sight& sight) override {
    for (const EnvironmentVariable& one : sight.container->env) {
      if (!one.literal.empty() && sought_.in_variable(one)) {
        add(sight, Status::kFail, phrase(sought_.variable, one.name));
      }
    }
  }

 private:
  void look_at_config_maps() {
    for (const ConfigMap& map : input().facts.config_maps) {
      const Metadata& meta = map.metadata;
      if (!input().context.covers(meta.ns)) continue;
      for (const std::string& key : map.*sought_.keys) {
        if (is_public(meta, key)) continue;
        findings().add({"ConfigMap", meta.ns, meta.name, "", &meta.labels, nullptr}, Status::kFail,
                       words("expected"), phrase(sought_.key, key));
      }
    }
  }

  const Sought sought_;
};

// "$(PASSWORD)": what another variable holds, which is judged by itself.
bool is_reference(std::string_view literal) {
  return literal.starts_with("$(") && literal.find(')') + 1 == literal.size();
}

bool looks_secret(const EnvironmentVariable& variable) {
  if (is_reference(variable.literal)) return false;
  return base::has_private_key(variable.literal) || base::has_secret_name(variable.name, variable.literal) ||
         base::has_secret_text(variable.literal, base::Doubt::kIsNone);
}

bool is_private_key(const EnvironmentVariable& variable) {
  return base::has_private_key(variable.literal);
}

std::unique_ptr<ObjectCheck> plain_secrets(const CheckInput& input, FindingSet& findings) {
  return std::make_unique<PlainSight>(
      input, findings,
      Sought{"secret.plain", looks_secret, &ConfigMap::secret_keys, "secret.variable", "secret.key"});
}

std::unique_ptr<ObjectCheck> plain_keys(const CheckInput& input, FindingSet& findings) {
  return std::make_unique<PlainSight>(input, findings,
                                      Sought{"secret.private-key", is_private_key, &ConfigMap::private_keys,
                                             "secret.key-variable", "secret.key-key"});
}

}  // namespace

std::vector<ObjectBuiltin> secret_reference_checks() {
  return {{"secrets-in-environment", {Kind::kPod}, {}, pod_check<SecretReferences>}};
}

std::vector<ObjectBuiltin> secret_value_checks() {
  return {
      {"secrets-in-plain-sight", {Kind::kPod, Kind::kConfigMap}, {}, plain_secrets},
      {"private-keys-in-plain-sight", {Kind::kPod, Kind::kConfigMap}, {}, plain_keys},
  };
}

}  // namespace baseline::cluster
