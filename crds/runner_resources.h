#pragma once

#include <vector>

#include "base/value.h"
#include "baseline/model.h"

// What a scan may ask for its node-runner's container: a user's words, and one pod on every node, so bounded
// on both sides. Only processor time and memory; a request is at most its limit.
namespace baseline::crds {

// Adds a mistake for each part of spec.runner.resources that is not allowed.
void check_runner_resources(const base::Value& resources, std::vector<Mistake>& mistakes);

// {requests, limits} as a container has them: what was asked for, and the defaults for all else.
base::Value runner_resources(const base::Value& asked);

}  // namespace baseline::crds
