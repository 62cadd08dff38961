#include "base/digest.h"

#include <gtest/gtest.h>

namespace baseline::base {
namespace {

// Vectors of FIPS 180-2 and RFC 4648.
TEST(Digest, Sha256) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, Base64) {
  EXPECT_EQ(base64_encode(""), "");
  EXPECT_EQ(base64_encode("f"), "Zg==");
  EXPECT_EQ(base64_encode("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64_decode("Zm9v\nYmFy\n").value(), "foobar");
  EXPECT_EQ(base64_decode("").value(), "");
  for (const char* bad : {"Zg=", "Z!==", "Zm9vY", "===="})
    EXPECT_EQ(base64_decode(bad).error().code, ErrorCode::kCorrupt) << bad;
  const std::string bytes("\0\xFF\x10", 3);
  EXPECT_EQ(base64_decode(base64_encode(bytes)).value(), bytes);
}

}  // namespace
}  // namespace baseline::base
