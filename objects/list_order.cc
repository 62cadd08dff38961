#include "objects/list_order.h"

namespace baseline::objects {
namespace {

constexpr int kMostRestarts = 5;

}  // namespace

bool ListOrder::begin_again() {
  previous_.clear();
  return ordered_ && ++restarts_ <= kMostRestarts;
}

bool ListOrder::came_before(std::string_view key) {
  if (key.empty()) return false;
  ordered_ = ordered_ && (previous_.empty() || previous_ < key);
  previous_ = key;
  if (restarts_ > 0 && key <= last_) return true;
  last_ = key;
  return false;
}

}  // namespace baseline::objects
