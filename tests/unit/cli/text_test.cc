#include "cli/text.h"

#include <gtest/gtest.h>

namespace baseline::cli {
namespace {

TEST(TextTest, ChineseCharactersTakeTwoColumnsAndMarksNone) {
  EXPECT_EQ(display_width("kubelet"), 7U);
  EXPECT_EQ(display_width("整改方法"), 8U);
  EXPECT_EQ(display_width("（Fail）"), 8U);
  EXPECT_EQ(display_width("e\u0301"), 1U);  // an accent of its own
  EXPECT_EQ(display_width("𠀀"), 2U);       // beyond the first 65,536
  EXPECT_EQ(display_width("•…"), 2U);
}

TEST(TextTest, PaddingCountsColumnsNotBytes) {
  EXPECT_EQ(padded("符合", 6), "符合  ");
  EXPECT_EQ(padded("Pass", 6), "Pass  ");
  EXPECT_EQ(padded("不符合", 4), "不符合");
}

TEST(TextTest, NothingThatATerminalObeysIsPrinted) {
  EXPECT_EQ(printable("a\x1b[31mb\nc\td\r"), "a\\u001b[31mb c d ");
  EXPECT_EQ(printable("x\u202Egpj.exe"), "x\\u202egpj.exe");
  EXPECT_EQ(printable("a\xFFz好"), "a\uFFFDz好");
}

TEST(TextTest, WrapsAtBlanks) {
  EXPECT_EQ(wrapped("the quick brown fox jumps", 16),
            (std::vector<std::string>{"the quick brown", "fox jumps"}));
  EXPECT_EQ(wrapped("", 20), (std::vector<std::string>{""}));
  EXPECT_EQ(wrapped("a  b   c", 20), (std::vector<std::string>{"a b c"}));
}

TEST(TextTest, WrapsBetweenChineseCharactersButNotBeforeAClosingMark) {
  const auto lines = wrapped("在每个控制平面节点上执行，此操作不会重启。", 24);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0], "在每个控制平面节点上执");
  EXPECT_EQ(lines[1], "行，此操作不会重启。");
  for (const std::string& line : lines) EXPECT_LE(display_width(line), 24U) << line;
}

TEST(TextTest, CutsAWordThatFitsNoLine) {
  const auto lines = wrapped(std::string(40, 'x') + " end", 16);
  EXPECT_EQ(lines, (std::vector<std::string>{std::string(16, 'x'), std::string(16, 'x'), "xxxxxxxx end"}));
}

TEST(TextTest, ALongWordIsCutBehindACommaWhereThereIsOne) {
  EXPECT_EQ(wrapped("TLS_AES_128_GCM,TLS_AES_256_GCM", 20),
            (std::vector<std::string>{"TLS_AES_128_GCM,", "TLS_AES_256_GCM"}));
}

TEST(TextTest, TooManyLinesEndWithAMark) {
  EXPECT_EQ(hanging("> ", "one two three four five six seven eight nine", 22, 2),
            "> one two three four\n  five six seven …\n");
}

TEST(TextTest, NoLineIsWiderThanAsked) {
  const std::string text =
      "For kubeadm 在 /etc/kubernetes/manifests/kube-apiserver.yaml 中设置 --audit-log-maxage=30，kubelet "
      "会重启它 (see "
      "the documentation).";
  for (std::size_t width = 20; width < 80; ++width) {
    std::string joined;
    for (const std::string& line : wrapped(text, width)) {
      EXPECT_LE(display_width(line), width) << line;
      for (const char c : line) joined += c == ' ' ? "" : std::string(1, c);
    }
    std::string without;
    for (const char c : text) without += c == ' ' ? "" : std::string(1, c);
    EXPECT_EQ(joined, without);
  }
}

TEST(TextTest, HangingTextStandsBehindItsLabel) {
  EXPECT_EQ(hanging("整改: ", "one two three four five", 22), "整改: one two three\n      four five\n");
}

}  // namespace
}  // namespace baseline::cli
