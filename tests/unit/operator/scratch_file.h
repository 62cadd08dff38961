#pragma once

#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace baseline::op::testing {

// A file for as long as this lives.
class ScratchFile {
 public:
  explicit ScratchFile(std::string_view text) : path_(new_path()) { write(text); }
  ~ScratchFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  void write(std::string_view text) const { std::ofstream(path_) << text; }
  const std::string& path() const { return path_; }

 private:
  static std::string new_path() {
    std::random_device device;
    return (std::filesystem::temp_directory_path() /
            fmt::format("operator-test-{:08x}{:08x}", device(), device()))
        .string();
  }
  const std::string path_;
};

}  // namespace baseline::op::testing
