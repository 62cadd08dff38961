#include <optional>
#include <unordered_map>
#include <utility>

#include "baseline/cluster/checks/access_checks.h"
#include "baseline/cluster/checks/access_scan.h"
#include "baseline/cluster/checks/pod_traits.h"

// 5.7.3.2: a token is mounted only for an account that may do something with it.
namespace baseline::cluster {
namespace {

class UselessTokens final : public ObjectCheck {
 public:
  UselessTokens(const CheckInput& input, FindingSet& findings)
      : input_(input),
        findings_(findings),
        index_(input.facts, input.context.live),
        no_bindings_(nothing_given(input, {Kind::kRoleBinding, Kind::kClusterRoleBinding})) {
    for (const ServiceAccount& account : input.facts.service_accounts) {
      if (account.automount_token)
        automount_[key(account.metadata.ns, account.metadata.name)] = *account.automount_token;
    }
    everywhere_ = worse_use(use_of(index_.of_group("system:serviceaccounts")),
                            use_of(index_.of_group("system:authenticated")));
  }

  void see(const Pod& pod, const Workload& workload) override {
    if (is_mirror(pod)) return;
    ++pods_;
    const std::string account = account_of(pod);
    const auto how = mounted(pod, account);
    if (how.empty()) return;
    ++mounted_;
    if (no_bindings_) return;
    const std::string& ns = pod.metadata.ns;
    const Use use = use_of_account(ns, account);
    if (use == Use::kSome) return;
    findings_.add({workload.kind, workload.ns, workload.name, "", &pod.metadata.labels, nullptr},
                  use == Use::kNone ? Status::kFail : Status::kManual, phrase("access.expected-no-token"),
                  use == Use::kNone ? phrase("access.token-useless", ns + "/" + account, how)
                                    : phrase("access.token-unknown", ns + "/" + account, how),
                  1);
  }

  ObjectResult finish() override {
    // With no token mounted anywhere, bindings do not matter.
    if (no_bindings_ && mounted_ > 0) return findings_.take(Status::kNotChecked, *no_bindings_);
    if (pods_ == 0) {
      return input_.context.live ? findings_.take(Status::kNotApplicable, phrase("access.no-accounts-in-use"))
                                 : findings_.take(Status::kNotChecked, phrase("verdict.not-given", "pods"));
    }
    if (index_.gave_up()) {
      findings_.add({"ClusterRole", "", "*", "", nullptr, nullptr}, Status::kError,
                    phrase("access.expected-aggregation"), phrase("access.aggregation-too-deep"));
    }
    return conclude(findings_, {phrase("access.tokens-pass", number(pods_), number(mounted_)),
                                phrase("access.tokens-fail"), phrase("access.tokens-manual")});
  }

 private:
  enum class Use { kNone, kUnknown, kSome };  // of a token: what the account may do

  static Use worse_use(Use a, Use b) { return a > b ? a : b; }
  static std::string key(const std::string& ns, const std::string& name) { return ns + "/" + name; }

  // The field that has the token mounted, as the API writes it; empty: no token.
  std::string mounted(const Pod& pod, const std::string& account) const {
    if (has_token_volume(pod)) return "serviceAccountToken";
    if (pod.automount_token) return *pod.automount_token ? "Pod automountServiceAccountToken: true" : "";
    const auto found = automount_.find(key(pod.metadata.ns, account));
    if (found != automount_.end())
      return found->second ? "ServiceAccount automountServiceAccountToken: true" : "";
    return "automountServiceAccountToken";
  }

  Use use_of(const std::vector<const Grant*>& grants) {
    Use use = Use::kNone;
    for (const Grant* grant : grants) {
      if (grant->role && gives_rights(index_, *grant->role)) return Use::kSome;
      if (!grant->role && !input_.context.live) use = Use::kUnknown;
    }
    return use;
  }

  Use use_of_account(const std::string& ns, const std::string& name) {
    if (everywhere_ == Use::kSome) return everywhere_;
    const auto [of_ns, fresh_ns] = by_namespace_.try_emplace(ns, Use::kNone);
    if (fresh_ns) of_ns->second = use_of(index_.of_group("system:serviceaccounts:" + ns));
    const auto [of_account, fresh] = by_account_.try_emplace(key(ns, name), Use::kNone);
    if (fresh) of_account->second = use_of(index_.of_account(ns, name));
    return worse_use(everywhere_, worse_use(of_ns->second, of_account->second));
  }

  const CheckInput& input_;
  FindingSet& findings_;
  RbacIndex index_;
  const std::optional<Phrase> no_bindings_;  // files without any: what accounts may do is not known
  std::unordered_map<std::string, bool> automount_;
  std::unordered_map<std::string, Use> by_namespace_, by_account_;
  Use everywhere_ = Use::kNone;
  std::size_t pods_ = 0, mounted_ = 0;
};

}  // namespace

std::unique_ptr<ObjectCheck> useless_tokens(const CheckInput& input, FindingSet& findings) {
  return std::make_unique<UselessTokens>(input, findings);
}

}  // namespace baseline::cluster
