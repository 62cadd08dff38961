#pragma once

#include <string>
#include <vector>

#include "node_tree.h"

namespace baseline::test {

// Operating system, users and kernel facts that every layout below starts from: root and etcd in passwd and
// group.
void lay_out_host(NodeTree& tree);

// What kubeadm leaves on a control plane, with its modes and owners: PKI, kubeconfigs, static pod manifests,
// kubelet with configuration and systemd unit, containerd, CNI, and the processes (numbers below), those of
// static pods in roots of their own.
void lay_out_control_plane(NodeTree& tree, const std::string& version = "1.36.3");
inline constexpr int kEtcdPid = 900;
inline constexpr int kApiServerPid = 910;
inline constexpr int kControllerManagerPid = 920;
inline constexpr int kSchedulerPid = 930;
inline constexpr int kKubeletPid = 800;
inline constexpr int kContainerdPid = 700;
inline constexpr int kKubeProxyPid = 940;

// A kubeadm worker: kubelet, containerd and kube-proxy.
void lay_out_worker(NodeTree& tree, const std::string& version = "1.36.3");

// A k3s server: one process that embeds everything and hides its flags.
void lay_out_k3s(NodeTree& tree);
inline constexpr int kK3sPid = 600;

// The command lines of the kubeadm layouts, to be varied.
std::vector<std::string> api_server_argv();
std::vector<std::string> controller_manager_argv();
std::vector<std::string> scheduler_argv();
std::vector<std::string> etcd_argv();
std::vector<std::string> kubelet_argv();
std::string kubelet_config();

// The pod that a kubelet makes of the manifest of that name.
FakePod static_pod(const std::string& name);

// Starts a static pod's process in its own root (again), with its manifest.
void run_static_pod(NodeTree& tree, int pid, const std::vector<std::string>& argv, const std::string& image);

}  // namespace baseline::test
