#include "baseline/argv.h"

#include <gtest/gtest.h>

namespace baseline {
namespace {

std::vector<std::string> values(const std::vector<std::string>& words, std::string_view component,
                                std::string_view flag) {
  std::vector<std::string> argv{"/usr/bin/program"};
  argv.insert(argv.end(), words.begin(), words.end());
  for (const FlagUse& use : parse_flags(argv, *built_in_components().find(component))) {
    if (use.name == flag) return use.values;
  }
  return {};
}

using Values = std::vector<std::string>;

TEST(Argv, ReadsEveryWayToWriteAFlag) {
  EXPECT_EQ(values({"--client-ca-file=/a"}, "kubelet", "client-ca-file"), Values{"/a"});
  EXPECT_EQ(values({"--client-ca-file", "/a"}, "kubelet", "client-ca-file"), Values{"/a"});
  EXPECT_EQ(values({"-client-ca-file", "/a"}, "etcd", "client-ca-file"), Values{"/a"});
  EXPECT_EQ(values({"--client_ca_file=/a=b"}, "kubelet", "client-ca-file"), Values{"/a=b"});
  EXPECT_EQ(values({"--client-ca-file="}, "kubelet", "client-ca-file"), Values{""});
  EXPECT_EQ(values({"--event-qps=1", "--event-qps", "2"}, "kubelet", "event-qps"), (Values{"1", "2"}));
}

TEST(Argv, ABooleanTakesNoNextWord) {
  EXPECT_EQ(values({"--anonymous-auth", "false"}, "kubelet", "anonymous-auth"), Values{"true"});
  EXPECT_EQ(values({"--anonymous-auth", "--event-qps=1"}, "kubelet", "event-qps"), Values{"1"});
}

TEST(Argv, AValueMayLookLikeAFlag) {
  EXPECT_EQ(values({"--pod-max-pids", "-1"}, "kubelet", "pod-max-pids"), Values{"-1"});
  EXPECT_EQ(values({"--hostname-override", "--anonymous-auth=false"}, "kubelet", "anonymous-auth"), Values{});
}

TEST(Argv, UnknownFlagsTakeOneWordThatIsNoFlag) {
  EXPECT_EQ(values({"--unheard-of", "x", "--event-qps=1"}, "kubelet", "event-qps"), Values{"1"});
  EXPECT_EQ(values({"--unheard-of", "--event-qps=1"}, "kubelet", "event-qps"), Values{"1"});
}

TEST(Argv, TwoDashesEndTheFlags) {
  EXPECT_EQ(values({"--event-qps=1", "--", "--event-qps=2"}, "kubelet", "event-qps"), Values{"1"});
}

TEST(Argv, SubcommandsAndStrayWordsArePassedOver) {
  EXPECT_EQ(values({"kubelet", "--event-qps=1", "-"}, "kubelet", "event-qps"), Values{"1"});
}

TEST(Argv, ABundlesArgumentIsTheFlagThatItPassesOn) {
  EXPECT_EQ(values({"server", "--kubelet-arg=event-qps=7"}, "kubelet", "event-qps"), Values{"7"});
  EXPECT_EQ(values({"server", "--kubelet-arg", "--event-qps=8"}, "kubelet", "event-qps"), Values{"8"});
  EXPECT_EQ(values({"--kubelet-arg=protect-kernel-defaults"}, "kubelet", "protect-kernel-defaults"),
            Values{"true"});
}

TEST(Argv, AFlagAtTheEndWithoutItsValueIsEmpty) {
  EXPECT_EQ(values({"--client-ca-file"}, "kubelet", "client-ca-file"), Values{""});
}

}  // namespace
}  // namespace baseline
