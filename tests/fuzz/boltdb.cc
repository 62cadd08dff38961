// A bbolt database while its owner writes to it, or one that is damaged. By the first byte the rest is the
// file, or the pages behind two sound meta pages, each with the number that it should have: so more than
// checksums is reached.
#include "node-runner/boltdb.h"

#include <cstring>
#include <string>

#include "support.h"

namespace {

using namespace baseline;
using runner::BoltFile;

constexpr std::size_t kPage = 1024;

template <typename T>
void put(std::string& bytes, std::size_t offset, T value) {
  std::memcpy(bytes.data() + offset, &value, sizeof value);
}

std::string with_meta(std::string_view pages) {
  std::string bytes(2 * kPage, '\0');
  bytes += pages;
  bytes.resize((bytes.size() + kPage - 1) / kPage * kPage);
  const std::uint64_t count = bytes.size() / kPage;
  for (std::uint64_t page = 2; page < count; ++page) put(bytes, page * kPage, page);
  for (const std::size_t meta : {std::size_t{16}, kPage + 16}) {
    put(bytes, meta, std::uint32_t{0xED0CDAED});
    put(bytes, meta + 4, std::uint32_t{2});
    put(bytes, meta + 8, static_cast<std::uint32_t>(kPage));
    put(bytes, meta + 16, std::uint64_t{2});  // the root
    put(bytes, meta + 40, count);
    put(bytes, meta + 48, std::uint64_t{7});
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (std::size_t i = meta; i < meta + 56; ++i) {
      hash = (hash ^ static_cast<unsigned char>(bytes[i])) * 0x100000001b3U;
    }
    put(bytes, meta + 56, hash);
  }
  return bytes;
}

struct Walk {
  BoltFile& file;
  std::size_t visits = 0;

  void bucket(const BoltFile::Bucket& bucket, int depth) {
    const auto done =
        file.for_each(bucket, [&](std::string_view key, std::string_view value, bool is_bucket) {
          const std::string copy = std::string(key) + std::string(value);  // reads them whole
          fuzz::require(copy.size() <= (std::size_t{8} << 20), "keys and values are pieces of pages");
          if (++visits > 20'000) return false;
          if (!is_bucket || depth == 0) return true;
          if (const auto below = BoltFile::as_bucket(value)) this->bucket(*below, depth - 1);
          return true;
        });
    if (!done) fuzz::require_sentence(done.error());
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest = fuzz::text_of(data + 1, size - 1);
  const std::string bytes = data[0] % 2 == 0 ? std::string(rest) : with_meta(rest);
  std::size_t reads = 0;
  const runner::ReadAt read = [&](std::uint64_t offset, char* to, std::size_t count) -> base::Result<void> {
    ++reads;
    if (offset > bytes.size() || count > bytes.size() - offset)
      return base::fail(base::ErrorCode::kCorrupt, "it is cut short");
    std::memcpy(to, bytes.data() + offset, count);
    return {};
  };
  constexpr runner::BoltBounds kBounds{.page_bytes = 64U << 10, .pages = 2'000, .depth = 24};
  auto file = BoltFile::open(read, kBounds);
  if (!file) {
    fuzz::require_sentence(file.error());
    return 0;
  }
  Walk{*file}.bucket(file->top(), 4);
  const auto named = file->bucket(file->top(), "v1");
  if (named && *named) file->value(**named, "digest");
  fuzz::require(reads <= 2 * kBounds.pages + 64, "the bound on pages holds");
  fuzz::require(file->is_current(), "a file that nobody writes to is current");
  return 0;
}
