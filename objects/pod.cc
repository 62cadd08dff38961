#include <array>

#include "objects/readers.h"

namespace baseline::objects {
namespace {

using cluster::Container;
using cluster::Pod;
using cluster::SecurityProfile;
using cluster::Volume;

constexpr std::string_view kPodSeccomp = "seccomp.security.alpha.kubernetes.io/pod";
constexpr std::string_view kContainerSeccomp = "container.seccomp.security.alpha.kubernetes.io/";
constexpr std::string_view kContainerAppArmor = "container.apparmor.security.beta.kubernetes.io/";

// A token for another audience than the API server's is of no use there. Its own names are settings; all
// known ones have one of these in them.
bool is_api_audience(std::string_view audience) {
  return audience.empty() || audience == "api" || audience.find("kubernetes") != std::string_view::npos;
}

void read_projected(Reader& reader, Json value, Volume& out) {
  reader.fields(value, [&](std::string_view key, Json member) {
    if (key != "sources") return;
    reader.items(member, [&](Json source) {
      reader.fields(source, [&](std::string_view kind, Json what) {
        if (kind != "serviceAccountToken" || what.is_null()) return;
        std::string audience;
        reader.text_of(what, "audience", audience);
        out.service_account_token |= is_api_audience(audience);
      });
      return true;
    });
  });
}

void read_host_path(Reader& reader, Json value, Volume& out) {
  if (value.is_null()) return;
  out.is_host_path = true;
  reader.fields(value, [&](std::string_view key, Json member) {
    if (key == "path") {
      reader.text(member, out.host_path);
    } else if (key == "type") {
      reader.text(member, out.host_path_type);
    }
  });
}

void read_volumes(Reader& reader, Json value, Pod& out) {
  reader.items(value, [&](Json element) {
    if (out.volumes.size() == kMaxVolumes) {
      out.truncated = true;
      return false;
    }
    Volume& volume = out.volumes.emplace_back();
    reader.fields(element, [&](std::string_view key, Json member) {
      if (key == "name") {
        reader.text(member, volume.name);
      } else if (key == "hostPath") {
        read_host_path(reader, member, volume);
      } else if (key == "projected") {
        read_projected(reader, member, volume);
      } else if (key == "csi") {
        reader.text_of(member, "driver", volume.csi_driver);
      }
    });
    return true;
  });
}

bool names_windows(const cluster::Labels& node_selector) {
  return std::ranges::any_of(std::array{"kubernetes.io/os", "beta.kubernetes.io/os"}, [&](const char* key) {
    const auto found = node_selector.find(key);
    return found != node_selector.end() && found->second == "windows";
  });
}

SecurityProfile profile_of(std::string_view annotation) {
  constexpr std::string_view kLocalhost = "localhost/";
  if (annotation == "runtime/default" || annotation == "docker/default") return {"RuntimeDefault", {}};
  if (annotation == "unconfined") return {"Unconfined", {}};
  if (annotation.starts_with(kLocalhost)) {
    return {"Localhost", std::string(annotation.substr(kLocalhost.size()))};
  }
  return {};
}

void take_annotation(const Pod& pod, std::string_view prefix, std::string_view name, SecurityProfile& out) {
  if (!out.type.empty()) return;  // the field wins
  const auto found = pod.metadata.annotations.find(std::string(prefix) + std::string(name));
  if (found != pod.metadata.annotations.end()) out = profile_of(found->second);
}

// What the fields leave open, from the annotations that came before them; and the defaults of the API.
void complete(const ParseOptions& options, Pod& pod) {
  if (pod.service_account.empty()) pod.service_account = "default";
  if (options.seccomp_annotations) take_annotation(pod, kPodSeccomp, "", pod.security.seccomp);
  const bool annotated = !pod.metadata.annotations.empty();
  for (Container& container : pod.containers) {
    if (annotated) {
      take_annotation(pod, kContainerAppArmor, container.name, container.security.apparmor);
      if (options.seccomp_annotations) {
        take_annotation(pod, kContainerSeccomp, container.name, container.security.seccomp);
      }
    }
    if (!pod.host_network) continue;
    for (cluster::ContainerPort& port : container.ports) {
      if (port.host_port == 0) port.host_port = port.port;
    }
  }
}

}  // namespace

void read_pod_spec(Reader& reader, Json value, Pod& out) {
  std::string old_account;
  reader.fields(value, [&](std::string_view key, Json member) {
    if (key == "containers") {
      read_containers(reader, member, Container::List::kContainer, out);
    } else if (key == "initContainers") {
      read_containers(reader, member, Container::List::kInit, out);
    } else if (key == "ephemeralContainers") {
      read_containers(reader, member, Container::List::kEphemeral, out);
    } else if (key == "volumes") {
      read_volumes(reader, member, out);
    } else if (key == "nodeName") {
      reader.text(member, out.node);
    } else if (key == "serviceAccountName") {
      reader.text(member, out.service_account);
    } else if (key == "serviceAccount") {
      reader.text(member, old_account);
    } else if (key == "automountServiceAccountToken") {
      reader.flag(member, out.automount_token);
    } else if (key == "hostNetwork") {
      reader.flag(member, out.host_network);
    } else if (key == "hostIPC") {
      reader.flag(member, out.host_ipc);
    } else if (key == "hostPID") {
      reader.flag(member, out.host_pid);
    } else if (key == "hostUsers") {
      reader.flag(member, out.host_users);
    } else if (key == "securityContext") {
      read_security_context(reader, member, out.security);
    } else if (key == "os") {
      std::string os;
      reader.text_of(member, "name", os);
      out.windows |= os == "windows";
    } else if (key == "nodeSelector") {
      cluster::Labels selector;
      read_labels(reader, member, selector);
      out.windows |= names_windows(selector);
    } else if (key == "resources") {
      const ResourceFlags flags = read_resources(reader, member);
      out.pod_cpu_request = flags.cpu_request;
      out.pod_cpu_limit = flags.cpu_limit;
      out.pod_memory_request = flags.memory_request;
      out.pod_memory_limit = flags.memory_limit;
    }
  });
  if (out.service_account.empty()) out.service_account = std::move(old_account);
}

void read_pod_template(Reader& reader, Json value, const ParseOptions& options, Pod& out) {
  reader.fields(value, [&](std::string_view key, Json member) {
    if (key == "metadata") {
      read_metadata(reader, member, out.metadata);
    } else if (key == "spec") {
      read_pod_spec(reader, member, out);
    }
  });
  complete(options, out);
}

void read_pod(Reader& reader, Json object, const ParseOptions& options, Objects& out) {
  Pod pod;
  read_pod_template(reader, object, options, pod);
  reader.fields(object, [&](std::string_view key, Json member) {
    if (key == "status") reader.text_of(member, "phase", pod.phase);
    if (key == "metadata") reader.text_of(member, "uid", pod.uid);
  });
  out.emplace_back(std::move(pod));
}

}  // namespace baseline::objects
