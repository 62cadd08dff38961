#include "node-runner/boltdb.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace baseline::runner {
namespace {

using base::ErrorCode;
using base::fail;

constexpr std::uint32_t kMagic = 0xED0CDAED;
constexpr std::uint32_t kVersion = 2;
constexpr std::size_t kHeader = 16;   // of a page: number, flags, count, overflow
constexpr std::size_t kElement = 16;  // of a branch or a leaf
constexpr std::size_t kMetaBytes = 64;
constexpr std::size_t kBucketHeader = 16;  // root page, sequence
constexpr std::uint16_t kBranch = 0x01;
constexpr std::uint16_t kLeaf = 0x02;
constexpr std::uint32_t kIsBucket = 0x01;
constexpr std::uint32_t kSmallestPage = 1024;
constexpr std::uint32_t kLargestPage = std::uint32_t{1} << 20;

// The file is in the byte order of the machine that wrote it, which is the one that reads it.
template <typename T>
T number_at(std::string_view bytes, std::size_t offset) {
  T value{};
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

std::uint64_t fnv1a(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : bytes) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3U;
  }
  return hash;
}

std::unexpected<base::Error> corrupt(const char* what) {
  return fail(ErrorCode::kCorrupt, what);
}

// The part of a page that an element names, relative to the element; nothing when it lies outside.
std::optional<std::string_view> part(std::string_view page, std::uint64_t offset, std::uint64_t size) {
  if (offset > page.size() || size > page.size() - offset) return std::nullopt;
  return page.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(size));
}

struct Header {
  std::uint64_t number;
  std::uint16_t flags;
  std::uint16_t count;
  std::uint32_t overflow;
};

Header header_of(std::string_view page) {
  return {number_at<std::uint64_t>(page, 0), number_at<std::uint16_t>(page, 8),
          number_at<std::uint16_t>(page, 10), number_at<std::uint32_t>(page, 12)};
}

}  // namespace

std::optional<BoltFile::Meta> BoltFile::meta_at(std::uint64_t offset) const {
  std::array<char, kHeader + kMetaBytes> buffer{};
  if (!read_(offset, buffer.data(), buffer.size())) return std::nullopt;
  const std::string_view meta(buffer.data() + kHeader, kMetaBytes);
  if (number_at<std::uint32_t>(meta, 0) != kMagic || number_at<std::uint32_t>(meta, 4) != kVersion ||
      number_at<std::uint64_t>(meta, 56) != fnv1a(meta.substr(0, 56)))
    return std::nullopt;
  const auto page_size = number_at<std::uint32_t>(meta, 8);
  if (page_size < kSmallestPage || page_size > kLargestPage || (page_size & (page_size - 1)) != 0)
    return std::nullopt;
  return Meta{page_size, number_at<std::uint64_t>(meta, 16), number_at<std::uint64_t>(meta, 40),
              number_at<std::uint64_t>(meta, 48)};
}

std::optional<BoltFile::Meta> BoltFile::newest() const {
  const auto first = meta_at(0);
  std::optional<Meta> second;
  if (first) {
    second = meta_at(first->page_size);
  } else {
    // The first was being written: the second is one page further, whatever the size of a page is.
    for (std::uint32_t size = kSmallestPage; !second && size <= kLargestPage; size *= 2) {
      second = meta_at(size);
      if (second && second->page_size != size) second.reset();
    }
  }
  if (!first || (second && second->transaction > first->transaction)) return second;
  return first;
}

base::Result<BoltFile> BoltFile::open(ReadAt read, const BoltBounds& bounds) {
  BoltFile file(std::move(read), bounds);
  const auto meta = file.newest();
  if (!meta) return corrupt("it is no bbolt database, or both of its meta pages are damaged");
  file.page_size_ = meta->page_size;
  file.root_ = meta->root;
  file.end_ = meta->end;
  file.transaction_ = meta->transaction;
  return file;
}

bool BoltFile::is_current() const {
  const auto meta = newest();
  return meta && meta->transaction == transaction_;
}

base::Result<std::string> BoltFile::page(std::uint64_t number) {
  if (++pages_read_ > bounds_.pages) return fail(ErrorCode::kLimit, "it has more pages than are read");
  if (number < 2 || number >= end_) return corrupt("it names a page that is not in use");
  std::string bytes(page_size_, '\0');
  const std::uint64_t offset = number * page_size_;
  if (number > UINT64_MAX / kLargestPage) return corrupt("it names a page that is not in use");
  if (auto done = read_(offset, bytes.data(), bytes.size()); !done) return std::unexpected(done.error());
  const Header header = header_of(bytes);
  if (header.number != number) return corrupt("a page of it is not the one that its number says");
  if (header.overflow > 0) {
    const std::uint64_t size = (std::uint64_t{header.overflow} + 1) * page_size_;
    if (size > bounds_.page_bytes) return fail(ErrorCode::kLimit, "a page of it is larger than is read");
    bytes.resize(static_cast<std::size_t>(size));
    if (auto done = read_(offset + page_size_, bytes.data() + page_size_, bytes.size() - page_size_); !done)
      return std::unexpected(done.error());
  }
  return bytes;
}

base::Result<bool> BoltFile::walk_leaf(const std::string& page, const Visit& visit) {
  const std::size_t count = header_of(page).count;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = kHeader + i * kElement;
    const std::uint64_t position = number_at<std::uint32_t>(page, at + 4);
    const std::uint64_t key_size = number_at<std::uint32_t>(page, at + 8);
    const auto key = part(page, at + position, key_size);
    const auto value = part(page, at + position + key_size, number_at<std::uint32_t>(page, at + 12));
    if (!key || !value) return corrupt("an element of it lies outside its page");
    if (!visit(*key, *value, (number_at<std::uint32_t>(page, at) & kIsBucket) != 0)) return false;
  }
  return true;
}

// NOLINTNEXTLINE(misc-no-recursion): no deeper than bounds_.depth
base::Result<bool> BoltFile::walk(const std::string& page, const std::string_view* key, const Visit& visit,
                                  std::size_t depth) {
  const Header header = header_of(page);
  if (header.count * kElement > page.size() - kHeader) return corrupt("a page of it names too many elements");
  if ((header.flags & kLeaf) != 0) return walk_leaf(page, visit);
  if ((header.flags & kBranch) == 0) return corrupt("a page of it is neither a branch nor a leaf");
  if (depth == 0) return corrupt("its pages are nested without end");
  std::uint64_t way = 0;
  for (std::size_t i = 0; i < header.count; ++i) {
    const std::size_t at = kHeader + i * kElement;
    const auto begin = part(page, at + std::uint64_t{number_at<std::uint32_t>(page, at)},
                            number_at<std::uint32_t>(page, at + 4));
    if (!begin) return corrupt("an element of it lies outside its page");
    const auto child = number_at<std::uint64_t>(page, at + 8);
    if (key != nullptr) {
      // Each child begins at its element's key; the first also holds what is smaller.
      if (i > 0 && *begin > *key) break;
      way = child;
      continue;
    }
    const auto next = this->page(child);
    if (!next) return std::unexpected(next.error());
    const auto more = walk(*next, nullptr, visit, depth - 1);
    if (!more || !*more) return more;
  }
  if (key == nullptr || header.count == 0) return true;
  const auto next = this->page(way);
  if (!next) return std::unexpected(next.error());
  return walk(*next, key, visit, depth - 1);
}

base::Result<std::string> BoltFile::first_page(const Bucket& bucket) {
  if (bucket.root != 0) return page(bucket.root);
  if (bucket.inline_page.size() < kHeader) return corrupt("a bucket of it has no page");
  return bucket.inline_page;
}

base::Result<void> BoltFile::for_each(const Bucket& bucket, const Visit& visit) {
  const auto first = first_page(bucket);
  if (!first) return std::unexpected(first.error());
  if (auto done = walk(*first, nullptr, visit, bounds_.depth); !done) return std::unexpected(done.error());
  return {};
}

base::Result<void> BoltFile::find(const Bucket& bucket, std::string_view key, const Visit& visit) {
  const auto first = first_page(bucket);
  if (!first) return std::unexpected(first.error());
  const Visit match = [&](std::string_view k, std::string_view value, bool is_bucket) {
    return k != key || visit(k, value, is_bucket);
  };
  if (auto done = walk(*first, &key, match, bounds_.depth); !done) return std::unexpected(done.error());
  return {};
}

base::Result<BoltFile::Bucket> BoltFile::as_bucket(std::string_view value) {
  if (value.size() < kBucketHeader) return corrupt("a bucket of it is cut short");
  Bucket bucket{number_at<std::uint64_t>(value, 0), {}};
  if (bucket.root == 0) bucket.inline_page = value.substr(kBucketHeader);
  return bucket;
}

base::Result<std::optional<BoltFile::Bucket>> BoltFile::bucket(const Bucket& parent, std::string_view name) {
  base::Result<std::optional<Bucket>> out = std::optional<Bucket>();
  const auto done = find(parent, name, [&out](std::string_view, std::string_view value, bool is_bucket) {
    if (!is_bucket) return false;
    auto found = as_bucket(value);
    if (found) {
      out = std::optional(std::move(*found));
    } else {
      out = std::unexpected(found.error());
    }
    return false;
  });
  if (!done) return std::unexpected(done.error());
  return out;
}

base::Result<std::optional<std::string>> BoltFile::value(const Bucket& parent, std::string_view key) {
  std::optional<std::string> out;
  const auto done = find(parent, key, [&out](std::string_view, std::string_view value, bool is_bucket) {
    if (!is_bucket) out = std::string(value);
    return false;
  });
  if (!done) return std::unexpected(done.error());
  return out;
}

}  // namespace baseline::runner
