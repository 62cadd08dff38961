#include "baseline/facts/bounds.h"

#include <array>

#include "baseline/facts/facts.pb.h"

namespace baseline::facts {
namespace {

using Form = FieldBound::Form;

// A path of 4096 bytes, each of which may have become a character of three when it was no UTF-8.
constexpr std::size_t kPath = std::size_t{3} * 4096;
constexpr std::size_t kReason = kPath + 4096;  // a sentence that may name a path
constexpr std::size_t kWord = 64;
constexpr std::size_t kName = 512;                               // of an object, a host, a user
constexpr std::size_t kLongName = 4096;                          // of an image, a subject, a label
constexpr std::size_t kValue = std::size_t{3} * 8192;            // of a setting: what is longer is withheld
constexpr std::size_t kArgument = std::size_t{3} * (128 << 10);  // MAX_ARG_STRLEN, as with kPath

constexpr FieldBound number(std::string_view name) {
  return {.name = name};
}
constexpr FieldBound text(std::string_view name, std::size_t bytes) {
  return {.name = name, .form = Form::kText, .text_bytes = bytes};
}
constexpr FieldBound texts(std::string_view name, std::size_t count, std::size_t bytes) {
  return {.name = name, .form = Form::kText, .count = count, .text_bytes = bytes};
}
constexpr FieldBound messages(std::string_view name, std::size_t count, const MessageBound& message) {
  return {.name = name, .form = Form::kMessage, .count = count, .message = &message};
}
constexpr FieldBound table(std::string_view name, std::size_t rows, const MessageBound& row,
                           std::size_t kibibytes) {
  return {.name = name, .form = Form::kMessage, .count = rows, .message = &row, .bytes = kibibytes << 10U};
}

constexpr std::array kHostFields{text("hostname", kName), text("os_id", kName),  text("os_version", kName),
                                 text("os_name", kName),  text("kernel", kName), text("architecture", kName)};
constexpr MessageBound kHost{"Host", sizeof(Host), kHostFields};

constexpr std::array kEnvVarFields{text("name", kLongName), text("value", kValue), number("redacted")};
constexpr MessageBound kEnvVar{"EnvVar", sizeof(EnvVar), kEnvVarFields};

constexpr std::array kSocketFields{text("protocol", kWord), text("address", kName), number("port")};
constexpr MessageBound kSocket{"Socket", sizeof(Socket), kSocketFields};

constexpr std::array kProcessFields{text("component", kWord),
                                    text("bundle", kWord),
                                    number("pid"),
                                    number("uid"),
                                    text("exe", kPath),
                                    texts("argv", 8192, kArgument),
                                    number("argv_truncated"),
                                    messages("env", 512, kEnvVar),
                                    number("start_ticks"),
                                    messages("listening", 8192, kSocket),
                                    number("listening_known"),
                                    text("version", kName),
                                    text("version_origin", kReason),
                                    text("manifest", kPath),
                                    number("own_root"),
                                    number("origin"),
                                    text("origin_error", kReason),
                                    text("pod_uid", kName),
                                    text("pod_namespace", kName),
                                    text("pod_name", kName),
                                    text("unit", kName)};
constexpr MessageBound kProcess{"Process", sizeof(Process), kProcessFields};

constexpr std::array kLookalikeFields{text("component", kWord), text("pod_uid", kName),
                                      text("pod_namespace", kName), text("pod_name", kName),
                                      number("processes")};
constexpr MessageBound kLookalike{"Lookalike", sizeof(Lookalike), kLookalikeFields};

constexpr std::array kFileFields{text("path", kPath), number("viewer"),      number("presence"),
                                 text("type", kWord), number("mode"),        number("uid"),
                                 number("gid"),       text("owner", kName),  text("group", kName),
                                 number("size"),      text("target", kPath), text("error", kReason)};
constexpr MessageBound kFile{"File", sizeof(File), kFileFields};

constexpr std::array kDirectoryFields{
    text("path", kPath), number("viewer"),   number("presence"),    texts("entries", 10'000, kPath),
    number("recursive"), number("complete"), text("error", kReason)};
constexpr MessageBound kDirectory{"Directory", sizeof(Directory), kDirectoryFields};

constexpr std::array kSettingFields{text("path", kPath), text("value", kValue), number("kind"),
                                    number("redacted")};
constexpr MessageBound kSetting{"Setting", sizeof(Setting), kSettingFields};

constexpr std::array kConfigFileFields{text("path", kPath),
                                       number("viewer"),
                                       text("component", kWord),
                                       text("role", kWord),
                                       text("api_version", kName),
                                       text("kind", kName),
                                       messages("settings", 20'000, kSetting),
                                       text("error", kReason)};
constexpr MessageBound kConfigFile{"ConfigFile", sizeof(ConfigFile), kConfigFileFields};

constexpr std::array kCertificateFields{
    text("path", kPath),       number("viewer"),      number("index"),     text("subject", kLongName),
    text("issuer", kLongName), number("not_before"),  number("not_after"), text("sha256", kWord),
    number("is_ca"),           text("error", kReason)};
constexpr MessageBound kCertificate{"Certificate", sizeof(Certificate), kCertificateFields};

constexpr std::array kSystemdUnitFields{text("name", kName), text("fragment_path", kPath),
                                        texts("drop_in_paths", 1024, kPath)};
constexpr MessageBound kSystemdUnit{"SystemdUnit", sizeof(SystemdUnit), kSystemdUnitFields};

constexpr std::array kCniNetworkFields{text("path", kPath), text("name", kName), texts("plugins", 64, kName)};
constexpr MessageBound kCniNetwork{"CniNetwork", sizeof(CniNetwork), kCniNetworkFields};

constexpr std::array kCniFields{text("conf_dir", kPath), text("conf_dir_origin", kReason),
                                messages("networks", 512, kCniNetwork)};
constexpr MessageBound kCni{"Cni", sizeof(Cni), kCniFields};

constexpr std::array kRegistryFields{text("host", kLongName), text("endpoint", kLongName),
                                     number("plain_http"), number("skip_verify"), text("source", kPath)};
constexpr MessageBound kRegistry{"Registry", sizeof(Registry), kRegistryFields};

constexpr std::array kRuntimeFields{text("name", kWord), text("config_path", kPath),
                                    text("config_error", kReason), messages("registries", 4096, kRegistry),
                                    text("root", kPath)};
constexpr MessageBound kRuntime{"ContainerRuntime", sizeof(ContainerRuntime), kRuntimeFields};

constexpr std::array kLsmFields{number("known"), texts("active", 32, kWord), number("apparmor"),
                                number("selinux"), number("selinux_enforcing")};
constexpr MessageBound kLsm{"Lsm", sizeof(Lsm), kLsmFields};

constexpr std::array kErrorFields{text("table", kWord), text("subject", kPath), text("reason", kReason)};
constexpr MessageBound kError{"CollectionError", sizeof(CollectionError), kErrorFields};

constexpr std::array kContainerFields{text("namespace", kName),
                                      text("pod", kName),
                                      text("pod_uid", kName),
                                      text("name", kName),
                                      text("image", kLongName),
                                      text("image_id", kName),
                                      text("runtime", kWord),
                                      number("process_read"),
                                      number("uid"),
                                      number("user_namespace"),
                                      number("seccomp"),
                                      number("no_new_privs"),
                                      number("capabilities"),
                                      text("lsm_label", kLongName),
                                      number("host_network"),
                                      messages("listening", 8192, kSocket),
                                      number("listening_known"),
                                      text("error", kReason)};
constexpr MessageBound kContainer{"Container", sizeof(Container), kContainerFields};

constexpr std::array kRootFields{number("read"),
                                 text("os_name", kLongName),
                                 texts("shells", 256, kPath),
                                 texts("package_managers", 256, kPath),
                                 texts("tools", 256, kPath),
                                 messages("set_id_files", 64, kFile),
                                 number("set_id_total"),
                                 number("files_seen"),
                                 number("complete"),
                                 text("error", kReason)};
constexpr MessageBound kRoot{"RootFilesystem", sizeof(RootFilesystem), kRootFields};

constexpr std::array kImageFields{text("id", kName),
                                  texts("names", 1024, kLongName),
                                  number("config_read"),
                                  text("user", kLongName),
                                  texts("entrypoint", 256, kPath),
                                  texts("exposed_ports", 4096, kName),
                                  texts("env_names", 4096, kLongName),
                                  texts("secret_env", 4096, kLongName),
                                  number("history_known"),
                                  texts("secret_history", 4096, kLongName),
                                  number("added_files"),
                                  number("maintainer"),
                                  number("index_updates"),
                                  text("base_name", kLongName),
                                  number("bytes"),
                                  messages("root", 1, kRoot),
                                  text("error", kReason)};
constexpr MessageBound kImage{"Image", sizeof(Image), kImageFields};

constexpr std::array kNodeFactsFields{number("schema_version"),
                                      table("host", 1, kHost, 16),
                                      table("processes", 256, kProcess, 3 << 10),
                                      table("files", 12'000, kFile, 6 << 10),
                                      table("directories", 12'000, kDirectory, 3 << 10),
                                      table("configs", 1024, kConfigFile, 8 << 10),
                                      table("certificates", 2048, kCertificate, 2 << 10),
                                      table("units", 512, kSystemdUnit, 512),
                                      table("cni", 1, kCni, 512),
                                      table("runtimes", 64, kRuntime, 1 << 10),
                                      table("lsm", 1, kLsm, 16),
                                      table("errors", 8192, kError, 2 << 10),
                                      table("containers", 4096, kContainer, 5 << 10),
                                      number("containers_known"),
                                      table("images", 1024, kImage, 6 << 10),
                                      table("lookalikes", 1024, kLookalike, 512),
                                      number("lookalikes_total")};
constexpr MessageBound kNodeFacts{"NodeFacts", sizeof(NodeFacts), kNodeFactsFields};

}  // namespace

const MessageBound& node_facts_bound() {
  return kNodeFacts;
}

const FieldBound& table_bound(int number) {
  return kNodeFactsFields.at(static_cast<std::size_t>(number) - 1);
}

}  // namespace baseline::facts
