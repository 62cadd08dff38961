#include <memory>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "base/digest.h"
#include "objects/readers.h"

namespace baseline::objects {
namespace {

template <auto Free>
struct Release {
  template <typename T>
  void operator()(T* what) const {
    Free(what);
  }
};

std::string text_of(const ASN1_STRING* string) {
  unsigned char* bytes = nullptr;
  const int size = ASN1_STRING_to_UTF8(&bytes, string);
  if (size < 0) return {};
  std::string out(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return out;
}

// The name that the API server would give the user: the last common name, and every organization.
void read_subject(const X509_NAME* subject, cluster::CertificateSigningRequest& out) {
  for (int i = 0; i < X509_NAME_entry_count(subject); ++i) {
    const X509_NAME_ENTRY* entry = X509_NAME_get_entry(subject, i);
    const int kind = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry));
    if (kind == NID_commonName) {
      out.common_name = text_of(X509_NAME_ENTRY_get_data(entry));
    } else if (kind == NID_organizationName) {
      out.organizations.push_back(text_of(X509_NAME_ENTRY_get_data(entry)));
    }
  }
}

// `encoded` is base64 of PEM of PKCS#10.
bool read_request(std::string_view encoded, cluster::CertificateSigningRequest& out) {
  constexpr std::size_t kLargest = 1U << 20;
  const auto pem = base::base64_decode(encoded);
  if (!pem || pem->empty() || pem->size() > kLargest) return false;
  const std::unique_ptr<BIO, Release<BIO_free>> bio(
      BIO_new_mem_buf(pem->data(), static_cast<int>(pem->size())));
  if (!bio) return false;
  const std::unique_ptr<X509_REQ, Release<X509_REQ_free>> request(
      PEM_read_bio_X509_REQ(bio.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  if (!request) return false;
  read_subject(X509_REQ_get_subject_name(request.get()), out);
  return true;
}

void read_conditions(Reader& reader, Json value, cluster::CertificateSigningRequest& out) {
  reader.items(value, [&](Json condition) {
    std::string type;
    std::string status = "True";  // before it existed
    reader.fields(condition, [&](std::string_view key, Json member) {
      if (key == "type") {
        reader.text(member, type);
      } else if (key == "status") {
        reader.text(member, status);
      }
    });
    if (status != "True") return true;
    out.approved |= type == "Approved";
    out.denied |= type == "Denied";
    return true;
  });
}

}  // namespace

void read_certificate_request(Reader& reader, Json object, Objects& out) {
  cluster::CertificateSigningRequest request;
  std::string encoded;
  const auto spec = [&](std::string_view key, Json member) {
    if (key == "signerName") {
      reader.text(member, request.signer);
    } else if (key == "username") {
      reader.text(member, request.requester);
    } else if (key == "request") {
      reader.text(member, encoded);
    }
  };
  const auto status = [&](std::string_view key, Json member) {
    if (key == "conditions") {
      read_conditions(reader, member, request);
    } else if (key == "certificate") {
      std::string certificate;
      reader.text(member, certificate);
      request.issued = !certificate.empty();
    }
  };
  reader.fields(object, [&](std::string_view key, Json member) {
    if (key == "metadata") {
      read_metadata(reader, member, request.metadata);
    } else if (key == "spec") {
      reader.fields(member, spec);
    } else if (key == "status") {
      reader.fields(member, status);
    }
  });
  request.readable = read_request(encoded, request);
  out.emplace_back(std::move(request));
}

}  // namespace baseline::objects
