#include "objects/kind_listing.h"

#include <stop_token>
#include <utility>
#include <variant>

namespace baseline::objects {
namespace {

constexpr int kMostRestarts = 5;
constexpr std::size_t kProgressStep = 500;

void set_key(const cluster::Object& object, std::string& key) {
  const cluster::Metadata& metadata =
      std::visit([](const auto& of) -> const cluster::Metadata& { return of.metadata; }, object);
  key.clear();
  if (!metadata.ns.empty()) (key += metadata.ns) += '/';
  key += metadata.name;
}

}  // namespace

bool KindListing::begin_again() {
  previous_.clear();
  return ordered_ && ++restarts_ <= kMostRestarts;
}

bool KindListing::came_before(std::string_view key) {
  if (key.empty()) return false;
  ordered_ = ordered_ && (previous_.empty() || previous_ < key);
  previous_ = key;
  if (restarts_ > 0 && key <= last_) return true;
  last_ = key;
  return false;
}

bool KindListing::take(std::string_view json) {
  made_.clear();
  auto parsed = parser_.parse(kind_.kind, json, Padding::kReadable, made_);
  if (!parsed) {
    key_ = parsed.error().object;
  } else if (!made_.empty()) {
    set_key(made_.front(), key_);
  }
  const bool before = came_before(key_);
  // Which of the items came before cannot be told without their order.
  if (restarts_ > 0 && !ordered_) return false;
  if (before) return true;
  if (!parsed) result_.broken.add(std::move(parsed).error());
  for (cluster::Object& object : made_) sink_.add(std::move(object));
  if (++result_.objects % kProgressStep == 0 && progress_) progress_(result_.objects);
  return true;
}

KindListing::Result KindListing::run(const kube::Client& client, std::string_view version, int page_size,
                                     const std::stop_token& stop) {
  const kube::ResourceKind kind{kind_.group, version, kind_.plural, kind_.name, kind_.namespaced};
  kube::ListOptions options;
  options.page_size = page_size;
  options.begin_again = [this] { return begin_again(); };
  const auto end = client.list_raw(kind, options, [&](std::string_view json) {
    result_.stopped = stop.stop_requested();
    return !result_.stopped && take(json);
  });
  result_.stopped |= stop.stop_requested();
  if (!end) {
    result_.error = end.error();
  } else if (restarts_ > 0 && !ordered_) {
    result_.error = base::Error{base::ErrorCode::kUnavailable, "410 Expired", kind.collection_path("")};
  }
  if (progress_) progress_(result_.objects);
  return std::move(result_);
}

}  // namespace baseline::objects
