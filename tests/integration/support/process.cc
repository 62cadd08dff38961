#include "integration/support/process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace baseline::integration {
namespace {

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> list;
  list.reserve(words.size() + 1);
  for (const std::string& word : words) list.push_back(const_cast<char*>(word.c_str()));
  list.push_back(nullptr);
  return list;
}

std::vector<std::string> environment_with(const std::vector<std::string>& more) {
  std::vector<std::string> all(more);
  for (char** entry = environ; *entry != nullptr; ++entry) all.emplace_back(*entry);
  return all;
}

// The child; only what may be called between fork and exec.
[[noreturn]] void become(char* const* argv, char* const* environment, int in, int out, int err) {
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, nullptr);
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // nothing outlives the test, however that ends
  dup2(in, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  execvpe(argv[0], argv, environment);
  _exit(127);
}

pid_t start(const std::vector<std::string>& argv, const std::vector<std::string>& environment, int in,
            int out, int err) {
  const std::vector<std::string> all = environment_with(environment);
  const std::vector<char*> words = pointers(argv);
  const std::vector<char*> variables = pointers(all);
  const pid_t pid = fork();
  if (pid == 0) become(words.data(), variables.data(), in, out, err);
  return pid;
}

int exit_status(int waited) {
  return WIFEXITED(waited) ? WEXITSTATUS(waited) : 128 + WTERMSIG(waited);
}

// A file without a name: output of any length, without threads that read along.
class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "integration.XXXXXX").string();
    fd_ = mkostemp(name.data(), O_CLOEXEC);
    unlink(name.c_str());
  }
  ~Scratch() { close(fd_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  int fd() const { return fd_; }
  void fill(const std::string& text) const {
    for (std::size_t at = 0; at < text.size();) {
      const ssize_t n = write(fd_, text.data() + at, text.size() - at);
      if (n <= 0) break;
      at += static_cast<std::size_t>(n);
    }
    lseek(fd_, 0, SEEK_SET);
  }
  std::string content() const {
    std::string text;
    std::array<char, 65536> buffer{};
    lseek(fd_, 0, SEEK_SET);
    while (true) {
      const ssize_t n = read(fd_, buffer.data(), buffer.size());
      if (n <= 0) return text;
      text.append(buffer.data(), static_cast<std::size_t>(n));
    }
  }

 private:
  int fd_ = -1;
};

}  // namespace

Finished run(const std::vector<std::string>& argv, const std::string& in,
             const std::vector<std::string>& environment) {
  const Scratch input, output, errors;
  input.fill(in);
  const pid_t pid = start(argv, environment, input.fd(), output.fd(), errors.fd());
  int waited = 0;
  while (waitpid(pid, &waited, 0) < 0 && errno == EINTR) {
  }
  return {exit_status(waited), output.content(), errors.content()};
}

Background::Background(const std::vector<std::string>& argv, std::filesystem::path log,
                       const std::vector<std::string>& environment)
    : log_(std::move(log)) {
  const int out = open(log_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
  pid_ = start(argv, environment, in, out, out);
  close(in);
  close(out);
}

Background::~Background() {
  if (!running()) return;
  signal(SIGKILL);
  wait(std::chrono::seconds(30));
}

void Background::signal(int number) const {
  if (pid_ > 0) kill(pid_, number);
}

bool Background::running() {
  if (pid_ < 0) return false;
  int waited = 0;
  if (waitpid(pid_, &waited, WNOHANG) != pid_) return true;
  status_ = exit_status(waited);
  pid_ = -1;
  return false;
}

int Background::wait(std::chrono::seconds limit) {
  eventually([this] { return !running(); }, limit);
  return status_;
}

std::string Background::log() const {
  std::ifstream file(log_);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool eventually(const std::function<bool()>& holds, std::chrono::seconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return true;
}

}  // namespace baseline::integration
