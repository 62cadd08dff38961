#include "cli/facts_file.h"

#include <climits>

#include <fmt/format.h>

#include "baseline/facts/frame.h"
#include "baseline/facts/schema.h"
#include "baseline/facts/wire.h"

namespace baseline::cli {
namespace {

constexpr std::string_view kFrameMark = "baseline-facts/";

}  // namespace

base::Result<facts::NodeFacts> read_facts(std::string_view bytes, const std::string& name) {
  using base::ErrorCode;
  if (bytes.starts_with(kFrameMark) || bytes.contains("\nbaseline-facts/")) {
    auto node = facts::decode_frame(bytes, "");
    if (!node) node.error().where = name;
    return node;
  }
  const facts::FrameLimits limits;
  if (bytes.size() > limits.payload_bytes || facts::count_fields(bytes, limits.fields) > limits.fields) {
    return base::fail(ErrorCode::kLimit, "the file is larger than a node's facts can be", name);
  }
  facts::NodeFacts node;
  if (bytes.empty() || bytes.size() > INT_MAX ||
      !node.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) || node.schema_version() == 0) {
    return base::fail(
        ErrorCode::kCorrupt,
        "this is not what node-runner prints; give its output as it came, made with --output log "
        "or --output binary",
        name);
  }
  if (node.schema_version() > facts::kSchemaVersion) {
    return base::fail(ErrorCode::kInvalid,
                      fmt::format("the facts have version {}, and this program reads {} at most; use the "
                                  "kubectl-baseline that came with that node-runner",
                                  node.schema_version(), facts::kSchemaVersion),
                      name);
  }
  return node;
}

}  // namespace baseline::cli
