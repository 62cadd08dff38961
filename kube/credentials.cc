#include "kube/credentials.h"

#include <algorithm>
#include <utility>

#include "kube/file_text.h"

namespace baseline::kube {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr std::size_t kLargestFile = 4U << 20;

Result<std::string> pem_text(const PemSource& source) {
  if (!source.inline_pem.empty() || source.file.empty()) return source.inline_pem;
  auto text = read_text_file(source.file, kLargestFile);
  if (text && text->find("-----BEGIN ") == std::string::npos) {
    return fail(ErrorCode::kInvalid, "the file holds no PEM text: \"-----BEGIN …\" was expected",
                source.file.string());
  }
  return text;
}

std::string without_blanks_around(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// A token goes into a header: nothing but what RFC 6750 allows there, so that it can end no line.
bool is_token(const std::string& text) {
  return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

}  // namespace

Credentials::Credentials(ClientConfig config, const base::Clock& clock, std::chrono::seconds interval)
    : config_(std::move(config)), clock_(clock), interval_(interval) {}

Result<CredentialSet> Credentials::read() const {
  CredentialSet set;
  std::string token = config_.token;
  if (!config_.token_file.empty()) {
    auto text = read_text_file(config_.token_file, kLargestFile);
    if (!text) return std::unexpected(text.error());
    token = std::move(*text);
  }
  set.token = without_blanks_around(token);
  if (!is_token(set.token)) {
    return fail(ErrorCode::kInvalid, "the token contains characters that no token has; is it the right file?",
                config_.token_file.string());
  }
  if (set.token.empty() && !config_.token_file.empty()) {
    return fail(ErrorCode::kInvalid, "the token file is empty", config_.token_file.string());
  }
  for (const auto& [source, target] :
       {std::pair(&config_.ca, &set.ca_pem), std::pair(&config_.client_certificate, &set.certificate_pem),
        std::pair(&config_.client_key, &set.key_pem)}) {
    auto text = pem_text(*source);
    if (!text) return std::unexpected(text.error());
    *target = std::move(*text);
  }
  return set;
}

Result<void> Credentials::load() {
  auto set = read();
  if (!set) return std::unexpected(set.error());
  const std::scoped_lock lock(mutex_);
  set_ = std::move(*set);
  read_at_ = clock_.steady();
  return {};
}

CredentialSet Credentials::current() {
  const std::scoped_lock lock(mutex_);
  if (clock_.steady() - read_at_ < interval_) return set_;
  read_at_ = clock_.steady();
  if (auto fresh = read()) {
    const bool same_tls = fresh->ca_pem == set_.ca_pem && fresh->certificate_pem == set_.certificate_pem &&
                          fresh->key_pem == set_.key_pem;
    fresh->tls_generation = set_.tls_generation + (same_tls ? 0 : 1);
    set_ = std::move(*fresh);
  }
  return set_;
}

void Credentials::refused() {
  const std::scoped_lock lock(mutex_);
  if (clock_.steady() - read_at_ >= std::chrono::seconds(1)) read_at_ = clock_.steady() - interval_;
}

}  // namespace baseline::kube
