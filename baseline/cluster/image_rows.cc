#include "baseline/cluster/image_rows.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace baseline::cluster {
namespace {

struct ImageBuiltin {
  std::string_view name;
  JudgeNodeRow judge;
};

constexpr std::array<ImageBuiltin, 8> kBuiltins{{
    {"image-base", judge_image_base},
    {"image-ports", judge_image_ports},
    {"image-secrets", judge_image_secrets},
    {"image-sources", judge_image_sources},
    {"image-set-id-files", judge_image_set_id},
    {"image-add-instruction", judge_image_add},
    {"image-maintainer-instruction", judge_image_maintainer},
    {"image-index-updates", judge_image_index_updates},
}};

// Why the part of the image is not known, if so.
std::optional<Phrase> unread(const ImageUse& use, ImagePart part) {
  if (!use.image) {
    const std::string& reason = use.containers.front()->error();
    return reason.empty() ? phrase("image.not-found") : phrase("image.not-found-why", reason);
  }
  const bool root = part == ImagePart::kRoot;
  if (root ? use.image->root().read() : use.image->config_read()) return std::nullopt;
  const std::string& own = root ? use.image->root().error() : use.image->error();
  const std::string& reason = own.empty() ? use.image->error() : own;
  if (root) return reason.empty() ? phrase("image.root-unread") : phrase("image.root-unread-why", reason);
  return reason.empty() ? phrase("image.config-unread") : phrase("image.config-unread-why", reason);
}

}  // namespace

void ImageFindings::add(Status status, Phrase actual) const {
  const FindingSubject subject{"Image", "", use_.name, "", nullptr, &row_.node.context().labels};
  row_.findings.add(subject, status, expected_, std::move(actual), use_.pods);
}

ObjectResult each_image(const NodeRow& row, ImagePart part, const Phrase& expected, JudgeImage judge,
                        RowSentences sentences) {
  for (const ImageUse& use : row.node.images()) {
    const ImageFindings findings(row, use, expected);
    if (auto reason = unread(use, part)) {
      findings.add(Status::kError, std::move(*reason));
    } else {
      judge(row, use, findings);
    }
  }
  return conclude_row(row, std::move(sentences), !row.node.images().empty(), row.node.unknown());
}

JudgeNodeRow image_row(std::string_view builtin) {
  const auto* it = std::ranges::find(kBuiltins, builtin, &ImageBuiltin::name);
  return it == kBuiltins.end() ? nullptr : it->judge;
}

}  // namespace baseline::cluster
