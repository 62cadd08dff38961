#pragma once

#include <map>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/value.h"
#include "baseline/model.h"
#include "baseline/phrase.h"
#include "baseline/profile.h"

// Tables of cases for requirements, one file a family, read from a folder below tests/data (tests/README.md):
//
//   5.1.4.1:
//     - {…what is there…, is: Pass, says: "flag"}
//
// What is there is the business of the test that reads the table. What must come of it has the same words
// everywhere: `is` the status; `says` stands in the English message; `finds` in the English text of a
// finding, `lacks` in none; `parameters` are the profile's.
namespace baseline::test {

struct RowCase {
  std::string file, row;
  base::Value description;  // knows its line
};
void PrintTo(const RowCase& one, std::ostream* out);

// Of all .yaml files of the folder itself, in the order of their names. What stands below `anchors` is no
// row. A file that cannot be read, a row without cases and a folder without any are failures of the test.
std::vector<RowCase> row_cases(std::string_view folder);

// "5_1_4_1_line_7", for INSTANTIATE_TEST_SUITE_P.
std::string row_case_name(const testing::TestParamInfo<RowCase>& info);

// row -> status -> how many cases.
std::map<std::string, std::map<std::string, int>> verdicts_by_row(const std::vector<RowCase>& cases);

// Gives the only requirement of the profile the parameters of the case. One that the requirement does not
// have is a failure.
void set_parameters(ResolvedProfile& profile, const RowCase& one);

// Holds a verdict against `is`, `says`, `finds` and `lacks`. `all`: the message in the first line, each
// finding in one below.
void expect_verdict(const RowCase& one, Status status, const Phrase& message, const std::string& all);

}  // namespace baseline::test
