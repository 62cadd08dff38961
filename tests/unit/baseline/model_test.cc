#include "baseline/model.h"

#include <gtest/gtest.h>

namespace baseline {
namespace {

TEST(Model, StatusNamesReadBack) {
  for (const Status status : {Status::kPass, Status::kFail, Status::kManual, Status::kNotApplicable,
                              Status::kError, Status::kWaived, Status::kNotChecked}) {
    EXPECT_EQ(status_from(to_string(status)), status);
  }
  EXPECT_EQ(to_string(Status::kNotApplicable), "NotApplicable");
  EXPECT_FALSE(status_from("pass"));
}

TEST(Model, WorseFollowsTheContractsOrder) {
  const Status order[] = {Status::kFail, Status::kError,         Status::kManual,    Status::kWaived,
                          Status::kPass, Status::kNotApplicable, Status::kNotChecked};
  for (std::size_t i = 0; i < std::size(order); ++i) {
    for (std::size_t j = i; j < std::size(order); ++j) {
      EXPECT_EQ(worse(order[i], order[j]), order[i]);
      EXPECT_EQ(worse(order[j], order[i]), order[i]);
    }
  }
}

TEST(Model, LevelNamesReadBack) {
  EXPECT_EQ(level_from("mandatory"), Level::kMandatory);
  EXPECT_EQ(level_from("recommended"), Level::kRecommended);
  EXPECT_FALSE(level_from("optional"));
}

}  // namespace
}  // namespace baseline
