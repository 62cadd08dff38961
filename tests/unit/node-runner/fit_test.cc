#include "node-runner/fit.h"

#include <gmock/gmock.h>

#include "baseline/facts/bounds.h"
#include "baseline/facts/frame.h"
#include "baseline/facts/schema.h"

namespace baseline::runner {
namespace {

using facts::NodeFacts;

NodeFacts start() {
  NodeFacts node;
  node.set_schema_version(facts::kSchemaVersion);
  return node;
}

// What was cut is told, and what is left can be read.
NodeFacts cut(NodeFacts node) {
  EXPECT_FALSE(facts::check_bounds(node.SerializeAsString()));
  fit(node);
  const auto read = facts::decode_frame(facts::encode_frame(node).text, "");
  EXPECT_TRUE(read.has_value()) << read.error().text();
  return node;
}

bool tells(const NodeFacts& node, std::string_view table, std::string_view subject) {
  return std::ranges::any_of(node.errors(), [&](const facts::CollectionError& error) {
    return error.table() == table && error.subject() == subject && !error.reason().empty();
  });
}

TEST(Fit, LeavesAloneWhatFits) {
  NodeFacts node = start();
  node.add_processes()->set_component("kubelet");
  const std::string before = node.SerializeAsString();
  fit(node);
  EXPECT_EQ(node.SerializeAsString(), before);
}

TEST(Fit, AProcessWithTooManyArgumentsIsThereWithoutThem) {
  NodeFacts node = start();
  facts::Process& process = *node.add_processes();
  process.set_component("kubelet");
  process.add_listening()->set_port(10250);
  process.set_listening_known(true);
  for (int i = 0; i < 10'000; ++i) process.add_argv("--v=1");
  node = cut(std::move(node));
  ASSERT_EQ(node.processes_size(), 1);
  EXPECT_EQ(node.processes(0).component(), "kubelet");
  EXPECT_TRUE(node.processes(0).argv_truncated());
  EXPECT_FALSE(node.processes(0).listening_known());
  EXPECT_TRUE(tells(node, "processes", "/proc"));
}

TEST(Fit, ProcessesBeyondTheTableLeaveTheirAbsenceUnknown) {
  NodeFacts node = start();
  for (int i = 0; i < 600; ++i) node.add_processes()->set_component("etcd");
  node = cut(std::move(node));
  EXPECT_EQ(node.processes_size(), 256);
  EXPECT_TRUE(tells(node, "processes", "/proc"));
}

TEST(Fit, AConfigurationThatIsTooLargeIsUnknown) {
  NodeFacts node = start();
  facts::ConfigFile& small = *node.add_configs();
  small.set_path("/a");
  small.add_settings()->set_path("x");
  facts::ConfigFile& large = *node.add_configs();
  large.set_path("/b");
  for (int i = 0; i < 600; ++i) large.add_settings()->set_value(std::string(20'000, 'v'));
  node = cut(std::move(node));
  ASSERT_EQ(node.configs_size(), 2);
  EXPECT_EQ(node.configs(0).settings_size(), 1);
  EXPECT_EQ(node.configs(1).settings_size(), 0);
  EXPECT_FALSE(node.configs(1).error().empty());
  EXPECT_TRUE(tells(node, "configs", "limits"));
}

TEST(Fit, ADropInThatIsLeftOutIsToldOfItsFolder) {
  NodeFacts node = start();
  for (int i = 0; i < 1100; ++i) node.add_configs()->set_path("/etc/conf.d/" + std::to_string(i));
  node = cut(std::move(node));
  EXPECT_EQ(node.configs_size(), 1024);
  EXPECT_TRUE(tells(node, "configs", "/etc/conf.d"));
}

TEST(Fit, AListingThatIsTooLongIsIncomplete) {
  NodeFacts node = start();
  facts::Directory& directory = *node.add_directories();
  directory.set_complete(true);
  for (int i = 0; i < 10'001; ++i) directory.add_entries("/e");
  node = cut(std::move(node));
  EXPECT_FALSE(node.directories(0).complete());
  EXPECT_EQ(node.directories(0).entries_size(), 0);
}

TEST(Fit, ContainersWithoutRoomAreNotAllKnown) {
  NodeFacts node = start();
  node.set_containers_known(true);
  for (int i = 0; i < 5000; ++i) node.add_containers()->set_pod("p" + std::to_string(i));
  node = cut(std::move(node));
  EXPECT_EQ(node.containers_size(), 4096);
  EXPECT_FALSE(node.containers_known());
}

TEST(Fit, AnImageWithoutRoomSaysNothing) {
  NodeFacts node = start();
  facts::Image& image = *node.add_images();
  image.set_id("sha256:1");
  image.set_config_read(true);
  image.mutable_root()->set_read(true);
  for (int i = 0; i < 5000; ++i) image.add_env_names("A");
  node = cut(std::move(node));
  EXPECT_EQ(node.images(0).id(), "sha256:1");
  EXPECT_FALSE(node.images(0).config_read());
  EXPECT_FALSE(node.images(0).root().read());
}

TEST(Fit, ErrorsThatRowsTellAsWellGoFirst) {
  NodeFacts node = start();
  for (int i = 0; i < 9000; ++i) {
    facts::CollectionError& error = *node.add_errors();
    error.set_table("files");
    error.set_subject("/f" + std::to_string(i));
  }
  facts::CollectionError& error = *node.add_errors();
  error.set_table("units");
  error.set_subject("/lib/systemd/system");
  error.set_reason("it cannot be read");
  node = cut(std::move(node));
  EXPECT_TRUE(tells(node, "units", "/lib/systemd/system"));
}

TEST(Fit, EveryTableAtItsLargestTogetherStillFits) {
  NodeFacts node = start();
  const std::string name(12'000, 'n');
  for (int i = 0; i < 3000; ++i) {
    node.add_files()->set_path(name + std::to_string(i));
    node.add_directories()->set_path(name);
    node.add_configs()->set_path(name);
    node.add_certificates()->set_path(name);
    node.add_units()->set_fragment_path(name);
    node.add_runtimes()->set_root(name);
    node.add_containers()->set_error(name);
    node.add_images()->set_error(name);
    node.add_processes()->set_exe(name);
    node.add_lookalikes()->set_pod_name(name);
    node.mutable_cni()->add_networks()->set_path(name);
    node.mutable_lsm()->add_active(name);
    facts::CollectionError& error = *node.add_errors();
    error.set_table(i % 2 == 0 ? "configs" : "files");
    error.set_subject(name + std::to_string(i));
  }
  node.mutable_host()->set_hostname(name);
  node = cut(std::move(node));
  for (const char* table : {"processes", "files", "configs", "certificates", "units", "cni", "runtime", "lsm",
                            "host", "containers", "images"}) {
    EXPECT_TRUE(tells(node, table, std::string_view(table) == "processes" ? "/proc" : "limits")) << table;
  }
}

}  // namespace
}  // namespace baseline::runner
