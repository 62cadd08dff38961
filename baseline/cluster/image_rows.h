#pragma once

#include <optional>
#include <string>

#include "baseline/cluster/node_row.h"

// The rows about images, one function each; image_rows.cc names their builtins.
namespace baseline::cluster {

std::optional<ObjectResult> judge_image_base(const NodeRow& row);           // 5.7.1.4
std::optional<ObjectResult> judge_image_ports(const NodeRow& row);          // 5.7.1.6
std::optional<ObjectResult> judge_image_secrets(const NodeRow& row);        // 5.7.1.7
std::optional<ObjectResult> judge_image_sources(const NodeRow& row);        // 5.7.1.8
std::optional<ObjectResult> judge_image_set_id(const NodeRow& row);         // 5.7.1.9
std::optional<ObjectResult> judge_image_add(const NodeRow& row);            // 5.7.1.10
std::optional<ObjectResult> judge_image_maintainer(const NodeRow& row);     // 5.7.1.11
std::optional<ObjectResult> judge_image_index_updates(const NodeRow& row);  // 5.7.1.12

// The findings about one image.
class ImageFindings {
 public:
  ImageFindings(const NodeRow& row, const ImageUse& use, Phrase expected)
      : row_(row), use_(use), expected_(std::move(expected)) {}
  void add(Status status, Phrase actual) const;

 private:
  const NodeRow& row_;
  const ImageUse& use_;
  Phrase expected_;
};

// What of the facts a row rests on.
enum class ImagePart { kConfig, kRoot };

// Hands every image that a container uses to `judge`, and takes what it finds together. An image of which the
// part was not read is Error, and not handed on.
using JudgeImage = void (*)(const NodeRow& row, const ImageUse& use, const ImageFindings& findings);
ObjectResult each_image(const NodeRow& row, ImagePart part, const Phrase& expected, JudgeImage judge,
                        RowSentences sentences);

}  // namespace baseline::cluster
