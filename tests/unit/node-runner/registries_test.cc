#include "node-runner/registries.h"

#include <gmock/gmock.h>

#include "base/yaml.h"
#include "lookup.h"
#include "node-runner/toml.h"
#include "node_layouts.h"

namespace baseline::runner {
namespace {

using base::Value;

Value toml(const char* text) {
  auto value = parse_toml(text);
  EXPECT_TRUE(value.has_value());
  return value ? *value : Value();
}

TEST(ParseToml, KindsAndErrors) {
  const Value value =
      toml("a = 1\nb = \"x\"\nc = true\nd = 1.5\ne = [1, \"y\"]\n[t.\"q.r\"]\nz = 2020-01-01\n");
  EXPECT_EQ(value["a"].as_int(), 1);
  EXPECT_EQ(value["b"].as_string(), "x");
  EXPECT_TRUE(value["c"].as_bool());
  EXPECT_EQ(value["e"].items()[1].as_string(), "y");
  EXPECT_TRUE(value["t"]["q.r"].contains("z"));
  const auto broken = parse_toml("ok = 1\npassword = CANARY\n");
  ASSERT_FALSE(broken.has_value());
  EXPECT_EQ(broken.error().message, "it is not valid TOML at line 2");
  EXPECT_FALSE(parse_toml("a = 1\na = 2\n").has_value());
  for (const char* text :
       {"[.x]", "a = é", "[a é]", "[=]\n", "[\x01]", "[中]", "[[ .a ]]", "[", "a = [[.x"}) {
    const auto refused = parse_toml(text);
    ASSERT_FALSE(refused.has_value()) << text;
    EXPECT_EQ(refused.error().code, base::ErrorCode::kInvalid) << text;
  }
}

// A line of so many of a text.
std::string times(std::size_t count, std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

TEST(ParseToml, HasBounds) {
  std::string many;
  for (int i = 0; i < 21'000; ++i) many += "k" + std::to_string(i) + "=1\n";
  const std::string path = times(40, "a.") + "a";
  for (const std::string& text :
       {many, "[" + times(100'000, "a.") + "a]", path + " = 1", times(20'001, "[[a]]\n"),
        "a = " + times(60, "["), "a = " + times(60, "{a=") + "1" + times(60, "}"),
        "a = [" + times(30'000, "1,") + "]", "a = 'x' # it's\n[" + path + "]",
        "a = \"\\\"\" \n[" + path + "]", "a = \"\"\n[" + path + "]",
        "a = \"\"\"\n\"x\"\"\"\"\"\n[" + path + "]", "a = '''\n'x'''''\n[" + path + "]",
        "a = '''\\'''\n[" + path + "]", "a = 'x\n[" + path + "]"}) {
    const auto refused = parse_toml(text);
    ASSERT_FALSE(refused.has_value()) << text.substr(0, 60);
    EXPECT_EQ(refused.error().code, base::ErrorCode::kLimit) << text.substr(0, 60);
  }
}

TEST(ParseToml, StringsAndCommentsDoNotCount) {
  const std::string dots = times(20'000, "a.[{=,");
  for (const std::string& text :
       {"# " + dots + "\na = 1", "a = '" + dots + "'", "a = \"" + dots + "\\\"" + dots + "\"",
        "a = '''\n" + dots + "\n''" + dots + "'''", "a = \"\"\"\n" + dots + "\\\"\"\"" + dots + "\"\"\"\"\"",
        "'" + dots + "' = 1"}) {
    EXPECT_TRUE(parse_toml(text).has_value()) << text.substr(0, 60);
  }
  EXPECT_TRUE(parse_toml(times(2000, "[[t]]\nx = [1.5, 2.5]\n")).has_value());
}

TEST(ContainerdRegistries, MirrorsAndTlsInTheConfiguration) {
  Registries out;
  add_containerd_registries(
      toml("version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".registry.mirrors.\"docker.io\"]\n"
           "endpoint = [\"http://mirror:5000\", \"https://good\"]\n"
           "[plugins.\"io.containerd.grpc.v1.cri\".registry.configs.\"bad:5000\".tls]\n"
           "insecure_skip_verify = true\n"),
      "f", out);
  ASSERT_EQ(out.size(), 3U);
  EXPECT_EQ(out[0].host(), "docker.io");
  EXPECT_TRUE(out[0].plain_http());
  EXPECT_FALSE(out[1].plain_http());
  EXPECT_EQ(out[2].host(), "bad:5000");
  EXPECT_TRUE(out[2].skip_verify());
}

TEST(ContainerdRegistries, HostsToml) {
  Registries out;
  add_hosts_toml(
      toml("server = \"https://up\"\n[host.\"http://mirror\"]\n[host.\"https://x\"]\nskip_verify = true\n"),
      "registry.example_5000_", "f", out);
  ASSERT_EQ(out.size(), 3U);
  EXPECT_EQ(out[0].host(), "registry.example:5000");
  EXPECT_FALSE(out[0].plain_http());
  EXPECT_TRUE(out[1].plain_http());
  EXPECT_TRUE(out[2].skip_verify());
  Registries all;
  add_hosts_toml(toml("[host.\"https://x\"]\n"), "_default", "f", all);
  EXPECT_EQ(all.at(0).host(), "*");
}

TEST(ContainerdRegistries, HostDirectories) {
  EXPECT_THAT(containerd_host_directories(
                  toml("[plugins.\"io.containerd.cri.v1.images\".registry]\nconfig_path = \"/a:/b\"\n")),
              ::testing::ElementsAre("/a", "/b"));
}

TEST(ContainersRegistries, BothVersions) {
  Registries out;
  add_containers_registries(
      toml("[[registry]]\nlocation = \"r1\"\ninsecure = true\n[[registry]]\nprefix = \"p\"\nlocation = "
           "\"r2\"\n[[registry.mirror]]\nlocation = \"m\"\ninsecure = true\n"),
      "f", out);
  ASSERT_EQ(out.size(), 3U);
  EXPECT_TRUE(out[0].plain_http() && out[0].skip_verify());
  EXPECT_FALSE(out[1].skip_verify());
  EXPECT_EQ(out[2].host(), "p");
  EXPECT_TRUE(out[2].skip_verify());
  Registries v1;
  add_containers_registries(toml("[registries.insecure]\nregistries = [\"old\"]\n"), "f", v1);
  EXPECT_TRUE(v1.at(0).plain_http());
}

TEST(DockerRegistries, DaemonJson) {
  Registries out;
  add_docker_registries(
      *base::parse_yaml(R"({"insecure-registries": ["a:5000"], "registry-mirrors": ["http://m"]})", "t"), "f",
      out);
  ASSERT_EQ(out.size(), 2U);
  EXPECT_TRUE(out[0].skip_verify());
  EXPECT_EQ(out[1].host(), "docker.io");
  EXPECT_TRUE(out[1].plain_http());
}

TEST(CollectRuntimes, ContainerdWithImportsAndHosts) {
  test::NodeTree tree;
  test::lay_out_worker(tree);
  tree.file("/etc/containerd/config.toml",
            "version = 3\nroot = \"/data/containerd\"\nimports = [\"/etc/containerd/conf.d/*.toml\"]\n");
  tree.file(
      "/etc/containerd/conf.d/a.toml",
      "imports = "
      "[\"/etc/containerd/config.toml\"]\n[plugins.\"io.containerd.cri.v1.images\".registry]\nconfig_path = "
      "\"/etc/containerd/certs.d\"\n");
  tree.file("/etc/containerd/certs.d/reg:5000/hosts.toml", "[host.\"http://reg:5000\"]\n");
  const auto node = collect_from(tree);
  ASSERT_EQ(node.runtimes_size(), 1);
  EXPECT_EQ(node.runtimes(0).root(), "/data/containerd");
  EXPECT_EQ(node.runtimes(0).config_error(), "");
  ASSERT_EQ(node.runtimes(0).registries_size(), 1);
  EXPECT_EQ(node.runtimes(0).registries(0).host(), "reg:5000");
  EXPECT_EQ(node.runtimes(0).registries(0).source(), "/etc/containerd/certs.d/reg:5000/hosts.toml");
  EXPECT_TRUE(node.runtimes(0).registries(0).plain_http());
}

TEST(CollectRuntimes, BrokenOrMissingConfigurationIsAnError) {
  test::NodeTree tree;
  test::lay_out_worker(tree);
  tree.file("/etc/containerd/config.toml", "this is = = not toml\n");
  EXPECT_NE(collect_from(tree).runtimes(0).config_error(), "");
  tree.remove("/etc/containerd/config.toml");
  EXPECT_EQ(collect_from(tree).runtimes(0).config_error(), "");  // the defaults hold
  tree.process({.pid = test::kContainerdPid, .argv = {"/usr/bin/containerd", "-c", "/etc/none.toml"}});
  EXPECT_EQ(collect_from(tree).runtimes(0).config_error(), "/etc/none.toml: no such file");
}

TEST(CollectRuntimes, DockerFlagsAndFile) {
  test::NodeTree tree;
  test::lay_out_host(tree);
  tree.process(
      {.pid = 50, .argv = {"/usr/bin/dockerd", "--insecure-registry", "flag:5000", "--data-root=/d"}});
  tree.file("/etc/docker/daemon.json", "{\n\t\"insecure-registries\": [\"file:5000\"]\n}\n");
  const auto node = collect_from(tree);
  ASSERT_EQ(node.runtimes_size(), 1);
  EXPECT_EQ(node.runtimes(0).config_error(), "");
  EXPECT_EQ(node.runtimes(0).registries_size(), 2);
  EXPECT_EQ(node.runtimes(0).root(), "/d");
}

TEST(CollectRuntimes, CrioFlags) {
  test::NodeTree tree;
  test::lay_out_host(tree);
  tree.process({.pid = 50, .argv = {"/usr/bin/crio", "--insecure-registry=a:5000,b:5000"}});
  const auto node = collect_from(tree);
  ASSERT_EQ(node.runtimes_size(), 1);
  ASSERT_EQ(node.runtimes(0).registries_size(), 2);
  EXPECT_EQ(node.runtimes(0).registries(0).host(), "a:5000");
  EXPECT_EQ(node.runtimes(0).registries(1).host(), "b:5000");
}

TEST(CollectRuntimes, ConfiguredButNotSeenRunning) {
  test::NodeTree tree;
  test::lay_out_worker(tree);
  tree.remove("/proc/700");
  EXPECT_EQ(collect_from(tree).runtimes_size(), 1);
}

}  // namespace
}  // namespace baseline::runner
