#include "node-runner/certificates.h"

#include <algorithm>
#include <array>
#include <chrono>

#include <mbedtls/asn1.h>
#include <mbedtls/x509_crt.h>

#include "base/digest.h"
#include "node-runner/utf8.h"

namespace baseline::runner {
namespace {

constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view kEnd = "-----END CERTIFICATE-----";

class Parsed {
 public:
  Parsed() { mbedtls_x509_crt_init(&certificate_); }
  ~Parsed() { mbedtls_x509_crt_free(&certificate_); }
  Parsed(const Parsed&) = delete;
  Parsed& operator=(const Parsed&) = delete;
  mbedtls_x509_crt* get() { return &certificate_; }

 private:
  mbedtls_x509_crt certificate_;
};

std::int64_t seconds(const mbedtls_x509_time& t) {
  using namespace std::chrono;
  const auto date = year(t.year) / month(static_cast<unsigned>(t.mon)) / day(static_cast<unsigned>(t.day));
  if (!date.ok()) return 0;
  return sys_seconds(sys_days(date) + hours(t.hour) + minutes(t.min) + std::chrono::seconds(t.sec))
      .time_since_epoch()
      .count();
}

std::string name(const mbedtls_x509_name& dn) {
  std::array<char, 2048> text{};
  const int size = mbedtls_x509_dn_gets(text.data(), text.size(), &dn);
  return size > 0 ? to_utf8(std::string_view(text.data(), static_cast<std::size_t>(size))) : std::string();
}

// An error is the sum of the module's code and, in its last seven bits, that of a module below.
bool unknown_kind(int status) {
  const int module = -(-status & 0xFF80);
  return module == MBEDTLS_ERR_X509_UNKNOWN_SIG_ALG || module == MBEDTLS_ERR_PK_UNKNOWN_PK_ALG ||
         module == MBEDTLS_ERR_PK_UNKNOWN_NAMED_CURVE;
}

facts::Certificate read_certificate(const std::string& der) {
  facts::Certificate fact;
  fact.set_sha256(base::sha256_hex(der));
  Parsed parsed;
  const int status = mbedtls_x509_crt_parse_der(
      parsed.get(), reinterpret_cast<const unsigned char*>(der.data()), der.size());
  const mbedtls_x509_crt& certificate = *parsed.get();
  if (status != 0) {
    fact.set_error(unknown_kind(status) ? "its signature or key is of a kind that is not read"
                                        : "it is not a valid X.509 certificate");
    return fact;
  }
  fact.set_subject(name(certificate.subject));
  fact.set_issuer(name(certificate.issuer));
  fact.set_not_before(seconds(certificate.valid_from));
  fact.set_not_after(seconds(certificate.valid_to));
  fact.set_is_ca(certificate.ca_istrue != 0);
  return fact;
}

}  // namespace

std::vector<facts::Certificate> parse_certificates(std::string_view pem, std::size_t max) {
  std::vector<facts::Certificate> out;
  while (out.size() < max) {
    const std::size_t begin = pem.find(kBegin);
    if (begin == std::string_view::npos) break;
    pem.remove_prefix(begin + kBegin.size());
    const std::size_t end = pem.find(kEnd);
    const auto der = base::base64_decode(pem.substr(0, end));
    facts::Certificate fact;
    if (end == std::string_view::npos || !der) {
      fact.set_error("its PEM text is broken");
    } else {
      fact = read_certificate(*der);
    }
    fact.set_index(static_cast<std::uint32_t>(out.size()));
    out.push_back(std::move(fact));
  }
  return out;
}

void collect_certificates(Context& context) {
  const auto known = static_cast<std::size_t>(context.facts().certificates_size());
  std::size_t left = context.limits().certificates - std::min(context.limits().certificates, known);
  for (const auto& [viewer, path] : context.take_certificate_files()) {
    const auto text = context.read(viewer, path, context.limits().certificate_bytes);
    if (!text) {
      if (text.error().code == base::ErrorCode::kNotFound) continue;  // its File says so
      facts::Certificate& fact = *context.facts().add_certificates();
      fact.set_path(to_utf8(path));
      fact.set_viewer(viewer);
      fact.set_error(text.error().message);
      context.error("certificates", path, text.error().message);
      continue;
    }
    std::vector<facts::Certificate> certificates = parse_certificates(*text, left + 1);
    if (certificates.size() > left) {
      context.error("certificates", path, "more certificates than one collection reads");
      certificates.resize(left);
    }
    left -= certificates.size();
    for (facts::Certificate& certificate : certificates) {
      certificate.set_path(to_utf8(path));
      certificate.set_viewer(viewer);
      if (!certificate.error().empty()) context.error("certificates", path, certificate.error());
      *context.facts().add_certificates() = std::move(certificate);
    }
  }
}

}  // namespace baseline::runner
