#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

#include "base/error.h"
#include "base/time.h"
#include "kube/config.h"

namespace baseline::kube {

// What a connection needs, read from files and inline data. Secret: never print it.
struct CredentialSet {
  std::string token;
  std::string ca_pem;
  std::string certificate_pem;
  std::string key_pem;
  std::uint64_t tls_generation =
      0;  // changes with any of the three PEM texts: older connections must not be used on

  bool operator==(const CredentialSet&) const = default;
};

// Keeps the credentials of a ClientConfig fresh: files are read again once `interval` has passed, since the
// kubelet and certificate managers renew them in place. When a later read fails, the last good text stays.
// Safe from any thread.
class Credentials {
 public:
  Credentials(ClientConfig config, const base::Clock& clock, std::chrono::seconds interval);

  // Reads all for the first time; the fault of a file is named by its path.
  base::Result<void> load();
  CredentialSet current();
  // The server did not accept them: look at the files at the next use, but at most once a second.
  void refused();

 private:
  base::Result<CredentialSet> read() const;

  const ClientConfig config_;
  const base::Clock& clock_;
  const std::chrono::seconds interval_;
  std::mutex mutex_;
  CredentialSet set_;
  std::chrono::steady_clock::time_point read_at_{};
};

}  // namespace baseline::kube
