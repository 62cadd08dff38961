#include "base/compress.h"

#include <gtest/gtest.h>

namespace baseline::base {
namespace {

TEST(Compress, ReadsBackWhatItWrote) {
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += "node-" + std::to_string(i * 7919) + "\n";
  const std::string packed = zstd_compress(text);
  EXPECT_LT(packed.size(), text.size() / 2);
  EXPECT_EQ(zstd_decompress(packed, text.size()).value(), text);
  EXPECT_EQ(zstd_decompress(zstd_compress(""), 0).value(), "");
}

TEST(Compress, WhatIsLargerThanTheBoundIsNotUnpacked) {
  const std::string bomb = zstd_compress(std::string(std::size_t{64} << 20, '\0'));
  EXPECT_EQ(zstd_decompress(bomb, std::size_t{1} << 20).error().code, ErrorCode::kLimit);
}

TEST(Compress, WhatIsBrokenIsCorrupt) {
  const std::string packed = zstd_compress("some text that is packed");
  EXPECT_EQ(zstd_decompress(packed.substr(0, packed.size() - 1), 100).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(zstd_decompress(packed + "x", 100).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(zstd_decompress("no frame", 100).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(zstd_decompress("", 100).error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace baseline::base
