#include "base/utf8.h"

#include <gtest/gtest.h>

namespace baseline::base {
namespace {

TEST(Utf8, Valid) {
  for (const std::string_view text :
       {"", "a", "\xC3\xA9", "\xE4\xB8\xAD", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
    EXPECT_EQ(utf8_length(text, 0), text.size()) << text;
  }
  EXPECT_TRUE(is_utf8(std::string_view("\0", 1)));
}

TEST(Utf8, Invalid) {
  for (const std::string_view text : {"\x80", "\xC3", "\xC0\x80", "\xE0\x9F\xBF", "\xED\xA0\x80",
                                      "\xF4\x90\x80\x80", "\xFF", "a\xE4\xB8"}) {
    EXPECT_FALSE(is_utf8(text)) << text;
  }
}

}  // namespace
}  // namespace baseline::base
