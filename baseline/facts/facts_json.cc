#include "baseline/facts/facts_json.h"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/time.h"

namespace baseline::facts {
namespace {

using base::Value;

// Builds a map that leaves out what is empty, false or zero.
class Map {
 public:
  Map& text(const char* key, const std::string& value) {
    if (!value.empty()) map_.set(key, value);
    return *this;
  }
  Map& flag(const char* key, bool value) {
    if (value) map_.set(key, true);
    return *this;
  }
  Map& number(const char* key, std::int64_t value) {
    if (value != 0) map_.set(key, value);
    return *this;
  }
  Map& value(const char* key, Value value) {
    map_.set(key, std::move(value));
    return *this;
  }
  Map& texts(const char* key, const google::protobuf::RepeatedPtrField<std::string>& values) {
    Value list = Value::list();
    for (const std::string& value : values) list.push_back(value);
    return values.empty() ? *this : this->value(key, std::move(list));
  }
  template <typename Table, typename Convert>
  Map& table(const char* key, const Table& rows, Convert convert) {
    Value list = Value::list();
    for (const auto& row : rows) list.push_back(convert(row));
    return rows.empty() ? *this : value(key, std::move(list));
  }
  Value take() { return std::move(map_); }

 private:
  Value map_ = Value::map();
};

std::string presence_name(Presence presence) {
  switch (presence) {
    case PRESENT:
      return "present";
    case ABSENT:
      return "absent";
    case UNREADABLE:
      return "unreadable";
    default:
      return "unspecified";
  }
}

Value host(const Host& h) {
  return Map()
      .text("hostname", h.hostname())
      .text("osId", h.os_id())
      .text("osVersion", h.os_version())
      .text("osName", h.os_name())
      .text("kernel", h.kernel())
      .text("architecture", h.architecture())
      .take();
}

Value environment(const EnvVar& e) {
  return Map().text("name", e.name()).text("value", e.value()).flag("redacted", e.redacted()).take();
}

Value socket(const Socket& s) {
  return Map().text("protocol", s.protocol()).text("address", s.address()).number("port", s.port()).take();
}

std::string origin_name(Origin origin) {
  switch (origin) {
    case ORIGIN_HOST:
      return "host";
    case ORIGIN_STATIC_POD:
      return "static-pod";
    case ORIGIN_POD:
      return "pod";
    default:
      return "unknown";
  }
}

Value process(const Process& p) {
  return Map()
      .text("component", p.component())
      .text("bundle", p.bundle())
      .number("pid", p.pid())
      .value("uid", Value(static_cast<std::int64_t>(p.uid())))
      .text("exe", p.exe())
      .texts("argv", p.argv())
      .flag("argvTruncated", p.argv_truncated())
      .table("env", p.env(), environment)
      .number("startTicks", p.start_ticks())
      .table("listening", p.listening(), socket)
      .value("listeningKnown", p.listening_known())
      .text("version", p.version())
      .text("versionOrigin", p.version_origin())
      .text("manifest", p.manifest())
      .flag("ownRoot", p.own_root())
      .text("origin", origin_name(p.origin()))
      .text("originError", p.origin_error())
      .text("podUid", p.pod_uid())
      .text("podNamespace", p.pod_namespace())
      .text("podName", p.pod_name())
      .text("unit", p.unit())
      .take();
}

Value lookalike(const Lookalike& l) {
  return Map()
      .text("component", l.component())
      .text("podUid", l.pod_uid())
      .text("podNamespace", l.pod_namespace())
      .text("podName", l.pod_name())
      .number("processes", l.processes())
      .take();
}

Value file(const File& f) {
  Map map;
  map.text("path", f.path()).number("viewer", f.viewer()).text("presence", presence_name(f.presence()));
  if (f.presence() == PRESENT) {
    map.text("type", f.type())
        .text("mode", fmt::format("{:04o}", f.mode()))
        .value("uid", Value(static_cast<std::int64_t>(f.uid())))
        .value("gid", Value(static_cast<std::int64_t>(f.gid())))
        .text("owner", f.owner())
        .text("group", f.group())
        .number("size", static_cast<std::int64_t>(f.size()));
  }
  return map.text("target", f.target()).text("error", f.error()).take();
}

Value directory(const Directory& d) {
  return Map()
      .text("path", d.path())
      .number("viewer", d.viewer())
      .text("presence", presence_name(d.presence()))
      .texts("entries", d.entries())
      .flag("recursive", d.recursive())
      .flag("complete", d.complete())
      .text("error", d.error())
      .take();
}

Value setting(const Setting& s) {
  Map map;
  map.text("path", s.path());
  switch (s.kind()) {
    case Setting::NULL_VALUE:
      map.value("value", Value());
      break;
    case Setting::EMPTY_MAP:
      map.value("value", Value::map());
      break;
    case Setting::EMPTY_LIST:
      map.value("value", Value::list());
      break;
    case Setting::BOOL:
      map.value("value", s.value() == "true");
      break;
    default:
      if (!s.redacted()) map.value("value", s.value());
  }
  return map.flag("redacted", s.redacted()).take();
}

Value config(const ConfigFile& c) {
  return Map()
      .text("path", c.path())
      .number("viewer", c.viewer())
      .text("component", c.component())
      .text("role", c.role())
      .text("apiVersion", c.api_version())
      .text("kind", c.kind())
      .table("settings", c.settings(), setting)
      .text("error", c.error())
      .take();
}

std::string moment(std::int64_t seconds) {
  return seconds == 0 ? std::string() : base::format_time(base::Time(std::chrono::seconds(seconds)));
}

Value certificate(const Certificate& c) {
  return Map()
      .text("path", c.path())
      .number("viewer", c.viewer())
      .number("index", c.index())
      .text("subject", c.subject())
      .text("issuer", c.issuer())
      .text("notBefore", moment(c.not_before()))
      .text("notAfter", moment(c.not_after()))
      .text("sha256", c.sha256())
      .flag("isCa", c.is_ca())
      .text("error", c.error())
      .take();
}

Value unit(const SystemdUnit& u) {
  return Map()
      .text("name", u.name())
      .text("fragmentPath", u.fragment_path())
      .texts("dropInPaths", u.drop_in_paths())
      .take();
}

Value network(const CniNetwork& n) {
  return Map().text("path", n.path()).text("name", n.name()).texts("plugins", n.plugins()).take();
}

Value cni(const Cni& c) {
  return Map()
      .text("confDir", c.conf_dir())
      .text("confDirOrigin", c.conf_dir_origin())
      .table("networks", c.networks(), network)
      .take();
}

Value registry(const Registry& r) {
  return Map()
      .text("host", r.host())
      .text("endpoint", r.endpoint())
      .flag("plainHttp", r.plain_http())
      .flag("skipVerify", r.skip_verify())
      .text("source", r.source())
      .take();
}

Value runtime(const ContainerRuntime& r) {
  return Map()
      .text("name", r.name())
      .text("configPath", r.config_path())
      .text("configError", r.config_error())
      .table("registries", r.registries(), registry)
      .text("root", r.root())
      .take();
}

Value lsm(const Lsm& l) {
  return Map()
      .value("known", l.known())
      .texts("active", l.active())
      .flag("apparmor", l.apparmor())
      .flag("selinux", l.selinux())
      .flag("selinuxEnforcing", l.selinux_enforcing())
      .take();
}

Value container(const Container& c) {
  Map map;
  map.text("namespace", c.namespace_())
      .text("pod", c.pod())
      .text("podUid", c.pod_uid())
      .text("name", c.name())
      .text("image", c.image())
      .text("imageId", c.image_id())
      .text("runtime", c.runtime())
      .value("processRead", c.process_read());
  // Zero and false are answers here, where the process was read.
  if (c.process_read()) {
    map.value("uid", Value(static_cast<std::int64_t>(c.uid())))
        .value("userNamespace", c.user_namespace())
        .value("seccomp", Value(static_cast<std::int64_t>(c.seccomp())))
        .value("noNewPrivs", c.no_new_privs())
        .value("capabilities", fmt::format("{:016x}", c.capabilities()))
        .value("lsmLabel", c.lsm_label())
        .value("hostNetwork", c.host_network())
        .table("listening", c.listening(), socket)
        .value("listeningKnown", c.listening_known());
  }
  return map.text("error", c.error()).take();
}

Value set_id_file(const File& f) {
  return Map().text("path", f.path()).text("mode", fmt::format("{:04o}", f.mode())).take();
}

Value root_filesystem(const RootFilesystem& r) {
  Map map;
  map.value("read", r.read());
  if (r.read()) {
    map.text("osName", r.os_name())
        .texts("shells", r.shells())
        .texts("packageManagers", r.package_managers())
        .texts("tools", r.tools())
        .table("setIdFiles", r.set_id_files(), set_id_file)
        .value("setIdTotal", Value(static_cast<std::int64_t>(r.set_id_total())))
        .value("filesSeen", Value(static_cast<std::int64_t>(r.files_seen())))
        .value("complete", r.complete());
  }
  return map.text("error", r.error()).take();
}

Value image(const Image& i) {
  Map map;
  map.text("id", i.id()).texts("names", i.names()).value("configRead", i.config_read());
  if (i.config_read()) {
    map.value("user", i.user())
        .texts("entrypoint", i.entrypoint())
        .texts("exposedPorts", i.exposed_ports())
        .texts("envNames", i.env_names())
        .texts("secretEnv", i.secret_env())
        .value("historyKnown", i.history_known())
        .texts("secretHistory", i.secret_history())
        .value("addedFiles", Value(static_cast<std::int64_t>(i.added_files())))
        .value("maintainer", i.maintainer())
        .value("indexUpdates", Value(static_cast<std::int64_t>(i.index_updates())))
        .text("baseName", i.base_name());
  }
  return map.number("bytes", static_cast<std::int64_t>(i.bytes()))
      .value("root", root_filesystem(i.root()))
      .text("error", i.error())
      .take();
}

Value error(const CollectionError& e) {
  return Map().text("table", e.table()).text("subject", e.subject()).text("reason", e.reason()).take();
}

}  // namespace

Value to_value(const NodeFacts& facts) {
  return Map()
      .number("schemaVersion", facts.schema_version())
      .value("host", host(facts.host()))
      .table("processes", facts.processes(), process)
      .table("lookalikes", facts.lookalikes(), lookalike)
      .number("lookalikesTotal", facts.lookalikes_total())
      .table("files", facts.files(), file)
      .table("directories", facts.directories(), directory)
      .table("configs", facts.configs(), config)
      .table("certificates", facts.certificates(), certificate)
      .table("units", facts.units(), unit)
      .value("cni", cni(facts.cni()))
      .table("runtimes", facts.runtimes(), runtime)
      .value("lsm", lsm(facts.lsm()))
      .value("containersKnown", facts.containers_known())
      .table("containers", facts.containers(), container)
      .table("images", facts.images(), image)
      .table("errors", facts.errors(), error)
      .take();
}

}  // namespace baseline::facts
