#include "node-runner/containerd_metadata.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <memory>
#include <optional>
#include <system_error>
#include <thread>

#include <unistd.h>

#include "node-runner/boltdb.h"
#include "node-runner/json_members.h"

namespace baseline::runner {
namespace {

using base::ErrorCode;
using base::fail;
using Bucket = BoltFile::Bucket;

constexpr int kTries = 6;
constexpr std::chrono::milliseconds kPause{
    50};  // between tries: a container that starts is a few transactions
constexpr std::size_t kMaxLabels = 256;
// How the CRI plugin notes what it knows of a container.
constexpr std::string_view kExtension = "io.cri-containerd.container.metadata";

ReadAt reader(Context& context, std::shared_ptr<RootView::File> file) {
  return [&context, file = std::move(file)](std::uint64_t offset, char* to,
                                            std::size_t size) -> base::Result<void> {
    if (auto allowed = context.spend(size); !allowed) return allowed;
    while (size > 0) {
      const ssize_t got = ::pread(file->fd.get(), to, size, static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return fail(ErrorCode::kUnavailable, std::generic_category().message(errno));
      if (got == 0) return fail(ErrorCode::kCorrupt, "it is cut short");
      to += got;
      offset += static_cast<std::uint64_t>(got);
      size -= static_cast<std::size_t>(got);
    }
    return {};
  };
}

// The bucket at the end of a path of names; nothing when one of them is not there.
base::Result<std::optional<Bucket>> descend(BoltFile& file, const Bucket& from,
                                            std::initializer_list<std::string_view> names) {
  std::optional<Bucket> at = from;
  for (const std::string_view name : names) {
    auto next = file.bucket(*at, name);
    if (!next || !*next) return next;
    at = std::move(*next);
  }
  return at;
}

base::Result<void> read_images(Context& context, BoltFile& file, const Bucket& images,
                               ContainerdMetadata& out) {
  base::Result<void> result;
  const auto done = file.for_each(images, [&](std::string_view name, std::string_view value, bool is_bucket) {
    if (!is_bucket) return true;
    const auto image = BoltFile::as_bucket(value);
    const auto target = image ? file.bucket(*image, "target") : std::unexpected(image.error());
    if (!target) {
      result = std::unexpected(target.error());
      return false;
    }
    if (!*target) return true;
    const auto digest = file.value(**target, "digest");
    if (!digest) {
      result = std::unexpected(digest.error());
      return false;
    }
    if (out.images.size() >= context.limits().store_entries || name.size() > 4096) {
      result = fail(ErrorCode::kLimit, "it knows more images than are read");
      return false;
    }
    if (*digest) out.images.emplace(name, **digest);
    return true;
  });
  return done ? result : done;
}

// The value of a protobuf Any: field 2, as bytes.
std::string_view any_value(std::string_view any) {
  const auto varint = [&any]() -> std::uint64_t {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !any.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(any.front());
      any.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if ((byte & 0x80U) == 0) break;
    }
    return value;
  };
  while (!any.empty()) {
    const std::uint64_t tag = varint();
    if ((tag & 7U) != 2U) return {};
    const std::uint64_t size = varint();
    if (size > any.size()) return {};
    const std::string_view field = any.substr(0, static_cast<std::size_t>(size));
    if (tag >> 3U == 2U) return field;
    any.remove_prefix(field.size());
  }
  return {};
}

base::Result<void> read_container(BoltFile& file, const Bucket& bucket, ContainerdMetadata::Container& out) {
  const auto image = file.value(bucket, "image");
  if (!image) return std::unexpected(image.error());
  out.image = image->value_or("");
  const auto labels = file.bucket(bucket, "labels");
  if (!labels) return std::unexpected(labels.error());
  if (*labels) {
    const auto done = file.for_each(**labels, [&out](std::string_view key, std::string_view value, bool) {
      if (value.size() <= 4096) out.labels.emplace(key, value);
      return out.labels.size() < kMaxLabels;
    });
    if (!done) return done;
  }
  const auto extensions = file.bucket(bucket, "extensions");
  if (!extensions) return std::unexpected(extensions.error());
  if (!*extensions) return {};
  const auto noted = file.value(**extensions, kExtension);
  if (!noted) return std::unexpected(noted.error());
  if (!*noted) return {};
  constexpr auto kMembers = std::to_array<std::string_view>({"Metadata"});
  const auto document = parse_json_members(any_value(**noted), kMembers);
  if (document) out.config_id = (*document)["Metadata"]["ImageRef"].as_string();
  return {};
}

base::Result<ContainerdMetadata> read_once(Context& context, BoltFile& file,
                                           const std::set<std::string>& ids) {
  ContainerdMetadata out;
  const auto space = descend(file, file.top(), {"v1", "k8s.io"});
  if (!space) return std::unexpected(space.error());
  if (!*space) return fail(ErrorCode::kNotFound, "it knows nothing of the namespace k8s.io");
  const auto images = file.bucket(**space, "images");
  if (!images) return std::unexpected(images.error());
  if (*images) {
    if (auto done = read_images(context, file, **images, out); !done) return std::unexpected(done.error());
  }
  const auto containers = file.bucket(**space, "containers");
  if (!containers) return std::unexpected(containers.error());
  for (const std::string& id : *containers ? ids : std::set<std::string>()) {
    const auto container = file.bucket(**containers, id);
    if (!container) return std::unexpected(container.error());
    if (!*container) continue;
    if (auto done = read_container(file, **container, out.containers[id]); !done)
      return std::unexpected(done.error());
  }
  return out;
}

}  // namespace

base::Result<ContainerdMetadata> read_containerd_metadata(Context& context, int viewer,
                                                          const std::string& path,
                                                          const std::set<std::string>& ids) {
  for (int i = 0; i < kTries; ++i) {
    const auto root = context.view(viewer);
    if (!root) return std::unexpected(root.error());
    auto opened = (*root)->open_file(path);
    if (!opened) return std::unexpected(opened.error());
    auto file = BoltFile::open(reader(context, std::make_shared<RootView::File>(std::move(*opened))));
    if (!file) return std::unexpected(file.error());  // of two meta pages one is whole at any time
    auto out = read_once(context, *file, ids);
    if (file->is_current()) return out;
    std::this_thread::sleep_for(kPause);
  }
  return fail(ErrorCode::kUnavailable, "it was written to each time that it was read");
}

}  // namespace baseline::runner
