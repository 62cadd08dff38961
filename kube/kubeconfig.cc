#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/digest.h"
#include "base/value.h"
#include "base/yaml.h"
#include "kube/config.h"
#include "kube/file_text.h"

namespace baseline::kube {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::fail;
using base::Result;
using base::Value;

struct Document {
  fs::path file;
  Value content;
};

// A named entry ("clusters", "users", "contexts") and the file it stands in.
struct Entry {
  fs::path file;
  const Value* body = nullptr;
};

std::vector<fs::path> candidate_files(const KubeconfigRequest& request, bool& explicit_file) {
  explicit_file = !request.file.empty();
  if (explicit_file) return {request.file};
  std::vector<fs::path> files;
  std::stringstream list(request.kubeconfig_env);
  for (std::string part; std::getline(list, part, ':');) {
    if (!part.empty()) files.emplace_back(part);
  }
  if (files.empty() && !request.home.empty()) files.push_back(fs::path(request.home) / ".kube" / "config");
  return files;
}

Result<std::vector<Document>> read_documents(const KubeconfigRequest& request) {
  bool explicit_file = false;
  const std::vector<fs::path> files = candidate_files(request, explicit_file);
  std::vector<Document> documents;
  for (const fs::path& file : files) {
    const auto text = read_text_file(file, 4U << 20);
    if (!text) {
      if (text.error().code == ErrorCode::kNotFound && !explicit_file) continue;
      return std::unexpected(text.error());
    }
    auto content = base::parse_yaml(*text, file.string());
    if (!content) return std::unexpected(content.error());
    if (content->is_null()) *content = Value::map();
    if (!content->is_map()) {
      return fail(ErrorCode::kInvalid, fmt::format("a kubeconfig is a map, this is {}", content->kind_name()),
                  file.string());
    }
    documents.push_back({file, std::move(*content)});
  }
  if (!documents.empty()) return documents;
  std::vector<std::string> names;
  names.reserve(files.size());
  for (const fs::path& file : files) names.push_back(file.string());
  return fail(ErrorCode::kNotFound,
              fmt::format("there is no kubeconfig at {}; name one with --kubeconfig or in KUBECONFIG",
                          names.empty() ? "~/.kube/config (HOME is not set)"
                                        : fmt::format("{}", fmt::join(names, ", "))));
}

// The first file that defines a name wins. The body is below `member` ("cluster" for "clusters").
Entry find_entry(const std::vector<Document>& documents, std::string_view list, std::string_view member,
                 std::string_view name) {
  for (const Document& document : documents) {
    for (const Value& item : document.content[list].items()) {
      if (item["name"].as_string() == name && item[member].is_map())
        return {document.file, item.find(member)};
    }
  }
  return {};
}

std::string known_names(const std::vector<Document>& documents, std::string_view list) {
  std::vector<std::string> names;
  for (const Document& document : documents) {
    for (const Value& item : document.content[list].items())
      names.push_back("\"" + item["name"].as_string() + "\"");
  }
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

std::string all_files(const std::vector<Document>& documents) {
  std::vector<std::string> names;
  names.reserve(documents.size());
  for (const Document& document : documents) names.push_back(document.file.string());
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string place(const Entry& entry, const Value& at) {
  return at.line() > 0 ? fmt::format("{}:{}", entry.file.string(), at.line()) : entry.file.string();
}

fs::path beside(const Entry& entry, const std::string& path) {
  return fs::path(path).is_absolute() ? fs::path(path) : fs::absolute(entry.file).parent_path() / path;
}

// "x-data" (base64) wins over the file "x".
Result<PemSource> pem(const Entry& entry, std::string_view key) {
  const Value& data = (*entry.body)[std::string(key) + "-data"];
  if (!data.as_string().empty()) {
    auto text = base::base64_decode(data.as_string());
    if (!text) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("{}-data is not base64: it must be PEM text encoded once", key),
                  place(entry, data));
    }
    return PemSource{{}, std::move(*text)};
  }
  const std::string& file = (*entry.body)[key].as_string();
  return file.empty() ? PemSource{} : PemSource{beside(entry, file), {}};
}

struct Refusal {
  std::string_view key;
  std::string_view sentence;
};

constexpr Refusal kUserRefusals[] = {
    {"exec",
     "this user gets its credentials from a program (exec), which is not run here; use a context with a "
     "token or a "
     "client certificate, for instance a token from \"kubectl create token\""},
    {"auth-provider",
     "this user gets its credentials from an auth-provider plugin, which is not supported; use a context "
     "with a token or "
     "a client certificate"},
    {"username",
     "this user has a name and a password, which Kubernetes no longer accepts; use a token or a client "
     "certificate"},
    {"as", "this user impersonates another, which is not supported; use a context of that user's own"},
    {"as-groups", "this user impersonates groups, which is not supported; use a context of that user's own"},
};

constexpr Refusal kClusterRefusals[] = {
    {"insecure-skip-tls-verify",
     "this cluster skips the verification of the server's certificate, which is not done here; give its "
     "authority in "
     "certificate-authority-data, and tls-server-name if the certificate is for another name"},
    {"proxy-url",
     "this cluster is reached through a proxy, which is not supported; give a server address that is "
     "reachable directly"},
};

template <std::size_t N>
Result<void> refuse(const Entry& entry, const Refusal (&refusals)[N]) {
  for (const Refusal& refusal : refusals) {
    const Value& value = (*entry.body)[refusal.key];
    if (value.is_null() || value == Value(false) || value == Value("")) continue;
    return fail(ErrorCode::kInvalid, std::string(refusal.sentence), place(entry, value));
  }
  return {};
}

Result<void> read_cluster(const Entry& cluster, std::string_view name, ClientConfig& config) {
  if (const auto ok = refuse(cluster, kClusterRefusals); !ok) return ok;
  config.server = (*cluster.body)["server"].as_string();
  if (config.server.empty()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the cluster \"{}\" has no server: an https:// address was expected", name),
                place(cluster, *cluster.body));
  }
  config.tls_server_name = (*cluster.body)["tls-server-name"].as_string();
  auto ca = pem(cluster, "certificate-authority");
  if (!ca) return std::unexpected(ca.error());
  config.ca = std::move(*ca);
  return {};
}

Result<void> read_user(const Entry& user, std::string_view name, ClientConfig& config) {
  if (const auto ok = refuse(user, kUserRefusals); !ok) return ok;
  auto certificate = pem(user, "client-certificate");
  auto key = pem(user, "client-key");
  if (!certificate) return std::unexpected(certificate.error());
  if (!key) return std::unexpected(key.error());
  config.client_certificate = std::move(*certificate);
  config.client_key = std::move(*key);
  config.token = (*user.body)["token"].as_string();
  if (const std::string& file = (*user.body)["tokenFile"].as_string(); !file.empty()) {
    config.token_file = beside(user, file);
  }
  if (config.client_certificate.empty() != config.client_key.empty()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the user \"{}\" has a client {} without its client {}", name,
                            config.client_key.empty() ? "certificate" : "key",
                            config.client_key.empty() ? "key" : "certificate"),
                place(user, *user.body));
  }
  if (config.client_certificate.empty() && config.token.empty() && config.token_file.empty()) {
    return fail(
        ErrorCode::kInvalid,
        fmt::format(
            "the user \"{}\" has no credentials: a client certificate, a token or a tokenFile was expected",
            name),
        place(user, *user.body));
  }
  return {};
}

Result<std::string> context_name(const std::vector<Document>& documents, const std::string& wanted) {
  if (!wanted.empty()) return wanted;
  for (const Document& document : documents) {
    if (const std::string& name = document.content["current-context"].as_string(); !name.empty()) return name;
  }
  return fail(
      ErrorCode::kInvalid,
      fmt::format("no context is chosen: set current-context or name one with --context (there are: {})",
                  known_names(documents, "contexts")),
      all_files(documents));
}

}  // namespace

Result<ClientConfig> load_kubeconfig(const KubeconfigRequest& request) {
  const auto documents = read_documents(request);
  if (!documents) return std::unexpected(documents.error());
  const auto name = context_name(*documents, request.context);
  if (!name) return std::unexpected(name.error());

  const auto missing = [&](std::string_view what, std::string_view list, const std::string& which) {
    return fail(
        ErrorCode::kInvalid,
        fmt::format("there is no {} \"{}\" (there are: {})", what, which, known_names(*documents, list)),
        all_files(*documents));
  };
  const Entry context = find_entry(*documents, "contexts", "context", *name);
  if (context.body == nullptr) return missing("context", "contexts", *name);
  const std::string& cluster_name = (*context.body)["cluster"].as_string();
  const std::string& user_name = (*context.body)["user"].as_string();
  const Entry cluster = find_entry(*documents, "clusters", "cluster", cluster_name);
  if (cluster.body == nullptr) return missing("cluster", "clusters", cluster_name);
  const Entry user = find_entry(*documents, "users", "user", user_name);
  if (user.body == nullptr) return missing("user", "users", user_name);

  ClientConfig config;
  config.context = *name;
  if (const std::string& ns = (*context.body)["namespace"].as_string(); !ns.empty())
    config.default_namespace = ns;
  if (const auto ok = read_cluster(cluster, cluster_name, config); !ok) return std::unexpected(ok.error());
  if (const auto ok = read_user(user, user_name, config); !ok) return std::unexpected(ok.error());
  return config;
}

}  // namespace baseline::kube
