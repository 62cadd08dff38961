#pragma once

#include <string>
#include <string_view>

namespace baseline::objects {

// Tells the items of a list that begins again (its pages had expired) from those that came before, without
// remembering them: servers list by namespace and name in the order of bytes. Where they do not, nothing can
// be told, and the list is given up.
class ListOrder {
 public:
  // For kube::ListOptions::begin_again: whether it may.
  bool begin_again();
  // Whether the item with the key came before; notes the key if not. Items without a key are new.
  bool came_before(std::string_view key);
  // It began again, and its items do not come in order.
  bool is_lost() const { return restarts_ > 0 && !ordered_; }

 private:
  std::string last_;      // the greatest that came
  std::string previous_;  // of the item before, since the list began
  bool ordered_ = true;
  int restarts_ = 0;
};

}  // namespace baseline::objects
