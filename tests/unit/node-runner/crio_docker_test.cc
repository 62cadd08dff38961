// Containers and images as CRI-O and dockerd keep them.
#include <filesystem>

#include <gmock/gmock.h>

#include "base/digest.h"
#include "container_layouts.h"
#include "lookup.h"

namespace baseline::runner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class StoresTest : public ::testing::Test {
 protected:
  StoresTest() {
    test::lay_out_init(tree);
    tree.file("/roots/web/bin/sh", "x", 0755);
    test::lay_out_container_process(tree, {.pid = 50, .uid = 5});
  }
  void expect_whole(const facts::NodeFacts& node, const std::string& runtime) {
    EXPECT_TRUE(node.containers_known());
    ASSERT_EQ(node.containers_size(), 1);
    const auto& container = node.containers(0);
    EXPECT_EQ(container.error(), "");
    EXPECT_EQ(container.runtime(), runtime);
    EXPECT_EQ(container.namespace_(), "shop");
    EXPECT_EQ(container.pod(), "cart-1");
    EXPECT_EQ(container.pod_uid(), "0-1");
    EXPECT_EQ(container.name(), "web");
    EXPECT_EQ(container.image(), web.image);
    EXPECT_EQ(container.image_id(), test::digest_of(web.config));
    EXPECT_TRUE(container.process_read());
    ASSERT_EQ(node.images_size(), 1);
    EXPECT_TRUE(node.images(0).config_read()) << node.images(0).error();
    EXPECT_EQ(node.images(0).user(), "1000");
    EXPECT_THAT(node.images(0).names(), ElementsAre(web.image));
    EXPECT_THAT(node.images(0).root().shells(), ElementsAre("/bin/sh"));
    EXPECT_EQ(node.SerializeAsString().find("CANARY"), std::string::npos);
  }
  std::string hex() const { return test::digest_of(web.config).substr(7); }
  test::NodeTree tree;
  test::PodContainer web{.pid = 50};
};

TEST_F(StoresTest, Crio) {
  test::lay_out_crio(tree, web);
  const auto node = collect_from(tree);
  expect_whole(node, "cri-o");
  EXPECT_EQ(node.images(0).bytes(), 500U);
}

TEST_F(StoresTest, CrioLeavesOutWhatIsStoppedOrNobodysPod) {
  test::lay_out_crio(tree, web);
  tree.file("/run/containers/storage/overlay-containers/" + test::container_id('b') + "/userdata/config.json",
            R"({"annotations":{"io.podman.annotations.init":"FALSE"}})");
  expect_whole(collect_from(tree), "cri-o");
  tree.file("/var/lib/containers/storage/overlay-containers/" + web.id + "/userdata/state.json",
            R"({"status":"stopped","pid":0})");
  const auto node = collect_from(tree);
  EXPECT_TRUE(node.containers_known());
  EXPECT_EQ(node.containers_size(), 0);
}

TEST_F(StoresTest, CrioHalfDeleted) {
  test::lay_out_crio(tree, web);
  const std::string image = "/var/lib/containers/storage/overlay-images/" + hex();
  tree.remove(image + "/=" + base::base64_encode("sha256:" + hex()));
  auto node = collect_from(tree);
  EXPECT_FALSE(node.images(0).config_read());
  EXPECT_THAT(node.images(0).error(), HasSubstr("configuration is not in the image store"));
  tree.remove(image);
  node = collect_from(tree);
  EXPECT_THAT(node.images(0).error(), HasSubstr("manifest is not in the image store"));
  tree.file("/var/lib/containers/storage/overlay-containers/containers.json", "[{\"id\":");
  node = collect_from(tree);
  EXPECT_THAT(node.containers(0).error(), HasSubstr("does not say which one"));
  EXPECT_NE(error_about(node, "images", "/var/lib/containers/storage/overlay-containers/containers.json"),
            "");
  EXPECT_TRUE(node.containers_known());
}

TEST_F(StoresTest, CrioWhereItsSettingsSay) {
  test::lay_out_crio(tree, web);
  std::filesystem::create_directories(tree.real("/data"));
  std::filesystem::rename(tree.real("/var/lib/containers/storage"), tree.real("/data/root"));
  std::filesystem::rename(tree.real("/run/containers/storage"), tree.real("/data/run"));
  tree.file("/etc/containers/storage.conf",
            "[storage]\ngraphroot = \"/data/root\"\nrunroot = \"/data/run\"\n");
  tree.process({.pid = 9, .argv = {"/usr/bin/crio"}});
  expect_whole(collect_from(tree), "cri-o");
}

TEST_F(StoresTest, Docker) {
  test::lay_out_docker(tree, web);
  expect_whole(collect_from(tree), "docker");
}

TEST_F(StoresTest, DockerHalfDeleted) {
  test::lay_out_docker(tree, web);
  tree.file("/var/lib/docker/image/overlay2/imagedb/content/sha256/" + hex(), "{}");
  auto node = collect_from(tree);
  EXPECT_THAT(node.images(0).error(), HasSubstr("does not have the digest"));
  tree.remove("/var/lib/docker/image/overlay2/imagedb");
  node = collect_from(tree);
  EXPECT_FALSE(node.images(0).config_read());
  EXPECT_THAT(node.images(0).error(), HasSubstr("not in the image store"));
  tree.file("/var/lib/docker/containers/" + test::container_id('c') + "/config.v2.json", "{");
  node = collect_from(tree);
  EXPECT_FALSE(node.containers_known());
  EXPECT_EQ(node.containers_size(), 1);
}

TEST_F(StoresTest, DockersLayersAreSummedUp) {
  const std::string first = test::digest_of("1");
  const std::string second = test::digest_of("2");
  web.config = R"({"config":{"User":"1000"},"rootfs":{"diff_ids":[")" + first + R"(",")" + second + R"("]}})";
  test::lay_out_docker(tree, web);
  const std::string layers = "/var/lib/docker/image/overlay2/layerdb/sha256/";
  tree.file(layers + first.substr(7) + "/size", "100");
  tree.file(layers + test::digest_of(first + " " + second).substr(7) + "/size", "23\n");
  EXPECT_EQ(collect_from(tree).images(0).bytes(), 123U);
  tree.remove(layers + first.substr(7));
  EXPECT_EQ(collect_from(tree).images(0).bytes(), 0U);
}

}  // namespace
}  // namespace baseline::runner
