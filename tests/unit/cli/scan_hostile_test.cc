// The program as it is shipped, given manifests that are made to cost much.
#include <functional>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "program.h"

namespace baseline::cli::test {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kMegabyte = std::size_t{1} << 20;

struct Measured {
  int status = 0;  // as wait4 gives it
  long peak_kib = 0;
  std::string said;  // both of its outputs
};

Measured scan(const Folder& folder, const std::string& manifest) {
  const std::string out = folder.file("out", "");
  const pid_t child = ::fork();
  if (child == 0) {
    const int file = ::open(out.c_str(), O_WRONLY | O_CLOEXEC | O_APPEND);
    const rlimit seconds{20, 20};
    if (::dup2(file, STDOUT_FILENO) == STDOUT_FILENO && ::dup2(file, STDERR_FILENO) == STDERR_FILENO &&
        ::setrlimit(RLIMIT_CPU, &seconds) == 0) {
      ::execl(KUBECTL_BASELINE, KUBECTL_BASELINE, "scan", "--manifests", manifest.c_str(), nullptr);
    }
    ::_exit(99);
  }
  Measured result;
  rusage used = {};
  ::wait4(child, &result.status, 0, &used);
  result.peak_kib = used.ru_maxrss;
  std::ostringstream text;
  text << std::ifstream(out).rdbuf();
  result.said = text.str();
  return result;
}

std::string filled(const std::string& piece, std::size_t size) {
  std::string text;
  while (text.size() < size) text += piece;
  return text;
}

TEST(ScanHostile, YamlMadeToCostMuchIsNamedAndCostsLittle) {
  const std::string pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n";
  const std::string aliases = filled("- *a\n", kMegabyte);
  const std::string deep = [] {
    std::string text;
    for (int i = 0; text.size() < 2 * kMegabyte; ++i) text += std::string(i, ' ') + "a:\n";
    return text;
  }();
  const Folder folder;
  for (const auto& [text, sentence] : std::initializer_list<std::pair<std::string, const char*>>{
           {filled("[", 2 * kMegabyte), "nested deeper than 256 levels"},
           {pod + "x: " + filled("{a: ", 2 * kMegabyte), "nested deeper than 256 levels"},
           {deep, "nested deeper than 256 levels"},
           {pod + "a: &a [x,x,x,x,x,x,x,x,x,x]\nb:\n" + aliases, "too much of it comes out of aliases"},
           {pod + "a: &a [[],[],[],[],[],[]]\nb:\n" + aliases, "too much of it comes out of aliases"},
           {pod + "a: &a {a: 1, b: 2, c: 3}\nb:\n" + aliases, "too much of it comes out of aliases"},
           {pod + "a: &a " + std::string(10'000, 'x') + "\nb:\n" + aliases,
            "too much of it comes out of aliases"}}) {
    const Measured result = scan(folder, folder.file("manifest.yaml", text));
    ASSERT_TRUE(WIFEXITED(result.status)) << sentence;
    EXPECT_NE(WEXITSTATUS(result.status), 0) << sentence;
    EXPECT_THAT(result.said, HasSubstr(sentence));
    EXPECT_THAT(result.said, HasSubstr("manifest.yaml:"));
#if !KUBECTL_BASELINE_SANITIZED
    EXPECT_LT(result.peak_kib, 64 * 1024) << text.substr(0, 80);
#endif
  }
}

}  // namespace
}  // namespace baseline::cli::test
