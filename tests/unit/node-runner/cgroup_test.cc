#include "node-runner/cgroup.h"

#include <array>
#include <ostream>

#include <gtest/gtest.h>

namespace baseline::runner {
namespace {

const std::string kUid = "0b5c3a52-3a8e-4c6b-9a55-5f1f3f1f0c01";
const std::string kUidOfSystemd = "0b5c3a52_3a8e_4c6b_9a55_5f1f3f1f0c01";
const std::string kStaticUid = "0123456789abcdef0123456789abcdef";
const std::string kId(64, 'a');
const std::string kOther(64, 'b');
const std::string kPods = "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" + kUidOfSystemd +
                          ".slice";  // systemd's driver

struct Case {
  std::string name;
  std::string init;
  std::string text;
  Where where;
  std::string uid = {};
  std::string container = {};
};

std::ostream& operator<<(std::ostream& out, const Case& one) {
  return out << one.name;
}

std::string v2(const std::string& path) {
  return "0::" + path + "\n";
}

// Every hierarchy of version 1 at the same path, systemd's own at another.
std::string v1(const std::string& path, const std::string& named) {
  return "12:memory:" + path + "\n11:rdma:/\n4:cpu,cpuacct:" + path + "\n1:name=systemd:" + named + "\n";
}

std::string v1(const std::string& path) {
  return v1(path, path);
}

std::vector<Case> on_a_host() {
  const std::string init = v2("/init.scope");
  return {
      {"service", init, v2("/system.slice/kubelet.service"), Where::kOfHost},
      {"process 1 itself", init, init, Where::kOfHost},
      {"no systemd at all", v2("/"), v2("/"), Where::kOfHost},
      {"Talos", v2("/init"), v2("/podruntime/kubelet"), Where::kOfHost},
      {"process 1 in a group of its own name", v2("/pid1"), v2("/kubelet"), Where::kOfHost},
      {"kernel thread", init, v2("/"), Where::kOfHost},
      {"session", init, v2("/user.slice/user-1000.slice/session-1.scope"), Where::kUser},
      {"systemd, burstable", init, v2(kPods + "/cri-containerd-" + kId + ".scope"), Where::kPod, kUid, kId},
      {"systemd, besteffort, CRI-O", init,
       v2("/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" + kUidOfSystemd +
          ".slice/crio-" + kId + ".scope/container"),
       Where::kPod, kUid, kId},
      {"systemd, guaranteed, docker", init,
       v2("/kubepods.slice/kubepods-pod" + kUidOfSystemd + ".slice/docker-" + kId + ".scope"), Where::kPod,
       kUid, kId},
      {"CRI-O's monitor is not its container", init, v2(kPods + "/crio-conmon-" + kId + ".scope"),
       Where::kPod, kUid},
      {"cgroupfs", init, v2("/kubepods/burstable/pod" + kUid + "/" + kId), Where::kPod, kUid, kId},
      {"cgroupfs, guaranteed", init, v2("/kubepods/pod" + kUid + "/" + kId), Where::kPod, kUid, kId},
      {"cgroupfs, CRI-O", init, v2("/kubepods/besteffort/pod" + kUid + "/crio-" + kId), Where::kPod, kUid,
       kId},
      {"static pod", init, v2("/kubepods/burstable/pod" + kStaticUid + "/" + kId), Where::kPod, kStaticUid,
       kId},
      {"a manifest's own uid", init, v2("/kubepods/burstable/podetcd-1/" + kId), Where::kPod, "etcd-1", kId},
      {"drivers that disagree", init,
       v2("/system.slice/containerd.service/kubepods-burstable-pod" + kUidOfSystemd +
          ".slice:cri-containerd:" + kId),
       Where::kPod, kUid, kId},
      {"--cgroup-root, systemd", init,
       v2("/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod" + kUidOfSystemd +
          ".slice/cri-containerd-" + kId + ".scope"),
       Where::kPod, kUid, kId},
      {"--cgroup-root, cgroupfs", init, v2("/kubelet/kubepods/burstable/pod" + kUid + "/" + kId), Where::kPod,
       kUid, kId},
      {"gone meanwhile", init, v2("/kubepods/burstable/pod" + kUid + " (deleted)"), Where::kPod, kUid},
      {"docker outside every pod", init, v2("/system.slice/docker-" + kId + ".scope"), Where::kOfHost, "",
       kId},
      {"docker's other driver", init, v2("/docker/" + kId), Where::kOfHost, "", kId},
      {"podman of root", init, v2("/machine.slice/libpod-" + kId + ".scope/container"), Where::kOfHost, "",
       kId},
      {"podman of a user", init,
       v2("/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" + kId + ".scope"), Where::kUser,
       "", kId},
      {"pods' group, and no pod's", init, v2("/kubepods.slice/kubepods-burstable.slice"), Where::kUnknown},
      {"a container beside the pods", init, v2("/kubepods/burstable/" + kId), Where::kUnknown, "", kId},
  };
}

std::vector<Case> in_old_hierarchies() {
  const std::string init = v1("/", "/init.scope");
  const std::string pod = "/kubepods/burstable/pod" + kUid + "/" + kId;
  return {
      {"version 1, service", init, v1("/system.slice/kubelet.service"), Where::kOfHost},
      {"version 1, pod", init, v1(pod), Where::kPod, kUid, kId},
      {"a runtime that joins some hierarchies only", init, v1("/", pod), Where::kPod, kUid, kId},
      {"version 1, drivers that disagree", init,
       v1("/system.slice/containerd.service/kubepods-burstable-pod" + kUidOfSystemd +
          ".slice:cri-containerd:" + kId),
       Where::kPod, kUid, kId},
      {"hybrid", init + v2("/init.scope"), v1(pod) + v2("/system.slice/containerd.service"), Where::kPod,
       kUid, kId},
      {"session", init, v1("/user.slice", "/user.slice/user-7.slice/session-2.scope"), Where::kUser},
      {"two pods", init, v1(pod, "/kubepods/burstable/pod" + kStaticUid + "/" + kId), Where::kUnknown},
      {"two containers of a pod", init, v1(pod, "/kubepods/burstable/pod" + kUid + "/" + kOther), Where::kPod,
       kUid},
      {"a hierarchy that process 1 is not in", v2("/"), v1("/"), Where::kUnknown},
  };
}

std::vector<Case> inside_something() {
  const std::string docker = "/docker/" + kOther;
  const std::string scope = "/system.slice/docker-" + kOther + ".scope";
  const std::string outer = "/kubepods/burstable/pod" + kStaticUid + "/" + kOther;
  return {
      {"kind, its services", v2(scope + "/init.scope"), v2(scope + "/system.slice/kubelet.service"),
       Where::kOfHost},
      {"kind, its pods", v2(scope + "/init.scope"),
       v2(scope + "/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod" + kUidOfSystemd +
          ".slice/cri-containerd-" + kId + ".scope"),
       Where::kPod, kUid, kId},
      {"k3d, its server", v2(docker + "/init"), v2(docker + "/init"), Where::kOfHost},
      {"k3d, its pods", v2(docker + "/init"), v2(docker + "/kubepods/besteffort/pod" + kUid + "/" + kId),
       Where::kPod, kUid, kId},
      {"version 1, a node in docker", v1(docker), v1(docker + "/kubelet/kubepods/pod" + kUid + "/" + kId),
       Where::kPod, kUid, kId},
      {"a node in another cluster's pod, its services", v2(outer + "/init.scope"),
       v2(outer + "/system.slice/kubelet.service"), Where::kOfHost},
      {"a node in another cluster's pod, its pods", v2(outer + "/init.scope"),
       v2(outer + "/kubepods/pod" + kUid + "/" + kId), Where::kPod, kUid, kId},
      {"a container of that node", v2(outer + "/init.scope"), v2(outer + "/docker/" + kId), Where::kOfHost,
       "", kId},
      {"beside the node", v2(outer + "/init.scope"), v2("/system.slice/kubelet.service"), Where::kUnknown},
      {"LXC", v2("/lxc.payload.101/init.scope"), v2("/lxc.payload.101/system.slice/k3s.service"),
       Where::kOfHost},
  };
}

// As a program in a pod sees the others, relative to the control group of its own container.
std::vector<Case> from_a_pod() {
  const std::string init = v2("/../../../../init.scope");
  return {
      {"service", init, v2("/../../../../system.slice/kubelet.service"), Where::kOfHost},
      {"session", init, v2("/../../../../user.slice/user-0.slice/session-1.scope"), Where::kUser},
      {"pod of another class", init,
       v2("/../../../kubepods-besteffort.slice/kubepods-besteffort-pod" + kUidOfSystemd +
          ".slice/cri-containerd-" + kId + ".scope"),
       Where::kPod, kUid, kId},
      {"pod of the same class", init,
       v2("/../../kubepods-burstable-pod" + kUidOfSystemd + ".slice/cri-containerd-" + kId + ".scope"),
       Where::kPod, kUid, kId},
      {"cgroupfs, pod of another class", init, v2("/../../../besteffort/pod" + kUid + "/" + kId), Where::kPod,
       kUid, kId},
      {"cgroupfs, pod of the same class", init, v2("/../../pod" + kUid + "/" + kId), Where::kPod, kUid, kId},
      {"container of the same pod", init, v2("/../cri-containerd-" + kId + ".scope"), Where::kUnknown, "",
       kId},
      {"itself", init, v2("/"), Where::kUnknown},
      {"its pod's own group", init, v2("/.."), Where::kUnknown},
      {"a class's own group", init, v2("/../../../besteffort"), Where::kUnknown},
      {"process 1 without systemd", v2("/../../../.."), v2("/../../../../podruntime/kubelet"),
       Where::kOfHost},
      {"above process 1's root", v2("/../../init.scope"), v2("/../../../system.slice/x.service"),
       Where::kUnknown},
      {"from a service's container", v2("/../../init.scope"), v2("/../sshd.service"), Where::kOfHost},
      {"version 1", v1("/../../../.."), v1("/../../pod" + kUid + "/" + kId), Where::kPod, kUid, kId},
  };
}

// What somebody who may make groups below their own makes of it.
std::vector<Case> tricks() {
  const std::string init = v2("/init.scope");
  const std::string own = kPods + "/cri-containerd-" + kId + ".scope";
  const std::string other = "/kubepods-pod" + kStaticUid + ".slice/cri-containerd-" + kOther + ".scope";
  return {
      {"a service below a container", init, v2(own + "/system.slice/kubelet.service"), Where::kPod, kUid,
       kId},
      {"another pod below a container", init, v2(own + "/kubepods.slice" + other), Where::kPod, kUid, kId},
      {"another container below a container", init, v2(own + "/" + kOther), Where::kPod, kUid, kId},
      {"another container beside its own is none of its own", init, v2(kPods + "/x/" + kOther), Where::kPod,
       kUid},
      {"process 1's group below a container", init, v2(own + "/init.scope"), Where::kPod, kUid, kId},
      {"a pod below a user's session", init,
       v2("/user.slice/user-1000.slice/user@1000.service/kubepods.slice" + other), Where::kPod},
      {"a pod below a service", init, v2("/system.slice/ci.service/kubepods.slice" + other), Where::kPod},
      {"a pod below a service that runs containers by name", init,
       v2("/system.slice/containerd.service.service/kubepods.slice" + other), Where::kPod},
      {"a pod below a container outside every pod", init, v2("/docker/" + kId + "/kubepods.slice" + other),
       Where::kPod, "", kId},
      {"deleted, it says", init, v2(own + "/x (deleted)"), Where::kPod, kUid, kId},
      {"climbing", init, v2(own + "/../../../../system.slice"), Where::kUnknown},
      {"empty parts", init, v2("//system.slice"), Where::kUnknown},
      {"a line more", init, v2(own) + v2("/system.slice/kubelet.service"), Where::kPod, kUid, kId},
      {"a line that names another pod", init, v2(own) + v2("/kubepods.slice" + other), Where::kUnknown},
      {"half a line", init, "0::", Where::kUnknown},
      {"nothing", init, "", Where::kUnknown},
      {"a uid with a slash's worth of junk", init, v2("/kubepods/pod" + std::string(200, 'x') + "/y"),
       Where::kUnknown},
      {"nothing of process 1", "", v2("/system.slice/kubelet.service"), Where::kUnknown},
  };
}

class ControlGroupsTest : public ::testing::TestWithParam<Case> {};

TEST_P(ControlGroupsTest, WhereItRuns) {
  const Case& one = GetParam();
  const ControlGroup group = ControlGroups(one.init).place(one.text);
  EXPECT_EQ(group.where, one.where) << group.reason;
  EXPECT_EQ(group.pod_uid, one.uid);
  EXPECT_EQ(group.container, one.container);
  EXPECT_EQ(group.reason.empty(), one.where != Where::kUnknown);
}

INSTANTIATE_TEST_SUITE_P(Host, ControlGroupsTest, ::testing::ValuesIn(on_a_host()));
INSTANTIATE_TEST_SUITE_P(Version1, ControlGroupsTest, ::testing::ValuesIn(in_old_hierarchies()));
INSTANTIATE_TEST_SUITE_P(Nested, ControlGroupsTest, ::testing::ValuesIn(inside_something()));
INSTANTIATE_TEST_SUITE_P(FromAPod, ControlGroupsTest, ::testing::ValuesIn(from_a_pod()));
INSTANTIATE_TEST_SUITE_P(Tricks, ControlGroupsTest, ::testing::ValuesIn(tricks()));

TEST(ControlGroups, OnlyRuntimesOfPodsNameContainersSo) {
  const ControlGroups groups(v2("/init.scope"));
  EXPECT_TRUE(groups.place(v2("/system.slice/crio-" + kId + ".scope")).named_for_pods);
  EXPECT_TRUE(groups.place(v2("/system.slice/cri-containerd-" + kId + ".scope")).named_for_pods);
  EXPECT_FALSE(groups.place(v2("/system.slice/docker-" + kId + ".scope")).named_for_pods);
  EXPECT_FALSE(groups.known() && groups.place(v2("/" + kId)).named_for_pods);
}

}  // namespace
}  // namespace baseline::runner
