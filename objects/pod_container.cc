#include "objects/pod_defaults.h"
#include "objects/readers.h"

namespace baseline::objects {
namespace {

using cluster::Container;
using cluster::SecurityProfile;

void read_profile(Reader& reader, Json value, SecurityProfile& out) {
  reader.fields(value, [&](std::string_view key, Json member) {
    if (key == "type") {
      reader.text(member, out.type);
    } else if (key == "localhostProfile") {
      reader.text(member, out.localhost);
    }
  });
}

void read_selinux(Reader& reader, Json value, cluster::SecurityContext& out) {
  std::string level;
  reader.fields(value, [&](std::string_view key, Json member) {
    if (key == "type") {
      reader.text(member, out.selinux_type);
    } else if (key == "level") {
      reader.text(member, level);
    }
  });
  out.selinux = !out.selinux_type.empty() || !level.empty();
}

void read_ports(Reader& reader, Json value, Container& out) {
  reader.items(value, [&](Json element) {
    cluster::ContainerPort& port = out.ports.emplace_back();
    reader.fields(element, [&](std::string_view key, Json member) {
      if (key == "containerPort") {
        reader.number(member, port.port);
      } else if (key == "hostPort") {
        reader.number(member, port.host_port);
      } else if (key == "protocol") {
        reader.text(member, port.protocol);
      }
    });
    return true;
  });
}

void read_env(Reader& reader, Json value, Container& out) {
  reader.items(value, [&](Json element) {
    cluster::EnvironmentVariable& variable = out.env.emplace_back();
    reader.fields(element, [&](std::string_view key, Json member) {
      if (key == "name") {
        reader.text(member, variable.name);
      } else if (key == "value") {
        reader.text(member, variable.literal);
      } else if (key == "valueFrom") {
        reader.fields(member, [&](std::string_view source, Json what) {
          if (source == "secretKeyRef") reader.text_of(what, "name", variable.secret);
        });
      }
    });
    return true;
  });
}

void read_env_from(Reader& reader, Json value, Container& out) {
  reader.items(value, [&](Json element) {
    reader.fields(element, [&](std::string_view key, Json member) {
      if (key == "secretRef" && !member.is_null()) {
        reader.text_of(member, "name", out.env_from_secrets.emplace_back());
      }
    });
    return true;
  });
}

void read_mounts(Reader& reader, Json value, Container& out) {
  reader.items(value, [&](Json element) {
    cluster::VolumeMount& mount = out.mounts.emplace_back();
    reader.fields(element, [&](std::string_view key, Json member) {
      if (key == "name") {
        reader.text(member, mount.volume);
      } else if (key == "mountPath") {
        reader.text(member, mount.path);
      } else if (key == "readOnly") {
        reader.flag(member, mount.read_only);
      }
    });
    return true;
  });
}

bool is_positive(Reader& reader, Json value) {
  std::string_view text;
  if (!value.get_string().get(text)) return is_positive_quantity(text);
  double number = 0;
  if (!value.get_double().get(number)) return number > 0;
  if (!value.is_null()) reader.wrong("quantity", value);
  return false;
}

Amounts read_amounts(Reader& reader, Json value) {
  Amounts out;
  reader.fields(value, [&](std::string_view key, Json member) {
    if (member.is_null()) return;
    if (key == "cpu") {
      out.cpu = is_positive(reader, member);
    } else if (key == "memory") {
      out.memory = is_positive(reader, member);
    }
  });
  return out;
}

void read_container(Reader& reader, Json value, Container& out) {
  reader.fields(value, [&](std::string_view key, Json member) {
    if (key == "name") {
      reader.text(member, out.name);
    } else if (key == "image") {
      reader.text(member, out.image);
    } else if (key == "securityContext") {
      read_security_context(reader, member, out.security);
    } else if (key == "ports") {
      read_ports(reader, member, out);
    } else if (key == "env") {
      read_env(reader, member, out);
    } else if (key == "envFrom") {
      read_env_from(reader, member, out);
    } else if (key == "volumeMounts") {
      read_mounts(reader, member, out);
    } else if (key == "volumeDevices") {
      reader.items(member, [&](Json device) {
        reader.text_of(device, "name", out.devices.emplace_back());
        return true;
      });
    } else if (key == "resources") {
      const ResourceFlags flags = read_resources(reader, member);
      out.cpu_request = flags.cpu_request;
      out.cpu_limit = flags.cpu_limit;
      out.memory_request = flags.memory_request;
      out.memory_limit = flags.memory_limit;
    } else if (key == "restartPolicy" && out.list == Container::List::kInit) {
      std::string policy;
      reader.text(member, policy);
      if (policy == "Always") out.list = Container::List::kSidecar;
    }
  });
}

}  // namespace

ResourceFlags read_resources(Reader& reader, Json value) {
  Amounts requests;
  Amounts limits;
  reader.fields(value, [&](std::string_view key, Json member) {
    if (key == "requests") {
      requests = read_amounts(reader, member);
    } else if (key == "limits") {
      limits = read_amounts(reader, member);
    }
  });
  return resource_flags(requests, limits);
}

void read_security_context(Reader& reader, Json value, cluster::SecurityContext& out) {
  reader.fields(value, [&](std::string_view key, Json member) {
    if (key == "privileged") {
      reader.flag(member, out.privileged);
    } else if (key == "allowPrivilegeEscalation") {
      reader.flag(member, out.allow_privilege_escalation);
    } else if (key == "readOnlyRootFilesystem") {
      reader.flag(member, out.read_only_root_filesystem);
    } else if (key == "runAsNonRoot") {
      reader.flag(member, out.run_as_non_root);
    } else if (key == "runAsUser") {
      reader.number(member, out.run_as_user);
    } else if (key == "capabilities") {
      reader.fields(member, [&](std::string_view list, Json names) {
        if (list == "add") {
          reader.texts(names, out.capabilities_add);
        } else if (list == "drop") {
          reader.texts(names, out.capabilities_drop);
        }
      });
    } else if (key == "seccompProfile") {
      read_profile(reader, member, out.seccomp);
    } else if (key == "appArmorProfile") {
      read_profile(reader, member, out.apparmor);
    } else if (key == "seLinuxOptions") {
      read_selinux(reader, member, out);
    } else if (key == "windowsOptions") {
      reader.fields(member, [&](std::string_view option, Json is) {
        if (option == "hostProcess") reader.flag(is, out.host_process);
      });
    }
  });
}

void read_containers(Reader& reader, Json value, Container::List list, cluster::Pod& out) {
  reader.items(value, [&](Json element) {
    if (out.containers.size() == kMaxContainers) {
      out.truncated = true;
      return false;
    }
    Container& container = out.containers.emplace_back();
    container.list = list;
    read_container(reader, element, container);
    return true;
  });
}

}  // namespace baseline::objects
