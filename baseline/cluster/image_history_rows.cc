// What an image's configuration and build history tell: secrets (5.7.1.7), ADD (.10), MAINTAINER (.11) and
// updates of a package index (.12).
#include <string>
#include <utility>

#include "baseline/cluster/image_rows.h"
#include "baseline/text.h"

namespace baseline::cluster {
namespace {

void judge_secrets(const NodeRow& /*row*/, const ImageUse& use, const ImageFindings& findings) {
  const facts::Image& image = *use.image;
  const bool in_environment = image.secret_env_size() > 0;
  const bool in_history = image.secret_history_size() > 0;
  if (in_environment) {
    findings.add(Status::kFail, phrase("image-secrets.environment", join(image.secret_env(), ", ")));
  }
  if (in_history) {
    findings.add(Status::kFail, phrase("image-secrets.history", join(image.secret_history(), ", ")));
  }
  if (in_environment || in_history) return;
  if (!image.history_known()) return findings.add(Status::kManual, phrase("image.no-history"));
  findings.add(Status::kPass, phrase("image-secrets.none", std::to_string(image.env_names_size())));
}

// A count of build steps that should not be there.
void judge_steps(const facts::Image& image, std::uint32_t count, Phrase wrong, Phrase right,
                 const ImageFindings& findings) {
  if (count > 0) {
    wrong.args.push_back(std::to_string(count));
    return findings.add(Status::kFail, std::move(wrong));
  }
  if (!image.history_known()) return findings.add(Status::kManual, phrase("image.no-history"));
  findings.add(Status::kPass, std::move(right));
}

void judge_add(const NodeRow& /*row*/, const ImageUse& use, const ImageFindings& findings) {
  judge_steps(*use.image, use.image->added_files(), phrase("image-add.found"), phrase("image-add.none"),
              findings);
}

void judge_index_updates(const NodeRow& /*row*/, const ImageUse& use, const ImageFindings& findings) {
  judge_steps(*use.image, use.image->index_updates(), phrase("image-index.found"), phrase("image-index.none"),
              findings);
}

void judge_maintainer(const NodeRow& /*row*/, const ImageUse& use, const ImageFindings& findings) {
  if (use.image->maintainer()) return findings.add(Status::kFail, phrase("image-maintainer.found"));
  if (!use.image->history_known()) return findings.add(Status::kManual, phrase("image.no-history"));
  findings.add(Status::kPass, phrase("image-maintainer.none"));
}

}  // namespace

std::optional<ObjectResult> judge_image_secrets(const NodeRow& row) {
  return each_image(
      row, ImagePart::kConfig, phrase("image-secrets.expected"), judge_secrets,
      {phrase("image-secrets.pass"), phrase("image-secrets.fail"), phrase("image-secrets.manual")});
}

std::optional<ObjectResult> judge_image_add(const NodeRow& row) {
  return each_image(row, ImagePart::kConfig, phrase("image-add.expected"), judge_add,
                    {phrase("image-add.pass"), phrase("image-add.fail"), phrase("image-add.manual")});
}

std::optional<ObjectResult> judge_image_maintainer(const NodeRow& row) {
  return each_image(
      row, ImagePart::kConfig, phrase("image-maintainer.expected"), judge_maintainer,
      {phrase("image-maintainer.pass"), phrase("image-maintainer.fail"), phrase("image-maintainer.manual")});
}

std::optional<ObjectResult> judge_image_index_updates(const NodeRow& row) {
  return each_image(row, ImagePart::kConfig, phrase("image-index.expected"), judge_index_updates,
                    {phrase("image-index.pass"), phrase("image-index.fail"), phrase("image-index.manual")});
}

}  // namespace baseline::cluster
