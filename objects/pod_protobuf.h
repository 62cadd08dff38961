#pragma once

#include <expected>
#include <memory>
#include <string_view>

#include "objects/parse.h"

namespace baseline::objects {

// Reads pods in Protobuf, as kube::Client::list_encoded hands them on, into the same as ObjectParser makes of
// their JSON. Keeps its buffers from one pod to the next. Not thread-safe.
class ProtobufPodParser {
 public:
  explicit ProtobufPodParser(ParseOptions options = {});
  ~ProtobufPodParser();
  ProtobufPodParser(ProtobufPodParser&&) noexcept;
  ProtobufPodParser& operator=(ProtobufPodParser&&) noexcept;

  std::expected<cluster::Pod, ParseError> parse(std::string_view message);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace baseline::objects
