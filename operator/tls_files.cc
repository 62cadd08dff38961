#include "operator/tls_files.h"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include "base/digest.h"
#include "kube/file_text.h"

namespace baseline::op {
namespace {

namespace ssl = boost::asio::ssl;

constexpr std::size_t kLargestPem = 1U << 20;

base::Result<std::shared_ptr<ssl::context>> make_context(const TlsFiles& files,
                                                         const std::string& certificate,
                                                         const std::string& key) {
  const auto bad = [](const std::string& file, const char* what) {
    return base::fail(base::ErrorCode::kInvalid, fmt::format("it holds no {} that can be used", what), file);
  };
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX* native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);  // it would grow with the peers
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  boost::system::error_code error;
  if (context->use_certificate_chain(boost::asio::buffer(certificate), error))
    return bad(files.certificate, "PEM certificate");
  if (context->use_private_key(boost::asio::buffer(key), ssl::context::pem, error))
    return bad(files.key, "PEM key to the certificate");  // it has been held against it
  return context;
}

}  // namespace

base::Result<void> TlsIdentity::refresh() {
  const auto certificate = kube::read_text_file(files_.certificate, kLargestPem);
  if (!certificate) return std::unexpected(certificate.error());
  const auto key = kube::read_text_file(files_.key, kLargestPem);
  if (!key) return std::unexpected(key.error());
  std::string digest = base::sha256_hex(*certificate) + base::sha256_hex(*key);
  if (digest == read_) return {};
  auto context = make_context(files_, *certificate, *key);
  if (!context) return std::unexpected(context.error());
  context_ = *std::move(context);
  read_ = std::move(digest);
  return {};
}

}  // namespace baseline::op
