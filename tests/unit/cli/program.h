#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include "cli/world.h"
#include "kube/fake_clock.h"
#include "kube/transport.h"
#include "node-runner/collect.h"

namespace baseline::cli::test {

// What one run of the program came to.
struct Ran {
  int status = -1;
  std::string out, err;
};

// The server outlives the transport that the program owns.
class Borrowed : public kube::Transport {
 public:
  explicit Borrowed(kube::Transport& transport) : transport_(transport) {}
  base::Result<kube::Response> send(const kube::Request& request) override {
    return transport_.send(request);
  }
  base::Result<kube::StreamEnd> stream(const kube::Request& request, const Sink& sink,
                                       std::stop_token stop) override {
    return transport_.stream(request, sink, std::move(stop));
  }

 private:
  kube::Transport& transport_;
};

// The program in a world of its own: nothing of the machine, and no cluster, unless a test gives them. The
// clock stands at 2026-01-31T00:00:00Z.
class Program {
 public:
  std::map<std::string, std::string> environment{{"LANG", "C.UTF-8"}};
  std::string input;
  bool colour = false;
  bool superuser = true;
  std::size_t width = 100;
  std::function<base::Result<facts::NodeFacts>(const std::string& root)> collect =
      [this](const std::string& root) {
        runner::CollectOptions options;
        options.root = root;
        return runner::collect(options, clock);
      };
  std::function<base::Result<std::unique_ptr<kube::Transport>>(const ClusterOptions&)> connect =
      [](const ClusterOptions&) { return base::fail(base::ErrorCode::kNotFound, "no cluster in this test"); };
  kube::testing::FakeClock clock;

  Ran operator()(const std::vector<std::string>& arguments) {
    std::istringstream in(input);
    std::ostringstream out;
    std::ostringstream err;
    World world{.in = in,
                .out = out,
                .err = err,
                .colour = colour,
                .err_terminal = false,
                .width = width,
                .superuser = superuser,
                .getenv = [this](const std::string& name) { return environment[name]; },
                .clock = clock,
                .collect = collect,
                .connect = connect};
    std::vector<const char*> argv{"kubectl-baseline"};
    for (const std::string& argument : arguments) argv.push_back(argument.c_str());
    const int status = run(static_cast<int>(argv.size()), argv.data(), world);
    return {status, out.str(), err.str()};
  }
};

// A folder of its own for files of a test; removed at the end.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "cli-test-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data()) != nullptr ? pattern : std::string();
  }
  ~Folder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string file(const std::string& name, std::string_view text) const {
    std::ofstream(path_ + '/' + name, std::ios::binary) << text;
    return path_ + '/' + name;
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline std::size_t lines_in(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

// A profile of the built-in standard with `rest` below its spec, two blanks deep.
inline std::string profile_text(const std::string& name, const std::string& rest = "") {
  return "apiVersion: baseline.kxy.io/v1alpha1\nkind: BaselineProfile\nmetadata:\n  name: " + name +
         "\nspec:\n  standard: kxy-cs001-2023\n" + rest;
}

}  // namespace baseline::cli::test
