#include "objects/pod_defaults.h"
#include "objects/readers.h"

namespace baseline::objects {
namespace {

using cluster::Container;
using cluster::Pod;
using cluster::Volume;

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
  complete_pod(options, out);
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
