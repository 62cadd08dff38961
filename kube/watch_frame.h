#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/value.h"

namespace baseline::kube {

// One line of a watch stream.
struct WatchFrame {
  enum class Type { kAdded, kModified, kDeleted, kBookmark, kError };
  Type type = Type::kError;
  std::string resource_version;  // of the object; empty for kError
  base::Value object;            // kBookmark: nearly empty; kError: the Status
  int error_code = 0;            // kError: Status.code (410: the resourceVersion is too old)
};

// Reads a frame; kInvalid if it is none (an unknown type, no object, no JSON).
base::Result<WatchFrame> parse_watch_frame(std::string_view line);

// Cuts a byte stream into lines. Memory is bounded by max_frame_bytes; a longer line is kLimit.
class FrameSplitter {
 public:
  explicit FrameSplitter(std::size_t max_frame_bytes) : max_(max_frame_bytes) {}
  // Calls `line` for each complete, non-empty line (the view lives during the call) until it returns false.
  // Returns whether it never did.
  base::Result<bool> push(std::string_view chunk, const std::function<bool(std::string_view)>& line);
  // Bytes of an unfinished line are waiting: a stream that ends now was cut.
  bool mid_frame() const { return !rest_.empty(); }

 private:
  std::string rest_;
  std::size_t max_;
};

// One page of a list.
struct Page {
  std::string resource_version;
  std::string continue_token;  // empty on the last page
  std::size_t items = 0;
};

// Walks the items of a page's JSON in one pass without building the page in memory; `body` may be given spare
// capacity. The item is handed on as text; false stops the walk. kCorrupt when the text is cut, kInvalid when
// it is no list.
base::Result<Page> walk_page(std::string& body, const std::function<bool(std::string_view item_json)>& item);

}  // namespace baseline::kube
