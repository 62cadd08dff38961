// What a hostile node prints, given to the real program within the memory that the operator is shipped with.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <zstd.h>

#include "base/digest.h"
#include "baseline/facts/frame.h"
#include "baseline/facts/schema.h"
#include "limited_process.h"
#include "node_tree.h"

namespace baseline::cli {
namespace {

using facts::NodeFacts;
using test::LimitedRun;
using ::testing::HasSubstr;

constexpr std::size_t kMiB = std::size_t{1} << 20;
// config/operator/deployment.yaml gives it so much, and one payload is to take less than half of it.
constexpr std::size_t kMemory = 256 * kMiB;

std::string pack(const std::string& message) {
  std::string packed(ZSTD_compressBound(message.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), message.data(), message.size(), 3));
  return packed;
}

std::string log_of(const std::string& payload) {
  return "baseline-facts/1 length=" + std::to_string(payload.size()) +
         " sha256=" + base::sha256_hex(payload) + "\n" + base::base64_encode(payload) +
         "\nbaseline-facts/1 end\n";
}

std::string start() {
  NodeFacts node;
  node.set_schema_version(facts::kSchemaVersion);
  node.mutable_host()->set_hostname("evil-node");
  return node.SerializeAsString();
}

class PayloadLimits : public ::testing::Test {
 protected:
  // Scans what `make` gives. It is made elsewhere, so that its memory is not taken for the program's.
  LimitedRun scan(const std::function<std::string()>& make) {
    const std::string file = tree_.real("/payload.log");
    EXPECT_TRUE(test::in_process_of_its_own([&] { std::ofstream(file, std::ios::binary) << make(); }));
    const std::size_t limit = test::takes_memory_limits() ? kMemory : 0;
    return test::run_limited({KUBECTL_BASELINE, "scan", "--facts", file, "-o", "json"}, limit);
  }

  void expect_refused(const LimitedRun& run, const std::string& words) {
    EXPECT_EQ(run.status, 2) << run.out.substr(0, 2000);
    EXPECT_THAT(run.out, HasSubstr(words));
    if (test::takes_memory_limits()) {
      EXPECT_LT(run.peak_bytes, 128 * kMiB);
    }
  }

  test::NodeTree tree_;
};

TEST_F(PayloadLimits, HundredsOfThousandsOfKubeletsInAFewBytes) {
  for (const int kubelets : {100'000, 490'000}) {
    expect_refused(scan([&] {
                     NodeFacts one;
                     one.add_processes()->set_component("kubelet");
                     const std::string process = one.SerializeAsString();
                     std::string message = start();
                     for (int i = 0; i < kubelets; ++i) message += process;
                     return log_of(pack(message));
                   }),
                   "more than 256 processes");
  }
}

TEST_F(PayloadLimits, ATextOfTheWholePayload) {
  expect_refused(scan([] {
                   NodeFacts one;
                   one.mutable_host()->set_kernel(std::string(9 * kMiB, 'k'));
                   return log_of(pack(start() + one.SerializeAsString()));
                 }),
                 "host");
}

TEST_F(PayloadLimits, ABombThatUnpacksForEver) {
  expect_refused(scan([] { return log_of(pack(start() + std::string(512 * kMiB, '\0'))); }), "larger than");
}

TEST_F(PayloadLimits, EmptyRowsOfEveryTable) {
  for (const char tag : {'\x1a', '\x22', '\x2a', '\x32', '\x3a', '\x42', '\x52', '\x62', '\x6a', '\x7a'}) {
    expect_refused(scan([&] {
                     std::string message = start();
                     for (int i = 0; i < 4'000'000; ++i) message.append({tag, '\0'});
                     return log_of(pack(message));
                   }),
                   "there are more than");
  }
}

TEST_F(PayloadLimits, ALogThatNeverEnds) {
  expect_refused(scan([] {
                   return "baseline-facts/1 length=9000000 sha256=" + std::string(64, 'a') + "\n" +
                          std::string(200 * kMiB, 'A');
                 }),
                 "log is larger");
}

// Whatever a payload within the bounds holds, it is judged within the limit.
TEST_F(PayloadLimits, TheLargestTablesThatAreTaken) {
  const LimitedRun run = scan([] {
    NodeFacts node;
    node.ParseFromString(start());
    for (int i = 0; i < 250; ++i) {
      facts::Process& process = *node.add_processes();
      process.set_component(i % 2 == 0 ? "kube-apiserver" : "kubelet");
      process.set_pid(i + 2);
      for (int j = 0; j < 20; ++j)
        process.add_argv("--client-ca-file=/etc/kubernetes/pki/" + std::to_string(j));
      process.add_argv("--config=/c" + std::to_string(i % 3));
    }
    facts::Directory& pki = *node.add_directories();
    pki.set_path("/etc/kubernetes/pki");
    pki.set_presence(facts::PRESENT);
    pki.set_complete(true);
    pki.set_recursive(true);
    for (int i = 0; i < 9'500; ++i) {
      facts::File& file = *node.add_files();
      file.set_path("/etc/kubernetes/pki/" + std::string(100, 'f') + std::to_string(i) + ".key");
      file.set_presence(facts::PRESENT);
      file.set_mode(0644);
      pki.add_entries(file.path());
    }
    for (int i = 0; i < 3; ++i) {
      facts::ConfigFile& config = *node.add_configs();
      config.set_path("/c" + std::to_string(i));
      config.set_role("config");
      config.set_component("kubelet");
      for (int j = 0; j < 9'000; ++j) {
        facts::Setting& setting = *config.add_settings();
        setting.set_path("authentication.x509.key" + std::to_string(j));
        setting.set_value(std::string(40, 'v'));
      }
    }
    for (int i = 0; i < 3'000; ++i) {
      facts::Container& container = *node.add_containers();
      container.set_namespace_("shop");
      container.set_pod("pod-" + std::to_string(i));
      container.set_name("web");
      container.set_image("registry.example/web:" + std::to_string(i));
      container.set_image_id("sha256:" + std::to_string(i % 1000));
    }
    for (int i = 0; i < 1'000; ++i) {
      facts::Image& image = *node.add_images();
      image.set_id("sha256:" + std::to_string(i));
      image.set_config_read(true);
      for (int j = 0; j < 20; ++j)
        image.mutable_root()->add_set_id_files()->set_path("/bin/f" + std::to_string(j));
    }
    return facts::encode_frame(node).text;
  });
  EXPECT_LE(run.status, 1) << run.out.substr(0, 2000);
  EXPECT_THAT(run.out, HasSubstr("\"kind\": \"BaselineReport\""));
  if (test::takes_memory_limits()) {
    EXPECT_LT(run.peak_bytes, 160 * kMiB);
  }
}

}  // namespace
}  // namespace baseline::cli
