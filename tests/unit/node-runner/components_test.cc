#include "node-runner/components.h"

#include <gtest/gtest.h>

namespace baseline::runner {
namespace {

TEST(Recognise, ByExecutableOrFirstArgument) {
  EXPECT_EQ(recognise("/usr/bin/kubelet", {"whatever"}), (Recognition{"kubelet", ""}));
  EXPECT_EQ(recognise("", {"/opt/bin/kube-apiserver", "--x"}), (Recognition{"kube-apiserver", ""}));
  EXPECT_EQ(recognise("/usr/bin/kubelet (deleted)", {}), (Recognition{"kubelet", ""}));
  EXPECT_EQ(recognise("/usr/bin/dockerd", {}), (Recognition{"dockerd", ""}));
}

TEST(Recognise, NeverByAWordInTheCommandLine) {
  const Recognition nothing;
  EXPECT_EQ(recognise("/usr/bin/grep", {"grep", "kubelet"}), nothing);
  EXPECT_EQ(recognise("/bin/bash", {"sh", "-c", "ps | grep kubelet; /usr/bin/kubelet"}), nothing);
  EXPECT_EQ(recognise("/usr/bin/vim", {"vim", "/etc/kubernetes/kubelet"}), nothing);
  EXPECT_EQ(recognise("/usr/bin/containerd-shim-runc-v2", {"/usr/bin/containerd-shim-runc-v2"}), nothing);
  EXPECT_EQ(recognise("", {}), nothing);
  EXPECT_EQ(recognise("/kubelet/bash", {"bash"}), nothing);
}

TEST(Recognise, TheApiServersKubeletFlagsMakeNoKubelet) {
  EXPECT_EQ(recognise("/usr/local/bin/kube-apiserver", {"kube-apiserver", "--kubelet-client-key=/x"}),
            (Recognition{"kube-apiserver", ""}));
}

TEST(Recognise, Bundles) {
  EXPECT_EQ(recognise("/hyperkube", {"/hyperkube", "kubelet", "--x"}), (Recognition{"kubelet", "hyperkube"}));
  EXPECT_EQ(recognise("/hyperkube", {"/hyperkube", "apiserver"}),
            (Recognition{"kube-apiserver", "hyperkube"}));
  EXPECT_EQ(recognise("/hyperkube", {"/hyperkube", "kubectl"}), Recognition{});
  EXPECT_EQ(recognise("/snap/microk8s/1/kubelite", {"kubelite"}), (Recognition{"", "microk8s"}));
  EXPECT_EQ(recognise("/usr/local/bin/k3s", {"k3s", "server"}), (Recognition{"", "k3s"}));
  EXPECT_EQ(recognise("/var/lib/rancher/k3s/data/x/bin/k3s", {"/usr/local/bin/k3s agent"}),
            (Recognition{"", "k3s"}));
  EXPECT_EQ(recognise("/usr/local/bin/k3s", {"k3s", "kubectl", "get"}), Recognition{});
  // rke2 starts its components as processes of their own, with all their flags: no bundle.
  EXPECT_EQ(recognise("/var/lib/rancher/rke2/data/v1.30.1-rke2r1/bin/kubelet", {"kubelet"}),
            (Recognition{"kubelet", ""}));
}

TEST(Component, LocatesRelativePathsFromItsWorkingDirectory) {
  Component component;
  EXPECT_EQ(component.locate("pki/ca.crt"), "pki/ca.crt");
  component.working_directory = "/opt/k8s";
  EXPECT_EQ(component.locate("pki/ca.crt"), "/opt/k8s/pki/ca.crt");
  EXPECT_EQ(component.locate("/etc/x"), "/etc/x");
}

}  // namespace
}  // namespace baseline::runner
