#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "baseline/check.h"
#include "baseline/cluster/finding_set.h"
#include "baseline/cluster/node_inventory.h"
#include "baseline/profile.h"

namespace baseline::cluster {

// One requirement of scope cluster being judged on one node.
struct NodeRow {
  const SelectedRequirement& selected;
  const BuiltinCheck& check;
  const NodeInventory& node;
  FindingSet& findings;

  // An argument of the check's `with` (operand.h) as a list of texts.
  std::vector<std::string> texts(std::string_view argument) const;
};

// The sentences of a row, one for each verdict that it has of its own. They hold no numbers: the verdicts of
// many nodes become one.
struct RowSentences {
  Phrase pass, fail, manual;
};

// The result that the findings make, their worst status. `judged`: something was looked at, so that no
// finding means Pass, not NotApplicable. `unknown`: why there may be more than was judged; it turns
// everything but a Fail into an Error.
ObjectResult conclude_row(const NodeRow& row, RowSentences sentences, bool judged,
                          const std::optional<Phrase>& unknown);

// Nothing: the node has nothing to say about the requirement.
using JudgeNodeRow = std::optional<ObjectResult> (*)(const NodeRow& row);

// The judge of a builtin of images, of a builtin of pods; null for any other.
JudgeNodeRow image_row(std::string_view builtin);
JudgeNodeRow runtime_row(std::string_view builtin);

}  // namespace baseline::cluster
