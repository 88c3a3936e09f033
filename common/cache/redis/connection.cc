#include "common/cache/redis/connection.h"

#include <array>
#include <fstream>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/cache/redis/limits.h"
#include "common/status/macros.h"

namespace clientele::redis {
namespace {

// The first line of the file.
absl::StatusOr<std::string> ReadPassword(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kPasswordBytesMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  text.resize(std::min(text.find('\n'), text.size()));
  absl::StripTrailingAsciiWhitespace(&text);
  if (text.empty() || text.size() > kPasswordBytesMax) {
    return absl::FailedPreconditionError(
        absl::StrCat("the file ", path, " holds no password of Redis"));
  }
  return text;
}

// The error of a reply that should have been OK. What the server says names no secret.
absl::Status ToStatus(const Reply& reply) {
  return reply.IsError() ? absl::PermissionDeniedError(reply.text) : absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(
    const Address& address, absl::Span<const SocketAddress> addresses, const Login& login,
    absl::Time deadline) {
  CLIENTELE_ASSIGN_OR_RETURN(Socket socket, Socket::Connect(addresses, deadline));
  std::unique_ptr<ByteStream> stream;
  if (login.tls == nullptr) {
    stream = MakePlainStream(std::move(socket));
  } else {
    CLIENTELE_ASSIGN_OR_RETURN(stream,
                               login.tls->Handshake(std::move(socket), address.host, deadline));
  }
  // Not make_unique: the constructor is private.
  std::unique_ptr<Connection> connection(new Connection(std::move(stream)));
  CLIENTELE_RETURN_IF_ERROR(connection->LogIn(login, deadline));
  return connection;
}

absl::Status Connection::LogIn(const Login& login, absl::Time deadline) {
  if (!login.password_file.empty()) {
    CLIENTELE_ASSIGN_OR_RETURN(const std::string password, ReadPassword(login.password_file));
    std::vector<absl::string_view> command = {"AUTH"};
    if (!login.user.empty()) {
      command.emplace_back(login.user);
    }
    command.emplace_back(password);
    CLIENTELE_ASSIGN_OR_RETURN(const Reply reply, Ask(command, deadline));
    CLIENTELE_RETURN_IF_ERROR(ToStatus(reply));
  }
  if (login.database != 0) {
    CLIENTELE_ASSIGN_OR_RETURN(const Reply reply,
                               Ask({"SELECT", absl::StrCat(login.database)}, deadline));
    CLIENTELE_RETURN_IF_ERROR(ToStatus(reply));
  }
  return absl::OkStatus();
}

absl::Status Connection::Send(absl::string_view commands, absl::Time deadline) {
  return stream_->Write(commands, deadline);
}

absl::StatusOr<Reply> Connection::Receive(absl::Time deadline) {
  std::array<char, kReadBytes> buffer;
  while (true) {
    CLIENTELE_ASSIGN_OR_RETURN(std::optional<Reply> reply, reader_.Next());
    if (reply.has_value()) {
      return *std::move(reply);
    }
    CLIENTELE_ASSIGN_OR_RETURN(const size_t count, stream_->Read(absl::MakeSpan(buffer), deadline));
    reader_.Feed(absl::string_view(buffer.data(), count));
  }
}

absl::StatusOr<Reply> Connection::Ask(absl::Span<const absl::string_view> arguments,
                                      absl::Time deadline) {
  std::string command;
  AppendCommand(arguments, command);
  CLIENTELE_RETURN_IF_ERROR(Send(command, deadline));
  return Receive(deadline);
}

}  // namespace clientele::redis
