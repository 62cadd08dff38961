// The checkpoint: lines that begin with what they are, compressed. "M" begins the nodes missing for a reason,
// "G" a group; "N" is a node of either, "C" a component, "S" a signal, "E" the number of etcd members of the
// group. "R" is the kind of object being read, "X" a kind once for each end that it has come to.
#include <algorithm>
#include <charconv>
#include <map>
#include <string_view>

#include "base/compress.h"
#include "base/digest.h"
#include "baseline/report_parts.h"

namespace baseline {
namespace {

using base::ErrorCode;
using base::fail;

constexpr std::size_t kMaxBytes = std::size_t{16} << 20;  // unpacked

void line(std::string& out, char kind, std::string_view text) {
  out += kind;
  for (const char c : text) out += c == '\n' ? ' ' : c;
  out += '\n';
}

class Reader {
 public:
  explicit Reader(const Report& shown) {
    for (const NodeGroup& group : shown.node_groups) outcomes_.emplace(group.name, group.outcome);
  }

  bool take(std::string_view text) {
    if (text.empty()) return false;
    const char kind = text.front();
    const std::string rest(text.substr(1));
    if (kind == 'R') {
      reading = rest;
      return true;
    }
    if (kind == 'X') return ++ends[rest] > 0;
    if (kind == 'M') {
      reason_ = rest;
      in_group_ = false;
      return true;
    }
    if (kind == 'G') {
      const auto outcome = outcomes_.find(rest);
      NodeGroup& group = groups.emplace_back();
      group.name = rest;
      if (outcome != outcomes_.end()) group.outcome = outcome->second;
      return in_group_ = true;
    }
    if (kind == 'N' && !in_group_) {
      missing.push_back({rest, reason_});
      return true;
    }
    return in_group_ && take_of_group(groups.back(), kind, rest);
  }

  std::vector<MissingNode> missing;
  std::vector<NodeGroup> groups;
  std::string reading;
  std::map<std::string, int> ends;

 private:
  static bool take_of_group(NodeGroup& group, char kind, const std::string& rest) {
    switch (kind) {
      case 'N':
        group.nodes.push_back(rest);
        return true;
      case 'C':
        group.components.push_back(rest);
        return true;
      case 'S':
        group.signals.push_back(rest);
        return true;
      case 'E':
        return std::from_chars(rest.data(), rest.data() + rest.size(), group.etcd_members).ec == std::errc();
      default:
        return false;
    }
  }

  std::map<std::string, std::string> outcomes_;  // not kept a second time
  std::string reason_;
  bool in_group_ = false;
};

}  // namespace

std::string checkpoint_of(const Report& report) {
  if (report.finished) return {};
  std::map<std::string_view, std::vector<std::string_view>> by_reason;
  for (const MissingNode& node : report.coverage.missing) by_reason[node.reason].push_back(node.node);
  std::string text;
  if (!report.reading.empty()) line(text, 'R', report.reading);
  for (const auto& [kind, ends] : report.ends) {
    for (int i = 0; i < ends; ++i) line(text, 'X', kind);
  }
  for (const auto& [reason, nodes] : by_reason) {
    line(text, 'M', reason);
    for (const std::string_view node : nodes) line(text, 'N', node);
  }
  for (const NodeGroup& group : report.node_groups) {
    line(text, 'G', group.name);
    for (const std::string& component : group.components) line(text, 'C', component);
    for (const std::string& signal : group.signals) line(text, 'S', signal);
    if (group.etcd_members != 0) line(text, 'E', std::to_string(group.etcd_members));
    for (const std::string& node : group.nodes) line(text, 'N', node);
  }
  return base::base64_encode(base::zstd_compress(text));
}

base::Result<void> take_checkpoint(const std::string& text, Report& report) {
  const auto packed = base::base64_decode(text);
  if (!packed) return std::unexpected(packed.error());
  const auto lines = base::zstd_decompress(*packed, kMaxBytes);
  if (!lines) return std::unexpected(lines.error());
  Reader reader(report);
  for (std::string_view rest = *lines; !rest.empty();) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos || !reader.take(rest.substr(0, end)))
      return fail(ErrorCode::kCorrupt, "the checkpoint is damaged");
    rest.remove_prefix(end + 1);
  }
  std::ranges::sort(reader.missing, {}, &MissingNode::node);
  report.coverage.missing = std::move(reader.missing);
  report.node_groups = std::move(reader.groups);
  report.node_groups_total = 0;
  report.reading = std::move(reader.reading);
  report.ends = std::move(reader.ends);
  return {};
}

}  // namespace baseline
