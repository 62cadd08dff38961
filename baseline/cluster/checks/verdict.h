#pragma once

#include <optional>
#include <string>
#include <vector>

#include "baseline/cluster/object_check.h"
#include "baseline/node_view.h"

// What the checks of access, networks, resources and add-ons share on the way from findings to a result.
namespace baseline::cluster {

// The sentences of a requirement. `fail` and `manual` take the number of such findings as their last
// argument.
struct Sentences {
  Phrase pass, fail, manual;
};

// The result that the findings make: their worst status, with the sentence for it. No findings: Pass.
ObjectResult conclude(FindingSet& findings, Sentences sentences);

// Set when no object of these kinds was given and there is no API server to say that there is none: the
// requirement is then NotChecked.
std::optional<Phrase> nothing_given(const CheckInput& input, const std::vector<Kind>& kinds);

// How many objects of the kind were read, in digits.
std::string number(std::size_t count);

// A check that looks at no pods: all of its work is done at the end.
class FactCheck : public ObjectCheck {
 public:
  FactCheck(const CheckInput& input, FindingSet& findings) : input_(input), findings_(findings) {}
  void see(const Pod&, const Workload&) override {}
  ObjectResult finish() override { return judge(input_, findings_); }

 protected:
  virtual ObjectResult judge(const CheckInput& input, FindingSet& findings) = 0;

 private:
  const CheckInput& input_;
  FindingSet& findings_;
};

// Makes a MakeCheck of a plain function.
template <ObjectResult (*Function)(const CheckInput&, FindingSet&)>
std::unique_ptr<ObjectCheck> fact_check(const CheckInput& input, FindingSet& findings) {
  class Plain final : public FactCheck {
   public:
    using FactCheck::FactCheck;

   protected:
    ObjectResult judge(const CheckInput& in, FindingSet& out) override { return Function(in, out); }
  };
  return std::make_unique<Plain>(input, findings);
}

template <typename Check>
std::unique_ptr<ObjectCheck> pod_check(const CheckInput& input, FindingSet& findings) {
  return std::make_unique<Check>(input, findings);
}

}  // namespace baseline::cluster
