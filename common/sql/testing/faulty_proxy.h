#ifndef COMMON_SQL_TESTING_FAULTY_PROXY_H_
#define COMMON_SQL_TESTING_FAULTY_PROXY_H_

// Stands between a client and a server on a Unix socket, and fails as networks do.
//
// Thread-safe. It listens on a free port of 127.0.0.1.

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/string_view.h"

namespace clientele::sql {

class FaultyProxy {
 public:
  // When a connection is cut: what the client said may or may not have reached the server.
  enum class Cut { kBeforeTheServerHears, kAfterTheServerAnswered };

  explicit FaultyProxy(const std::string& server_socket);
  FaultyProxy(const FaultyProxy&) = delete;
  FaultyProxy& operator=(const FaultyProxy&) = delete;
  ~FaultyProxy();

  int port() const { return port_; }

  // Cuts the connection, once, on which the client says `word`.
  void CutAt(const std::string& word, Cut cut);

  // Passes nothing on any more, and closes nothing; or does so again.
  void SetSilent(bool is_silent) { is_silent_ = is_silent; }

 private:
  void Accept();
  void Serve(int client);
  bool PassToServer(int client, int server);
  bool PassToClient(int server, int client);
  bool TakesCut(absl::string_view said, Cut& cut);

  const std::string server_socket_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> is_stopping_ = false;
  std::atomic<bool> is_silent_ = false;
  std::mutex mutex_;
  std::string cut_word_;  // empty = none
  Cut cut_ = Cut::kBeforeTheServerHears;
  std::vector<std::thread> connections_;
  std::thread acceptor_;
};

}  // namespace clientele::sql

#endif  // COMMON_SQL_TESTING_FAULTY_PROXY_H_
