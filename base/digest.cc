#include "base/digest.h"

#include <array>

#include <mbedtls/base64.h>
#include <mbedtls/sha256.h>

namespace baseline::base {
namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, 32> digest{};
  mbedtls_sha256_ret(bytes_of(bytes), bytes.size(), digest.data(), /*is224=*/0);
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(digest.size() * 2);
  for (const unsigned char b : digest) {
    out += kDigits[b >> 4U];
    out += kDigits[b & 15U];
  }
  return out;
}

std::string base64_encode(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  std::size_t written = 0;
  mbedtls_base64_encode(reinterpret_cast<unsigned char*>(out.data()), out.size(), &written, bytes_of(bytes),
                        bytes.size());
  out.resize(written);
  return out;
}

Result<std::string> base64_decode(std::string_view text) {
  std::string compact;
  compact.reserve(text.size());
  for (const char c : text) {
    if (c != '\n' && c != '\r' && c != ' ') compact += c;
  }
  std::string out(compact.size() / 4 * 3 + 3, '\0');
  std::size_t written = 0;
  if (compact.size() % 4 != 0 ||
      mbedtls_base64_decode(reinterpret_cast<unsigned char*>(out.data()), out.size(), &written,
                            bytes_of(compact), compact.size()) != 0) {
    return fail(ErrorCode::kCorrupt, "not valid base64");
  }
  out.resize(written);
  return out;
}

}  // namespace baseline::base
