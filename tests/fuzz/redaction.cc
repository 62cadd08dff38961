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

// Puts the text in place of the scalar of that number, counted in the order of the document. Gives what is
// left of the number.
std::size_t plant(Value& value, std::size_t number, const std::string& text) {
  if (value.is_list() && !value.items().empty()) {
    Value list = Value::list();
    for (Value item : value.items()) {
      if (number != 0) number = plant(item, number, text);
      list.push_back(std::move(item));
    }
    value = std::move(list);
  } else if (value.is_map() && !value.members().empty()) {
    Value::Map map;
    for (auto [name, member] : value.members()) {
      if (number != 0) number = plant(member, number, text);
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
  constexpr std::string_view kLists[] = {"kubelet", "kubeconfig", "encryption", "manifest", "containerd",
                                         "cni",     "admission",  "etcd",       "k3s",      "nothing"};
  constexpr std::string_view kComponents[] = {"kube-apiserver", "kubelet", "etcd",
                                              "dockerd",        "k3s",     "nothing"};
  std::string_view rest = fuzz::text_of(data + 3, size - 3);
  const std::string_view before = fuzz::take_line(rest).substr(0, 64);

  const std::string_view list = kLists[data[2] % std::size(kLists)];
  auto document = base::parse_yaml(rest, "config");
  if (document) {
    // Where nothing is published no form gives a secret away.
    const std::string planted =
        list == "nothing" ? std::string(before) + std::string(kPlanted) : secret(data[1], before);
    plant(*document, 1U + data[0], planted);
    if (list != "nothing") document = Value(Value::Map{{"mirrors", *document}, {planted, *document}});
    facts::ConfigFile config;
    runner::flatten(*document, list, 500, *config.mutable_settings());
    for (const auto& setting : config.settings()) {
      require_hidden(setting.path());
      require_hidden(setting.value());
    }
    if (list != "nothing") check_registries(*document);
  }

  std::vector<std::string> words = {"program"};
  while (!rest.empty()) words.emplace_back(fuzz::take_line(rest));
  const std::size_t place = 1 + data[0] % words.size();
  words.insert(words.begin() + static_cast<std::ptrdiff_t>(place), secret(data[1], before));
  for (const std::string& word :
       runner::redact_words(kComponents[data[2] % std::size(kComponents)], std::move(words))) {
    require_hidden(word);
  }
  return 0;
}
