// Who is a component: what runs in a pod may call itself what it likes.
#include <set>

#include <gmock/gmock.h>
#include <unistd.h>

#include "container_layouts.h"
#include "lookup.h"
#include "node-runner/pod_names.h"
#include "node_layouts.h"

namespace baseline::runner {
namespace {

using ::testing::HasSubstr;

const facts::Process* find_pid(const facts::NodeFacts& node, int pid) {
  return find_in(node.processes(), [pid](const facts::Process& p) { return p.pid() == pid; });
}

const facts::Lookalike* find_lookalike(const facts::NodeFacts& node, std::string_view component) {
  return find_in(node.lookalikes(), [&](const facts::Lookalike& l) { return l.component() == component; });
}

int count_of(const facts::NodeFacts& node, std::string_view component) {
  int count = 0;
  for (const facts::Process& process : node.processes()) count += process.component() == component ? 1 : 0;
  return count;
}

// A uid as the API server makes them, another for each number.
std::string uid_of(int number) {
  const std::string digits = std::to_string(100'000'000'000 + number);
  return "0b5c3a52-3a8e-4c6b-9a55-" + digits;
}

test::FakePod pod_of(int number, const std::string& ns = "shop") {
  return {ns, "cart-" + std::to_string(number), uid_of(number)};
}

class OriginTest : public ::testing::Test {
 protected:
  OriginTest() { test::lay_out_control_plane(tree); }

  // The facts as they would be without tenants, but for the lookalikes.
  void expect_as_without_tenants(const facts::NodeFacts& before, facts::NodeFacts after) {
    after.clear_lookalikes();
    after.clear_lookalikes_total();
    std::set<int> viewers = {kHost};
    auto& processes = *after.mutable_processes();
    for (auto it = processes.begin(); it != processes.end();) {
      const bool tenant = it->pod_namespace() == "shop";
      if (!tenant) viewers.insert(it->pid());
      it = tenant ? processes.erase(it) : it + 1;
    }
    auto& files = *after.mutable_files();
    for (auto it = files.begin(); it != files.end();)
      it = viewers.contains(it->viewer()) ? it + 1 : files.erase(it);
    EXPECT_EQ(after.SerializeAsString(), before.SerializeAsString());
  }

  test::NodeTree tree;
};

TEST_F(OriginTest, OfAControlPlane) {
  const auto node = collect_from(tree);
  const auto* kubelet = find_process(node, "kubelet");
  EXPECT_EQ(kubelet->origin(), facts::ORIGIN_HOST);
  EXPECT_EQ(kubelet->pod_uid(), "");
  EXPECT_EQ(find_process(node, "containerd")->origin(), facts::ORIGIN_HOST);
  for (const char* component : {"kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd"}) {
    const auto* process = find_process(node, component);
    EXPECT_EQ(process->origin(), facts::ORIGIN_STATIC_POD) << component;
    EXPECT_EQ(process->pod_namespace(), "kube-system");
    EXPECT_EQ(process->pod_name(), std::string(component) + "-node-1");
    EXPECT_EQ(process->pod_uid(), test::static_pod(component).uid);
    EXPECT_EQ(process->origin_error(), "");
  }
  EXPECT_EQ(node.lookalikes_total(), 0U);
}

TEST_F(OriginTest, OfAPodOfASystemNamespace) {
  test::NodeTree worker;
  test::lay_out_worker(worker);
  const auto node = collect_from(worker);
  const auto* proxy = find_process(node, "kube-proxy");
  EXPECT_EQ(proxy->origin(), facts::ORIGIN_POD);
  EXPECT_EQ(proxy->pod_namespace(), "kube-system");
  EXPECT_EQ(proxy->pod_name(), "kube-proxy-x7x7x");
}

TEST_F(OriginTest, AStaticPodWithoutAManifestOnTheHostIsAPod) {
  tree.remove("/etc/kubernetes/manifests/etcd.yaml");  // it came from --manifest-url
  const auto node = collect_from(tree);
  EXPECT_EQ(find_process(node, "etcd")->origin(), facts::ORIGIN_POD);
  EXPECT_EQ(find_process(node, "etcd")->manifest(), "");
}

TEST_F(OriginTest, AManifestIsItsOwnPodsOnly) {
  // Same component and same arguments, in a pod whose uid the API server gave.
  tree.process_in_pod({.pid = 4000, .argv = test::etcd_argv(), .root = "/run/containerd/etcd/rootfs"},
                      {"kube-system", "etcd-node-1", uid_of(1)});
  const auto node = collect_from(tree);
  EXPECT_EQ(find_pid(node, 4000)->origin(), facts::ORIGIN_POD);
  EXPECT_EQ(find_pid(node, 4000)->manifest(), "");
  EXPECT_EQ(find_pid(node, test::kEtcdPid)->origin(), facts::ORIGIN_STATIC_POD);
}

TEST_F(OriginTest, AManifestMayNameTheUid) {
  const std::string uid = uid_of(7);
  tree.file("/etc/kubernetes/manifests/etcd.yaml",
            "kind: Pod\nmetadata:\n  name: etcd\n  namespace: openshift-etcd\n  uid: " + uid +
                "\nspec:\n  containers:\n  - name: etcd\n    image: a\n    command: [/bin/sh, -c, etcd]\n");
  tree.process_in_pod({.pid = test::kEtcdPid, .argv = test::etcd_argv()},
                      {"openshift-etcd", "etcd-node-1", uid});
  const auto node = collect_from(tree);
  EXPECT_EQ(find_pid(node, test::kEtcdPid)->origin(), facts::ORIGIN_STATIC_POD);
}

TEST_F(OriginTest, TheKubeletsOtherFolderForLogs) {
  tree.remove("/var/log/pods/kube-system_etcd-node-1_" + test::static_pod("etcd").uid);
  tree.directory("/data/logs/kube-system_etcd-node-1_" + test::static_pod("etcd").uid);
  tree.file("/var/lib/kubelet/config.yaml", test::kubelet_config() + "podLogsDir: /data/logs\n");
  EXPECT_EQ(find_process(collect_from(tree), "etcd")->pod_name(), "etcd-node-1");
}

TEST_F(OriginTest, FoldersThatContradictEachOtherNameNothing) {
  tree.directory("/var/log/pods/shop_etcd-node-1_" + test::static_pod("etcd").uid);
  const auto node = collect_from(tree);
  EXPECT_EQ(find_process(node, "etcd")->pod_namespace(), "");
  // Its uid is one that only a kubelet makes, and its arguments are the manifest's.
  EXPECT_EQ(find_process(node, "etcd")->origin(), facts::ORIGIN_STATIC_POD);
}

TEST_F(OriginTest, AKubeletInAPodDecidesNothing) {
  const auto before = collect_from(tree);
  tree.directory("/tenant");
  tree.file("/tenant/etc/evil/10-calico.conflist", R"({"name":"evil","plugins":[{"type":"calico"}]})", 0600);
  tree.file("/tenant/config.yaml", "staticPodPath: /etc/evil\npodLogsDir: /tenant-logs\n");
  tree.directory("/tenant-logs/kube-system_etcd-node-1_" + pod_of(1).uid);
  int pid = 4000;
  for (const std::string& name :
       std::vector<std::string>{"kubelet", "containerd", "crio", "dockerd", "k3s", "kubelite", "hyperkube"}) {
    tree.process_in_pod(
        {.pid = pid++,
         .argv = {name, name == "k3s" ? "server" : "kubelet", "--cni-conf-dir=/etc/evil",
                  "--pod-manifest-path=/etc/evil", "--config=/config.yaml", "--root=/etc/evil"},
         .root = "/tenant"},
        pod_of(1));
  }
  const auto node = collect_from(tree);
  expect_as_without_tenants(before, node);
  EXPECT_EQ(node.lookalikes_size(), 6);  // hyperkube's is a kubelet
  EXPECT_EQ(node.lookalikes_total(), 7U);
  const auto* kubelet = find_lookalike(node, "kubelet");
  ASSERT_NE(kubelet, nullptr);
  EXPECT_EQ(kubelet->pod_namespace(), "shop");
  EXPECT_EQ(kubelet->pod_name(), "cart-1");
  EXPECT_EQ(kubelet->pod_uid(), pod_of(1).uid);
  EXPECT_EQ(kubelet->processes(), 2U);
  EXPECT_NE(find_lookalike(node, "k3s"), nullptr);
  EXPECT_NE(find_lookalike(node, "microk8s"), nullptr);
}

TEST_F(OriginTest, AKubeletInASystemNamespaceIsNoneEither) {
  tree.process_in_pod({.pid = 4000, .argv = {"kubelet"}}, pod_of(1, "kube-system"));
  const auto node = collect_from(tree);
  EXPECT_EQ(count_of(node, "kubelet"), 1);
  EXPECT_EQ(node.lookalikes_total(), 1U);
}

TEST_F(OriginTest, AHundredAndThirtyTenantsCalledEtcd) {
  tree.directory("/tenant");
  const auto before = collect_from(tree);
  for (int i = 0; i < 130; ++i) {
    // Below the numbers of the real ones, and above.
    tree.process_in_pod(
        {.pid = i < 65 ? 10 + i : 4000 + i, .argv = {"etcd", "--data-dir=/data"}, .root = "/tenant"},
        pod_of(i));
  }
  const auto node = collect_from(tree);
  expect_as_without_tenants(before, node);
  const int shown = count_of(node, "etcd") - 1;
  EXPECT_EQ(static_cast<std::size_t>(shown), Limits().tenant_processes);
  EXPECT_EQ(node.lookalikes_total(), 130U - static_cast<unsigned>(shown));
}

TEST_F(OriginTest, TwoMegabytesOfArgumentsFromEachOfThirtyThree) {
  const auto before = collect_from(tree);
  for (int i = 0; i < 33; ++i) {
    std::vector<std::string> argv = {"kube-apiserver", "--first=1"};
    argv.emplace_back(std::size_t{2} << 20, 'x');
    tree.process_in_pod({.pid = 10 + i, .argv = argv}, pod_of(i));
  }
  const auto node = collect_from(tree);
  expect_as_without_tenants(before, node);
  EXPECT_LT(node.ByteSizeLong(), std::size_t{1} << 20);
  const auto* one =
      find_in(node.processes(), [](const facts::Process& p) { return p.pod_namespace() == "shop"; });
  ASSERT_NE(one, nullptr);
  EXPECT_TRUE(one->argv_truncated());
}

TEST_F(OriginTest, EachNamespaceInItsTurn) {
  for (int i = 0; i < 40; ++i) tree.process_in_pod({.pid = 1000 + i, .argv = {"etcd"}}, pod_of(i, "many"));
  tree.process_in_pod({.pid = 5000, .argv = {"etcd"}}, pod_of(99, "one"));
  EXPECT_NE(find_pid(collect_from(tree), 5000), nullptr);
}

TEST_F(OriginTest, PathsThatATenantNamesAreLookedAtWithinItsShare) {
  const auto before = collect_from(tree);
  std::vector<std::string> argv = {"etcd"};
  for (int i = 0; i < 2000; ++i) argv.push_back("--f" + std::to_string(i) + "-file=/x" + std::to_string(i));
  for (int i = 0; i < 20; ++i) tree.process_in_pod({.pid = 10 + i, .argv = argv, .root = "/none"}, pod_of(i));
  Limits limits;
  limits.files = static_cast<std::size_t>(before.files_size()) + 20;
  const auto node = collect_from(tree, limits);
  expect_as_without_tenants(before, node);
  EXPECT_LE(static_cast<std::size_t>(node.files_size()),
            static_cast<std::size_t>(before.files_size()) + limits.tenant_share.files + 1);
}

TEST_F(OriginTest, TooManyInSystemNamespacesAreTold) {
  for (int i = 0; i < 20; ++i)
    tree.process_in_pod({.pid = 4000 + i, .argv = {"etcd"}}, pod_of(i, "kube-system"));
  const auto node = collect_from(tree);
  EXPECT_NE(error_about(node, "processes", "etcd"), "");
  EXPECT_EQ(find_pid(node, test::kEtcdPid)->origin(), facts::ORIGIN_STATIC_POD);
  EXPECT_EQ(node.lookalikes_total(), 20U - Limits().pod_processes);
}

TEST_F(OriginTest, GroupsThatAContainerMakesBelowItsOwn) {
  test::FakePod pod = pod_of(1);
  for (const std::string& below :
       std::vector<std::string>{"/system.slice/kubelet.service", "/init.scope",
                                "/kubepods.slice/kubepods-pod0123456789abcdef0123456789abcdef.slice/x"}) {
    std::string group = pod.cgroup();
    group.insert(group.size() - 1, below);
    tree.process({.pid = 4000, .argv = {"etcd"}, .cgroup = group});
    tree.process({.pid = 4001, .argv = {"kubelet"}, .cgroup = group});
    tree.directory("/var/log/pods/shop_cart-1_" + pod.uid);
    const auto node = collect_from(tree);
    EXPECT_EQ(find_pid(node, 4000)->origin(), facts::ORIGIN_POD) << below;
    EXPECT_EQ(find_pid(node, 4000)->pod_namespace(), "shop") << below;
    EXPECT_EQ(find_pid(node, 4001), nullptr) << below;
  }
}

TEST_F(OriginTest, WhoLogsInIsTheHostOnlyAsRoot) {
  const std::string session = "0::/user.slice/user-1000.slice/session-1.scope\n";
  tree.process({.pid = 4000, .argv = {"kubelet"}, .uid = 1000, .cgroup = session});
  tree.process({.pid = 4001, .argv = {"etcd"}, .uid = 1000, .cgroup = session});
  tree.process({.pid = 4002, .argv = {"etcd"}, .cgroup = session});
  // A program of root's that anybody may start, under another name.
  tree.process({.pid = 4003, .argv = {"kubelet"}, .exe = "/usr/bin/su", .cgroup = session});
  tree.file("/proc/4003/status", "Name:\tsu\nUid:\t1000\t0\t0\t0\n");
  const auto node = collect_from(tree);
  EXPECT_EQ(find_pid(node, 4000), nullptr);
  EXPECT_EQ(find_pid(node, 4001), nullptr);
  EXPECT_EQ(find_pid(node, 4002)->origin(), facts::ORIGIN_HOST);
  EXPECT_EQ(find_pid(node, 4003), nullptr);
  EXPECT_EQ(node.lookalikes_total(), 3U);
}

TEST_F(OriginTest, AKubeletIsRoots) {
  tree.process({.pid = 4000, .argv = {"kubelet"}, .uid = 33, .cgroup = "0::/system.slice/apache2.service\n"});
  tree.process({.pid = 4001, .argv = {"etcd"}, .uid = 998});
  const auto node = collect_from(tree);
  EXPECT_EQ(find_pid(node, 4000), nullptr);
  EXPECT_EQ(find_pid(node, 4001)->origin(), facts::ORIGIN_HOST);  // as Kubespray starts it
}

TEST_F(OriginTest, AContainerOutsideEveryPodIsTheHosts) {
  const std::string group = "0::/system.slice/docker-" + test::container_id('d') + ".scope\n";
  tree.process({.pid = 4000, .argv = {"kubelet"}, .cgroup = group});
  EXPECT_EQ(find_pid(collect_from(tree), 4000)->origin(), facts::ORIGIN_HOST);
  // Unless the kubelet has a log of it: it runs without groups for pods.
  tree.directory("/var/log/pods/shop_cart-1_" + uid_of(1));
  tree.link("/var/log/containers/cart-1_shop_kubelet-" + test::container_id('d') + ".log", "/nowhere");
  const auto node = collect_from(tree);
  EXPECT_EQ(find_pid(node, 4000), nullptr);
  ASSERT_NE(find_lookalike(node, "kubelet"), nullptr);
  EXPECT_EQ(find_lookalike(node, "kubelet")->pod_uid(), uid_of(1));
}

TEST_F(OriginTest, ALinkWithoutAnIdLeavesContainersOpen) {
  const std::string group = "0::/system.slice/docker-" + test::container_id('d') + ".scope\n";
  tree.process({.pid = 4000, .argv = {"kubelet"}, .cgroup = group});
  // As the kubelet cuts it when the names are long: the id is lost.
  tree.link("/var/log/containers/" + std::string(199, 'c') + "_shop_" + std::string(46, 'k') + ".log",
            "/nowhere");
  EXPECT_EQ(find_pid(collect_from(tree), 4000)->origin(), facts::ORIGIN_UNKNOWN);
}

TEST_F(OriginTest, AContainerThatHasJustStartedMayYetGetItsLink) {
  const std::string group = "0::/system.slice/docker-" + test::container_id('d') + ".scope\n";
  tree.process({.pid = 4000, .argv = {"kubelet"}, .cgroup = group});
  const auto started = [this](long seconds) {
    const std::string ticks = std::to_string(seconds * ::sysconf(_SC_CLK_TCK));
    tree.file("/proc/4000/stat", "4000 (a) b) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 " + ticks + " 0\n");
  };
  tree.file("/proc/uptime", "1000.52 3000.00\n");
  started(990);
  EXPECT_EQ(find_pid(collect_from(tree), 4000)->origin(), facts::ORIGIN_UNKNOWN);
  started(900);
  EXPECT_EQ(find_pid(collect_from(tree), 4000)->origin(), facts::ORIGIN_HOST);
}

TEST_F(OriginTest, AServiceThatRunsWhatOthersAskForIsNoComponent) {
  const auto in_service = [this](int pid, const char* service, unsigned uid) {
    tree.process({.pid = pid,
                  .argv = {"kube-proxy"},
                  .uid = uid,
                  .cgroup = "0::/system.slice/" + std::string(service) + "\n"});
  };
  in_service(4000, "cron.service", 1000);
  in_service(4001, "cron.service", 0);
  in_service(4002, "kube-proxy.service", 998);
  in_service(4003, "k0sworker.service", 998);
  in_service(4004, "jenkins.service/kube-proxy.service", 998);
  in_service(4005, "init.scope", 998);
  const auto node = collect_from(tree);
  EXPECT_EQ(find_pid(node, 4000)->origin(), facts::ORIGIN_UNKNOWN);
  EXPECT_THAT(find_pid(node, 4000)->origin_error(), HasSubstr("ordinary user"));
  EXPECT_EQ(find_pid(node, 4001)->origin(), facts::ORIGIN_HOST);
  EXPECT_EQ(find_pid(node, 4002)->origin(), facts::ORIGIN_HOST);
  EXPECT_EQ(find_pid(node, 4003)->origin(), facts::ORIGIN_HOST);
  EXPECT_EQ(find_pid(node, 4004)->origin(), facts::ORIGIN_UNKNOWN);
  EXPECT_EQ(find_pid(node, 4005)->origin(), facts::ORIGIN_UNKNOWN);
}

TEST_F(OriginTest, AContainerOfAPodRuntimeOutsideEveryPodIsNotKnown) {
  tree.process({.pid = 4000,
                .argv = {"kubelet"},
                .cgroup = "0::/system.slice/crio-" + test::container_id('d') + ".scope\n"});
  const auto node = collect_from(tree);
  EXPECT_EQ(find_pid(node, 4000)->origin(), facts::ORIGIN_UNKNOWN);
  EXPECT_NE(find_pid(node, 4000)->origin_error(), "");
}

TEST_F(OriginTest, ANodeInsideAContainer) {
  const std::string outer = "/docker/" + test::container_id('f');
  tree.file("/proc/1/cgroup", "0::" + outer + "/init.scope\n");
  tree.file("/proc/700/cgroup", "0::" + outer + "/system.slice/containerd.service\n");
  tree.file("/proc/800/cgroup", "0::" + outer + "/system.slice/kubelet.service\n");
  for (const int pid :
       {test::kEtcdPid, test::kApiServerPid, test::kControllerManagerPid, test::kSchedulerPid}) {
    const std::string path = "/proc/" + std::to_string(pid) + "/cgroup";
    const char* name = pid == test::kEtcdPid        ? "etcd"
                       : pid == test::kApiServerPid ? "kube-apiserver"
                       : pid == test::kSchedulerPid ? "kube-scheduler"
                                                    : "kube-controller-manager";
    tree.file(path, "0::" + outer + test::static_pod(name).cgroup().substr(3));
  }
  const auto node = collect_from(tree);
  EXPECT_EQ(find_process(node, "kubelet")->origin(), facts::ORIGIN_HOST);
  EXPECT_EQ(find_process(node, "etcd")->origin(), facts::ORIGIN_STATIC_POD);
  EXPECT_EQ(node.errors_size(), 0);
}

TEST_F(OriginTest, ACopyWithoutControlGroupsSaysWhatToCopy) {
  for (const int pid : {1, test::kContainerdPid, test::kKubeletPid, test::kEtcdPid, test::kApiServerPid,
                        test::kControllerManagerPid, test::kSchedulerPid})
    tree.remove("/proc/" + std::to_string(pid) + "/cgroup");
  const auto node = collect_from(tree);
  ASSERT_EQ(node.errors_size(), 1);
  EXPECT_EQ(node.errors(0).table(), "processes");
  EXPECT_EQ(node.errors(0).subject(), "control groups");
  EXPECT_THAT(node.errors(0).reason(), HasSubstr("copy /proc/PID/cgroup"));
  ASSERT_EQ(node.processes_size(), 6);
  for (const facts::Process& process : node.processes()) {
    EXPECT_EQ(process.origin(), facts::ORIGIN_UNKNOWN);
    EXPECT_NE(process.origin_error(), "");
  }
  EXPECT_EQ(find_file(node, "/etc/kubernetes/admin.conf")->presence(), facts::PRESENT);
  EXPECT_EQ(find_process(node, "etcd")->manifest(), "/etc/kubernetes/manifests/etcd.yaml");
}

TEST_F(OriginTest, PodsAreNamedByTheContainerStoreToo) {
  tree.remove("/var/log/pods");
  test::ContainerdLayout store(tree);
  test::lay_out_init(tree);
  store.add({.name = "etcd", .pod = "etcd-node-1", .ns = "kube-system", .uid = test::static_pod("etcd").uid});
  store.write();
  const auto node = collect_from(tree);
  EXPECT_EQ(find_process(node, "etcd")->pod_name(), "etcd-node-1");
  EXPECT_EQ(find_process(node, "etcd")->origin(), facts::ORIGIN_STATIC_POD);
}

TEST(PodFolder, NamespaceNameAndUid) {
  EXPECT_EQ(parse_pod_folder("shop_cart-1_0-1"), (PodName{"0-1", "shop", "cart-1"}));
  for (const char* bad :
       {"", "0b5c", "shop_cart", "a_b_c_d", "_b_c", "a__c", "a_b_", "A_b_c", "a_b\x1b_c", "a_b_c\x1b"})
    EXPECT_EQ(parse_pod_folder(bad), PodName{}) << bad;
}

}  // namespace
}  // namespace baseline::runner
