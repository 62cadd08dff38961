#pragma once

#include <memory>
#include <string>
#include <vector>

#include "baseline/profile.h"
#include "controllers/stores.h"

namespace baseline::controllers {

// A profile's name turned into what a scan is judged by, from the profiles as they are now.
class ProfileResolver {
 public:
  ProfileResolver(const Store& profiles, StandardLookup standards)
      : profiles_(profiles), standards_(std::move(standards)) {}

  // All mistakes of the profile and of those it extends; a profile that does not exist is one mistake.
  std::expected<std::shared_ptr<const ResolvedProfile>, std::vector<Mistake>> resolve(
      const std::string& name) const;

 private:
  const Store& profiles_;
  StandardLookup standards_;
};

// "3 mistakes: spec.x: …; spec.y: …", bounded to a length that a condition's message holds.
std::string mistakes_text(const std::vector<Mistake>& mistakes);

}  // namespace baseline::controllers
