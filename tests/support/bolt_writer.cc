#include "bolt_writer.h"

#include <cstring>
#include <utility>
#include <vector>

namespace baseline::test {
namespace {

constexpr std::size_t kHeader = 16;
constexpr std::size_t kElement = 16;
constexpr std::uint16_t kBranch = 1;
constexpr std::uint16_t kLeaf = 2;
constexpr std::uint16_t kMeta = 4;
constexpr std::uint16_t kFreelist = 16;

template <typename T>
void put(std::string& out, std::size_t at, T value) {
  if (out.size() < at + sizeof value) out.resize(at + sizeof value);
  std::memcpy(out.data() + at, &value, sizeof value);
}

void put_header(std::string& page, std::uint64_t number, std::uint16_t flags, std::size_t count,
                std::uint32_t overflow) {
  put<std::uint64_t>(page, 0, number);
  put<std::uint16_t>(page, 8, flags);
  put<std::uint16_t>(page, 10, static_cast<std::uint16_t>(count));
  put<std::uint32_t>(page, 12, overflow);
}

struct Item {
  std::string key;
  std::string value;
  bool is_bucket = false;
};

class Writer {
 public:
  explicit Writer(const BoltShape& shape) : shape_(shape) { pages_.resize(3 * std::size_t{shape.page_size}); }

  std::string run(const BoltBucket& top) {
    const std::uint64_t root = write_bucket(items_of(top));
    std::string freelist;
    put_header(freelist, 2, kFreelist, 0, 0);
    std::memcpy(pages_.data() + 2 * std::size_t{shape_.page_size}, freelist.data(), freelist.size());
    rewrite_bolt_meta(pages_, 0, root, shape_.transaction, shape_);
    rewrite_bolt_meta(pages_, 1, root, shape_.transaction - 1, shape_);
    return std::move(pages_);
  }

 private:
  std::vector<Item> items_of(const BoltBucket& bucket) {
    std::map<std::string, Item> sorted;
    for (const auto& [key, value] : bucket.values) sorted[key] = {key, value, false};
    for (const auto& [key, child] : bucket.buckets) sorted[key] = {key, bucket_value(child), true};
    std::vector<Item> out;
    for (auto& [key, item] : sorted) out.push_back(std::move(item));
    return out;
  }

  std::string bucket_value(const BoltBucket& bucket) {
    const std::vector<Item> items = items_of(bucket);
    std::string value(16, '\0');
    const std::string leaf = leaf_page(items, 0);
    if (bucket.buckets.empty() && leaf.size() <= shape_.page_size / 4) return value + leaf;
    put<std::uint64_t>(value, 0, write_bucket(items));
    return value;
  }

  static std::string leaf_page(const std::vector<Item>& items, std::uint64_t number) {
    std::string page(kHeader + items.size() * kElement, '\0');
    put_header(page, number, kLeaf, items.size(), 0);
    for (std::size_t i = 0; i < items.size(); ++i) {
      const std::size_t at = kHeader + i * kElement;
      put<std::uint32_t>(page, at, items[i].is_bucket ? 1 : 0);
      put<std::uint32_t>(page, at + 4, static_cast<std::uint32_t>(page.size() - at));
      put<std::uint32_t>(page, at + 8, static_cast<std::uint32_t>(items[i].key.size()));
      put<std::uint32_t>(page, at + 12, static_cast<std::uint32_t>(items[i].value.size()));
      page += items[i].key + items[i].value;
    }
    return page;
  }

  // Appends a page whose bytes depend on its number.
  template <typename Make>
  std::uint64_t append(Make make) {
    const std::uint64_t number = pages_.size() / shape_.page_size;
    std::string page = make(number);
    const std::size_t count = (page.size() + shape_.page_size - 1) / shape_.page_size;
    put<std::uint32_t>(page, 12, static_cast<std::uint32_t>(count - 1));
    page.resize(count * shape_.page_size);
    pages_ += page;
    return number;
  }

  std::uint64_t write_bucket(const std::vector<Item>& items) {
    std::vector<std::pair<std::string, std::uint64_t>> level;
    for (std::size_t i = 0; i < items.size() || level.empty(); i += shape_.keys_of_a_leaf) {
      const std::size_t end = std::min(items.size(), i + shape_.keys_of_a_leaf);
      const std::vector<Item> part(items.begin() + static_cast<std::ptrdiff_t>(i),
                                   items.begin() + static_cast<std::ptrdiff_t>(end));
      const std::uint64_t page = append([&](std::uint64_t number) { return leaf_page(part, number); });
      level.emplace_back(part.empty() ? "" : part.front().key, page);
    }
    while (level.size() > 1) level = write_branches(level);
    return level.front().second;
  }

  std::vector<std::pair<std::string, std::uint64_t>> write_branches(
      const std::vector<std::pair<std::string, std::uint64_t>>& below) {
    std::vector<std::pair<std::string, std::uint64_t>> level;
    for (std::size_t i = 0; i < below.size(); i += shape_.keys_of_a_leaf) {
      const std::size_t end = std::min(below.size(), i + shape_.keys_of_a_leaf);
      const std::uint64_t page = append([&](std::uint64_t number) {
        std::string bytes(kHeader + (end - i) * kElement, '\0');
        put_header(bytes, number, kBranch, end - i, 0);
        for (std::size_t k = i; k < end; ++k) {
          const std::size_t at = kHeader + (k - i) * kElement;
          put<std::uint32_t>(bytes, at, static_cast<std::uint32_t>(bytes.size() - at));
          put<std::uint32_t>(bytes, at + 4, static_cast<std::uint32_t>(below[k].first.size()));
          put<std::uint64_t>(bytes, at + 8, below[k].second);
          bytes += below[k].first;
        }
        return bytes;
      });
      level.emplace_back(below[i].first, page);
    }
    return level;
  }

  BoltShape shape_;
  std::string pages_;
};

}  // namespace

void rewrite_bolt_meta(std::string& bytes, std::size_t index, std::uint64_t root, std::uint64_t transaction,
                       const BoltShape& shape) {
  std::string page;
  put_header(page, index, kMeta, 0, 0);
  put<std::uint32_t>(page, 16, 0xED0CDAED);
  put<std::uint32_t>(page, 20, 2);
  put<std::uint32_t>(page, 24, shape.page_size);
  put<std::uint32_t>(page, 28, 0);
  put<std::uint64_t>(page, 32, root);
  put<std::uint64_t>(page, 40, 0);
  put<std::uint64_t>(page, 48, 2);
  put<std::uint64_t>(page, 56, bytes.size() / shape.page_size);
  put<std::uint64_t>(page, 64, transaction);
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (std::size_t i = 16; i < 72; ++i) {
    hash ^= static_cast<unsigned char>(page[i]);
    hash *= 0x100000001b3U;
  }
  put<std::uint64_t>(page, 72, hash);
  std::memcpy(bytes.data() + index * shape.page_size, page.data(), page.size());
}

std::string write_bolt(const BoltBucket& top, const BoltShape& shape) {
  return Writer(shape).run(top);
}

}  // namespace baseline::test
