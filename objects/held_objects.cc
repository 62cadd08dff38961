#include "objects/held_objects.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "objects/held_bytes.h"
#include "objects/limits.h"

namespace baseline::objects {
namespace {

constexpr std::size_t kNamedOfNamespace = 3;  // refused objects
constexpr std::size_t kMostShares = 100'000;  // more namespaces than a cluster has: the rest are one
constexpr const char* kOthers = "*";

std::string number(std::size_t count) {
  return std::to_string(count);
}

// The greatest share at which all together take no more than `room`.
std::size_t fair_share(std::vector<std::size_t> wanted, std::size_t room) {
  std::ranges::sort(wanted);
  std::size_t left = wanted.size();
  for (const std::size_t one : wanted) {
    if (one > room / left) return room / left;
    room -= one;
    --left;
  }
  return room;
}

}  // namespace

std::size_t HeldTotal::of_next() const {
  const std::size_t left = kHeldInAll - std::min(taken_, kHeldInAll);
  return std::clamp(left / 2, kHeldAtLeast, kHeldOfKind);
}

HeldObjects::HeldObjects(cluster::Kind kind, std::size_t most, ObjectSink& sink)
    : kind_(kind),
      most_(most),
      sink_(sink),
      limit_(cluster::info(kind).namespaced ? std::min(kHeldOfNamespace, most) : most) {}

HeldObjects::Share& HeldObjects::share(const std::string& ns) {
  const auto found = shares_.find(ns);
  if (found != shares_.end()) return found->second;
  return shares_[shares_.size() < kMostShares ? ns : kOthers];
}

void HeldObjects::refuse(const std::string& ns, const std::string& name, const Phrase& reason) {
  Share& of = share(ns);
  ++of.refused;
  if (of.named.size() < kNamedOfNamespace) of.named.push_back({kind_, ns, name, reason, 1});
}

void HeldObjects::add(std::vector<cluster::Object>& made) {
  if (made.empty()) return;
  const cluster::Metadata& metadata = metadata_of(made.front());
  std::size_t bytes = 0;
  for (const cluster::Object& object : made) bytes += held_bytes(object);
  if (bytes > kLargestHeld) {
    refuse(metadata.ns, metadata.name, {"objects.refused-held", {number(bytes), number(kLargestHeld)}});
    return made.clear();
  }
  if (bytes > 0) {
    Share& of = share(metadata.ns);
    if (of.bytes + bytes > limit_) {
      refuse(metadata.ns, metadata.name, {"objects.refused-share", {number(limit_)}});
      return made.clear();
    }
    of.bytes += bytes;
    bytes_ += bytes;
    for (const cluster::Object& object : made)
      sizes_.push_back(static_cast<std::uint32_t>(held_bytes(object)));
  }
  for (cluster::Object& object : made) sink_.add(std::move(object));
  made.clear();
  if (bytes_ > most_) shrink();
}

void HeldObjects::shrink() {
  std::vector<std::size_t> wanted;
  for (const auto& [ns, of] : shares_) wanted.push_back(of.bytes);
  // Some room before the next time, so that the work stays linear.
  limit_ = std::min(limit_, fair_share(std::move(wanted), most_ / 4 * 3));
  for (auto& [ns, of] : shares_) of.bytes = 0;
  bytes_ = 0;
  std::size_t at = 0;
  std::vector<std::uint32_t> kept;
  sink_.take_back(kind_, [&](const cluster::Metadata& metadata) {
    const std::uint32_t size = sizes_[at++];
    Share& of = share(metadata.ns);
    if (of.bytes + size > limit_) {
      refuse(metadata.ns, metadata.name, {"objects.refused-share", {number(limit_)}});
      return true;
    }
    of.bytes += size;
    bytes_ += size;
    kept.push_back(size);
    return false;
  });
  sizes_ = std::move(kept);
}

std::size_t HeldObjects::finish() {
  for (auto& [ns, of] : shares_) {
    const std::size_t more = of.refused - of.named.size();
    for (cluster::RefusedObject& one : of.named) sink_.refuse(std::move(one));
    if (more > 0) sink_.refuse({kind_, ns, kOthers, {"objects.refused-more", {number(more)}}, more});
  }
  shares_.clear();
  return std::exchange(bytes_, 0);
}

}  // namespace baseline::objects
