#ifndef CLI_CLIENT_ENDPOINTS_H_
#define CLI_CLIENT_ENDPOINTS_H_

// Where the services of the suite are: --server, else the endpoints.json of --data-dir, else the
// endpoints.json of the default data folder, else the default ports.

#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace clientele::cli {

// The services a command can talk to, with their default addresses.
inline constexpr char kProfile[] = "profile";
inline constexpr char kSegmentation[] = "segmentation";
inline constexpr char kLoyalty[] = "loyalty";
inline constexpr char kComplaints[] = "complaints";
inline constexpr absl::string_view kServices[] = {kProfile, kSegmentation, kLoyalty, kComplaints};

// $HOME/.local/share/clientele; "" without a home folder.
std::string DefaultDataDir();

// What `clientele up` writes into its data folder: service (or "ops") to "host:port".
using Endpoints = std::map<std::string, std::string>;

// Writes DIR/endpoints.json atomically. UNAVAILABLE with a sentence when it cannot.
absl::Status WriteEndpoints(const std::string& data_dir, const Endpoints& endpoints);

// Removes DIR/endpoints.json, of whoever does not serve there any more. One that stays, as the
// folder cannot be written any more, is what is left of a kill too: FindEndpointsFile tells of it.
void RemoveEndpoints(const std::string& data_dir);

// Reads DIR/endpoints.json; NOT_FOUND when there is none, DATA_LOSS when it is not one.
absl::StatusOr<Endpoints> ReadEndpoints(const std::string& data_dir);

// What the user gave; empty = not given.
struct EndpointOptions {
  std::string server;
  std::string data_dir;
};

// The address of `service`. INVALID_ARGUMENT for an unknown service; NOT_FOUND when --data-dir has
// no endpoints.json (nothing runs there).
absl::StatusOr<std::string> ResolveEndpoint(const EndpointOptions& options,
                                            absl::string_view service);

// The file that ResolveEndpoint takes addresses from, which may be what a killed `clientele up`
// left; "" when they are the user's own or the defaults.
std::string FindEndpointsFile(const EndpointOptions& options);

// The service of a full gRPC name: "clientele.profile.v1.CustomerService" → "profile"; "" for a
// name that belongs to none or to all (EventService).
std::string ServiceOfFullName(absl::string_view full_name);

}  // namespace clientele::cli

#endif  // CLI_CLIENT_ENDPOINTS_H_
