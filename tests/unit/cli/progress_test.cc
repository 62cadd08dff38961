#include "cli/progress.h"

#include <sstream>

#include <gtest/gtest.h>

namespace baseline::cli {
namespace {

TEST(ProgressTest, WhatIsQuicklyDoneIsNotToldOf) {
  std::ostringstream stream;
  {
    const Progress progress(stream, true, "looking");
  }
  EXPECT_EQ(stream.str(), "");
}

TEST(ProgressTest, NothingIsToldWhereNobodyLooks) {
  std::ostringstream stream;
  {
    const Progress progress(stream, false, "looking");
  }
  EXPECT_EQ(stream.str(), "");
}

}  // namespace
}  // namespace baseline::cli
