#pragma once

#include "base/value.h"
#include "baseline/evaluate.h"
#include "baseline/facts/facts.pb.h"

// Facts of a node written in a few lines of YAML, for tables of cases (tests/data/rows/*.yaml):
//
//   run:          {kubelet: "--read-only-port=0"}      flags; or a map, or a list of maps for several
//   processes:
//                 {flags: "…" or [..], version: "1.36.3", env: {ETCD_X: v}, root: own, manifest: /path,
//                 bundle: k3s, listens: ["127.0.0.1:10257"], truncated: true, pid: 7,
//                 origin: host | static | pod | unknown, why: text, pod: ns/name, uid: of the pod}
//                 without origin: pod where there is a pod or uid; static for one that has a manifest and may
//                 run in pods; else host
//   lookalikes:   [{of: kubelet, pod: ns/name, uid: of the pod, processes: 3}], and lookalikes-total: 3
//   files:        {/path: "0644 root:root"}            or missing, unreadable; "0700 etcd:etcd dir"; "… ->
//   /target" folders:      {/path: [names]}                     or missing, or {entries: [..], incomplete:
//   why} configs:      {/path: {role: config, of: kubelet, text: {…}}}   or error: why certificates: {/path:
//   [{subject: …, issuer: …, sha256: …}]} units:        {kubelet.service: [fragment, drop-ins…]} cni:
//   {folder: /etc/cni/net.d, origin: default} errors:       [{table: …, subject: …, reason: …}] host: name
//   cni:          {networks: [{path: …, name: …, plugins: "calico portmap"}]} beside folder and origin
//   runtimes:     [{name: containerd, error: why, registries: [{host: …, plain: true, skip: true, source:
//   …}]}]
//
// "<redacted>" as a value of env or of a configuration file stands for one that was withheld on the node.
// A path with a number in front, "7:/path", is seen in the root of the process with that pid.
namespace baseline::test {

facts::NodeFacts facts_from(const base::Value& description);

// A pod as the API server has it: {is: ns/name, uid: text, mirrors: its uid on the node, owner: Kind/name,
// hash: of the owner's template}.
cluster::Pod api_pod(const base::Value& description);

}  // namespace baseline::test
