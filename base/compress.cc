#include "base/compress.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <zstd.h>

namespace baseline::base {
namespace {

constexpr int kLevel = 3;
constexpr int kWindowLog = 18;  // 256 KiB: the compressor's memory follows its window
constexpr int kMaxWindowLog = 23;

}  // namespace

std::string zstd_compress(std::string_view data) {
  const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(), &ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_windowLog, kWindowLog);
  std::string out(ZSTD_compressBound(data.size()), '\0');
  const std::size_t size = ZSTD_compress2(context.get(), out.data(), out.size(), data.data(), data.size());
  out.resize(ZSTD_isError(size) != 0U ? 0 : size);
  return out;
}

Result<std::string> zstd_decompress(std::string_view data, std::size_t max_bytes) {
  const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(), &ZSTD_freeDCtx);
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kMaxWindowLog);
  std::string out;
  std::string block(ZSTD_DStreamOutSize(), '\0');
  ZSTD_inBuffer in{data.data(), data.size(), 0};
  std::size_t more = 1;
  while (more != 0) {
    ZSTD_outBuffer produced{block.data(), block.size(), 0};
    const std::size_t consumed = in.pos;
    more = ZSTD_decompressStream(context.get(), &produced, &in);
    if (ZSTD_isError(more) != 0U) {
      return fail(ErrorCode::kCorrupt,
                  fmt::format("the compressed data cannot be read ({})", ZSTD_getErrorName(more)));
    }
    if (produced.pos > max_bytes - out.size()) {
      return fail(ErrorCode::kLimit, fmt::format("what is compressed is larger than {} bytes", max_bytes));
    }
    if (out.capacity() - out.size() < produced.pos) {  // by half, not by twice: it is at its largest here
      out.reserve(std::min(out.size() + produced.pos + out.size() / 2, max_bytes));
    }
    out.append(block.data(), produced.pos);
    if (more != 0 && produced.pos == 0 && in.pos == consumed) {
      return fail(ErrorCode::kCorrupt, "the compressed data ends in the middle");
    }
  }
  if (in.pos != in.size) return fail(ErrorCode::kCorrupt, "bytes follow the end of the compressed data");
  return out;
}

}  // namespace baseline::base
