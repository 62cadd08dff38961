// Command lines of components: a line with the component's name, then a word in each line.
#include "baseline/argv.h"

#include <algorithm>

#include "baseline/component.h"
#include "support.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace baseline;
  std::string_view text = fuzz::text_of(data, size);
  const Component* component = built_in_components().find(fuzz::take_line(text));
  if (component == nullptr) component = &built_in_components().all().front();
  std::vector<std::string> argv{component->name};
  while (!text.empty()) argv.emplace_back(fuzz::take_line(text));

  std::size_t values = 0;
  std::vector<std::string> names;
  for (const FlagUse& flag : parse_flags(argv, *component)) {
    fuzz::require(!flag.values.empty(), "a flag that is there has a value", flag.name);
    fuzz::require(flag.name.find_first_of("=_") == std::string::npos, "a name is no assignment", flag.name);
    values += flag.values.size();
    names.push_back(flag.name);
  }
  fuzz::require(values < argv.size(), "there are no more flags than words");
  std::ranges::sort(names);
  fuzz::require(std::ranges::adjacent_find(names) == names.end(), "a flag stands in the list once");

  // What stands behind "--" are no flags.
  const auto before = parse_flags(argv, *component).size();
  argv.insert(argv.end(), {"x", "--", "--anonymous-auth=true"});
  fuzz::require(parse_flags(argv, *component).size() <= before + 1, "\"--\" ends the flags");
  return 0;
}
