// What a node with many containers and images costs the node-runner. Two benchmarks, whose difference is the
// walk through the images' root filesystems.
#include <chrono>
#include <string>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "base/time.h"
#include "container_layouts.h"
#include "node-runner/collect.h"

namespace {

using namespace baseline;

constexpr int kImages = 100, kLayers = 25, kFiles = 200;

// As a builder writes it: some environment, and a history with a line for each step.
std::string configuration(int image) {
  std::string env;
  std::string history;
  for (int i = 0; i < kLayers; ++i) {
    env += fmt::format(R"({}"SETTING_{}=value {} of image {}")", i ? "," : "", i, i, image);
    history += fmt::format(
        R"({}{{"created":"2026-01-01T00:00:00Z","created_by":"RUN /bin/sh -c apt-get update && apt-get install -y package-{} # buildkit","comment":"buildkit.dockerfile.v0"}})",
        i ? "," : "", i);
  }
  return fmt::format(
      R"({{"architecture":"amd64","os":"linux","config":{{"User":"1000","Env":[{}],"ExposedPorts":{{"8080/tcp":{{}}}}}},"rootfs":{{}},"history":[{}]}})",
      env, history);
}

// A node with a container for each image, each with a root filesystem of its own.
class Node {
 public:
  Node() : layout_(tree_) {
    test::lay_out_init(tree_);
    for (int i = 0; i < kImages; ++i) {
      const std::string id = fmt::format("{:064x}", i + 1);
      const std::string root = fmt::format("/roots/{}", i);
      layout_.add({.id = id,
                   .pod = fmt::format("cart-{}", i),
                   .uid = fmt::format("0-{}", i),
                   .image = fmt::format("registry.example.com/shop-{}:1", i),
                   .config = configuration(i),
                   .pid = 1000 + i});
      test::lay_out_container_process(tree_, {.pid = 1000 + i, .id = id, .root = root});
      for (int file = 0; file < kFiles; ++file) {
        tree_.file(fmt::format("{}/usr/share/{}/{}", root, file / 50, file), "x");
      }
    }
    layout_.write();
  }
  const std::string& root() const { return tree_.root(); }

 private:
  test::NodeTree tree_;
  test::ContainerdLayout layout_;
};

void collect_node(benchmark::State& state, const runner::Limits& limits) {
  static const Node node;  // laid out once: it takes longer than what is measured
  const base::SystemClock clock;
  for (auto _ : state) {
    const auto facts = runner::collect({.root = node.root(), .limits = limits}, clock);
    if (!facts || facts->images_size() != kImages) return state.SkipWithError("not every image was found");
  }
}

void ImageTable(benchmark::State& state) {
  state.SetLabel("node-runner: 100 containers of 100 images, without the walk through their files");
  runner::Limits limits;
  limits.walk_total = std::chrono::milliseconds(0);
  collect_node(state, limits);
}
BENCHMARK(ImageTable)->Unit(benchmark::kMillisecond);

void ImageTableAndWalk(benchmark::State& state) {
  state.SetLabel("node-runner: the same with a walk through 200 files of each image");
  collect_node(state, {});
}
BENCHMARK(ImageTableAndWalk)->Unit(benchmark::kMillisecond);

}  // namespace
