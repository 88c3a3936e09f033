#include "cli/client/endpoints.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

constexpr char kFileName[] = "endpoints.json";

const Endpoints& DefaultEndpoints() {
  static const auto& endpoints = *new Endpoints{{kProfile, "127.0.0.1:7001"},
                                                {kSegmentation, "127.0.0.1:7002"},
                                                {kLoyalty, "127.0.0.1:7003"},
                                                {kComplaints, "127.0.0.1:7004"},
                                                {"ops", "127.0.0.1:9000"}};
  return endpoints;
}

std::string PathIn(const std::string& data_dir) { return absl::StrCat(data_dir, "/", kFileName); }

absl::StatusOr<std::string> Find(const Endpoints& endpoints, absl::string_view service) {
  const auto found = endpoints.find(std::string(service));
  if (found == endpoints.end()) {
    return absl::InvalidArgumentError(absl::StrCat("there is no service \"", service, "\""));
  }
  return found->second;
}

}  // namespace

std::string DefaultDataDir() {
  const char* home = std::getenv("HOME");  // NOLINT(concurrency-mt-unsafe): before any thread
  return home == nullptr ? "" : absl::StrCat(home, "/.local/share/clientele");
}

absl::Status WriteEndpoints(const std::string& data_dir, const Endpoints& endpoints) {
  const std::string path = PathIn(data_dir);
  const std::string temporary = absl::StrCat(path, ".", getpid(), ".tmp");
  {
    std::ofstream file(temporary, std::ios::trunc);
    file << nlohmann::json(endpoints).dump(2) << "\n";
    if (!file.flush()) {
      return absl::UnavailableError(absl::StrCat("cannot write ", temporary));
    }
  }
  if (std::rename(temporary.c_str(), path.c_str()) != 0) {
    return absl::UnavailableError(absl::StrCat("cannot write ", path));
  }
  return absl::OkStatus();
}

void RemoveEndpoints(const std::string& data_dir) { unlink(PathIn(data_dir).c_str()); }

absl::StatusOr<Endpoints> ReadEndpoints(const std::string& data_dir) {
  const std::string path = PathIn(data_dir);
  std::ifstream file(path);
  if (!file) {
    return absl::NotFoundError(
        absl::StrCat("no ", path, ": is `clientele up` running with this --data-dir?"));
  }
  const nlohmann::json json = nlohmann::json::parse(file, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) {
    return absl::DataLossError(absl::StrCat(path, " is not a list of endpoints"));
  }
  Endpoints endpoints;
  for (const auto& [service, address] : json.items()) {
    if (!address.is_string()) {
      return absl::DataLossError(absl::StrCat(path, " is not a list of endpoints"));
    }
    endpoints[service] = address.get<std::string>();
  }
  return endpoints;
}

absl::StatusOr<std::string> ResolveEndpoint(const EndpointOptions& options,
                                            absl::string_view service) {
  if (!options.server.empty()) {
    return options.server;
  }
  if (!options.data_dir.empty()) {
    CLIENTELE_ASSIGN_OR_RETURN(const Endpoints endpoints, ReadEndpoints(options.data_dir));
    return Find(endpoints, service);
  }
  const absl::StatusOr<Endpoints> running = ReadEndpoints(DefaultDataDir());
  if (absl::IsNotFound(running.status())) {
    return Find(DefaultEndpoints(), service);
  }
  CLIENTELE_RETURN_IF_ERROR(running.status());
  return Find(*running, service);
}

std::string FindEndpointsFile(const EndpointOptions& options) {
  if (!options.server.empty()) {
    return "";
  }
  std::string path = PathIn(options.data_dir.empty() ? DefaultDataDir() : options.data_dir);
  return access(path.c_str(), F_OK) == 0 ? path : "";
}

std::string ServiceOfFullName(absl::string_view full_name) {
  const std::vector<absl::string_view> parts = absl::StrSplit(full_name, '.');
  if (parts.size() < 3 || parts[0] != "clientele" || parts[1] == "common") {
    return "";
  }
  return std::string(parts[1]);
}

}  // namespace clientele::cli
