// The program as it is shipped: output, digest, exit status.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <sys/wait.h>

#include "baseline/facts/frame.h"
#include "lookup.h"
#include "node_layouts.h"

namespace baseline::runner {
namespace {

using ::testing::HasSubstr;

struct Outcome {
  int status = -1;
  std::string out;
};

Outcome run(const std::string& arguments) {
  Outcome result;
  const std::string program = std::string(NODE_RUNNER) + (NODE_RUNNER_CONFINED ? " " : " --no-seccomp ");
  FILE* pipe = ::popen((program + arguments).c_str(), "r");  // NOLINT(cert-env33-c)
  if (pipe == nullptr) return result;
  std::array<char, 65536> buffer{};
  for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    result.out.append(buffer.data(), n);
  result.status = WEXITSTATUS(::pclose(pipe));
  return result;
}

std::string read_file(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream(path).rdbuf();
  return out.str();
}

TEST(Program, LogAndTerminationMessageBelongTogether) {
  test::NodeTree tree;
  test::lay_out_control_plane(tree);
  tree.file("/termination", "");
  const Outcome result = run("--root " + tree.root() + " --termination-log " + tree.real("/termination"));
  ASSERT_EQ(result.status, 0);
  const std::string message = read_file(tree.real("/termination"));
  ASSERT_THAT(message, ::testing::StartsWith("sha256="));
  const auto facts = facts::decode_frame(result.out, message.substr(7));
  ASSERT_TRUE(facts.has_value()) << facts.error().text();
  EXPECT_NE(find_process(*facts, "kube-apiserver"), nullptr);
}

TEST(Program, BinaryAndJson) {
  test::NodeTree tree;
  test::lay_out_worker(tree);
  facts::NodeFacts facts;
  EXPECT_TRUE(facts.ParseFromString(run("--output binary --root " + tree.root()).out));
  EXPECT_EQ(facts.host().hostname(), "node-1");
  const std::string json = run("--output json --root " + tree.root()).out;
  EXPECT_THAT(json, HasSubstr("\"hostname\": \"node-1\""));
  EXPECT_THAT(json, HasSubstr("\"mode\": \"0600\""));
}

TEST(Program, BadInputIsOneSentenceAndStatusTwo) {
  test::NodeTree tree;
  for (const std::string& arguments :
       {std::string("--what"), std::string("--root /no/such"), "--root " + tree.root(),
        std::string("--root /etc/passwd"), std::string("--output xml")}) {
    const Outcome result = run(arguments + " 2>&1 >/dev/null");
    EXPECT_EQ(result.status, 2) << arguments;
    EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 1) << result.out;
    EXPECT_THAT(result.out, ::testing::StartsWith("node-runner: "));
  }
}

TEST(Program, WhatCannotBeWrittenIsStatusOne) {
  test::NodeTree tree;
  test::lay_out_worker(tree);
  EXPECT_EQ(run("--root " + tree.root() + " 2>/dev/null >/dev/full").status, 1);
  EXPECT_EQ(run("--root " + tree.root() + " --termination-log /no/such/file 2>&1 >/dev/null").status, 1);
}

TEST(Program, HelpAndVersion) {
  EXPECT_THAT(run("--help").out, HasSubstr("--termination-log FILE"));
  EXPECT_EQ(run("--version").out, "node-runner " BASELINE_VERSION "\n");
}

}  // namespace
}  // namespace baseline::runner
