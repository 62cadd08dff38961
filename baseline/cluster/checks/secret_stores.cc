#include <algorithm>
#include <string>
#include <utility>

#include "baseline/cluster/checks/verdict.h"
#include "baseline/cluster/checks/workload_checks.h"

// 5.7.4.2: an external secret store is installed and in use.
namespace baseline::cluster {
namespace {

constexpr std::string_view kCsiDriver = "secrets-store.csi.k8s.io";
constexpr const char* kInject = "vault.hashicorp.com/agent-inject";
constexpr const char* kInjected = "vault.hashicorp.com/agent-inject-status";

bool annotated(const Pod& pod, const char* key, std::string_view value) {
  const auto it = pod.metadata.annotations.find(key);
  return it != pod.metadata.annotations.end() && it->second == value;
}

// Whether the webhook that puts Vault's agent into pods is there.
bool has_vault_webhook(const ClusterFacts& facts) {
  return std::ranges::any_of(facts.others_of(Kind::kMutatingWebhook), [](const OtherObject& one) {
    return std::ranges::any_of(one.document["webhooks"].items(), [](const base::Value& webhook) {
      return webhook["name"].as_string().find("vault") != std::string::npos;
    });
  });
}

class SecretStores final : public ObjectCheck {
 public:
  SecretStores(const CheckInput& input, FindingSet& findings)
      : input_(input), findings_(findings), vault_(has_vault_webhook(input.facts)) {
    classes_ = !input.facts.others_of(Kind::kSecretProviderClass).empty();
  }

  void see(const Pod& pod, const Workload& workload) override {
    ++pods_;
    const FindingSubject subject{workload.kind,        workload.ns, workload.name, "",
                                 &pod.metadata.labels, nullptr};
    if (std::ranges::find(pod.volumes, kCsiDriver, &Volume::csi_driver) != pod.volumes.end()) {
      add(subject, classes_, phrase("secret.store-volume", kCsiDriver), 1);
    }
    const bool injected = annotated(pod, kInjected, "injected");
    if (injected || annotated(pod, kInject, "true")) {
      add(subject, injected || vault_, phrase("secret.store-injector", kInject), 1);
    }
  }

  ObjectResult finish() override {
    // A provider whose objects are there is in use: its controller writes Secrets from them.
    for (const Kind kind : {Kind::kExternalSecret, Kind::kSealedSecret, Kind::kVaultStaticSecret}) {
      for (const OtherObject& one : input_.facts.others_of(kind)) {
        if (input_.context.covers(one.metadata.ns))
          add(subject_of(one), true, phrase("secret.store-object", resource_name(kind)), 0);
      }
    }
    if (found_) {
      return findings_.take(Status::kPass, phrase("secret.store.pass", number(pods_)));
    }
    for (const OtherObject& one : input_.facts.others_of(Kind::kSecretProviderClass)) {
      add(subject_of(one), false, phrase("secret.store-unused"), 0);
    }
    return findings_.take(Status::kManual, phrase("secret.store.manual", number(pods_)));
  }

 private:
  static FindingSubject subject_of(const OtherObject& one) {
    return {std::string(info(one.kind).name),
            one.metadata.ns,
            one.metadata.name,
            "",
            &one.metadata.labels,
            nullptr};
  }

  // `proves`: a provider is installed and used; else it is something for a person to look at.
  void add(const FindingSubject& subject, bool proves, Phrase actual, int pods) {
    found_ = found_ || proves;
    findings_.add(subject, proves ? Status::kPass : Status::kManual, phrase("secret.store.expected"),
                  std::move(actual), pods);
  }

  const CheckInput& input_;
  FindingSet& findings_;
  const bool vault_;
  bool classes_ = false, found_ = false;
  std::size_t pods_ = 0;
};

}  // namespace

std::vector<ObjectBuiltin> secret_store_checks() {
  return {{"secret-stores",
           {Kind::kExternalSecret, Kind::kSecretProviderClass, Kind::kSealedSecret, Kind::kVaultStaticSecret,
            Kind::kMutatingWebhook, Kind::kPod},
           {},
           pod_check<SecretStores>,
           RestsOn::kAddOn}};
}

}  // namespace baseline::cluster
