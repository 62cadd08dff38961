#include "kube/protobuf_page.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"

namespace baseline::kube {
namespace {

using base::ErrorCode;
using ::testing::ElementsAre;

// A delimited field of a message; lengths below 128 fit into one byte.
std::string field(int number, std::string_view bytes) {
  EXPECT_LT(bytes.size(), 128U);
  std::string out;
  out += static_cast<char>(number << 3 | 2);
  out += static_cast<char>(bytes.size());
  return out.append(bytes);
}

std::string reply(std::string_view kind, std::string_view message) {
  using namespace std::literals;
  return "k8s\0"s + field(1, field(1, "v1") + field(2, kind)) + field(2, message) + field(3, "") +
         field(4, "");
}

std::string list_of(const std::vector<std::string>& items, std::string_view token = "") {
  std::string out = field(1, field(1, "") + field(2, "41") + field(3, token));
  for (const std::string& item : items) out += field(2, item);
  return reply("PodList", out);
}

struct Walked {
  base::Result<Page> page;
  std::vector<std::string> items;
};

Walked walk(const std::string& body, std::size_t most = 1000) {
  std::vector<std::string> items;
  auto page = walk_protobuf_page(body, [&](std::string_view item) {
    items.emplace_back(item);
    return items.size() < most;
  });
  return {std::move(page), std::move(items)};
}

TEST(ProtobufPage, IsToldByItsFirstBytes) {
  EXPECT_TRUE(is_protobuf(list_of({})));
  EXPECT_FALSE(is_protobuf(R"({"kind":"PodList"})"));
  EXPECT_FALSE(is_protobuf("k8s"));
  EXPECT_FALSE(is_protobuf(""));
}

TEST(ProtobufPage, HandsOnItemsAndWhereToGoOn) {
  const Walked walked = walk(list_of({"first", "", "third"}, "token"));
  ASSERT_TRUE(walked.page.has_value()) << walked.page.error().text();
  EXPECT_THAT(walked.items, ElementsAre("first", "", "third"));
  EXPECT_EQ(walked.page->items, 3U);
  EXPECT_EQ(walked.page->resource_version, "41");
  EXPECT_EQ(walked.page->continue_token, "token");
}

TEST(ProtobufPage, AnEmptyListHasNoItems) {
  const Walked walked = walk(list_of({}));
  ASSERT_TRUE(walked.page.has_value());
  EXPECT_TRUE(walked.items.empty());
  EXPECT_EQ(walked.page->continue_token, "");
}

TEST(ProtobufPage, StopsWhenItIsTold) {
  const Walked walked = walk(list_of({"a", "b", "c"}), 2);
  ASSERT_TRUE(walked.page.has_value());
  EXPECT_THAT(walked.items, ElementsAre("a", "b"));
}

TEST(ProtobufPage, PassesOverFieldsOfOtherKinds) {
  const std::string varint{"\x18\x96\x01", 3};
  const std::string fixed = std::string("\x29", 1) + std::string(8, 'x') + "\x35" + std::string(4, 'x');
  const Walked walked =
      walk(reply("PodList", field(1, field(2, "7")) + varint + field(2, "a") + fixed + field(9, "?")));
  ASSERT_TRUE(walked.page.has_value()) << walked.page.error().text();
  EXPECT_THAT(walked.items, ElementsAre("a"));
}

TEST(ProtobufPage, BytesThatAreCutAnywhereAreNeverAWholePage) {
  const std::string whole = list_of({"first", "second"}, "token");
  for (std::size_t size = 4; size < whole.size() - 4; ++size) {  // the last four bytes are two empty fields
    const Walked walked = walk(whole.substr(0, size));
    if (walked.page) {
      EXPECT_EQ(walked.items.size(), 2U) << "cut at " << size;
    }
  }
}

TEST(ProtobufPage, OtherBytesAreCorrupt) {
  using namespace std::literals;
  for (const std::string& body :
       {"k8s\0\xFF\xFF\xFF"s, "k8s\0{\"kind\":\"PodList\"}"s, reply("PodList", "\x0B"),
        reply("PodList", "\x12\x7F"), reply("PodList", field(1, "\xFF"))}) {
    const Walked walked = walk(body);
    ASSERT_FALSE(walked.page.has_value());
    EXPECT_EQ(walked.page.error().code, ErrorCode::kCorrupt);
  }
}

TEST(ProtobufPage, AnObjectIsNoList) {
  const Walked walked = walk(reply("Pod", field(2, "x")));
  ASSERT_FALSE(walked.page.has_value());
  EXPECT_EQ(walked.page.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(walked.page.error().message, "the server's reply is no list");
}

TEST(ProtobufPage, AStatusBecomesTheJsonThatItIsElsewhere) {
  const std::string message = field(1, field(3, "again")) + field(2, "Failure") + field(3, "too old") +
                              field(4, "Expired") + "\x30\x9A\x03";
  const auto status = base::parse_json(status_from_protobuf(reply("Status", message)), "");
  ASSERT_TRUE(status.has_value()) << status.error().text();
  EXPECT_EQ((*status)["kind"].as_string(), "Status");
  EXPECT_EQ((*status)["message"].as_string(), "too old");
  EXPECT_EQ((*status)["reason"].as_string(), "Expired");
  EXPECT_EQ((*status)["code"].as_int(), 410);
  EXPECT_EQ((*status)["metadata"]["continue"].as_string(), "again");
  EXPECT_EQ(status_from_protobuf(list_of({"x"})), "");
}

}  // namespace
}  // namespace baseline::kube
