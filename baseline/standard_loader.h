#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "baseline/model.h"
#include "baseline/requirement_parse.h"

namespace baseline {

// One file of a standard.
struct StandardFile {
  std::string name;  // for messages: "kxy-cs001-2023/5.1-apiserver.yaml"
  std::string text;
};

// Reads a standard from its files (docs/standard-format.md). Every mistake is reported, each with file, line
// and expectation; on any mistake there is no standard.
std::expected<std::shared_ptr<const Standard>, std::vector<Mistake>> load_standard(
    const std::vector<StandardFile>& files, RowOrigin origin = RowOrigin::kBuiltIn);

// The standards built into the program, by id ("kxy-cs001-2023"). Null for an unknown id.
// Loaded once, on first use; safe from any thread.
std::shared_ptr<const Standard> built_in_standard(std::string_view id);
std::vector<std::string> built_in_standard_ids();
// The files of one of them, as they were compiled in.
std::vector<StandardFile> built_in_standard_files(std::string_view id);

}  // namespace baseline
