#include "kube/tiny_http_server.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kube/sigpipe.h"

namespace baseline::kube::testing {
namespace {

template <auto Function>
struct FreeBy {
  template <typename T>
  void operator()(T* object) const {
    Function(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, FreeBy<X509_free>>;
using Context = std::unique_ptr<SSL_CTX, FreeBy<SSL_CTX_free>>;
using Session = std::unique_ptr<SSL, FreeBy<SSL_free>>;
using Bio = std::unique_ptr<BIO, FreeBy<BIO_free_all>>;

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

Context make_context(const SelfSigned& identity) {
  Context context(SSL_CTX_new(TLS_server_method()));
  const Bio certificate_text(
      BIO_new_mem_buf(identity.certificate.data(), static_cast<int>(identity.certificate.size())));
  const Bio key_text(BIO_new_mem_buf(identity.key.data(), static_cast<int>(identity.key.size())));
  const Certificate certificate(PEM_read_bio_X509(certificate_text.get(), nullptr, nullptr, nullptr));
  const Key key(PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr));
  SSL_CTX_use_certificate(context.get(), certificate.get());
  SSL_CTX_use_PrivateKey(context.get(), key.get());
  return context;
}

// One accepted connection, plain or TLS.
class Peer {
 public:
  Peer(int socket, SSL_CTX* context) : socket_(socket) {
    if (context == nullptr) return;
    session_.reset(SSL_new(context));
    SSL_set_fd(session_.get(), socket);
    usable_ = SSL_accept(session_.get()) == 1;
  }
  bool usable() const { return usable_; }
  bool read(std::string& into) {
    char block[4096];
    const auto n = session_ ? SSL_read(session_.get(), block, sizeof block)
                            : static_cast<int>(::recv(socket_, block, sizeof block, 0));
    if (n <= 0) return false;
    into.append(block, static_cast<std::size_t>(n));
    return true;
  }
  void write(const std::string& bytes) {
    if (bytes.empty()) return;
    if (session_) {
      SSL_write(session_.get(), bytes.data(), static_cast<int>(bytes.size()));
    } else {
      static_cast<void>(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
    }
  }

 private:
  int socket_;
  Session session_;
  bool usable_ = true;
};

std::size_t content_length(const std::string& head) {
  const auto at = head.find("Content-Length: ");
  return at == std::string::npos ? 0 : std::stoull(head.substr(at + 16));
}

}  // namespace

struct TinyHttpServer::Impl {
  Handler handler;
  Context context;
  int listener = -1;
  std::uint16_t port = 0;
  mutable std::mutex mutex;
  std::vector<int> sockets;
  std::vector<std::string> requests;
  std::vector<std::jthread> peers;
  std::jthread acceptor;
  bool ended = false;

  void accept_all() {
    for (;;) {
      const int socket = ::accept(listener, nullptr, nullptr);
      const std::scoped_lock lock(mutex);
      if (socket < 0 || ended) {
        if (socket >= 0) ::close(socket);
        return;
      }
      sockets.push_back(socket);
      peers.emplace_back([this, socket] { serve(socket); });
    }
  }

  void serve(int socket) {
    const SigpipeBlocked no_sigpipe;
    Peer peer(socket, context.get());
    std::string buffer;
    while (peer.usable()) {
      std::size_t head = std::string::npos;
      while ((head = buffer.find("\r\n\r\n")) == std::string::npos) {
        if (!peer.read(buffer)) return;
      }
      const std::size_t size = head + 4 + content_length(buffer.substr(0, head));
      while (buffer.size() < size) {
        if (!peer.read(buffer)) return;
      }
      const std::string request = buffer.substr(0, size);
      buffer.erase(0, size);
      {
        const std::scoped_lock lock(mutex);
        requests.push_back(request);
      }
      const Answer answer = handler(request);
      peer.write(answer.bytes);
      if (answer.then == Then::kClose) {
        ::shutdown(socket, SHUT_RDWR);
        return;
      }
    }
  }
};

TinyHttpServer::TinyHttpServer(Handler handler, const SelfSigned* identity)
    : impl_(std::make_unique<Impl>()) {
  impl_->handler = std::move(handler);
  if (identity != nullptr) impl_->context = make_context(*identity);
  impl_->listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(impl_->listener, generic, size) != 0 || ::listen(impl_->listener, 16) != 0 ||
      ::getsockname(impl_->listener, generic, &size) != 0) {
    return;  // port 0: every test fails
  }
  impl_->port = ntohs(address.sin_port);
  impl_->acceptor = std::jthread([this] { impl_->accept_all(); });
}

TinyHttpServer::~TinyHttpServer() {
  {
    const std::scoped_lock lock(impl_->mutex);
    impl_->ended = true;
    for (const int socket : impl_->sockets) ::shutdown(socket, SHUT_RDWR);
  }
  ::shutdown(impl_->listener, SHUT_RDWR);
  if (impl_->acceptor.joinable()) impl_->acceptor.join();
  impl_->peers.clear();
  for (const int socket : impl_->sockets) ::close(socket);
  ::close(impl_->listener);
}

std::uint16_t TinyHttpServer::port() const {
  return impl_->port;
}

int TinyHttpServer::connections() const {
  const std::scoped_lock lock(impl_->mutex);
  return static_cast<int>(impl_->sockets.size());
}

std::vector<std::string> TinyHttpServer::requests() const {
  const std::scoped_lock lock(impl_->mutex);
  return impl_->requests;
}

std::string http_reply(const std::string& status, const std::string& body, const std::string& more_headers) {
  return fmt::format("HTTP/1.1 {}\r\n{}Content-Length: {}\r\n\r\n{}", status, more_headers, body.size(),
                     body);
}

std::string http_chunk(const std::string& bytes) {
  return fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes);
}

SelfSigned make_self_signed(const std::string& name) {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), subject);
  for (const auto& [id, value] :
       {std::pair(NID_subject_alt_name, "DNS:" + name), {NID_basic_constraints, "CA:TRUE"}}) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, id, value.c_str());
    X509_add_ext(certificate.get(), extension, -1);
    X509_EXTENSION_free(extension);
  }
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  const Bio certificate_text(BIO_new(BIO_s_mem()));
  const Bio key_text(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(certificate_text.get(), certificate.get());
  PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return {text_of(certificate_text.get()), text_of(key_text.get())};
}

}  // namespace baseline::kube::testing
