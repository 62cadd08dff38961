#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

// Reads a bbolt database file, which is what containerd keeps its metadata in, while its owner writes to it:
// no lock is taken. Pages are read one at a time and every number in them is checked.
namespace baseline::runner {

// Reads exactly `size` bytes at `offset`; an Error when the file is shorter.
using ReadAt = std::function<base::Result<void>(std::uint64_t offset, char* to, std::size_t size)>;

struct BoltBounds {
  std::size_t page_bytes = std::size_t{4} << 20;  // of one page with its overflow
  std::size_t pages = 65'536;                     // read in all
  std::size_t depth = 24;                         // of one tree
};

// A snapshot: the tree of the newest transaction at the time of opening. Pages that the writer frees are
// written over two transactions later, so a reader asks is_current() at its end and starts anew when it is
// not. Errors: kCorrupt (contradicts itself: damaged, or written over meanwhile), kLimit, and what `read`
// answers. On one thread.
class BoltFile {
 public:
  // A tree of keys. `inline_page` holds a small bucket's only page.
  struct Bucket {
    std::uint64_t root = 0;
    std::string inline_page;
  };
  // Called in the order of keys; views are valid during the call. False ends the walk.
  using Visit = std::function<bool(std::string_view key, std::string_view value, bool is_bucket)>;

  static base::Result<BoltFile> open(ReadAt read, const BoltBounds& bounds = {});

  Bucket top() const { return {root_, {}}; }
  // Nothing when there is no such bucket.
  base::Result<std::optional<Bucket>> bucket(const Bucket& parent, std::string_view name);
  base::Result<std::optional<std::string>> value(const Bucket& parent, std::string_view key);
  base::Result<void> for_each(const Bucket& bucket, const Visit& visit);
  // The bucket whose value a walk was handed.
  static base::Result<Bucket> as_bucket(std::string_view value);

  // Whether no transaction has been committed since.
  bool is_current() const;

 private:
  struct Meta {
    std::uint32_t page_size = 0;
    std::uint64_t root = 0;
    std::uint64_t end = 0;  // pages from this number on are not in use
    std::uint64_t transaction = 0;
  };
  explicit BoltFile(ReadAt read, const BoltBounds& bounds) : read_(std::move(read)), bounds_(bounds) {}
  std::optional<Meta> meta_at(std::uint64_t offset) const;
  std::optional<Meta> newest() const;
  base::Result<std::string> page(std::uint64_t number);
  // Leaf elements of the tree below; with `key` only the way to that key is taken.
  base::Result<bool> walk(const std::string& page, const std::string_view* key, const Visit& visit,
                          std::size_t depth);
  base::Result<bool> walk_leaf(const std::string& page, const Visit& visit);
  base::Result<void> find(const Bucket& bucket, std::string_view key, const Visit& visit);
  base::Result<std::string> first_page(const Bucket& bucket);

  ReadAt read_;
  BoltBounds bounds_;
  std::size_t pages_read_ = 0;
  std::uint32_t page_size_ = 0;
  std::uint64_t root_ = 0;
  std::uint64_t end_ = 0;
  std::uint64_t transaction_ = 0;
};

}  // namespace baseline::runner
