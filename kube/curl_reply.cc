#include "kube/curl_reply.h"

#include <algorithm>

namespace baseline::kube {
namespace {

constexpr std::size_t kLargestErrorBody = 64U << 10;
constexpr std::size_t kJsonPadding = 64;  // simdjson reads so far behind the end of a text

bool has_name(std::string_view header, std::string_view lower_case_name) {
  return header.size() >= lower_case_name.size() &&
         std::ranges::equal(header.substr(0, lower_case_name.size()), lower_case_name,
                            [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

}  // namespace

CurlReply::CurlReply(const Exchange& exchange, CURL* easy)
    : last_byte(std::chrono::steady_clock::now()), exchange_(exchange), easy_(easy) {}

void CurlReply::attach() {
  curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &CurlReply::on_body);
  curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &CurlReply::on_header);
  curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
}

std::size_t CurlReply::on_body(char* data, std::size_t size, std::size_t count, void* reply) {
  return static_cast<CurlReply*>(reply)->take({data, size * count}) ? size * count : 0;
}

std::size_t CurlReply::on_header(char* data, std::size_t size, std::size_t count, void* reply) {
  static_cast<CurlReply*>(reply)->take_header({data, size * count});
  return size * count;
}

bool CurlReply::take(std::string_view bytes) {
  last_byte = std::chrono::steady_clock::now();
  if (end.status == 0) start();
  if (exchange_.sink != nullptr && end.status == 200) {
    sink_stopped = !(*exchange_.sink)(bytes);
    return !sink_stopped;
  }
  const std::size_t room = exchange_.sink != nullptr ? kLargestErrorBody : exchange_.max_body;
  if (end.body.size() + bytes.size() > room) {
    too_large = exchange_.sink == nullptr;
    end.body.append(bytes.substr(0, room - end.body.size()));
    return !too_large;
  }
  end.body.append(bytes);
  return true;
}

void CurlReply::take_header(std::string_view line) {
  last_byte = std::chrono::steady_clock::now();
  if (line.starts_with("HTTP/")) {
    head_ended_ = false;
    has_framing_ = false;
  } else if (line == "\r\n") {
    head_ended_ = true;
  } else if (has_name(line, "content-length:") || has_name(line, "transfer-encoding:")) {
    has_framing_ = true;
  }
}

void CurlReply::start() {
  long status = 0;
  curl_off_t length = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  end.status = static_cast<int>(status);
  curl_easy_getinfo(easy_, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  if (exchange_.sink == nullptr && length > 0 && static_cast<std::size_t>(length) <= exchange_.max_body) {
    end.body.reserve(static_cast<std::size_t>(length) + kJsonPadding);
  }
}

}  // namespace baseline::kube
