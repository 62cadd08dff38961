// The configuration of a container image. By the first byte the input is that text, or an environment, build
// steps and a command around names of the input's choosing, whose values must not leave the node.
#include "node-runner/image_config.h"

#include "base/json.h"
#include "node-runner/shell_words.h"
#include "support.h"

namespace {

using namespace baseline;
using base::Value;

constexpr std::string_view kValue = "Sw0rdfish";

// Each line is a name; values stand behind it in every way that images have.
std::string image_of(std::string_view lines) {
  Value environment = Value::list();
  Value history = Value::list();
  while (!lines.empty()) {
    std::string name(fuzz::take_line(lines));
    std::erase_if(
        name, [](char c) { return c == '=' || c == '"' || c == '\'' || c == '\\' || c == '$' || c == '`'; });
    const std::string pair = name + "=" + std::string(kValue);
    environment.push_back(pair);
    const std::string steps[] = {
        "/bin/sh -c #(nop)  ENV " + pair, "ENV " + pair + " B=" + std::string(kValue),
        "RUN |1 " + pair + " /bin/sh -c make # buildkit",
        "/bin/sh -c export " + pair + " && " + pair + " ./build --token=" + std::string(kValue)};
    for (const std::string& step : steps) history.push_back(Value(Value::Map{{"created_by", Value(step)}}));
  }
  Value config = Value::map();
  config.set("Env", std::move(environment));
  config.set("Entrypoint", Value(Value::List{"/app", "--password=" + std::string(kValue)}));
  return base::write_json(Value(
      Value::Map{{"config", std::move(config)}, {"history", std::move(history)}, {"rootfs", Value::map()}}));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest = fuzz::text_of(data + 1, size - 1);
  const bool composed = data[0] % 2 != 0;
  facts::Image image;
  runner::read_image_config(composed ? image_of(rest) : std::string(rest), image);
  fuzz::require(image.config_read() || !image.error().empty(), "an image that was not read says why");
  const std::string written = image.SerializeAsString();
  facts::Image again;
  fuzz::require(again.ParseFromString(written), "an operator can read the facts");
  const bool named_so = rest.find(kValue) != std::string_view::npos;
  fuzz::require(!composed || named_so || written.find(kValue) == std::string::npos,
                "a value does not leave the node");

  std::size_t length = 0;
  for (const auto& command : runner::shell_commands(rest)) {
    for (const auto& word : command) length += word.text.size();
  }
  fuzz::require(length <= rest.size(), "words are pieces of the script");
  return 0;
}
