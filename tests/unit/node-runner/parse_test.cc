#include <gmock/gmock.h>

#include "node-runner/parse_etc.h"
#include "node-runner/parse_proc.h"
#include "node-runner/utf8.h"

namespace baseline::runner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(ParseCmdline, SplitsAtNul) {
  EXPECT_THAT(parse_cmdline(std::string_view("a\0b c\0\0", 7)), ElementsAre("a", "b c", ""));
  EXPECT_THAT(parse_cmdline("no end"), ElementsAre("no end"));
  EXPECT_THAT(parse_cmdline(""), IsEmpty());
  EXPECT_THAT(parse_cmdline(std::string_view("\xff\0", 2)), ElementsAre("\xEF\xBF\xBD"));
}

TEST(ParseEnviron, KeepsThePrefixOnly) {
  EXPECT_THAT(parse_environ(std::string_view("ETCD_A=1=2\0PATH=/\0ETCD_B\0", 25), "ETCD_"),
              ElementsAre(Pair("ETCD_A", "1=2")));
}

TEST(ParseStat, StartTimeBehindAHostileName) {
  EXPECT_EQ(parse_start_ticks("7 (a) b (c)) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 0"), 4711);
  EXPECT_EQ(parse_start_ticks("7 (a) S 1"), std::nullopt);
  EXPECT_EQ(parse_start_ticks(""), std::nullopt);
}

TEST(ParseStatus, EffectiveUser) {
  EXPECT_EQ(parse_effective_uid("Name:\tx\nUid:\t1\t2\t3\t4\n"), 2U);
  EXPECT_EQ(parse_effective_uid("Name:\tx\n"), std::nullopt);
  EXPECT_EQ(parse_effective_uid("Uid:\tx\ty\n"), std::nullopt);
}

TEST(ParseNetTcp, ListeningSocketsOnly) {
  const auto sockets = parse_proc_net_tcp(
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
      "   0: 0100007F:2804 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4242 1 0 "
      "100 0 0 10 0\n"
      "   1: 0100007F:0016 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 77 1 0 100 "
      "0 0 10 0\n"
      "broken line\n   2: zz:0016 00000000:0000 0A x x x 0 0 5 1\n",
      "tcp");
  ASSERT_EQ(sockets.size(), 1U);
  EXPECT_EQ(sockets[0].inode, 4242U);
  EXPECT_EQ(sockets[0].address, "127.0.0.1");
  EXPECT_EQ(sockets[0].port, 10244U);
  EXPECT_EQ(sockets[0].protocol, "tcp");
}

TEST(ParseNetTcp, Ipv6) {
  const auto sockets = parse_proc_net_tcp(
      "   0: 00000000000000000000000001000000:192B 00000000000000000000000000000000:0000 0A "
      "00000000:00000000 00:00000000 "
      "00000000     0        0 9 1 0 100 0 0 10 0\n",
      "tcp6");
  ASSERT_EQ(sockets.size(), 1U);
  EXPECT_EQ(sockets[0].address, "::1");
  EXPECT_EQ(sockets[0].port, 6443U);
}

TEST(ParseSocketLink, TakesTheInode) {
  EXPECT_EQ(parse_socket_link("socket:[12]"), 12U);
  EXPECT_EQ(parse_socket_link("socket:[x]"), std::nullopt);
  EXPECT_EQ(parse_socket_link("pipe:[12]"), std::nullopt);
  EXPECT_EQ(parse_socket_link("socket:["), std::nullopt);
}

TEST(ParseIds, FirstNameOfANumberWins) {
  EXPECT_THAT(parse_ids("root:x:0:0::/:\ntoor:x:0:0::/:\n#x:x:5:\nbroken\netcd:x:998:\n:x:7:\nneg:x:-1:\n"),
              ElementsAre(Pair(0U, "root"), Pair(998U, "etcd")));
}

TEST(ParseOsRelease, Unquotes) {
  auto values = parse_os_release(
      "# comment\nID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME='A \"b\"'\nX=\"a\\$b\"\nnothing\n");
  EXPECT_EQ(values["ID"], "debian");
  EXPECT_EQ(values["VERSION_ID"], "12");
  EXPECT_EQ(values["PRETTY_NAME"], "A \"b\"");
  EXPECT_EQ(values["X"], "a$b");
}

TEST(ParseDpkg, InstalledVersionOnly) {
  const std::string other = "Package: kubelet-extra\nStatus: install ok installed\nVersion: 9.9.9\n\n";
  EXPECT_EQ(
      parse_dpkg_version(other + "Package: kubelet\nStatus: install ok installed\nVersion: 1:1.36.3-1.1\n\n",
                         "kubelet"),
      "1.36.3");
  EXPECT_EQ(parse_dpkg_version("Package: kubelet\nStatus: deinstall ok config-files\nVersion: 1.36.3\n\n",
                               "kubelet"),
            "");
  EXPECT_EQ(parse_dpkg_version(other, "kubelet"), "");
}

TEST(ParseExecStart, ContinuationsQuotesAndResets) {
  EXPECT_THAT(parse_exec_start(
                  "[Unit]\nExecStart=no\n[Service]\nExecStart=old\nExecStart=\nExecStart=-/usr/bin/k3s \\\n"
                  "  server \\\n  '--a=b c' \"--d\"\n# ExecStart=comment\n"),
              ElementsAre("/usr/bin/k3s", "server", "--a=b c", "--d"));
  EXPECT_THAT(parse_exec_start("[Service]\nExecStart=x\nExecStart=\n"), IsEmpty());
  EXPECT_THAT(parse_exec_start("ExecStart=outside\n"), IsEmpty());
}

TEST(ParseUnitVariable, TheLastAssignmentAndResets) {
  const std::string unit =
      "[Unit]\nEnvironment=A=no\n[Service]\nEnvironment=\"A=b c\" B=d\nEnvironment=A=e\n";
  EXPECT_EQ(parse_unit_variable(unit, "A"), "e");
  EXPECT_EQ(parse_unit_variable(unit, "B"), "d");
  EXPECT_EQ(parse_unit_variable(unit + "Environment=\n", "B"), std::nullopt);
  EXPECT_EQ(parse_unit_variable("[Service]\nEnvironment=AB=x\n", "A"), std::nullopt);
}

TEST(ParseEnvironmentFiles, PathsAndTheirLines) {
  EXPECT_THAT(
      parse_environment_files("[Service]\nEnvironmentFile=/gone\nEnvironmentFile=\n"
                              "EnvironmentFile=-/etc/default/x\nEnvironmentFile=/e\nEnvironmentFile=no\n"),
      ElementsAre("/etc/default/x", "/e"));
  EXPECT_EQ(parse_environment_file("# A=1\nA=\"x y\"\n A = z \nAB=1\n", "A"), "z");
  EXPECT_EQ(parse_environment_file("A='x y'\n", "A"), "x y");
  EXPECT_EQ(parse_environment_file("B=1\n", "A"), std::nullopt);
}

TEST(ParseFlagFile, LinesAndComments) {
  EXPECT_THAT(parse_flag_file("--a=1\n# --b=2\n  --c=\"x y\" --d\n\n"),
              ElementsAre("--a=1", "--c=x y", "--d"));
}

TEST(Utf8, ReplacesWhatIsNotValid) {
  const std::string bad = "\xEF\xBF\xBD";
  EXPECT_EQ(to_utf8("gr\xC3\xBC\xC3\x9F \xE4\xBD\xA0 \xF0\x9F\x98\x80"),
            "gr\xC3\xBC\xC3\x9F \xE4\xBD\xA0 \xF0\x9F\x98\x80");
  EXPECT_EQ(to_utf8("a\xFFz"), "a" + bad + "z");
  EXPECT_EQ(to_utf8("\xC0\x80"), bad + bad);            // overlong
  EXPECT_EQ(to_utf8("\xED\xA0\x80"), bad + bad + bad);  // surrogate
  EXPECT_EQ(to_utf8("\xE4\xBD"), bad + bad);            // cut
  EXPECT_EQ(to_utf8("\xF4\x90\x80\x80"), bad + bad + bad + bad);
  EXPECT_EQ(to_utf8(std::string_view("a\0b", 3)), "a" + bad + "b");
}

}  // namespace
}  // namespace baseline::runner
