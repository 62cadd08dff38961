#pragma once

#include "baseline/facts/facts.pb.h"

namespace baseline::runner {

// Keeps facts to what a reader takes (baseline/facts/bounds.h): a row beyond its bounds, or one that its
// table has no room for, loses what is in it and says so, or is left out. Each table that lost something has
// a CollectionError, so that nothing is judged by what is missing. Facts within the bounds are left as they
// are; the tables stay sorted.
void fit(facts::NodeFacts& facts);

}  // namespace baseline::runner
