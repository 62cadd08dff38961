// What an image's root filesystem holds: tools (5.7.1.4), setuid and setgid files (5.7.1.9).
#include <string>
#include <utility>

#include <fmt/format.h>

#include "baseline/cluster/image_rows.h"
#include "baseline/text.h"

namespace baseline::cluster {
namespace {

constexpr int kMostNamed = 5;  // paths that one finding names

template <typename Paths>
std::string some_of(const Paths& paths) {
  std::string text;
  int named = 0;
  for (const auto& path : paths) {
    if (named++ == kMostNamed) return text + ", …";
    text += (text.empty() ? "" : ", ") + path;
  }
  return text;
}

// What the image says that it was built on, or its system's own name.
std::string base_of(const facts::Image& image) {
  return image.base_name().empty() ? image.root().os_name() : image.base_name();
}

// A finding, with the image's base where it is known.
Phrase with_base(Phrase plain, Phrase based, const facts::Image& image) {
  std::string base = base_of(image);
  if (base.empty()) return plain;
  based.args.push_back(std::move(base));
  return based;
}

// Nobody installs software in a running container, debugs it with what the image carries or compiles there:
// package managers and tools fail. A shell may be what the program is started by, which a person must judge.
void judge_base(const NodeRow& /*row*/, const ImageUse& use, const ImageFindings& findings) {
  const facts::Image& image = *use.image;
  const facts::RootFilesystem& root = image.root();
  const bool managers = root.package_managers_size() > 0;
  const bool tools = root.tools_size() > 0;
  const bool shells = root.shells_size() > 0;
  if (managers) {
    const std::string paths = some_of(root.package_managers());
    findings.add(Status::kFail, with_base(phrase("image-base.managers", paths),
                                          phrase("image-base.managers-on", paths), image));
  }
  if (tools) {
    const std::string paths = some_of(root.tools());
    findings.add(Status::kFail,
                 with_base(phrase("image-base.tools", paths), phrase("image-base.tools-on", paths), image));
  }
  if (shells) {
    const std::string paths = some_of(root.shells());
    findings.add(Status::kManual,
                 with_base(phrase("image-base.shells", paths), phrase("image-base.shells-on", paths), image));
  }
  if (managers || tools || shells) return;
  const std::string files = std::to_string(root.files_seen());
  if (!root.complete()) return findings.add(Status::kError, phrase("image.walk-cut", files));
  findings.add(Status::kPass,
               with_base(phrase("image-base.none", files), phrase("image-base.none-on", files), image));
}

void judge_set_id(const NodeRow& /*row*/, const ImageUse& use, const ImageFindings& findings) {
  const facts::RootFilesystem& root = use.image->root();
  const auto listed = static_cast<std::uint32_t>(root.set_id_files_size());
  const std::uint32_t total = std::max(root.set_id_total(), listed);
  const std::string seen = std::to_string(root.files_seen());
  if (total > 0) {
    std::vector<std::string> files;
    for (const facts::File& file : root.set_id_files()) {
      files.push_back(fmt::format("{} ({:o})", file.path(), file.mode()));
    }
    findings.add(Status::kFail, phrase("image-set-id.found", std::to_string(total), some_of(files)));
    return;
  }
  if (!root.complete()) return findings.add(Status::kError, phrase("image.walk-cut", seen));
  findings.add(Status::kPass, phrase("image-set-id.none", seen));
}

}  // namespace

std::optional<ObjectResult> judge_image_base(const NodeRow& row) {
  return each_image(row, ImagePart::kRoot, phrase("image-base.expected"), judge_base,
                    {phrase("image-base.pass"), phrase("image-base.fail"), phrase("image-base.manual")});
}

std::optional<ObjectResult> judge_image_set_id(const NodeRow& row) {
  // No image waits for a person here.
  return each_image(row, ImagePart::kRoot, phrase("image-set-id.expected"), judge_set_id,
                    {phrase("image-set-id.pass"), phrase("image-set-id.fail"), phrase("node.incomplete")});
}

}  // namespace baseline::cluster
