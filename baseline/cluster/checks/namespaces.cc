#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "baseline/cluster/checks/verdict.h"
#include "baseline/cluster/checks/workload_checks.h"
#include "baseline/name_pattern.h"

// 5.7.6.1: workloads are in namespaces made for them. 5.7.6.2: none is in `default`.
namespace baseline::cluster {
namespace {

constexpr const char* kDefault = "default";
constexpr const char* kApiService = "kubernetes";

class OwnNamespaces final : public ObjectCheck {
 public:
  OwnNamespaces(const CheckInput& input, FindingSet& findings)
      : input_(input), findings_(findings), system_(input.texts("system-namespaces")) {}

  void see(const Pod& pod, const Workload& /*workload*/) override {
    ++pods_;
    if (!system_.match(pod.metadata.ns)) used_.insert(pod.metadata.ns);
  }

  ObjectResult finish() override {
    if (pods_ == 0 && !input_.context.live) {
      return findings_.take(Status::kNotChecked, phrase("workload.no-pods-given"));
    }
    if (used_.empty()) {
      return findings_.take(Status::kNotApplicable, phrase("namespace.only-system", number(pods_)));
    }
    const bool own = used_.size() > 1 || !used_.contains(kDefault);
    for (const std::string& ns : used_) {
      if (ns == kDefault && own) continue;  // 5.7.6.2 has it
      const bool wrong = ns == kDefault;
      findings_.add({"Namespace", "", ns, "", nullptr, nullptr}, wrong ? Status::kFail : Status::kPass,
                    phrase("namespace.own.expected"),
                    phrase(wrong ? "namespace.holds-all" : "namespace.holds-workloads"));
    }
    const std::size_t count = used_.size() - (used_.contains(kDefault) ? 1 : 0);
    return conclude(findings_, {phrase("namespace.own.pass", number(count), number(pods_)),
                                phrase("namespace.own.fail"), phrase("namespace.own.fail")});
  }

 private:
  const CheckInput& input_;
  FindingSet& findings_;
  NamePatterns system_;
  std::set<std::string> used_;
  std::size_t pods_ = 0;
};

class DefaultNamespace final : public ObjectCheck {
 public:
  DefaultNamespace(const CheckInput& input, FindingSet& findings) : input_(input), findings_(findings) {}

  void see(const Pod& pod, const Workload& workload) override {
    ++pods_;
    if (pod.metadata.ns != kDefault) return;
    findings_.add({workload.kind, workload.ns, workload.name, "", &pod.metadata.labels, nullptr},
                  Status::kFail, phrase("namespace.default.expected"), phrase("namespace.runs-in-default"),
                  1);
  }

  ObjectResult finish() override {
    if (!input_.context.covers(kDefault)) {
      return findings_.take(Status::kNotApplicable, phrase("namespace.default.outside"));
    }
    std::size_t services = 0;
    for (const Service& one : input_.facts.services) {
      const Metadata& meta = one.metadata;
      if (!input_.context.covers(meta.ns)) continue;
      ++services;
      if (meta.ns != kDefault || meta.name == kApiService) continue;
      findings_.add({"Service", meta.ns, meta.name, "", &meta.labels, nullptr}, Status::kFail,
                    phrase("namespace.default.expected"), phrase("namespace.lies-in-default"));
    }
    if (!input_.context.live && pods_ + services == 0) {
      return findings_.take(Status::kNotChecked, phrase("workload.no-pods-given"));
    }
    return conclude(findings_, {phrase("namespace.default.pass", number(pods_), number(services)),
                                phrase("namespace.default.fail"), phrase("namespace.default.fail")});
  }

 private:
  const CheckInput& input_;
  FindingSet& findings_;
  std::size_t pods_ = 0;
};

}  // namespace

std::vector<ObjectBuiltin> namespace_checks() {
  return {
      {"own-namespaces",
       {Kind::kPod},
       {{"system-namespaces", Parameter::Type::kStringList, false}},
       pod_check<OwnNamespaces>},
      {"default-namespace", {Kind::kPod, Kind::kService}, {}, pod_check<DefaultNamespace>},
  };
}

}  // namespace baseline::cluster
