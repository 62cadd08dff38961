#include "kube/file_text.h"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace baseline::kube {
namespace {

using base::ErrorCode;
using base::fail;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

std::unexpected<base::Error> cannot_read(const std::filesystem::path& path, int error) {
  const ErrorCode code = error == ENOENT || error == ENOTDIR ? ErrorCode::kNotFound
                         : error == EACCES || error == EPERM ? ErrorCode::kForbidden
                                                             : ErrorCode::kInvalid;
  return fail(code, fmt::format("the file cannot be read: {}", std::generic_category().message(error)),
              path.string());
}

}  // namespace

base::Result<std::string> read_text_file(const std::filesystem::path& path, std::size_t max_bytes) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (file.get() < 0) return cannot_read(path, errno);
  struct stat info{};
  if (::fstat(file.get(), &info) != 0) return cannot_read(path, errno);
  if (!S_ISREG(info.st_mode)) return fail(ErrorCode::kInvalid, "this is no regular file", path.string());
  std::string text;
  std::string block(64U << 10, '\0');
  for (;;) {
    const ssize_t n = ::read(file.get(), block.data(), block.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return cannot_read(path, errno);
    if (n == 0) return text;
    text.append(block, 0, static_cast<std::size_t>(n));
    if (text.size() > max_bytes) {
      return fail(ErrorCode::kLimit,
                  fmt::format("the file is larger than the {} bytes that are read", max_bytes),
                  path.string());
    }
  }
}

}  // namespace baseline::kube
