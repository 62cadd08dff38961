#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "baseline/cluster/object_check.h"
#include "baseline/cluster/pod_security.h"

// A requirement that is judged pod by pod, container by container.
namespace baseline::cluster {

struct PodRowTraits {
  // Before ".expected" (of every finding), ".pass" (containers, pods), ".fail" and ".manual" (findings) in
  // the names of its phrases.
  std::string_view words;
  bool linux_only = true;        // it means nothing for Windows pods
  bool of_containers = true;     // false: about the pod itself, whose containers do not matter
  bool judged_on_nodes = false;  // pods on nodes that reported are left to those nodes
};

// What is being looked at; `container` is null where it is the pod itself.
struct Sight {
  const Pod& pod;
  const Workload& workload;
  const Container* container = nullptr;
};

class PodRow : public ObjectCheck {
 public:
  PodRow(const CheckInput& input, FindingSet& findings, const PodRowTraits& traits)
      : input_(input), findings_(findings), traits_(traits) {}

  void see(const Pod& pod, const Workload& workload) final;
  ObjectResult finish() override;

 protected:
  // Called for each pod (container null) or for each container of each, as the traits say.
  virtual void look(const Sight& sight) = 0;
  void add(const Sight& sight, Status status, Phrase actual);

  const CheckInput& input() const { return input_; }
  FindingSet& findings() { return findings_; }
  std::string containers() const { return std::to_string(containers_); }
  std::string pods() const { return std::to_string(pods_); }
  // The result when there was no pod to judge.
  std::optional<ObjectResult> without_pods();
  Phrase words(std::string_view which) const;

 private:
  const CheckInput& input_;
  FindingSet& findings_;
  const PodRowTraits traits_;
  std::size_t pods_ = 0, containers_ = 0, windows_ = 0, on_nodes_ = 0;
};

// A row that has no parameters: a function says what is wrong with a container, or a pod.
struct PlainRow {
  PodRowTraits traits;
  // Status kPass: nothing is wrong.
  SpecAnswer (*judge)(const Sight& sight);
};

template <const PlainRow& kRow>
std::unique_ptr<ObjectCheck> plain_row(const CheckInput& input, FindingSet& findings) {
  class Row final : public PodRow {
   public:
    Row(const CheckInput& in, FindingSet& out) : PodRow(in, out, kRow.traits) {}

   protected:
    void look(const Sight& sight) override {
      SpecAnswer answer = kRow.judge(sight);
      if (answer.status != Status::kPass) add(sight, answer.status, std::move(answer.actual));
    }
  };
  return std::make_unique<Row>(input, findings);
}

// "securityContext.privileged: true", as an answer.
SpecAnswer wrong(std::string_view field, std::string_view value);
inline SpecAnswer right() {
  return {Status::kPass, {}};
}

}  // namespace baseline::cluster
