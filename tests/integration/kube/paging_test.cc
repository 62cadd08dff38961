// Lists in pages, also when the past that they are pages of is forgotten between two of them.
#include <set>

#include <gtest/gtest.h>

#include "integration/kube/objects.h"
#include "integration/support/control_plane.h"

namespace baseline::integration {
namespace {

constexpr int kObjects = 2000;
constexpr const char* kNamespace = "paging";

class Paging : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const Connection client;
    ASSERT_TRUE(client->create(kube::kNamespace, "", name_space(kNamespace)));
    for (int i = 0; i < kObjects; ++i) {
      const auto created = client->create(kConfigMap, kNamespace, config_map("c-" + std::to_string(i)));
      ASSERT_TRUE(created) << created.error().text();
    }
  }
};

TEST_F(Paging, EveryObjectOnceInPagesOfTheSizeAskedFor) {
  const Connection client;
  std::set<std::string> names;
  std::size_t largest = 0;
  const auto end = client->list(kConfigMap, {.ns = kNamespace, .page_size = 300}, [&](auto&& items) {
    largest = std::max(largest, items.size());
    for (const base::Value& item : items) {
      EXPECT_EQ(item["kind"].as_string(), "ConfigMap");
      EXPECT_TRUE(names.insert(item.at("metadata.name").as_string()).second);
    }
    return true;
  });
  ASSERT_TRUE(end) << end.error().text();
  EXPECT_EQ(names.size(), kObjects);
  EXPECT_EQ(end->items, kObjects);
  EXPECT_EQ(end->pages, 7);
  EXPECT_EQ(largest, 300);
  EXPECT_FALSE(end->resource_version.empty());
}

TEST_F(Paging, RawItemsAreTheSame) {
  const Connection client;
  std::size_t items = 0;
  const auto end =
      client->list_raw(kConfigMap, {.ns = kNamespace, .page_size = 500}, [&](std::string_view json) {
        EXPECT_TRUE(json.starts_with('{') && json.ends_with('}'));
        ++items;
        return true;
      });
  ASSERT_TRUE(end) << end.error().text();
  EXPECT_EQ(items, kObjects);
  EXPECT_EQ(end->pages, 4);
}

TEST_F(Paging, StopsWhenEnoughWasSeen) {
  const Connection client;
  int pages = 0;
  const auto end =
      client->list(kConfigMap, {.ns = kNamespace, .page_size = 100}, [&](auto&&) { return ++pages < 3; });
  ASSERT_TRUE(end) << end.error().text();
  EXPECT_EQ(pages, 3);
}

TEST_F(Paging, SelectorsAreTheServersBusiness) {
  const Connection client;
  const auto one = client->list_all(kConfigMap, {.ns = kNamespace, .field_selector = "metadata.name=c-77"});
  ASSERT_TRUE(one) << one.error().text();
  ASSERT_EQ(one->size(), 1U);
  EXPECT_EQ(one->front().at("metadata.name").as_string(), "c-77");
}

TEST_F(Paging, AListThatExpiresBetweenTwoPagesMustBeBegunAgain) {
  const Connection client;
  std::size_t seen = 0;
  const auto end = client->list(kConfigMap, {.ns = kNamespace, .page_size = 500}, [&](auto&& items) {
    if (seen == 0) {
      // etcd forgets the version that the list is of, and the server's own caches end with it.
      EXPECT_TRUE(client->create(kConfigMap, kNamespace, config_map("later")));
      plane().stop_api_server();
      plane().compact_etcd();
      plane().start_api_server();
    }
    seen += items.size();
    return true;
  });
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().code, base::ErrorCode::kUnavailable) << end.error().text();
  EXPECT_EQ(seen, 500U) << "nothing from another version was mixed in";
  const auto again = client->list_all(kConfigMap, {.ns = kNamespace});
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(again->size(), kObjects + 1);
}

}  // namespace
}  // namespace baseline::integration
