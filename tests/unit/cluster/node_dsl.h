#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "baseline/cluster/outcome.h"
#include "baseline/evaluate.h"
#include "baseline/facts/facts.pb.h"

// What a node's containers and images are and which pods the API server has there, in a few lines of YAML, on
// top of tests/unit/baseline/facts_dsl.h:
//
//   images:      {name: {exposes: [80/tcp], user: "1000", env: [..], secret-env: [..], secret-history: [..],
//                history: none, add: 2, maintainer: true, index: 1, base: reference, error: why, names: [..],
//                root: {os: …, shells: [..], managers: [..], tools: [..], set-id: [/bin/su], cut: true,
//                error: why}}}                       root: missing for one that could not be looked at
//   containers:  [{is: shop/cart-1/web, image: name, as: reference, uid: 1000, user-namespace: true,
//                seccomp: 2, no-new-privs: true, capabilities: 0xa80425fb, label: "…", listens: [80],
//                host-network: true, uid-of-pod: text, error: why}]     error: its process could not be read
//   store:       missing, or the reason for which the container store could not be read
//   lsm:         [apparmor, selinux, permissive], or unknown
//   pods:        [{is: shop/cart-1, owner: ReplicaSet/cart-7d9c, hash: 7d9c, host-network: true, host-users:
//                false, phase: Running, windows: true, uid-of-pod: text, mirrors: uid on the node, security:
//                {…}, containers: [{name: web, image: …, init: true, ports: [80], security: {…}}]}]   none:
//                the API server's pods are not known
//   security:    {privileged, escalation, non-root, user, add, drop, seccomp, apparmor, selinux-type}
//   namespaces:  {include: [..], exclude: [..]}
namespace baseline::test {

facts::NodeFacts node_facts_from(const base::Value& description);
NodeContext node_context_from(const base::Value& description);

// Every finding in a line: "Fail subject | expected | actual (n)".
std::string describe(const ObjectResult& result);

}  // namespace baseline::test
