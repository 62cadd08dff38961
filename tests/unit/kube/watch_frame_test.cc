#include "kube/watch_frame.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace baseline::kube {
namespace {

using base::ErrorCode;

std::vector<std::string> split(FrameSplitter& splitter, std::string_view chunk) {
  std::vector<std::string> lines;
  const auto more = splitter.push(chunk, [&](std::string_view line) {
    lines.emplace_back(line);
    return true;
  });
  EXPECT_TRUE(more.value_or(false));
  return lines;
}

TEST(FrameSplitterTest, JoinsChunksIntoLines) {
  FrameSplitter splitter(100);
  EXPECT_EQ(split(splitter, "ab"), std::vector<std::string>{});
  EXPECT_TRUE(splitter.mid_frame());
  EXPECT_EQ(split(splitter, "c\nd\n\n"), (std::vector<std::string>{"abc", "d"}));
  EXPECT_FALSE(splitter.mid_frame());
  EXPECT_EQ(split(splitter, "e\nf"), std::vector<std::string>{"e"});
  EXPECT_EQ(split(splitter, "\n"), std::vector<std::string>{"f"});
}

TEST(FrameSplitterTest, ALineBeyondTheBoundIsAnError) {
  FrameSplitter splitter(4);
  const auto ignore = [](std::string_view) { return true; };
  EXPECT_TRUE(splitter.push("1234\n12", ignore).has_value());
  const auto result = splitter.push("345", ignore);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kLimit);
}

TEST(FrameSplitterTest, StopsWhenTheReaderWantsNoMore) {
  FrameSplitter splitter(100);
  int lines = 0;
  const auto more = splitter.push("a\nb\nc\n", [&](std::string_view) { return ++lines < 2; });
  EXPECT_EQ(more, base::Result<bool>(false));
  EXPECT_EQ(lines, 2);
}

TEST(WatchFrameTest, ReadsAnObject) {
  const auto frame = parse_watch_frame(
      R"({"type":"MODIFIED","object":{"kind":"Pod","metadata":{"name":"p","resourceVersion":"12"},"x":1}})");
  ASSERT_TRUE(frame.has_value());
  EXPECT_EQ(frame->type, WatchFrame::Type::kModified);
  EXPECT_EQ(frame->resource_version, "12");
  EXPECT_EQ(frame->object["x"].as_int(), 1);
}

TEST(WatchFrameTest, ReadsABookmarkAndAnError) {
  const auto bookmark =
      parse_watch_frame(R"({"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"13"}}})");
  ASSERT_TRUE(bookmark.has_value());
  EXPECT_EQ(bookmark->type, WatchFrame::Type::kBookmark);
  EXPECT_EQ(bookmark->resource_version, "13");
  const auto error =
      parse_watch_frame(R"({"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}})");
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->type, WatchFrame::Type::kError);
  EXPECT_EQ(error->error_code, 410);
}

TEST(WatchFrameTest, WhatIsNoFrameIsRefused) {
  for (const char* line :
       {"", "{", "[]", "{}", R"({"type":"NEW","object":{}})", R"({"type":"ADDED"})",
        R"({"type":"ADDED","object":"x"})", R"({"type":"ADDED","object":{"metadata":{"name":"x"}}})",
        R"({"type":"ADDED","object":{"metadata":{"resourceVersion":"1"}}})", "{\"type\":\"ADDED\",\xff"}) {
    const auto frame = parse_watch_frame(line);
    ASSERT_FALSE(frame.has_value()) << line;
    EXPECT_EQ(frame.error().code, ErrorCode::kInvalid) << line;
  }
}

base::Result<Page> walk(std::string body, std::vector<std::string>* items = nullptr) {
  return walk_page(body, [&](std::string_view item) {
    if (items != nullptr) items->emplace_back(item);
    return true;
  });
}

TEST(WalkPageTest, GivesItemsAndMetadataInAnyOrder) {
  std::vector<std::string> items;
  const auto page =
      walk(R"({"items":[{"a":{"b":[1,{}]}} , {}],"metadata":{"continue":"c\u0041","remainingItemCount":3,)"
           R"("resourceVersion":"7"},"kind":"PodList"})",
           &items);
  ASSERT_TRUE(page.has_value()) << page.error().text();
  EXPECT_EQ(page->continue_token, "cA");
  EXPECT_EQ(page->resource_version, "7");
  EXPECT_EQ(page->items, 2U);
  ASSERT_EQ(items.size(), 2U);
  EXPECT_TRUE(items[0].starts_with(R"({"a":{"b":[1,{}]}})")) << items[0];
  EXPECT_EQ(items[1].substr(0, 2), "{}");
}

TEST(WalkPageTest, ANullListIsEmpty) {
  const auto page = walk(R"({"metadata":{"resourceVersion":"7"},"items":null})");
  ASSERT_TRUE(page.has_value()) << page.error().text();
  EXPECT_EQ(page->items, 0U);
}

TEST(WalkPageTest, StopsWhenTheReaderWantsNoMore) {
  std::string body = R"({"items":[{},{},{}]})";
  int seen = 0;
  const auto page = walk_page(body, [&](std::string_view) { return ++seen < 2; });
  ASSERT_TRUE(page.has_value());
  EXPECT_EQ(seen, 2);
}

TEST(WalkPageTest, ATextCutAnywhereIsNeverAWholeList) {
  const std::string whole =
      R"({"kind":"PodList","metadata":{"resourceVersion":"7"},"items":[{"a":"x"},{"b":[1,2]}]})";
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(walk(whole.substr(0, length)).has_value()) << whole.substr(0, length);
  }
  EXPECT_EQ(walk(whole.substr(0, 60)).error().code, ErrorCode::kCorrupt);
}

TEST(WalkPageTest, WhatIsNoListIsRefused) {
  for (const char* body : {"[]", "\"x\"", "{}", R"({"kind":"Status"})", R"({"items":{}})",
                           R"({"items":["x"]})", R"({"items":nell})", R"({"items":nul})",
                           R"({"items":[],"metadata":[]})", R"({"metadata":{"continue":5},"items":[]})"}) {
    EXPECT_FALSE(walk(body).has_value()) << body;
  }
}

}  // namespace
}  // namespace baseline::kube
