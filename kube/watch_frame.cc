#include "kube/watch_frame.h"

#include <optional>
#include <utility>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/json.h"

namespace baseline::kube {
namespace {

using base::ErrorCode;
using base::fail;

std::optional<WatchFrame::Type> frame_type(std::string_view name) {
  if (name == "ADDED") return WatchFrame::Type::kAdded;
  if (name == "MODIFIED") return WatchFrame::Type::kModified;
  if (name == "DELETED") return WatchFrame::Type::kDeleted;
  if (name == "BOOKMARK") return WatchFrame::Type::kBookmark;
  if (name == "ERROR") return WatchFrame::Type::kError;
  return std::nullopt;
}

base::Error page_error(simdjson::error_code code) {
  const bool cut = code == simdjson::INCOMPLETE_ARRAY_OR_OBJECT || code == simdjson::UNCLOSED_STRING ||
                   code == simdjson::EMPTY || code == simdjson::TAPE_ERROR;
  return {cut ? ErrorCode::kCorrupt : ErrorCode::kInvalid,
          fmt::format("the server's list is not valid JSON: {}", simdjson::error_message(code)), ""};
}

// Reads metadata and items in whichever order they come. Throws nothing: every step gives an error code.
class PageWalk {
 public:
  explicit PageWalk(const std::function<bool(std::string_view)>& item) : item_(item) {}

  base::Result<Page> run(std::string& body) {
    if (body.capacity() < body.size() + simdjson::SIMDJSON_PADDING)
      body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
    simdjson::ondemand::parser parser;
    simdjson::ondemand::document document;
    simdjson::ondemand::object root;
    const simdjson::padded_string_view text(body.data(), body.size(), body.capacity());
    if (const auto error = parser.iterate(text).get(document)) return std::unexpected(page_error(error));
    if (const auto error = document.get_object().get(root)) return std::unexpected(page_error(error));
    bool has_items = false;
    for (auto field : root) {
      std::string_view key;
      if (const auto error = field.unescaped_key().get(key)) return std::unexpected(page_error(error));
      simdjson::error_code error = simdjson::SUCCESS;
      if (key == "metadata") {
        error = metadata(field.value());
      } else if (key == "items") {
        has_items = true;
        error = items(field.value());
      }
      if (error) return std::unexpected(page_error(error));
      if (stopped_) return page_;
    }
    if (!has_items) return fail(ErrorCode::kInvalid, "the server's reply is no list: it has no \"items\"");
    return page_;
  }

 private:
  simdjson::error_code metadata(simdjson::simdjson_result<simdjson::ondemand::value> value) {
    simdjson::ondemand::object object;
    if (const auto error = value.get_object().get(object)) return error;
    for (auto field : object) {
      std::string_view key;
      std::string_view text;
      if (const auto error = field.unescaped_key().get(key)) return error;
      if (key != "resourceVersion" && key != "continue") continue;
      if (const auto error = field.value().get_string().get(text)) return error;
      (key == "continue" ? page_.continue_token : page_.resource_version) = text;
    }
    return simdjson::SUCCESS;
  }

  simdjson::error_code items(simdjson::simdjson_result<simdjson::ondemand::value> value) {
    simdjson::ondemand::json_type type{};
    if (const auto error = value.type().get(type)) return error;
    // An empty list written by Go may be null.
    if (type == simdjson::ondemand::json_type::null) {
      bool null = false;
      if (const auto error = value.is_null().get(null)) return error;
      return null ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
    }
    simdjson::ondemand::array array;
    if (const auto error = value.get_array().get(array)) return error;
    for (auto element : array) {
      simdjson::ondemand::object object;
      std::string_view text;
      if (const auto error = element.get_object().get(object)) return error;
      if (const auto error = object.raw_json().get(text)) return error;
      ++page_.items;
      if (!item_(text)) {
        stopped_ = true;
        return simdjson::SUCCESS;
      }
    }
    return simdjson::SUCCESS;
  }

  const std::function<bool(std::string_view)>& item_;
  Page page_;
  bool stopped_ = false;
};

}  // namespace

base::Result<WatchFrame> parse_watch_frame(std::string_view line) {
  auto value = base::parse_json(line, "");
  if (!value) return fail(ErrorCode::kInvalid, "a frame of the watch stream is " + value.error().message);
  const auto type = frame_type((*value)["type"].as_string());
  base::Value* object = value->find("object");
  if (!type || object == nullptr || !object->is_map()) {
    return fail(ErrorCode::kInvalid, fmt::format("a frame of the watch stream is none: type \"{:.32}\"",
                                                 (*value)["type"].as_string()));
  }
  WatchFrame frame;
  frame.type = *type;
  frame.object = std::move(*object);
  if (*type == WatchFrame::Type::kError) {
    frame.error_code = static_cast<int>(frame.object["code"].as_int());
    return frame;
  }
  const base::Value& metadata = frame.object["metadata"];
  frame.resource_version = metadata["resourceVersion"].as_string();
  if (frame.resource_version.empty() ||
      (*type != WatchFrame::Type::kBookmark && metadata["name"].as_string().empty())) {
    return fail(ErrorCode::kInvalid, "an object of the watch stream has no name or no resourceVersion");
  }
  return frame;
}

base::Result<bool> FrameSplitter::push(std::string_view chunk,
                                       const std::function<bool(std::string_view)>& line) {
  while (!chunk.empty()) {
    const auto end = chunk.find('\n');
    const std::string_view piece = chunk.substr(0, end);
    if (rest_.size() + piece.size() > max_) {
      return fail(ErrorCode::kLimit,
                  fmt::format("a frame of the watch stream is larger than {} bytes", max_));
    }
    if (end == std::string_view::npos) {
      rest_ += piece;
      return true;
    }
    chunk.remove_prefix(end + 1);
    bool go_on = true;
    if (rest_.empty()) {
      if (!piece.empty()) go_on = line(piece);
    } else {
      rest_ += piece;
      go_on = line(rest_);
      rest_.clear();
    }
    if (!go_on) return false;
  }
  return true;
}

base::Result<Page> walk_page(std::string& body, const std::function<bool(std::string_view item_json)>& item) {
  return PageWalk(item).run(body);
}

}  // namespace baseline::kube
