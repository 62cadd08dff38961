#include "node-runner/boltdb.h"

#include <cstring>
#include <map>

#include <gmock/gmock.h>

#include "bolt_writer.h"

namespace baseline::runner {
namespace {

using base::ErrorCode;
using ::testing::HasSubstr;

ReadAt reader(const std::string& bytes) {
  return [&bytes](std::uint64_t offset, char* to, std::size_t size) -> base::Result<void> {
    if (offset > bytes.size() || size > bytes.size() - offset)
      return base::fail(ErrorCode::kCorrupt, "it is cut short");
    std::memcpy(to, bytes.data() + offset, size);
    return {};
  };
}

test::BoltBucket many(int count) {
  test::BoltBucket bucket;
  for (int i = 0; i < count; ++i) {
    const std::string key = "name-" + std::to_string(1000 + i);
    bucket.buckets["images"].buckets[key].values["digest"] = "d" + std::to_string(i);
    bucket.buckets["images"].buckets[key].values["big"] = std::string(i % 7 == 0 ? 9000 : 10, 'x');
  }
  bucket.values["plain"] = "value";
  return bucket;
}

// Everything that can be reached, or the first error.
base::Result<std::map<std::string, std::string>> read_all(const std::string& bytes,
                                                          const BoltBounds& bounds = {}) {
  auto file = BoltFile::open(reader(bytes), bounds);
  if (!file) return std::unexpected(file.error());
  const auto images = file->bucket(file->top(), "images");
  if (!images) return std::unexpected(images.error());
  std::map<std::string, std::string> out;
  if (!*images) return out;
  base::Result<void> inner;
  const auto done =
      file->for_each(**images, [&](std::string_view key, std::string_view value, bool is_bucket) {
        if (!is_bucket) return true;
        const auto bucket = BoltFile::as_bucket(value);
        const auto digest = bucket ? file->value(*bucket, "digest") : std::unexpected(bucket.error());
        if (!digest) {
          inner = std::unexpected(digest.error());
          return false;
        }
        out.emplace(key, digest->value_or(""));
        return true;
      });
  if (!done) return std::unexpected(done.error());
  if (!inner) return std::unexpected(inner.error());
  return out;
}

TEST(BoltFile, ReadsBranchesLeavesInlineAndOverflow) {
  for (const int count : {0, 1, 7, 300}) {
    const std::string bytes = test::write_bolt(many(count));
    const auto all = read_all(bytes);
    ASSERT_TRUE(all.has_value()) << all.error().message;
    EXPECT_EQ(all->size(), static_cast<std::size_t>(count));
    for (const auto& [key, digest] : *all)
      EXPECT_EQ(digest, "d" + std::to_string(std::stoi(key.substr(5)) - 1000));
  }
}

TEST(BoltFile, FindsEachKeyAndNoOther) {
  const std::string bytes = test::write_bolt(many(300));
  auto file = BoltFile::open(reader(bytes));
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(*file->value(file->top(), "plain"), "value");
  EXPECT_EQ(*file->value(file->top(), "plaim"), std::nullopt);
  EXPECT_EQ(*file->value(file->top(), "images"), std::nullopt);  // a bucket is no value
  EXPECT_FALSE(file->bucket(file->top(), "plain")->has_value());
  const auto images = file->bucket(file->top(), "images");
  for (int i = 0; i < 300; ++i)
    EXPECT_TRUE(file->bucket(**images, "name-" + std::to_string(1000 + i))->has_value());
  for (const char* key : {"", "a", "name-0999", "name-1300", "zzz"})
    EXPECT_FALSE(file->bucket(**images, key)->has_value()) << key;
}

TEST(BoltFile, OtherPageSizes) {
  for (const std::uint32_t size : {1024U, 16384U, 65536U}) {
    const std::string bytes = test::write_bolt(many(40), {.page_size = size});
    EXPECT_EQ(read_all(bytes)->size(), 40U) << size;
  }
}

TEST(BoltFile, TheNewestValidMetaPageCounts) {
  const test::BoltShape shape{.transaction = 9};
  std::string bytes = test::write_bolt(many(20), shape);
  // The second is newer but names an empty root.
  std::string newer = bytes;
  test::rewrite_bolt_meta(newer, 1, 99, 10, shape);
  EXPECT_FALSE(read_all(newer).has_value());
  // It was being written: its checksum is wrong.
  newer[4096 + 40] = 'x';
  EXPECT_EQ(read_all(newer)->size(), 20U);
  // The first is torn, whatever the size of a page.
  bytes[20] = 'x';
  EXPECT_EQ(read_all(bytes)->size(), 20U);
  bytes[4096 + 20] = 'x';
  EXPECT_THAT(read_all(bytes).error().message, HasSubstr("no bbolt database"));
}

TEST(BoltFile, NoticesThatItWasWrittenTo) {
  std::string bytes = test::write_bolt(many(3), {.transaction = 5});
  auto file = BoltFile::open(reader(bytes));
  ASSERT_TRUE(file.has_value());
  EXPECT_TRUE(file->is_current());
  test::rewrite_bolt_meta(bytes, 1, 3, 6);
  EXPECT_FALSE(file->is_current());
}

TEST(BoltFile, CutAnywhereItIsAnErrorOrTheWhole) {
  const std::string bytes = test::write_bolt(many(60));
  for (std::size_t size = 0; size < bytes.size(); size += 997) {
    const std::string cut = bytes.substr(0, size);
    const auto all = read_all(cut);
    EXPECT_FALSE(all.has_value()) << size;
  }
  EXPECT_TRUE(read_all(bytes).has_value());
}

TEST(BoltFile, AnyByteMayBeWrong) {
  const std::string bytes = test::write_bolt(many(30));
  for (std::size_t at = 0; at < bytes.size(); at += 13) {
    for (const char wrong : {'\xff', '\0', '\x01'}) {
      std::string bad = bytes;
      bad[at] = wrong;
      const auto all = read_all(bad, {.pages = 2000});
      if (all) {
        EXPECT_LE(all->size(), 2000U);
      }
    }
  }
}

TEST(BoltFile, PagesInACircleEnd) {
  std::string bytes = test::write_bolt(many(300));
  // Every branch leads to itself.
  for (std::size_t page = 2; page < bytes.size() / 4096; ++page) {
    std::uint64_t number = 0;
    std::uint16_t flags = 0;
    std::memcpy(&number, bytes.data() + page * 4096, 8);
    std::memcpy(&flags, bytes.data() + page * 4096 + 8, 2);
    if (number != page || flags != 1) continue;
    for (std::size_t i = 0; i < 8; ++i) std::memcpy(bytes.data() + page * 4096 + 16 + i * 16 + 8, &number, 8);
  }
  const auto all = read_all(bytes);
  ASSERT_FALSE(all.has_value());
  EXPECT_THAT(all.error().message, HasSubstr("without end"));
  EXPECT_EQ(read_all(bytes, {.pages = 5, .depth = 1000}).error().code, ErrorCode::kLimit);
}

TEST(BoltFile, APageBeyondTheBoundIsNotRead) {
  test::BoltBucket top = many(3);
  top.buckets["images"].values["huge"] = std::string(std::size_t{1} << 20, 'x');
  const std::string bytes = test::write_bolt(top);
  EXPECT_EQ(read_all(bytes, {.page_bytes = 64 << 10}).error().code, ErrorCode::kLimit);
  EXPECT_EQ(read_all(bytes)->size(), 3U);
}

}  // namespace
}  // namespace baseline::runner
