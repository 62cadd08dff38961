#include "base/printable.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "base/utf8.h"

namespace baseline::base {
namespace {

struct Case {
  const char* what;
  std::string_view text, shown;
};

constexpr Case kCases[] = {
    {"ESC", "a\x1b[2Jb", "a\\u001b[2Jb"},
    {"NUL", {"a\0b", 3}, "a\\u0000b"},
    {"line feed, tab, return", "a\nb\tc\r", "a\\nb\\tc\\r"},
    {"DEL", "\x7f", "\\u007f"},
    {"the one-character form of ESC [", "\xC2\x9B", "\\u009b"},
    {"next line", "\u0085", "\\u0085"},
    {"right-to-left override", "x\u202Egpj.exe", "x\\u202egpj.exe"},
    {"isolates", "\u2066a\u2069", "\\u2066a\\u2069"},
    {"marks of direction", "\u200E\u200F\u061C", "\\u200e\\u200f\\u061c"},
    {"line and paragraph separators", "\u2028\u2029", "\\u2028\\u2029"},
    {"zero width", "kube\u200B-\u200Csys\u200Dtem\u2060\uFEFF",
     "kube\\u200b-\\u200csys\\u200dtem\\u2060\\ufeff"},
    {"soft hyphen and filler", "\u00AD\u3164", "\\u00ad\\u3164"},
    {"tags", "\U000E0041\U000E007F", "\\U000e0041\\U000e007f"},
    {"no characters", "\uFDD0\uFFFF\U0010FFFE", "\\ufdd0\\uffff\\U0010fffe"},
    {"no UTF-8", "a\xFFz\xE6\x95", "a\uFFFDz\uFFFD\uFFFD"},
    {"a surrogate and an overlong form", "\xED\xA0\x80\xC0\xAF", "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD"},
};

TEST(Printable, NothingHiddenIsLeft) {
  for (const Case& one : kCases) {
    EXPECT_EQ(printable(one.text), one.shown) << one.what;
    EXPECT_EQ(printable(one.shown), one.shown) << one.what << ", a second time";
  }
}

TEST(Printable, LeavesWhatIsSeen) {
  for (const std::string_view text : {"", "5.1.2.1 \\u202e ~", "整改：在每个控制平面节点上执行",
                                      "é e\u0301 •…", "葛\U000E0100", "☁\uFE0F", "\uFFFD", "😀"}) {
    EXPECT_EQ(printable(text), text);
  }
}

TEST(Printable, KeepsLinesWhereAsked) {
  EXPECT_EQ(printable("one\n\ttwo\r\x1b", Breaks::kKept), "one\n\ttwo\\r\\u001b");
}

TEST(Printable, ADocumentIsCleanedWhole) {
  Value inner = Value::map();
  inner.set("k\x1b", Value(Value::List{"a\u202E", 1, true, nullptr}));
  Value value = Value::map();
  value.set("m", inner);
  EXPECT_EQ(printable_document("a\xFF").as_string(), "a\uFFFD");
  EXPECT_EQ(write_json(printable_document(value)), R"({"m":{"k\\u001b":["a\\u202e",1,true,null]}})");
}

TEST(Printable, JsonSaysTheSameInEscapes) {
  for (const Case& one : kCases) {
    for (const std::string& json : {write_json(Value(one.text)), write_json_pretty(Value(one.text))}) {
      for (const char c : json) {
        const bool seen = (c >= 0x20 && c < 0x7F) || c == '\n' || kReplacementText.contains(c);
        EXPECT_TRUE(seen) << one.what << ": " << json;
      }
      EXPECT_EQ(parse_json(json, "test").value().as_string(), to_utf8(one.text)) << one.what;
    }
  }
}

}  // namespace
}  // namespace baseline::base
