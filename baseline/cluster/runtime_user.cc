// Who a container's process is (5.7.2.2).
#include <string>
#include <string_view>
#include <utility>

#include "baseline/cluster/runtime_rows.h"

namespace baseline::cluster {
namespace {

enum class ImageUser { kUnknown, kRoot, kNumber, kName };

// What USER of an image means; without one it is root.
ImageUser image_user(const facts::Image* image) {
  if (!image || !image->config_read()) return ImageUser::kUnknown;
  const std::string_view user = std::string_view(image->user()).substr(0, image->user().find(':'));
  if (user.empty() || user == "root") return ImageUser::kRoot;
  if (user.find_first_not_of("0123456789") != std::string_view::npos) return ImageUser::kName;
  return user.find_first_not_of('0') == std::string_view::npos ? ImageUser::kRoot : ImageUser::kNumber;
}

std::string uid_of(const facts::Container& process) {
  return std::to_string(process.uid());
}

// The spec says nothing: the image does, and the process shows it.
SpecAnswer judge_by_image(const RunningContainer& container, SpecAnswer open) {
  if (!container.fact) {
    if (auto reason = container.unread()) return {Status::kError, std::move(*reason)};
    return open;
  }
  const facts::Image* image = container.node.image(*container.fact);
  const facts::Container* process = container.process;
  const bool mapped = process && process->user_namespace() && process->uid() != 0;
  const ImageUser user = image_user(image);
  switch (user) {
    case ImageUser::kNumber:
      return {Status::kPass, {}};
    case ImageUser::kRoot:
      if (mapped) return {Status::kManual, phrase("runtime.user.mapped", uid_of(*process))};
      return {Status::kFail, phrase("runtime.user.image-root")};
    case ImageUser::kName:
    case ImageUser::kUnknown:
      break;
  }
  if (!process) return {Status::kError, *container.unread()};
  // Numbers of a user namespace do not tell who the process is inside.
  if (mapped) return {Status::kManual, phrase("runtime.user.mapped", uid_of(*process))};
  // What starts as root may have given it up since; only the image's own word tells.
  if (user == ImageUser::kUnknown) {
    return {Status::kManual, phrase("runtime.user.image-unknown", uid_of(*process))};
  }
  return {Status::kPass, {}};
}

SpecAnswer judge_user(const RunningContainer& container) {
  SpecAnswer spec = spec_user(container.pod, container.spec);
  const facts::Container* process = container.process;
  const bool root = process && process->uid() == 0;
  if (spec.status == Status::kManual) {
    if (root) return {Status::kFail, phrase("runtime.user.root")};
    return judge_by_image(container, std::move(spec));
  }
  if (spec.status == Status::kPass && root) {
    return {Status::kFail,
            phrase("runtime.user.contradiction", spec.actual.args.at(0), spec.actual.args.at(1))};
  }
  if (spec.status == Status::kFail && process && process->user_namespace() && !root) {
    return {Status::kManual, phrase("runtime.user.mapped", uid_of(*process))};
  }
  return spec;
}

}  // namespace

std::optional<ObjectResult> judge_running_user(const NodeRow& row) {
  return each_container(
      row, expected_user(), judge_user,
      {phrase("runtime.user.pass"), phrase("runtime.user.fail"), phrase("runtime.user.manual")});
}

}  // namespace baseline::cluster
