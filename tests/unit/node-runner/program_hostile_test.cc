// The program as it is shipped, under the limits that it has to stay within, and behind its own filter.
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fstream>
#include <functional>
#include <sstream>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <linux/prctl.h>
#include <seccomp.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lookup.h"
#include "node-runner/unique_fd.h"
#include "node_layouts.h"

namespace baseline::runner {
namespace {

using ::testing::HasSubstr;

// Starts the program in a child that `prepare` makes ready for it.
pid_t start(std::vector<std::string> arguments, const std::function<bool()>& prepare) {
  arguments.insert(arguments.begin(), NODE_RUNNER);
  std::vector<char*> words;
  for (std::string& word : arguments) words.push_back(word.data());
  words.push_back(nullptr);
  const pid_t child = ::fork();
  if (child != 0) return child;
  if (prepare()) ::execv(NODE_RUNNER, words.data());
  ::_exit(99);
}

bool redirect(int to, const std::string& path) {
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  return ::dup2(file.get(), to) == to;
}

std::string read_file(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream(path).rdbuf();
  return out.str();
}

struct Ended {
  int status = 0;  // as wait4 gives it
  long peak_kib = 0;
};

Ended wait_for(pid_t child) {
  Ended ended;
  rusage used = {};
  ::wait4(child, &ended.status, 0, &used);
  ended.peak_kib = used.ru_maxrss;
  return ended;
}

#if NODE_RUNNER_CONFINED

constexpr std::size_t kMegabyte = std::size_t{1} << 20;

std::string filled(const std::string& piece, std::size_t size) {
  std::string text;
  while (text.size() < size) text += piece;
  return text;
}

std::string deep_maps(std::size_t size) {
  std::string text;
  for (int i = 0; text.size() < size; ++i) text += std::string(i, ' ') + "a:\n";
  return text;
}

std::string anchors_around_anchors(std::size_t size) {
  std::string text;
  for (int i = 0; i < 60; ++i) text += "&a" + std::to_string(i) + " [";
  return text + filled("1,", size) + std::string(60, ']');
}

TEST(ProgramHostile, AConfigurationMadeToCostMuchCostsOnlyItself) {
  const std::string aliases = filled("- *a\n", kMegabyte);
  for (const std::string& text :
       {filled("[", 2 * kMegabyte), filled("{a: ", 2 * kMegabyte), filled("- ", 2 * kMegabyte),
        deep_maps(2 * kMegabyte), "[" + filled("1,", 4 * kMegabyte - 16) + "1]",
        "a: &a [x,x,x,x,x,x,x,x,x,x]\nb:\n" + aliases, "a: &a [[],[],[],[],[],[]]\nb:\n" + aliases,
        "a: &a " + std::string(10'000, 'x') + "\nb:\n" + aliases,
        anchors_around_anchors(4 * kMegabyte - 1024), filled("%TAG !a! b\n", 2 * kMegabyte)}) {
    test::NodeTree tree;
    test::lay_out_control_plane(tree);
    tree.file("/var/lib/kubelet/config.yaml", text);
    const std::string out = tree.real("/facts");
    const Ended ended = wait_for(start({"--root", tree.root(), "--output", "binary"}, [&] {
      const rlimit memory{128 * kMegabyte, 128 * kMegabyte};
      const rlimit seconds{10, 10};
      return redirect(STDOUT_FILENO, out) && ::setrlimit(RLIMIT_AS, &memory) == 0 &&
             ::setrlimit(RLIMIT_CPU, &seconds) == 0;
    }));
    ASSERT_EQ(ended.status, 0) << text.substr(0, 20);
    EXPECT_LT(ended.peak_kib, 64 * 1024) << text.substr(0, 20);
    facts::NodeFacts node;
    ASSERT_TRUE(node.ParseFromString(read_file(out)));
    EXPECT_THAT(find_config(node, "/var/lib/kubelet/config.yaml")->error(), HasSubstr("it cannot be parsed"));
    EXPECT_NE(find_process(node, "kube-apiserver"), nullptr);
    EXPECT_EQ(find_config(node, "/etc/kubernetes/manifests/kube-apiserver.yaml")->error(), "");
  }
}

// While its output is not taken, it waits in the middle of its work.
TEST(ProgramHostile, ItsOwnFilterIsInForceAndGivesTheSameFacts) {
  test::NodeTree tree;
  test::lay_out_control_plane(tree);
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const UniqueFd reading(ends[0]);
  UniqueFd writing(ends[1]);
  ASSERT_GE(::fcntl(writing.get(), F_SETPIPE_SZ, 4096), 4096);
  ::fcntl(writing.get(), F_SETFL, O_NONBLOCK);
  std::size_t filler = 0;
  for (ssize_t n = 0; (n = ::write(writing.get(), "filler filler...", 16)) > 0;)
    filler += static_cast<std::size_t>(n);
  ::fcntl(writing.get(), F_SETFL, 0);
  const pid_t child = start({"--root", tree.root(), "--output", "json"},
                            [&] { return ::dup2(writing.get(), STDOUT_FILENO) == STDOUT_FILENO; });
  writing = UniqueFd();

  const std::string proc = "/proc/" + std::to_string(child) + "/";
  std::string status;
  for (int i = 0; i < 3000; ++i) {
    status = read_file(proc + "status");
    if (status.find("\nSeccomp:\t2\n") != std::string::npos) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_THAT(status, HasSubstr("\nSeccomp:\t2\n"));
  EXPECT_THAT(status, HasSubstr("\nNoNewPrivs:\t1\n"));

  std::string text;
  std::array<char, 4096> buffer{};
  for (ssize_t n = 0; (n = ::read(reading.get(), buffer.data(), buffer.size())) > 0;)
    text.append(buffer.data(), static_cast<std::size_t>(n));
  EXPECT_EQ(wait_for(child).status, 0);

  const std::string out = tree.real("/without");
  EXPECT_EQ(wait_for(start({"--root", tree.root(), "--output", "json", "--no-seccomp"},
                           [&] { return redirect(STDOUT_FILENO, out); }))
                .status,
            0);
  EXPECT_EQ(text.substr(filler), read_file(out));
}

#endif

// As under qemu-user: no system call for it, and none of the older way.
bool forbid_filters() {
  scmp_filter_ctx filter = ::seccomp_init(SCMP_ACT_ALLOW);
  const scmp_arg_cmp set{0, SCMP_CMP_EQ, PR_SET_SECCOMP, 0};
  return filter != nullptr &&
         ::seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(seccomp), 0, nullptr) == 0 &&
         ::seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(prctl), 1, &set) == 0 &&
         ::seccomp_load(filter) == 0;
}

TEST(ProgramHostile, WithoutAFilterItDoesNotStartUnlessToldTo) {
  test::NodeTree tree;
  test::lay_out_worker(tree);
  const std::string errors = tree.real("/errors");
  const auto prepare = [&] {
    return redirect(STDERR_FILENO, errors) && redirect(STDOUT_FILENO, tree.real("/out")) && forbid_filters();
  };
  const Ended refused = wait_for(start({"--root", tree.root()}, prepare));
  ASSERT_TRUE(WIFEXITED(refused.status));
  EXPECT_EQ(WEXITSTATUS(refused.status), 3);
  const std::string sentence = read_file(errors);
  EXPECT_THAT(sentence, ::testing::StartsWith("node-runner: the seccomp filter cannot be installed: "));
  EXPECT_THAT(sentence, HasSubstr("--no-seccomp"));
  EXPECT_EQ(read_file(tree.real("/out")), "");

  EXPECT_EQ(wait_for(start({"--root", tree.root(), "--no-seccomp"}, prepare)).status, 0);
  EXPECT_EQ(read_file(errors), "");
}

}  // namespace
}  // namespace baseline::runner
