#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace baseline::test {

// A bucket of a bbolt database to be written: plain keys and buckets below it. No key may be both.
struct BoltBucket {
  std::map<std::string, std::string> values = {};
  std::map<std::string, BoltBucket> buckets = {};
};

struct BoltShape {
  std::uint32_t page_size = 4096;
  std::uint64_t transaction = 7;
  std::size_t keys_of_a_leaf = 8;  // more keys than these make branches
};

// The bytes of a database file with this tree, laid out as bbolt lays it out: two meta pages (the older one a
// transaction behind), small buckets inline, large values on pages with overflow.
std::string write_bolt(const BoltBucket& top, const BoltShape& shape = {});

// Writes the meta page at `index` (0 or 1) again with another root and transaction, its checksum right.
void rewrite_bolt_meta(std::string& bytes, std::size_t index, std::uint64_t root, std::uint64_t transaction,
                       const BoltShape& shape = {});

}  // namespace baseline::test
