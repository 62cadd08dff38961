#include "crds/condition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hidden_texts.h"

namespace baseline::crds {
namespace {

const base::Time kThen = base::parse_time("2026-01-01T00:00:00Z").value();
const base::Time kNow = base::parse_time("2026-01-02T00:00:00Z").value();

Condition ready(std::string status, std::string message = "m") {
  return {std::string(kReady), std::move(status), "Reason", std::move(message), 1, {}};
}

TEST(Condition, IsPutInOnce) {
  std::vector<Condition> conditions;
  EXPECT_TRUE(set_condition(conditions, ready("True"), kThen));
  EXPECT_FALSE(set_condition(conditions, ready("True"), kNow));
  ASSERT_EQ(conditions.size(), 1U);
  EXPECT_EQ(conditions[0].last_transition_time, kThen);
  EXPECT_TRUE(find_condition(conditions, kReady)->is_true());
  EXPECT_EQ(find_condition(conditions, kStalled), nullptr);
}

TEST(Condition, KeepsItsTimeWhileTheStatusStays) {
  std::vector<Condition> conditions;
  set_condition(conditions, ready("True"), kThen);
  EXPECT_TRUE(set_condition(conditions, ready("True", "other"), kNow));
  EXPECT_EQ(conditions[0].last_transition_time, kThen);
  EXPECT_EQ(conditions[0].message, "other");
  EXPECT_TRUE(set_condition(conditions, ready("False", "other"), kNow));
  EXPECT_EQ(conditions[0].last_transition_time, kNow);
  EXPECT_FALSE(conditions[0].is_true());
}

TEST(Condition, IsRemoved) {
  std::vector<Condition> conditions;
  set_condition(conditions, ready("True"), kThen);
  EXPECT_FALSE(remove_condition(conditions, kStalled));
  EXPECT_TRUE(remove_condition(conditions, kReady));
  EXPECT_TRUE(conditions.empty());
}

TEST(Condition, LongTextsAreCutWithinTheServersBounds) {
  std::vector<Condition> conditions;
  std::string chinese;
  for (int i = 0; i < 20000; ++i) chinese += "错";
  set_condition(conditions, ready("False", chinese), kThen);
  EXPECT_LE(conditions[0].message.size(), 32768U);
  EXPECT_TRUE(conditions[0].message.ends_with("错…"));
  // Cut the same way again, it is no change.
  EXPECT_FALSE(set_condition(conditions, ready("False", chinese), kNow));
}

TEST(Condition, NothingHiddenIsWritten) {
  std::vector<Condition> conditions;
  set_condition(conditions, ready("False", testing::kHiddenText), kThen);
  EXPECT_FALSE(testing::shows_hidden(conditions[0].message)) << conditions[0].message;
  EXPECT_TRUE(conditions[0].message.starts_with("a\\u001b[2J"));
  EXPECT_FALSE(set_condition(conditions, ready("False", testing::kHiddenText), kNow));
}

TEST(Condition, IsReadBack) {
  std::vector<Condition> conditions;
  set_condition(conditions, ready("True"), kThen);
  EXPECT_EQ(conditions_from(to_value(conditions), "status.conditions"), conditions);
  EXPECT_TRUE(conditions_from(base::Value(), "status.conditions")->empty());
  EXPECT_EQ(conditions_from(base::Value("x"), "status.conditions").error().where, "status.conditions");
}

}  // namespace
}  // namespace baseline::crds
