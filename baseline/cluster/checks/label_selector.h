#pragma once

#include "baseline/cluster/objects.h"

namespace baseline::cluster {

// Whether the labels match, as the API server decides it: every part must hold; NotIn and DoesNotExist hold
// for a key that is not there; an empty selector matches everything; one that the API would refuse matches
// nothing.
bool matches(const LabelSelector& selector, const Labels& labels);

// Whether it selects whatever the labels are.
bool matches_all(const LabelSelector& selector);

}  // namespace baseline::cluster
