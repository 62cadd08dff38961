#pragma once

#include <map>
#include <string>
#include <string_view>

#include "baseline/cluster/finding_set.h"

namespace baseline::cluster {

// The registry of an image reference: "registry.example:5000" of "registry.example:5000/shop/cart:1";
// docker.io where none is named, as every container runtime reads it.
std::string registry_of(std::string_view image);

// Which registries running images come from: what a person needs to answer for them. Bounded.
class RegistriesInUse {
 public:
  void see(const Pod& pod);
  // A Manual finding for each.
  void tell(FindingSet& findings, const Phrase& expected) const;
  std::size_t size() const { return pods_.size(); }

 private:
  std::map<std::string, int, std::less<>> pods_;
};

}  // namespace baseline::cluster
