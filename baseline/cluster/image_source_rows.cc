// Where an image comes from (5.7.1.8) and which ports it says that it serves (5.7.1.6).
#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "baseline/cluster/image_reference.h"
#include "baseline/cluster/image_rows.h"
#include "baseline/text.h"

namespace baseline::cluster {
namespace {

// The repositories that the containers name, or else those that the node knows the image by.
std::set<std::string> repositories_of(const ImageUse& use) {
  std::set<std::string> out;
  const auto note = [&](const std::string& reference) {
    if (auto repository = repository_of(reference)) out.insert(std::move(*repository));
  };
  for (const facts::Container* container : use.containers) note(container->image());
  if (!out.empty()) return out;
  for (const std::string& name : use.image->names()) note(name);
  return out;
}

// An image from a trusted place is trusted unless it names a base that is not. What an image from elsewhere
// says of its base proves nothing, so a person has to look.
void judge_sources(const NodeRow& row, const ImageUse& use, const ImageFindings& findings) {
  const std::vector<std::string> trusted = row.texts("trusted");
  const std::set<std::string> repositories = repositories_of(use);
  const std::string& base = use.image->base_name();
  const auto base_repository = base == "scratch" ? std::nullopt : repository_of(base);
  const std::string from = join(repositories, ", ");
  if (repositories.empty()) return findings.add(Status::kManual, phrase("image-sources.nameless"));
  if (std::ranges::all_of(trusted, &std::string::empty)) {
    return findings.add(Status::kManual, base.empty() ? phrase("image-sources.from", from)
                                                      : phrase("image-sources.from-base", from, base));
  }
  const bool known_base = base_repository.has_value();
  const bool trusted_base = known_base && in_registries(*base_repository, trusted);
  std::set<std::string> foreign;
  for (const std::string& repository : repositories) {
    if (!in_registries(repository, trusted)) foreign.insert(repository);
  }
  if (!foreign.empty()) {
    const std::string outside = join(foreign, ", ");
    return trusted_base ? findings.add(Status::kManual, phrase("image-sources.says-base", outside, base))
                        : findings.add(Status::kFail, phrase("image-sources.foreign", outside));
  }
  if (known_base && !trusted_base) {
    return findings.add(Status::kFail, phrase("image-sources.foreign-base", base));
  }
  findings.add(Status::kPass, known_base ? phrase("image-sources.trusted-base", from, base)
                                         : phrase("image-sources.trusted", from));
}

// The number in "8080/tcp"; nothing for what is no TCP port: the sockets of other protocols are not known.
std::optional<std::uint32_t> tcp_port(std::string_view exposed) {
  const std::size_t slash = exposed.find('/');
  const std::string_view protocol = slash == std::string_view::npos ? "tcp" : exposed.substr(slash + 1);
  const std::string_view digits = exposed.substr(0, slash);
  std::uint32_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  const bool number = error == std::errc() && end == digits.data() + digits.size();
  return number && protocol == "tcp" ? std::optional(port) : std::nullopt;
}

// What listens in the containers of an image, as far as it can be told apart from what is not theirs.
struct Listening {
  std::set<std::uint32_t>
      ports;                  // served in each namespace that runs it: none answers for another's containers
  bool seen = false;          // of at least one container
  bool host_network = false;  // of at least one container the sockets are the host's
  std::string error;
};

Listening listening_in(const ImageUse& use) {
  Listening all;
  std::map<std::string_view, std::set<std::uint32_t>> by_namespace;
  for (const facts::Container* container : use.containers) {
    if (container->process_read() && container->host_network()) {
      all.host_network = true;
    } else if (!container->process_read() || !container->listening_known()) {
      if (all.error.empty()) all.error = container->error();
    } else {
      all.seen = true;
      std::set<std::uint32_t>& ports = by_namespace[container->namespace_()];
      for (const facts::Socket& socket : container->listening()) ports.insert(socket.port());
    }
  }
  if (by_namespace.empty()) return all;
  all.ports = by_namespace.begin()->second;
  for (const auto& [ns, ports] : by_namespace)
    std::erase_if(all.ports, [&](std::uint32_t port) { return !ports.contains(port); });
  return all;
}

void judge_ports(const NodeRow& /*row*/, const ImageUse& use, const ImageFindings& findings) {
  const facts::Image& image = *use.image;
  if (image.exposed_ports_size() == 0) return findings.add(Status::kPass, phrase("image-ports.none"));
  const Listening listening = listening_in(use);
  if (!listening.seen) {
    const std::string exposed = join(image.exposed_ports(), ", ");
    if (listening.host_network) {
      return findings.add(Status::kManual, phrase("image-ports.host-network", exposed));
    }
    return findings.add(Status::kError, listening.error.empty()
                                            ? phrase("image-ports.unread", exposed)
                                            : phrase("image-ports.unread-why", exposed, listening.error));
  }
  std::vector<std::string> used;
  std::vector<std::string> silent;
  std::vector<std::string> unseen;
  for (const std::string& exposed : image.exposed_ports()) {
    const auto port = tcp_port(exposed);
    (!port ? unseen : listening.ports.contains(*port) ? used : silent).push_back(exposed);
  }
  if (!silent.empty()) findings.add(Status::kManual, phrase("image-ports.silent", join(silent, ", ")));
  if (!unseen.empty()) findings.add(Status::kManual, phrase("image-ports.unseen", join(unseen, ", ")));
  if (!used.empty()) findings.add(Status::kPass, phrase("image-ports.used", join(used, ", ")));
}

}  // namespace

std::optional<ObjectResult> judge_image_sources(const NodeRow& row) {
  return each_image(
      row, ImagePart::kConfig, phrase("image-sources.expected"), judge_sources,
      {phrase("image-sources.pass"), phrase("image-sources.fail"), phrase("image-sources.manual")});
}

std::optional<ObjectResult> judge_image_ports(const NodeRow& row) {
  // A port that is exposed and silent may be opened at another time, so none of this fails.
  return each_image(row, ImagePart::kConfig, phrase("image-ports.expected"), judge_ports,
                    {phrase("image-ports.pass"), phrase("image-ports.manual"), phrase("image-ports.manual")});
}

}  // namespace baseline::cluster
