#include "node_layouts.h"

#include <filesystem>

#include "test_certificates.h"

namespace baseline::test {
namespace {

// Stands for a key: tests look for it to see that no key leaves the node.
constexpr const char* kKey =
    "-----BEGIN EC PRIVATE KEY-----\nCANARYkeyCANARYkeyCANARYkeyCANARYkey\n-----END EC PRIVATE KEY-----\n";

std::string kubeconfig(const std::string& user) {
  return "apiVersion: v1\nkind: Config\nclusters:\n- name: kubernetes\n  cluster:\n    "
         "certificate-authority-data: "
         "Q0FOQVJZ\n    server: https://10.0.0.1:6443\ncontexts:\n- name: " +
         user + "@kubernetes\n  context:\n    cluster: kubernetes\n    user: " + user +
         "\ncurrent-context: " + user + "@kubernetes\nusers:\n- name: " + user +
         "\n  user:\n    client-certificate-data: Q0FOQVJZY2VydA==\n    client-key-data: Q0FOQVJZa2V5\n";
}

std::string base_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

void lay_out_pki(NodeTree& tree) {
  const std::string pki = "/etc/kubernetes/pki/";
  for (const char* name : {"ca", "front-proxy-ca", "etcd/ca"})
    tree.file(pki + name + ".crt", kCaCertificate, 0644);
  for (const char* name : {"apiserver", "apiserver-kubelet-client", "apiserver-etcd-client",
                           "front-proxy-client", "etcd/server", "etcd/peer", "etcd/healthcheck-client"}) {
    tree.file(pki + name + ".crt", kServerCertificate, 0644);
    tree.file(pki + name + ".key", kKey, 0600);
  }
  for (const char* name : {"ca.key", "front-proxy-ca.key", "etcd/ca.key", "sa.key"})
    tree.file(pki + name, kKey, 0600);
  tree.file(pki + "sa.pub", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", 0600);
}

void lay_out_kubelet(NodeTree& tree) {
  tree.file("/etc/kubernetes/kubelet.conf", kubeconfig("system:node:node-1"), 0600);
  tree.directory("/etc/kubernetes/manifests");
  tree.file("/var/lib/kubelet/config.yaml", kubelet_config(), 0644);
  tree.file("/var/lib/kubelet/kubeadm-flags.env", "KUBELET_KUBEADM_ARGS=\"\"\n", 0644);
  tree.directory("/var/lib/kubelet/pki", 0755);
  tree.file("/var/lib/kubelet/pki/kubelet.crt", kServerCertificate, 0644);
  tree.file("/var/lib/kubelet/pki/kubelet.key", kKey, 0600);
  tree.file("/var/lib/kubelet/pki/kubelet-client-1.pem", std::string(kServerCertificate) + kKey, 0600);
  tree.link("/var/lib/kubelet/pki/kubelet-client-current.pem", "/var/lib/kubelet/pki/kubelet-client-1.pem");
  tree.file("/usr/lib/systemd/system/kubelet.service", "[Service]\nExecStart=/usr/bin/kubelet\n", 0644);
  tree.file("/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf",
            "[Service]\nExecStart=\nExecStart=/usr/bin/kubelet $KUBELET_CONFIG_ARGS\n", 0644);
  tree.directory("/run/containerd/io.containerd.runtime.v2.task/k8s.io");
  tree.file(
      "/etc/containerd/config.toml",
      "version = 2\nroot = \"/var/lib/containerd\"\n[plugins.\"io.containerd.grpc.v1.cri\".cni]\nconf_dir = "
      "\"/etc/cni/net.d\"\n[plugins.\"io.containerd.grpc.v1.cri\".registry]\nconfig_path = "
      "\"/etc/containerd/certs.d\"\n",
      0644);
  tree.file("/etc/cni/net.d/10-bridge.conflist",
            "{\n\t\"cniVersion\": \"1.0.0\",\n\t\"name\": \"pods\",\n\t\"plugins\": [{\"type\": \"bridge\"}, "
            "{\"type\": "
            "\"portmap\"}]\n}\n",
            0600);
  tree.process({.pid = kContainerdPid, .argv = {"/usr/bin/containerd"}, .listening = {{"127.0.0.1", 40001}}});
  tree.process(
      {.pid = kKubeletPid, .argv = kubelet_argv(), .listening = {{"::", 10250}, {"127.0.0.1", 10248}}});
}

// argv as the kubelet starts it from a manifest.
std::string manifest(const std::vector<std::string>& argv, const std::string& image) {
  std::string out =
      "apiVersion: v1\nkind: Pod\nmetadata:\n  name: " + argv[0] +
      "\n  namespace: kube-system\nspec:\n  hostNetwork: true\n  containers:\n  - name: " + argv[0] +
      "\n    image: " + image + "\n    command:\n";
  for (const std::string& word : argv) out += "    - " + word + "\n";
  return out;
}

}  // namespace

void lay_out_host(NodeTree& tree) {
  tree.file("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\netcd:x:998:998::/:/bin/false\n");
  tree.file("/etc/group", "root:x:0:\netcd:x:998:\n");
  tree.file("/etc/hostname", "node-1\n");
  tree.file("/usr/lib/os-release",
            "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n");
  tree.link("/etc/os-release", "../usr/lib/os-release");
  tree.file("/proc/sys/kernel/osrelease", "6.1.0\n");
  tree.process({.pid = 1, .argv = {"/sbin/init"}, .exe = "/usr/lib/systemd/systemd"});
  tree.file("/sys/kernel/security/lsm", "lockdown,capability,apparmor");
  tree.file("/sys/module/apparmor/parameters/enabled", "Y\n");
}

std::vector<std::string> api_server_argv() {
  return {"kube-apiserver",
          "--advertise-address=10.0.0.1",
          "--allow-privileged=true",
          "--authorization-mode=Node,RBAC",
          "--client-ca-file=/etc/kubernetes/pki/ca.crt",
          "--enable-admission-plugins=NodeRestriction",
          "--enable-bootstrap-token-auth=true",
          "--etcd-cafile=/etc/kubernetes/pki/etcd/ca.crt",
          "--etcd-certfile=/etc/kubernetes/pki/apiserver-etcd-client.crt",
          "--etcd-keyfile=/etc/kubernetes/pki/apiserver-etcd-client.key",
          "--etcd-servers=https://127.0.0.1:2379",
          "--kubelet-client-certificate=/etc/kubernetes/pki/apiserver-kubelet-client.crt",
          "--kubelet-client-key=/etc/kubernetes/pki/apiserver-kubelet-client.key",
          "--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname",
          "--proxy-client-cert-file=/etc/kubernetes/pki/front-proxy-client.crt",
          "--proxy-client-key-file=/etc/kubernetes/pki/front-proxy-client.key",
          "--requestheader-client-ca-file=/etc/kubernetes/pki/front-proxy-ca.crt",
          "--secure-port=6443",
          "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
          "--service-account-key-file=/etc/kubernetes/pki/sa.pub",
          "--service-account-signing-key-file=/etc/kubernetes/pki/sa.key",
          "--service-cluster-ip-range=10.96.0.0/12",
          "--tls-cert-file=/etc/kubernetes/pki/apiserver.crt",
          "--tls-private-key-file=/etc/kubernetes/pki/apiserver.key"};
}

std::vector<std::string> controller_manager_argv() {
  return {"kube-controller-manager",
          "--authentication-kubeconfig=/etc/kubernetes/controller-manager.conf",
          "--authorization-kubeconfig=/etc/kubernetes/controller-manager.conf",
          "--bind-address=127.0.0.1",
          "--client-ca-file=/etc/kubernetes/pki/ca.crt",
          "--cluster-signing-cert-file=/etc/kubernetes/pki/ca.crt",
          "--cluster-signing-key-file=/etc/kubernetes/pki/ca.key",
          "--controllers=*,bootstrapsigner,tokencleaner",
          "--kubeconfig=/etc/kubernetes/controller-manager.conf",
          "--leader-elect=true",
          "--root-ca-file=/etc/kubernetes/pki/ca.crt",
          "--service-account-private-key-file=/etc/kubernetes/pki/sa.key",
          "--use-service-account-credentials=true"};
}

std::vector<std::string> scheduler_argv() {
  return {"kube-scheduler",
          "--authentication-kubeconfig=/etc/kubernetes/scheduler.conf",
          "--authorization-kubeconfig=/etc/kubernetes/scheduler.conf",
          "--bind-address=127.0.0.1",
          "--kubeconfig=/etc/kubernetes/scheduler.conf",
          "--leader-elect=true"};
}

std::vector<std::string> etcd_argv() {
  return {"etcd",
          "--advertise-client-urls=https://10.0.0.1:2379",
          "--cert-file=/etc/kubernetes/pki/etcd/server.crt",
          "--client-cert-auth=true",
          "--data-dir=/var/lib/etcd",
          "--initial-cluster=node-1=https://10.0.0.1:2380",
          "--key-file=/etc/kubernetes/pki/etcd/server.key",
          "--listen-client-urls=https://127.0.0.1:2379,https://10.0.0.1:2379",
          "--name=node-1",
          "--peer-cert-file=/etc/kubernetes/pki/etcd/peer.crt",
          "--peer-client-cert-auth=true",
          "--peer-key-file=/etc/kubernetes/pki/etcd/peer.key",
          "--peer-trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt",
          "--trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt"};
}

std::vector<std::string> kubelet_argv() {
  return {"/usr/bin/kubelet", "--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf",
          "--kubeconfig=/etc/kubernetes/kubelet.conf", "--config=/var/lib/kubelet/config.yaml",
          "--container-runtime-endpoint=unix:///run/containerd/containerd.sock"};
}

std::string kubelet_config() {
  return "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nauthentication:\n  "
         "anonymous:\n    "
         "enabled: false\n  webhook:\n    enabled: true\n  x509:\n    clientCAFile: "
         "/etc/kubernetes/pki/ca.crt\n"
         "authorization:\n  mode: Webhook\nrotateCertificates: true\nstaticPodPath: "
         "/etc/kubernetes/manifests\n"
         "streamingConnectionIdleTimeout: 0s\nresolvConf: /run/systemd/resolve/resolv.conf\n";
}

FakePod static_pod(const std::string& name) {
  constexpr std::size_t kDigits = 32;
  std::string uid;  // a kubelet makes a digest of the manifest
  for (std::size_t i = 0; uid.size() < kDigits; ++i)
    uid += "0123456789abcdef"[(name[i % name.size()] + i) % 16];
  return {"kube-system", name + "-node-1", uid, std::string(64, uid[0])};
}

void run_static_pod(NodeTree& tree, int pid, const std::vector<std::string>& argv, const std::string& image) {
  const std::string name = base_name(argv[0]);
  tree.file("/etc/kubernetes/manifests/" + name + ".yaml", manifest(argv, image), 0600);
  const std::string root = "/run/containerd/" + name + "/rootfs";
  tree.remove(root);
  std::vector<std::string> shared;
  const std::string short_name = name.starts_with("kube-") ? name.substr(5) : name;
  const std::string own_kubeconfig = "/etc/kubernetes/" + short_name + ".conf";
  for (const std::string& path :
       {std::string("/etc/kubernetes/pki"), std::string("/var/lib/etcd"), own_kubeconfig}) {
    if (std::filesystem::exists(tree.real(path))) shared.push_back(path);
  }
  tree.container(root, shared);
  tree.process_in_pod({.pid = pid, .argv = argv, .exe = "/usr/local/bin/" + name, .root = root},
                      static_pod(name));
}

void lay_out_control_plane(NodeTree& tree, const std::string& version) {
  lay_out_host(tree);
  lay_out_pki(tree);
  for (const char* name : {"admin", "super-admin", "controller-manager", "scheduler"}) {
    tree.file(std::string("/etc/kubernetes/") + name + ".conf", kubeconfig(name), 0600);
  }
  tree.directory("/var/lib/etcd", 0700);
  lay_out_kubelet(tree);
  const std::string registry = "registry.k8s.io/";
  run_static_pod(tree, kEtcdPid, etcd_argv(), registry + "etcd:3.6.8-0");
  run_static_pod(tree, kApiServerPid, api_server_argv(), registry + "kube-apiserver:v" + version);
  run_static_pod(tree, kControllerManagerPid, controller_manager_argv(),
                 registry + "kube-controller-manager:v" + version);
  run_static_pod(tree, kSchedulerPid, scheduler_argv(), registry + "kube-scheduler:v" + version);
  tree.file("/var/lib/dpkg/status",
            "Package: kubelet\nStatus: install ok installed\nVersion: " + version + "-1.1\n\n");
}

void lay_out_worker(NodeTree& tree, const std::string& version) {
  lay_out_host(tree);
  tree.file("/etc/kubernetes/pki/ca.crt", kCaCertificate, 0644);
  lay_out_kubelet(tree);
  const std::string root = "/run/containerd/kube-proxy/rootfs";
  tree.file(root + "/var/lib/kube-proxy/config.conf",
            "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nclientConnection:\n "
            " kubeconfig: "
            "/var/lib/kube-proxy/kubeconfig.conf\nmode: iptables\n",
            0644);
  tree.file(root + "/var/lib/kube-proxy/kubeconfig.conf",
            "apiVersion: v1\nkind: Config\nusers:\n- name: default\n  user:\n    tokenFile: "
            "/var/run/secrets/kubernetes.io/serviceaccount/token\n",
            0644);
  tree.process_in_pod({.pid = kKubeProxyPid,
                       .argv = {"/usr/local/bin/kube-proxy", "--config=/var/lib/kube-proxy/config.conf"},
                       .root = root},
                      {.ns = "kube-system", .name = "kube-proxy-x7x7x"});
  tree.file("/var/lib/dpkg/status",
            "Package: kubelet\nStatus: install ok installed\nVersion: " + version + "-1.1\n\n");
}

void lay_out_k3s(NodeTree& tree) {
  lay_out_host(tree);
  tree.file(
      "/etc/rancher/k3s/config.yaml",
      "token: CANARYtoken\nkube-apiserver-arg:\n- anonymous-auth=false\n- audit-log-path=/var/log/audit.log\n"
      "kubelet-arg: protect-kernel-defaults=true\n",
      0600);
  tree.file("/etc/systemd/system/k3s.service",
            "[Service]\nExecStart=/usr/local/bin/k3s \\\n    server \\\n        "
            "'--kube-apiserver-arg=profiling=false' \\\n",
            0644);
  tree.file("/var/lib/rancher/k3s/server/tls/client-ca.crt", kCaCertificate, 0644);
  tree.file("/var/lib/rancher/k3s/server/token", "CANARYtoken\n", 0600);
  tree.directory("/var/lib/rancher/k3s/server/db/etcd", 0700);
  tree.process({.pid = kK3sPid,
                .argv = {"/usr/local/bin/k3s server"},
                .exe = "/var/lib/rancher/k3s/data/0123abcd/bin/k3s"});
}

}  // namespace baseline::test
