#include "controllers/profile_resolver.h"

#include <fmt/format.h>

namespace baseline::controllers {

std::expected<std::shared_ptr<const ResolvedProfile>, std::vector<Mistake>> ProfileResolver::resolve(
    const std::string& name) const {
  const kube::ObjectPtr object = profiles_.get(name);
  if (!object) {
    return std::unexpected(std::vector<Mistake>{
        {"", 0,
         fmt::format(
             "there is no BaselineProfile \"{}\"; create it, or name one of `kubectl get baselineprofiles`",
             name)}});
  }
  const auto spec = parse_profile_spec((*object)["spec"]);
  if (!spec) return std::unexpected(spec.error());
  const ProfileLookup parents = [this](const std::string& parent) -> std::optional<ProfileSpec> {
    const kube::ObjectPtr found = profiles_.get(parent);
    if (!found) return std::nullopt;
    const auto parsed = parse_profile_spec((*found)["spec"]);
    return parsed ? std::optional(*parsed) : std::nullopt;
  };
  return resolve_profile(name, *spec, parents, standards_);
}

std::string mistakes_text(const std::vector<Mistake>& mistakes) {
  constexpr std::size_t kMostNamed = 50;
  std::string text = fmt::format("{} mistake{}: ", mistakes.size(), mistakes.size() == 1 ? "" : "s");
  for (std::size_t i = 0; i < mistakes.size() && i < kMostNamed; ++i) {
    if (i > 0) text += "; ";
    text += mistakes[i].text().substr(0, 500);
  }
  if (mistakes.size() > kMostNamed) text += fmt::format("; and {} more", mistakes.size() - kMostNamed);
  return text;
}

}  // namespace baseline::controllers
