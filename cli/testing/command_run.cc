#include "cli/testing/command_run.h"

#include <stdlib.h>

#include <cstdio>
#include <filesystem>

#include "CLI/CLI.hpp"
#include "cli/commands/all_commands.h"
#include "cli/environment.h"
#include "common/status/macros.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

// A stream that collects what is printed.
class Capture {
 public:
  Capture() : stream_(open_memstream(&text_, &size_)) { CLIENTELE_CHECK(stream_ != nullptr); }
  ~Capture() {
    std::fclose(stream_);
    std::free(text_);
  }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  std::FILE* stream() const { return stream_; }
  std::string Text() const {
    std::fflush(stream_);
    return std::string(text_, size_);
  }

 private:
  char* text_ = nullptr;
  size_t size_ = 0;
  std::FILE* stream_;
};

}  // namespace

nlohmann::json CommandResult::Json() const {
  return nlohmann::json::parse(out, nullptr, /*allow_exceptions=*/false);
}

CommandResult RunClientele(const std::vector<std::string>& arguments) {
  const Capture out;
  const Capture err;
  Environment environment(out.stream(), err.stream());
  CLI::App app("clientele", "clientele");
  AddAllCommands(app, environment);
  std::vector<const char*> argv = {"clientele"};
  for (const std::string& argument : arguments) {
    argv.push_back(argument.c_str());
  }
  CommandResult result;
  result.exit_code = RunCommandLine(app, environment, static_cast<int>(argv.size()), argv.data());
  result.out = out.Text();
  result.err = err.Text();
  return result;
}

CommandResult RunClientele(const Endpoints& endpoints, const std::vector<std::string>& arguments) {
  std::string dir = testing::TempDir() + "clientele-XXXXXX";
  CLIENTELE_CHECK(mkdtemp(dir.data()) != nullptr);
  CLIENTELE_CHECK(WriteEndpoints(dir, endpoints).ok());
  std::vector<std::string> all = {"--data-dir", dir};
  all.insert(all.end(), arguments.begin(), arguments.end());
  CommandResult result = RunClientele(all);
  std::filesystem::remove_all(dir);
  return result;
}

}  // namespace clientele::cli
