// Containers and images as containerd keeps them, whole and in ruins.
#include <gmock/gmock.h>

#include "container_layouts.h"
#include "lookup.h"

namespace baseline::runner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ContainerdTest : public ::testing::Test {
 protected:
  ContainerdTest() : layout(tree) {
    test::lay_out_init(tree);
    tree.file("/roots/web/bin/sh", "x", 0755).file("/roots/web/bin/su", "x", 04755);
  }
  void add(test::PodContainer container) {
    layout.add(container);
    if (container.pid > 0) test::lay_out_container_process(tree, {.pid = container.pid, .id = container.id});
  }
  facts::NodeFacts collect() {
    layout.write();
    return collect_from(tree);
  }
  static const facts::Container& only(const facts::NodeFacts& node) {
    EXPECT_EQ(node.containers_size(), 1);
    static const facts::Container kNone;
    return node.containers_size() == 1 ? node.containers(0) : kNone;
  }
  test::NodeTree tree;
  test::ContainerdLayout layout;
};

TEST_F(ContainerdTest, AContainerItsProcessAndItsImage) {
  const test::PodContainer web{.pid = 50};
  add(web);
  layout.add_sandbox(test::container_id('d'));
  const auto node = collect();
  EXPECT_TRUE(node.containers_known());
  const auto& container = only(node);
  EXPECT_EQ(container.error(), "");
  EXPECT_EQ(container.namespace_(), "shop");
  EXPECT_EQ(container.pod(), "cart-1");
  EXPECT_EQ(container.pod_uid(), "0-1");
  EXPECT_EQ(container.name(), "web");
  EXPECT_EQ(container.image(), "docker.io/library/shop:1");
  EXPECT_EQ(container.runtime(), "containerd");
  EXPECT_TRUE(container.process_read());
  EXPECT_EQ(container.image_id(), test::digest_of(web.config));
  ASSERT_EQ(node.images_size(), 1);
  const auto& image = node.images(0);
  EXPECT_EQ(image.id(), container.image_id());
  EXPECT_EQ(image.error(), "");
  EXPECT_TRUE(image.config_read());
  EXPECT_EQ(image.user(), "1000");
  EXPECT_EQ(image.bytes(), 1234U);
  EXPECT_THAT(image.names(), ElementsAre("docker.io/library/shop:1"));
  EXPECT_TRUE(image.root().read());
  EXPECT_TRUE(image.root().complete());
  EXPECT_THAT(image.root().shells(), ElementsAre("/bin/sh"));
  EXPECT_EQ(image.root().set_id_total(), 1U);
  EXPECT_EQ(node.SerializeAsString().find("CANARY"), std::string::npos);
}

TEST_F(ContainerdTest, ManyContainersShareAnImageAndComeInOrder) {
  for (int i = 0; i < 20; ++i) {
    add({.id = test::container_id(static_cast<char>('0' + i % 10)).substr(0, 63) + (i < 10 ? "a" : "b"),
         .pod = "cart-" + std::to_string(100 - i),
         .pid = 100 + i});
  }
  const auto node = collect();
  ASSERT_EQ(node.containers_size(), 20);
  EXPECT_EQ(node.images_size(), 1);
  EXPECT_EQ(node.containers(0).pod(), "cart-100");
  EXPECT_EQ(node.containers(1).pod(), "cart-81");
  EXPECT_EQ(collect_from(tree).SerializeAsString(), node.SerializeAsString());
}

TEST_F(ContainerdTest, ATagThatMovedOnIsNotTheImageThatRuns) {
  const test::PodContainer web{.pid = 50};
  add(web);
  layout.add_image(web.image, R"({"config":{"User":"2000"},"rootfs":{}})");
  const auto node = collect();
  EXPECT_EQ(only(node).image_id(), test::digest_of(web.config));
  ASSERT_EQ(node.images_size(), 1);
  EXPECT_EQ(node.images(0).user(), "1000");
  EXPECT_THAT(node.images(0).names(), IsEmpty());
}

TEST_F(ContainerdTest, WithoutTheRuntimesNoteTheNameLeadsToTheImage) {
  const test::PodContainer web{.pid = 50};
  add(web);
  layout.space().buckets["containers"].buckets[web.id].buckets.erase("extensions");
  EXPECT_EQ(only(collect()).image_id(), test::digest_of(web.config));
}

TEST_F(ContainerdTest, LabelsNameThePodWhereAnnotationsDoNot) {
  add({.pid = 50});
  tree.file(layout.bundle(test::container_id('a')) + "/config.json",
            R"({"annotations":{"io.kubernetes.cri.container-type":"container"}})");
  auto node = collect();
  EXPECT_TRUE(node.containers_known());
  EXPECT_EQ(only(node).pod(), "cart-1");
  EXPECT_EQ(only(node).image(), "docker.io/library/shop:1");
  layout.space().buckets["containers"].buckets.clear();
  node = collect();
  EXPECT_FALSE(node.containers_known());
  EXPECT_THAT(only(node).error(), HasSubstr("which pod"));
  EXPECT_NE(error_about(node, "containers", "/run/containerd"), "");
}

TEST_F(ContainerdTest, AContainerWithoutProcessIsReportedAndUnread) {
  add({.pid = 50});
  tree.remove("/proc/50");
  const auto node = collect();
  EXPECT_TRUE(node.containers_known());
  EXPECT_FALSE(only(node).process_read());
  EXPECT_EQ(only(node).error(), "no process of it was found");
  EXPECT_FALSE(node.images(0).root().read());
  EXPECT_THAT(node.images(0).root().error(), HasSubstr("no running container"));
  EXPECT_TRUE(node.images(0).config_read());
}

TEST_F(ContainerdTest, AConfigurationThatCannotBeReadLeavesTheRestUnknown) {
  add({.pid = 50});
  tree.file(layout.bundle(test::container_id('b')) + "/config.json", "{\"annotations\":");
  auto node = collect();
  EXPECT_FALSE(node.containers_known());
  EXPECT_EQ(node.containers_size(), 1);
  EXPECT_THAT(error_about(node, "containers", "/run/containerd/io.containerd.runtime.v2.task/k8s.io"),
              HasSubstr("not valid JSON"));
  // Half deleted: a process was started, and its configuration is gone.
  tree.remove(layout.bundle(test::container_id('b')));
  tree.file(layout.bundle(test::container_id('b')) + "/init.pid", "77");
  EXPECT_FALSE(collect().containers_known());
  // Neither: it is being made or taken away.
  tree.remove(layout.bundle(test::container_id('b'))).directory(layout.bundle(test::container_id('b')));
  EXPECT_TRUE(collect().containers_known());
}

TEST_F(ContainerdTest, MissingBlobsAreNamed) {
  const test::PodContainer web{.pid = 50};
  add(web);
  tree.remove(layout.blob(test::digest_of(web.config)));
  auto node = collect();
  EXPECT_EQ(only(node).image_id(), test::digest_of(web.config));
  EXPECT_FALSE(node.images(0).config_read());
  EXPECT_THAT(node.images(0).error(), HasSubstr("not in the content store"));
  EXPECT_TRUE(node.images(0).root().read());
  tree.remove("/var/lib/containerd/io.containerd.content.v1.content");
  node = collect();
  EXPECT_FALSE(node.images(0).config_read());
  EXPECT_NE(node.images(0).error(), "");
}

TEST_F(ContainerdTest, ABlobThatWasChangedIsNotBelieved) {
  const test::PodContainer web{.pid = 50};
  add(web);
  tree.file(layout.blob(test::digest_of(web.config)), R"({"config":{"User":"3000"},"rootfs":{}})");
  const auto node = collect();
  EXPECT_FALSE(node.images(0).config_read());
  EXPECT_THAT(node.images(0).error(), HasSubstr("does not have the digest"));
}

TEST_F(ContainerdTest, AConfigurationOfEightMegabytesIsRefused) {
  test::PodContainer web{.pid = 50};
  web.config = R"({"config":{"User":")" + std::string(std::size_t{8} << 20, 'x') + "\"}}";
  add(web);
  const auto node = collect();
  EXPECT_FALSE(node.images(0).config_read());
  EXPECT_THAT(node.images(0).error(), HasSubstr("larger than"));
}

TEST_F(ContainerdTest, ADatabaseInRuins) {
  const test::PodContainer web{.pid = 50};
  add(web);
  const std::string bytes = layout.bytes();
  const auto broken = [&](const std::string& text) {
    tree.file(layout.database(), text);
    const auto node = collect_from(tree);
    EXPECT_TRUE(node.containers_known());
    EXPECT_EQ(node.containers_size(), 1);
    EXPECT_THAT(node.containers(0).error(), HasSubstr("image store cannot be read"));
    EXPECT_EQ(node.containers(0).image_id(), "");
    EXPECT_NE(error_about(node, "images", layout.database()), "");
    EXPECT_TRUE(node.containers(0).process_read());
  };
  broken("");
  broken("no database");
  broken(bytes.substr(0, 5000));
  broken(bytes.substr(0, bytes.size() - 4096));
  broken(test::write_bolt({}));
  tree.remove(layout.database());
  const auto node = collect_from(tree);
  EXPECT_THAT(only(node).error(), HasSubstr("no such file"));
}

TEST_F(ContainerdTest, AnImageThatIsUnknownToTheStore) {
  const test::PodContainer web{.pid = 50};
  add(web);
  layout.space().buckets.erase("images");
  auto node = collect();
  // Its configuration's digest is known, and so the configuration itself.
  EXPECT_TRUE(node.images(0).config_read());
  layout.space().buckets["containers"].buckets[web.id].buckets.erase("extensions");
  node = collect();
  EXPECT_EQ(node.images_size(), 0);
  EXPECT_THAT(only(node).error(), HasSubstr("not in the runtime's image store"));
}

TEST_F(ContainerdTest, OneWalkForEachImageWithinItsBudget) {
  add({.pid = 50});
  add({.id = test::container_id('b'), .pod = "cart-2", .pid = 51});
  layout.write();
  Limits limits;
  limits.walk_files = 1;
  const auto node = collect_from(tree, limits);
  ASSERT_EQ(node.images_size(), 1);
  EXPECT_FALSE(node.images(0).root().complete());
  EXPECT_EQ(node.images(0).root().files_seen(), 1U);
}

TEST(ContainerPlaces, NoRuntimeIsNotAnEmptyNode) {
  test::NodeTree tree;
  test::lay_out_init(tree);
  EXPECT_FALSE(collect_from(tree).containers_known());
  EXPECT_EQ(error_about(collect_from(tree), "containers", ""), "");
  tree.process({.pid = 9, .argv = {"/usr/bin/kubelet"}});
  EXPECT_NE(error_about(collect_from(tree), "containers", ""), "");
}

TEST(ContainerPlaces, TheRuntimesOwnSettingsAndOtherDistributions) {
  const auto reads = [](const std::string& state, const std::string& root,
                        const std::vector<std::string>& argv) {
    test::NodeTree tree;
    test::lay_out_init(tree);
    tree.directory("/roots/web");
    test::ContainerdLayout layout(tree, state, root);
    layout.add({.pid = 50});
    layout.write();
    test::lay_out_container_process(tree, {.pid = 50});
    if (!argv.empty()) tree.process({.pid = 9, .argv = argv});
    tree.file("/etc/odd.toml", "version = 2\nroot = \"/data/containerd\"\nstate = \"/data/run\"\n");
    const auto node = collect_from(tree);
    return node.containers_known() && node.images_size() == 1 && node.images(0).config_read();
  };
  EXPECT_TRUE(reads("/run/k3s/containerd", "/var/lib/rancher/k3s/agent/containerd", {}));
  EXPECT_TRUE(reads("/run/k3s/containerd", "/var/lib/rancher/rke2/agent/containerd", {}));
  EXPECT_TRUE(
      reads("/var/snap/microk8s/common/run/containerd", "/var/snap/microk8s/common/var/lib/containerd", {}));
  EXPECT_TRUE(reads("/data/run", "/data/containerd", {"/usr/bin/containerd", "--config", "/etc/odd.toml"}));
  EXPECT_TRUE(reads("/x/run", "/x/root", {"/usr/bin/containerd", "--state", "/x/run", "--root", "/x/root"}));
  EXPECT_FALSE(reads("/elsewhere/run", "/elsewhere/root", {"/usr/bin/containerd"}));
}

}  // namespace
}  // namespace baseline::runner
