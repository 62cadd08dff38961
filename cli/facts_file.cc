#include "cli/facts_file.h"

#include "baseline/facts/frame.h"

namespace baseline::cli {
namespace {

constexpr std::string_view kFrameMark = "baseline-facts/";

}  // namespace

base::Result<facts::NodeFacts> read_facts(std::string_view bytes, const std::string& name) {
  const bool framed = bytes.starts_with(kFrameMark) || bytes.contains("\nbaseline-facts/");
  auto node = framed ? facts::decode_frame(bytes, "") : facts::decode_message(bytes);
  if (!node && !framed && node.error().code == base::ErrorCode::kCorrupt) {
    node.error().message =
        "this is not what node-runner prints; give its output as it came, made with --output log or --output "
        "binary";
  }
  if (!node) node.error().where = name;
  return node;
}

}  // namespace baseline::cli
