#include "operator/options.h"

#include <algorithm>
#include <sstream>

#include <CLI/CLI.hpp>

#include "base/printable.h"

namespace baseline::op {

namespace {

// RFC 1123 label or subdomain.
std::string check_word(const std::string& name, std::size_t longest) {
  const auto is_alnum = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const bool good = !name.empty() && name.size() <= longest && is_alnum(name.front()) &&
                    is_alnum(name.back()) &&
                    std::ranges::all_of(name, [&](char c) { return is_alnum(c) || c == '-' || c == '.'; });
  return good ? "" : "\"" + name + "\" is no name; lower-case letters, digits and '-' were expected";
}

std::string check_name(const std::string& name) {  // of a namespace or a lease
  return check_word(name, 63);
}

std::string check_class(const std::string& name) {
  return check_word(name, 253);
}

// No more than tells a reference from a slip of the pen; the runtime knows the rest.
std::string check_image(const std::string& image) {
  constexpr std::string_view kDigest = "@sha256:";
  constexpr std::size_t kDigits = 64, kLongest = 512;
  const std::size_t at = std::min(image.find('@'), image.size());
  const std::string_view digest = std::string_view(image).substr(at);
  const bool pinned = digest.starts_with(kDigest) && digest.size() == kDigest.size() + kDigits &&
                      digest.find_first_not_of("0123456789abcdef", kDigest.size()) == std::string_view::npos;
  const bool good = at > 0 && image.size() <= kLongest && (digest.empty() || pinned) &&
                    std::ranges::all_of(image, [](char c) { return c > ' ' && c < 0x7F; });
  return good ? "" : "\"" + image + "\" is no image; NAME:TAG or NAME@sha256: and 64 digits was expected";
}

// CLI11's words end in line breaks and full stops of its own.
std::string one_sentence(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  while (text.ends_with(' ') || text.ends_with('.')) text.pop_back();
  return base::printable(text);
}

void add_metrics_options(CLI::App& app, Options& o) {
  app.add_option("--metrics-address", o.metrics_address, "address of /metrics")
      ->envname("BASELINE_METRICS_ADDRESS")
      ->capture_default_str();
  app.add_option("--metrics-port", o.metrics_port, "its port; 0: none")
      ->envname("BASELINE_METRICS_PORT")
      ->capture_default_str();
  app.add_option("--metrics-tls-cert-file", o.metrics_certificate,
                 "PEM certificate, with its chain, to serve metrics by TLS; read again when it changes")
      ->type_name("FILE")
      ->envname("BASELINE_METRICS_TLS_CERT_FILE");
  app.add_option("--metrics-tls-key-file", o.metrics_key, "PEM key to that certificate")
      ->type_name("FILE")
      ->envname("BASELINE_METRICS_TLS_KEY_FILE");
  app.add_option("--metrics-authorize", o.metrics_authorize,
                 "give metrics only to those whom the API server lets get the non-resource URL /metrics")
      ->envname("BASELINE_METRICS_AUTHORIZE")
      ->default_str("false");
}

// What single options cannot tell; empty: they fit together.
std::string contradiction(const Options& o) {
  if (o.metrics_certificate.empty() != o.metrics_key.empty())
    return "--metrics-tls-cert-file and --metrics-tls-key-file need each other";
  if (o.metrics_authorize && o.metrics_certificate.empty())
    return "--metrics-authorize needs --metrics-tls-cert-file: a bearer token is never asked for over plain "
           "HTTP";
  if (o.metrics_port != 0 && o.metrics_port == o.probe_port)
    return "--metrics-port and --probe-port must differ";
  if (o.notify_url_file.empty() && !o.notify_ca_file.empty())
    return "--notify-ca-file needs --notify-url-file";
  return {};
}

Exit mistake(const std::string& sentence) {
  return {2, "baseline-operator: " + sentence + "; see baseline-operator --help\n", true};
}

}  // namespace

std::variant<Options, Exit> parse_options(int argc, const char* const* argv) {
  Options o;
  std::int64_t checkpoint = o.checkpoint_interval.count();
  CLI::App app(
      "Watches BaselineScan and BaselineProfile resources, sends node-runners and writes BaselineReports.",
      "baseline-operator");
  app.get_formatter()->column_width(34);
  app.set_version_flag("--version", "baseline-operator " BASELINE_VERSION);
  app.add_option("--kubeconfig", o.kubeconfig,
                 "kubeconfig file; without it the pod's service account, else as kubectl finds one")
      ->envname("BASELINE_KUBECONFIG");
  app.add_option("--context", o.context, "context of the kubeconfig")->envname("BASELINE_CONTEXT");
  app.add_option("--namespace", o.ns, "namespace of the node-runner Jobs and of the lease")
      ->envname("BASELINE_NAMESPACE")
      ->check(check_name, "NAME")
      ->capture_default_str();
  app.add_option("--runner-image", o.runner_image, "node-runner image, as NAME:TAG or NAME@sha256:DIGEST")
      ->envname("BASELINE_RUNNER_IMAGE")
      ->check(check_image, "IMAGE")
      ->capture_default_str();
  app.add_option("--runner-priority-class", o.runner_priority_class,
                 "priority class of node-runners; default: the cluster's own")
      ->envname("BASELINE_RUNNER_PRIORITY_CLASS")
      ->check(check_class, "NAME");
  app.add_option("--runner-priority-classes", o.runner_priority_classes,
                 "further priority classes that a scan may name, with commas; default: none")
      ->type_name("NAMES")
      ->envname("BASELINE_RUNNER_PRIORITY_CLASSES")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(check_class, "NAME");
  app.add_option(
         "--standards", o.standards,
         "a folder with a further standard, or with folders of standards; may be repeated, and is a list "
         "with colons in the environment")
      ->type_name("DIR")
      ->envname("BASELINE_STANDARDS")
      ->delimiter(':')
      ->allow_extra_args(false);
  app.add_option("--leader-elect", o.leader_elect, "act only while holding the lease")
      ->envname("BASELINE_LEADER_ELECT")
      ->default_str("true");
  app.add_option("--lease-name", o.lease_name, "name of the lease")
      ->envname("BASELINE_LEASE_NAME")
      ->check(check_name, "NAME")
      ->capture_default_str();
  app.add_option("--identity", o.identity, "name in the lease; default: host name and a random part")
      ->envname("BASELINE_IDENTITY");
  app.add_option("--probe-address", o.probe_address, "address of /healthz and /readyz")
      ->envname("BASELINE_PROBE_ADDRESS")
      ->capture_default_str();
  app.add_option("--probe-port", o.probe_port, "their port; 0: none")
      ->envname("BASELINE_PROBE_PORT")
      ->capture_default_str();
  add_metrics_options(app, o);
  app.add_option("--notify-url-file", o.notify_url_file,
                 "a file with the URL of a webhook that is told of each finished run")
      ->type_name("FILE")
      ->envname("BASELINE_NOTIFY_URL_FILE");
  app.add_option("--notify-ca-file", o.notify_ca_file,
                 "PEM of the authorities that its certificate may come from; default: the system's")
      ->type_name("FILE")
      ->envname("BASELINE_NOTIFY_CA_FILE");
  app.add_option("--workers", o.workers, "scans reconciled at once")
      ->envname("BASELINE_WORKERS")
      ->check(CLI::Range(1, 32))
      ->capture_default_str();
  app.add_option("--checkpoint-seconds", checkpoint,
                 "a report in progress is written at most once in so many seconds")
      ->envname("BASELINE_CHECKPOINT_SECONDS")
      ->check(CLI::Range(1, 300))
      ->capture_default_str();
  app.add_option("--log-format", o.log_format, "text or json")
      ->envname("BASELINE_LOG_FORMAT")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  app.add_option("--log-level", o.log_level, "debug, info, warn or error")
      ->envname("BASELINE_LOG_LEVEL")
      ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) {
      std::ostringstream out, err;
      app.exit(e, out, err);
      return Exit{0, out.str(), false};
    }
    return mistake(one_sentence(e.what()));
  }
  if (const std::string wrong = contradiction(o); !wrong.empty()) return mistake(wrong);
  o.checkpoint_interval = std::chrono::seconds(checkpoint);
  return o;
}

}  // namespace baseline::op
