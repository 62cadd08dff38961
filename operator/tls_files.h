#pragma once

#include <memory>
#include <string>

#include <boost/asio/ssl/context.hpp>

#include "base/error.h"
#include "operator/http_server.h"

namespace baseline::op {

// What a server shows its peers, kept as the files say: a certificate manager writes them anew from time to
// time. For one thread.
class TlsIdentity {
 public:
  explicit TlsIdentity(TlsFiles files) : files_(std::move(files)) {}

  // Reads the files, and has a new context where they changed. When that fails, the last good one stays.
  base::Result<void> refresh();
  const std::shared_ptr<boost::asio::ssl::context>& context() const { return context_; }

 private:
  const TlsFiles files_;
  std::string read_;  // digest of what the context was made of
  std::shared_ptr<boost::asio::ssl::context> context_;
};

}  // namespace baseline::op
