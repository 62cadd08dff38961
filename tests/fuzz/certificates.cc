// PEM files of a node. By the first byte the rest is the file, or the DER form of one certificate in it.
#include "node-runner/certificates.h"

#include "base/digest.h"
#include "node-runner/utf8.h"
#include "support.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace baseline;
  if (size == 0) return 0;
  const std::string_view rest = fuzz::text_of(data + 1, size - 1);
  const std::string pem = data[0] % 2 == 0 ? std::string(rest)
                                           : "-----BEGIN CERTIFICATE-----\n" + base::base64_encode(rest) +
                                                 "\n-----END CERTIFICATE-----\n";
  constexpr std::size_t kMax = 8;
  const auto certificates = runner::parse_certificates(pem, kMax);
  fuzz::require(certificates.size() <= kMax, "the bound on certificates holds");
  for (const facts::Certificate& certificate : certificates) {
    fuzz::require(runner::to_utf8(certificate.subject()) == certificate.subject() &&
                      runner::to_utf8(certificate.issuer()) == certificate.issuer(),
                  "what facts hold is UTF-8");
    fuzz::require(!certificate.error().empty() || certificate.sha256().size() == 64,
                  "one that was read has a digest");
    fuzz::require(certificate.error().empty() || !certificate.is_ca(),
                  "one that was not read is nobody's authority");
    facts::Certificate again;
    fuzz::require(again.ParseFromString(certificate.SerializeAsString()), "an operator can read the facts");
  }
  return 0;
}
