// A watch stream: bytes in pieces of any size, cut into lines, each a frame. The first byte says how large
// the pieces are.
#include "kube/watch_frame.h"

#include <string>
#include <vector>

#include "base/json.h"
#include "support.h"

namespace {

using baseline::fuzz::require;
constexpr std::size_t kMaxFrame = 1024;

struct Cut {
  std::vector<std::string> lines;
  bool whole = true;  // no line was too long
  bool mid_frame = false;
};

Cut cut(std::string_view text, std::size_t piece) {
  Cut out;
  baseline::kube::FrameSplitter splitter(kMaxFrame);
  while (!text.empty() && out.whole) {
    const std::string chunk(text.substr(0, piece));  // of its own, so that a read beyond its end is seen
    text.remove_prefix(chunk.size());
    const auto went_on = splitter.push(chunk, [&](std::string_view line) {
      require(!line.empty() && line.size() <= kMaxFrame && line.find('\n') == std::string_view::npos,
              "a line is what stands between two line ends, within the bound");
      out.lines.emplace_back(line);
      return true;
    });
    out.whole = went_on.has_value();
  }
  out.mid_frame = splitter.mid_frame();
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text = baseline::fuzz::text_of(data + 1, size - 1);
  const Cut pieces = cut(text, 1U + data[0] % 64U);
  const Cut at_once = cut(text, size);
  require(pieces.lines == at_once.lines && pieces.whole == at_once.whole,
          "where a stream is cut does not matter");
  require(!pieces.whole || pieces.mid_frame == (!text.empty() && text.back() != '\n'),
          "an unfinished line is known to be unfinished");
  for (const std::string& line : pieces.lines) {
    const auto frame = baseline::kube::parse_watch_frame(line);
    if (!frame) {
      baseline::fuzz::require_sentence(frame.error());
      continue;
    }
    require(frame->object.is_map(), "a frame has an object");
    if (frame->type == baseline::kube::WatchFrame::Type::kError) continue;
    require(!frame->resource_version.empty(), "a frame that is no error has a resourceVersion to go on from");
    require(baseline::base::parse_json(baseline::base::write_json(frame->object), "").has_value(),
            "an object can be written");
  }
  return 0;
}
