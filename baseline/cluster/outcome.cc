#include "baseline/cluster/outcome.h"

#include <string_view>

namespace baseline {
namespace {

constexpr std::uint64_t kOffset = 0xcbf29ce484222325U, kPrime = 0x100000001b3U;  // FNV-1a
constexpr std::uint64_t kBits = (std::uint64_t{1} << 48U) - 1;

void mix(std::uint64_t& hash, std::string_view text) {
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * kPrime;
  }
  hash = (hash ^ 0xFFU) * kPrime;  // a byte of no UTF-8 text: ends the field
}

void mix(std::uint64_t& hash, const Phrase& phrase) {
  mix(hash, phrase.key);
  for (const std::string& arg : phrase.args) mix(hash, arg);
  hash = (hash ^ 0xFEU) * kPrime;
}

}  // namespace

std::uint64_t ObjectFinding::key() const {
  std::uint64_t hash = kOffset;
  mix(hash, subject);
  mix(hash, expected);
  mix(hash, actual);
  mix(hash, to_string(status));
  mix(hash, object);
  mix(hash, waived_by);
  return (hash ^ (hash >> 48U)) & kBits;
}

}  // namespace baseline
