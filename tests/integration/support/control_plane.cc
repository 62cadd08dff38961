#include "integration/support/control_plane.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "base/json.h"
#include "kube/curl_transport.h"

namespace baseline::integration {
namespace {

constexpr int kSkipped = 77;  // SKIP_RETURN_CODE of the ctest tests

std::unique_ptr<ControlPlane> the_plane;

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Below the folder that scripts/test cleans up, when it is the one that runs this.
std::filesystem::path new_folder() {
  const char* base = std::getenv("BASELINE_TEST_TMP");
  std::string name =
      std::filesystem::path(base != nullptr ? base : std::filesystem::temp_directory_path()) / "plane.XXXXXX";
  return mkdtemp(name.data());
}

std::FILE* guard(const std::filesystem::path& dir) {
  const std::string command = fmt::format("exec setsid sh -c 'cat >/dev/null; exec " PROJECT_DIR
                                          "/scripts/control-plane stop --dir \"{}\"'",
                                          dir.string());
  return popen(command.c_str(), "we");
}

std::string kubectl_program() {
  const Finished built = run({PROJECT_DIR "/scripts/kubernetes/build", "kubectl"});
  std::istringstream lines(built.out);
  std::string folder;
  for (std::string line; std::getline(lines, line);) folder = line;
  return folder + "/kubectl";
}

}  // namespace

ControlPlane::ControlPlane(const ControlPlaneOptions& options) : dir_(new_folder()), guardian_(guard(dir_)) {
  std::vector<std::string> arguments{"start", "--version", options.version};
  if (!options.with.empty()) arguments.insert(arguments.end(), {"--with", options.with});
  if (!options.flags.empty()) arguments.emplace_back("--");
  arguments.insert(arguments.end(), options.flags.begin(), options.flags.end());
  started_ = script(arguments);
}

ControlPlane::~ControlPlane() {
  pclose(guardian_);  // waits for its end
  std::error_code ignored;
  std::filesystem::remove_all(dir_, ignored);
}

Finished ControlPlane::script(const std::vector<std::string>& arguments) const {
  std::vector<std::string> argv{PROJECT_DIR "/scripts/control-plane", "--dir", dir_.string()};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return run(argv);
}

std::string ControlPlane::port() const {
  std::string port = read_file(dir_ / "port");
  while (!port.empty() && port.back() == '\n') port.pop_back();
  return port;
}

void ControlPlane::stop_api_server() const {
  const Finished done = script({"stop-apiserver"});
  ASSERT_TRUE(done.ok()) << done.text();
}

void ControlPlane::start_api_server() const {
  const Finished done = script({"start-apiserver"});
  ASSERT_TRUE(done.ok()) << done.text();
}

std::string ControlPlane::etcd() const {
  std::istringstream words(read_file(dir_ / "apiserver.command"));
  const std::string flag = "--etcd-servers=";
  for (std::string word; std::getline(words, word);) {
    if (word.starts_with(flag)) return word.substr(flag.size());
  }
  return {};
}

void ControlPlane::compact_etcd() const {
  const auto call = [this](const std::string& path, const std::string& body) {
    return run({"curl", "--silent", "--fail", "--max-time", "20", "--data", body, etcd() + path});
  };
  const Finished range = call("/v3/kv/range", R"({"key":"AA=="})");
  const auto reply = base::parse_json(range.out, "etcd");
  ASSERT_TRUE(reply) << range.text();
  const std::string revision = reply->at("header.revision").as_string();
  const Finished done =
      call("/v3/kv/compaction", fmt::format(R"({{"revision":"{}","physical":true}})", revision));
  ASSERT_TRUE(done.ok()) << done.text();
}

Finished ControlPlane::kubectl(std::vector<std::string> arguments, const std::string& in) const {
  static const std::string program = kubectl_program();
  arguments.insert(arguments.begin(), {program, "--kubeconfig", kubeconfig().string(),
                                       "--cache-dir=" + (dir_ / "discovery").string()});
  return run(arguments, in);
}

base::Value ControlPlane::get(const std::string& resource, const std::string& name) const {
  const Finished done = kubectl({"get", resource, name, "-o", "json"});
  if (!done.ok()) return {};
  auto value = base::parse_json(done.out, name);
  return value ? *std::move(value) : base::Value();
}

kube::ClientConfig ControlPlane::config() const {
  auto loaded = kube::load_kubeconfig({.file = kubeconfig()});
  EXPECT_TRUE(loaded) << loaded.error().text();
  return loaded ? *std::move(loaded) : kube::ClientConfig();
}

std::string ControlPlane::token_of(const std::string& ns, const std::string& account) const {
  const Finished made = kubectl({"-n", ns, "create", "token", account, "--duration=1h"});
  EXPECT_TRUE(made.ok()) << made.text();
  return made.out.substr(0, made.out.find('\n'));
}

kube::ClientConfig ControlPlane::config_of(const std::string& ns, const std::string& account) const {
  kube::ClientConfig only = config();
  only.client_certificate = {};
  only.client_key = {};
  only.token = token_of(ns, account);
  return only;
}

ControlPlane& plane() {
  return *the_plane;
}

Connection::Connection(kube::ClientOptions options) : Connection(plane().config(), std::move(options)) {}

Connection::Connection(kube::ClientConfig config, kube::ClientOptions options) {
  auto made = kube::make_curl_transport(std::move(config), clock_);
  EXPECT_TRUE(made) << made.error().text();
  if (!made) return;
  transport_ = *std::move(made);
  client_ = std::make_unique<kube::Client>(*transport_, std::move(options));
}

std::filesystem::path scratch_folder() {
  const std::filesystem::path folder = plane().dir() / "scratch";
  std::filesystem::create_directories(folder);
  return folder;
}

int run_tests(int argc, char** argv, ControlPlaneOptions options) {
  testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i + 1 < argc; ++i) {
    if (std::string_view(argv[i]) == "--kubernetes") options.version = argv[i + 1];
  }
  the_plane = std::make_unique<ControlPlane>(options);
  const Finished& started = the_plane->started();
  int status = started.status == ControlPlane::kCannotRunHere ? kSkipped : 1;
  if (started.ok()) {
    status = RUN_ALL_TESTS();
  } else {
    std::fprintf(stderr, "no control plane of Kubernetes %s: %s\n", options.version.c_str(),
                 started.text().c_str());
  }
  the_plane.reset();
  return status;
}

}  // namespace baseline::integration
