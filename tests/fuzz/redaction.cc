// A secret planted at any place of a configuration file or a command line must not leave the node. The first
// bytes choose the place, the kind of secret and the file's role.
#include <iterator>
#include <string>
#include <vector>

#include "base/yaml.h"
#include "node-runner/flatten.h"
#include "node-runner/redact.h"
#include "node-runner/registries.h"
#include "support.h"

namespace {

using namespace baseline;
using base::Value;

constexpr std::string_view kPlanted = "Sw0rdfish";

// `before` is text that stands in front of the secret.
std::string secret(unsigned kind, std::string_view before) {
  const std::string planted(kPlanted);
  const std::string text(before);
  switch (kind % 5) {
    case 0:
      return text + "-----BEGIN RSA PRIVATE KEY-----\n" + planted + "\n-----END RSA PRIVATE KEY-----\n";
    case 1:
      return text + "https://user:" + planted + "@registry.example/path";
    case 2:
      return text + "eyJhbGciOiJSUzI1NiJ9." + planted + ".c2ln";
    case 3:
      return text + "password: " + planted;
    default:
      return text + "Authorization: Bearer " + planted;
  }
}

// Puts the text in place of the scalar of that number, counted in the order of the document; a scalar of a
// map stands under `key` when that is given. Gives what is left of the number.
std::size_t plant(Value& value, std::size_t number, const std::string& text, std::string_view key) {
  if (value.is_list() && !value.items().empty()) {
    Value list = Value::list();
    for (Value item : value.items()) {
      if (number != 0) number = plant(item, number, text, {});
      list.push_back(std::move(item));
    }
    value = std::move(list);
  } else if (value.is_map() && !value.members().empty()) {
    Value::Map map;
    for (auto [name, member] : value.members()) {
      const bool was_to_come = number != 0;
      const bool scalar = !member.is_map() && !member.is_list();
      if (was_to_come) number = plant(member, number, text, key);
      if (was_to_come && number == 0 && scalar && !key.empty()) name = key;
      map.emplace_back(std::move(name), std::move(member));
    }
    value = Value(std::move(map));
  } else if (--number == 0) {
    value = text;
  }
  return number;
}

void require_hidden(std::string_view shown) {
  fuzz::require(shown.find(kPlanted) == std::string_view::npos, "a secret does not leave the node", shown);
}

// Registries are facts of their own, made of the keys and values of such files.
void check_registries(const Value& document) {
  runner::Registries registries;
  runner::add_hosts_toml(Value(Value::Map{{"server", document}, {"host", document}}), "registry.example",
                         "config", registries);
  for (const auto& [key, value] : document.members()) {
    runner::add_docker_registries(
        Value(Value::Map{{"registry-mirrors", value}, {"insecure-registries", value}}), "config", registries);
    runner::add_containers_registries(Value(Value::Map{{"registry", value}}), "config", registries);
  }
  runner::add_insecure(document, "config", registries);
  for (const facts::Registry& registry : registries) {
    require_hidden(registry.host());
    require_hidden(registry.endpoint());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4) return 0;
  constexpr std::string_view kRoles[] = {"config", "kubeconfig", "encryption", "manifest", "runtime", "cni"};
  constexpr std::string_view kNames[] = {"password",  "token",  "client-key-data",
                                         "secretKey", "apiKey", "passphrase"};
  std::string_view rest = fuzz::text_of(data + 3, size - 3);
  const std::string_view before = fuzz::take_line(rest).substr(0, 64);

  auto document = base::parse_yaml(rest, "config");
  if (document) {
    const bool by_name = data[1] % 2 == 0;
    const std::string_view name = kNames[data[1] / 2 % std::size(kNames)];
    const std::string planted = by_name ? std::string(kPlanted) : secret(data[1] / 2, before);
    plant(*document, 1U + data[0], planted, by_name ? name : "");
    if (!by_name) document = Value(Value::Map{{"mirrors", *document}, {planted, *document}});
    facts::ConfigFile config;
    runner::flatten(*document, kRoles[data[2] % std::size(kRoles)], 500, *config.mutable_settings());
    for (const auto& setting : config.settings()) {
      require_hidden(setting.path());
      // By its name alone a secret is known only where it has one.
      if (!by_name || setting.path().ends_with(name)) require_hidden(setting.value());
    }
    if (!by_name) check_registries(*document);
  }

  std::vector<std::string> words;
  while (!rest.empty()) words.emplace_back(fuzz::take_line(rest));
  const std::size_t place = words.empty() ? 0 : data[0] % words.size();
  words.insert(words.begin() + static_cast<std::ptrdiff_t>(place), secret(data[1] / 2, before));
  for (const std::string& word : runner::redact_words(words)) require_hidden(word);
  return 0;
}
