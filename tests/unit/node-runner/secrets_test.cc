// No secret leaves the node, in no form of output.
#include <gmock/gmock.h>

#include "base/json.h"
#include "baseline/facts/facts_json.h"
#include "baseline/facts/frame.h"
#include "lookup.h"
#include "node-runner/text.h"
#include "node_layouts.h"
#include "planted_secrets.h"

namespace baseline::runner {
namespace {

// Puts a word of its own at every place where one is planted, and knows where each of them was put.
class Gardener {
 public:
  std::string plant(std::string_view text, const std::string& place) {
    std::string out;
    for (const char c : text) {
      if (c != '%') {
        out += c;
        continue;
      }
      const std::string word = "hunter" + std::to_string(1000 + places_.size()) + "z";
      places_.emplace_back(word, place + ": " + std::string(text));
      out += word;
    }
    return out;
  }

  void write(test::NodeTree& tree, const std::string& path, const planted::Document& document) {
    std::string text = plant(document.head, path);
    for (const char* line : document.lines)
      text += (line == document.lines.front() ? "" : document.between) + plant(line, path);
    tree.file(path, text + document.tail, 0600);
  }

  std::vector<std::string> words(const std::string& component, const std::vector<const char*>& lines) {
    std::vector<std::string> out;
    for (const char* line : lines) {
      const std::string text = plant(line, component);
      for (const std::string_view word : split(text, ' ')) out.emplace_back(word);
    }
    return out;
  }

  // Where the words came from that stand in the text.
  std::vector<std::string> found_in(const std::string& text) const {
    std::vector<std::string> out;
    for (const auto& [word, place] : places_) {
      if (text.find(word) != std::string::npos) out.push_back(place);
    }
    return out;
  }

  std::size_t size() const { return places_.size(); }

 private:
  std::vector<std::pair<std::string, std::string>> places_;
};

std::string root_of(const std::string& name) {
  return "/run/containerd/" + name + "/rootfs";
}

std::string place_of(std::string path) {
  constexpr auto kRoots = std::to_array<std::pair<std::string_view, const char*>>({
      {"/apiserver/", "kube-apiserver"},
      {"/scheduler/", "kube-scheduler"},
      {"/proxy/", "kube-proxy"},
      {"/etcd/", "etcd"},
  });
  for (const auto& [prefix, name] : kRoots) {
    if (path.starts_with(prefix)) return root_of(name) + path.substr(prefix.size() - 1);
  }
  return path;
}

// Command lines that name the files, before what is planted in them.
std::vector<std::string> start_of(std::string_view component) {
  if (component == "kube-apiserver") {
    return {"kube-apiserver",
            "--encryption-provider-config=/etc/k/encryption.yaml",
            "--audit-policy-file=/etc/k/audit.yaml",
            "--authorization-config=/etc/k/authorization.yaml",
            "--authentication-config=/etc/k/authentication.yaml",
            "--admission-control-config-file=/etc/k/admission.yaml",
            "--egress-selector-config-file=/etc/k/egress.yaml",
            "--authentication-token-webhook-config-file=/etc/k/hook.conf",
            "--tls-cert-file=/etc/kubernetes/pki/apiserver.crt"};
  }
  if (component == "kube-scheduler")
    return {"kube-scheduler", "--config=/etc/scheduler.yaml", "--kubeconfig=/etc/kubernetes/scheduler.conf"};
  if (component == "kubelet")
    return {"kubelet", "--config=/var/lib/kubelet/config.yaml", "--config-dir=/etc/kubelet.d"};
  if (component == "kube-proxy") return {"kube-proxy", "--config=/etc/proxy.yaml"};
  if (component == "etcd") return {"etcd", "--config-file=/etc/etcd.yaml"};
  return {std::string(component)};
}

void lay_out_processes(test::NodeTree& tree, Gardener& gardener) {
  constexpr auto kIsolated = std::to_array<std::string_view>(
      {"kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd", "kube-proxy"});
  int pid = 2000;
  for (const planted::CommandLine& line : planted::kCommandLines) {
    const std::string component = line.component;
    const bool isolated = std::ranges::find(kIsolated, component) != kIsolated.end();
    test::FakeProcess process{.pid = ++pid, .argv = start_of(component)};
    if (isolated) process.root = root_of(component);
    for (const auto& lines : {line.words, planted::kWords}) {
      for (std::string& word : gardener.words(component, lines)) process.argv.push_back(std::move(word));
    }
    if (component == "etcd") {
      for (const char* variable : planted::kEtcdVariables) {
        std::string_view rest = variable;
        const std::string name(take_until(rest, '='));
        process.env.emplace_back(name, gardener.plant(rest, name));
      }
    }
    tree.process(process);
  }
  // What a process calls itself is its own to choose.
  const std::string group = "0::/system.slice/kubelet.service\n";
  for (const std::vector<std::string>& argv :
       {std::vector{gardener.plant("kubelet --token=%", "argv[0]")},
        std::vector<std::string>{gardener.plant("%", "argv[0]"), "--v=2"}})
    tree.process({.pid = ++pid, .argv = argv, .exe = "/usr/bin/kubelet", .cgroup = group});
}

facts::NodeFacts collect_planted(Gardener& gardener) {
  test::NodeTree tree;
  test::lay_out_control_plane(tree);
  for (const int pid : {test::kApiServerPid, test::kControllerManagerPid, test::kSchedulerPid, test::kEtcdPid,
                        test::kKubeletPid, test::kContainerdPid}) {
    tree.remove("/proc/" + std::to_string(pid));
  }
  tree.directory(root_of("kube-proxy"));
  for (const planted::Document& document : planted::kDocuments)
    gardener.write(tree, place_of(document.path), document);
  lay_out_processes(tree, gardener);
  return collect_from(tree);
}

void expect_silent(const Gardener& gardener, const facts::NodeFacts& node) {
  EXPECT_THAT(gardener.found_in(node.SerializeAsString()), ::testing::IsEmpty());
  EXPECT_THAT(gardener.found_in(base::write_json_pretty(facts::to_value(node))), ::testing::IsEmpty());
  const auto back = facts::decode_frame(facts::encode_frame(node).text, "");
  ASSERT_TRUE(back.has_value());
  EXPECT_THAT(gardener.found_in(back->SerializeAsString()), ::testing::IsEmpty());
}

TEST(Secrets, NothingLeavesInAnyForm) {
  Gardener gardener;
  const auto node = collect_planted(gardener);
  EXPECT_GE(gardener.size(), 189U);
  expect_silent(gardener, node);
  // The places were read, not passed over.
  EXPECT_EQ(node.processes_size(), static_cast<int>(planted::kCommandLines.size()) + 2);
  for (const char* path : {"/etc/kubelet.d/10.conf",
                           "/etc/proxy.yaml",
                           "/etc/proxy.conf",
                           "/etc/scheduler.yaml",
                           "/etc/etcd.yaml",
                           "/etc/k/hook.conf",
                           "/etc/k/encryption.yaml",
                           "/etc/k/audit.yaml",
                           "/etc/k/authorization.yaml",
                           "/etc/k/authentication.yaml",
                           "/etc/k/admission.yaml",
                           "limits.yaml",
                           "/etc/k/egress.yaml",
                           "/etc/kubernetes/manifests/etcd.yaml",
                           "/etc/cni/net.d/10-net.conflist",
                           "/etc/containerd/config.toml",
                           "/etc/containerd/certs.d/r/hosts.toml",
                           "/etc/crio/crio.conf",
                           "/etc/containers/registries.conf",
                           "/etc/docker/daemon.json",
                           "/var/lib/kubelet/config.yaml"}) {
    const auto* config = find_config(node, path);
    ASSERT_NE(config, nullptr) << path;
    EXPECT_EQ(config->error(), "") << path;
    EXPECT_NE(find_in(config->settings(), [](const facts::Setting& one) { return one.redacted(); }), nullptr)
        << path;
  }
  EXPECT_NE(find_config(node, "/etc/kubernetes/scheduler.conf")->error(), "");
  EXPECT_NE(error_about(node, "configs", "/etc/cni/net.d/20-broken.conf"), "");
}

TEST(Secrets, NothingLeavesABundle) {
  Gardener gardener;
  test::NodeTree tree;
  test::lay_out_k3s(tree);
  for (const planted::Document& document : planted::kK3s) gardener.write(tree, document.path, document);
  const auto node = collect_from(tree);
  ASSERT_NE(find_config(node, "/etc/rancher/k3s/config.yaml"), nullptr);
  ASSERT_NE(find_process(node, "kubelet"), nullptr);
  expect_silent(gardener, node);
}

TEST(Secrets, TheKeysOfANodeStayWhereTheyAre) {
  test::NodeTree tree;
  test::lay_out_control_plane(tree);
  const auto node = collect_from(tree);
  for (const char* piece : {"CANARY", "Q0FOQVJZ"})
    EXPECT_THAT(node.SerializeAsString(), ::testing::Not(::testing::HasSubstr(piece)));
}

// Else a default would be read in its place, and taken for what is in force.
TEST(Secrets, APathThatIsWithheldIsAnErrorOfWhatItNames) {
  test::NodeTree tree;
  test::lay_out_control_plane(tree);
  tree.process(
      {.pid = test::kContainerdPid, .argv = {"/usr/bin/containerd", "--config", "/etc/my folder/c.toml"}});
  auto kubelet = test::kubelet_argv();
  kubelet.emplace_back("--cni-conf-dir=/etc/my folder");
  tree.process({.pid = test::kKubeletPid, .argv = kubelet});
  auto node = collect_from(tree);
  EXPECT_NE(error_about(node, "runtime", "flag --config"), "");
  EXPECT_NE(error_about(node, "cni", "flag --cni-conf-dir"), "");
  tree.process({.pid = test::kContainerdPid, .argv = {"/usr/bin/containerd"}});
  const std::string config = "/etc/containerd/config.toml";
  const auto with = [&](const std::string& line) {
    tree.file(config, "version = 2\n" + line + "\n");
    return collect_from(tree);
  };
  const std::string cri = "[plugins.\"io.containerd.grpc.v1.cri\".";
  EXPECT_NE(error_about(with("root = \"/my folder\""), "containers", config), "");
  EXPECT_NE(error_about(with("imports = [\"/my folder/*\"]"), "runtime", config), "");
  EXPECT_NE(error_about(with(cri + "registry]\nconfig_path = \"/my folder\""), "runtime", config), "");
  EXPECT_NE(error_about(with(cri + "cni]\nconf_dir = \"/my folder\""), "cni", config), "");
}

TEST(Secrets, ARegistryThatIsWithheldIsStillInsecure) {
  test::NodeTree tree;
  test::lay_out_control_plane(tree);
  tree.process({.pid = 2000, .argv = {"dockerd", "--insecure-registry", "u:pw@registry"}});
  const auto node = collect_from(tree);
  const auto* docker = find_in(node.runtimes(), [](const auto& one) { return one.name() == "dockerd"; });
  ASSERT_NE(docker, nullptr);
  ASSERT_EQ(docker->registries_size(), 1);
  EXPECT_EQ(docker->registries(0).host(), "<redacted>");
  EXPECT_TRUE(docker->registries(0).plain_http());
}

TEST(Secrets, NamesTravelAndSayThatTheValueWasWithheld) {
  Gardener gardener;
  const auto node = collect_planted(gardener);
  const auto* server = find_process(node, "kube-apiserver");
  const auto has = [server](std::string_view word) {
    return find_in(server->argv(), [&](const std::string& w) { return w == word; }) != nullptr;
  };
  EXPECT_TRUE(has("--encryption-provider-config=/etc/k/encryption.yaml"));
  EXPECT_TRUE(has("--token=<redacted>"));
  EXPECT_TRUE(has("--psk"));
  EXPECT_TRUE(has("--secure-port=<redacted>"));
  const auto* encryption = find_config(node, "/etc/k/encryption.yaml");
  EXPECT_EQ(find_setting(*encryption, "resources[0].resources[0]")->value(), "secrets");
  EXPECT_EQ(find_setting(*encryption, "resources[0].providers[0].aescbc.keys[0].name")->value(), "a");
  EXPECT_TRUE(find_setting(*encryption, "resources[0].providers[0].aescbc.keys[0].secret")->redacted());
  const auto* etcd = find_process(node, "etcd");
  const auto* user = find_in(etcd->env(), [](const facts::EnvVar& one) { return one.name() == "ETCD_USER"; });
  ASSERT_NE(user, nullptr);
  EXPECT_TRUE(user->redacted());
}

}  // namespace
}  // namespace baseline::runner
