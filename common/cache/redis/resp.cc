#include "common/cache/redis/resp.h"

#include <hiredis.h>

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/status/macros.h"

namespace clientele::redis {
namespace {

// Where the reply of `task` goes: a new one, or its place in the array that holds it.
Reply* PlaceOf(const redisReadTask* task) {
  if (task->parent == nullptr) {
    return new Reply;
  }
  auto* const parent = static_cast<Reply*>(task->parent->obj);
  return &parent->elements[static_cast<size_t>(task->idx)];
}

Reply::Kind KindOf(int type) {
  switch (type) {
    case REDIS_REPLY_STATUS:
      return Reply::Kind::kStatus;
    case REDIS_REPLY_ERROR:
      return Reply::Kind::kError;
    default:
      return Reply::Kind::kString;
  }
}

void* CreateString(const redisReadTask* task, char* text, size_t length) {
  Reply* const reply = PlaceOf(task);
  reply->kind = KindOf(task->type);
  reply->text.assign(text, length);
  return reply;
}

// A null pointer makes hiredis give up on the stream.
void* CreateArray(const redisReadTask* task, int element_count) {
  int64_t& elements_left = *static_cast<int64_t*>(task->privdata);
  if (element_count < 0 || element_count > elements_left) {
    return nullptr;
  }
  elements_left -= element_count;
  Reply* const reply = PlaceOf(task);
  reply->kind = Reply::Kind::kArray;
  reply->elements.resize(static_cast<size_t>(element_count));
  return reply;
}

void* CreateInteger(const redisReadTask* task, long long value) {
  Reply* const reply = PlaceOf(task);
  reply->kind = Reply::Kind::kInteger;
  reply->integer = value;
  return reply;
}

void* CreateNil(const redisReadTask* task) { return PlaceOf(task); }

// Called for the outermost reply only.
void FreeReply(void* reply) { delete static_cast<Reply*>(reply); }

redisReplyObjectFunctions functions = {CreateString, CreateArray, CreateInteger, CreateNil,
                                       FreeReply};

}  // namespace

void AppendCommand(absl::Span<const absl::string_view> arguments, std::string& out) {
  std::vector<const char*> texts;
  std::vector<size_t> lengths;
  texts.reserve(arguments.size());
  lengths.reserve(arguments.size());
  for (const absl::string_view argument : arguments) {
    texts.push_back(argument.data());
    lengths.push_back(argument.size());
  }
  char* command = nullptr;
  const int length = redisFormatCommandArgv(&command, static_cast<int>(arguments.size()),
                                            texts.data(), lengths.data());
  CLIENTELE_CHECK(length > 0);  // else: out of memory
  out.append(command, static_cast<size_t>(length));
  redisFreeCommand(command);
}

void ReplyReader::ReaderDeleter::operator()(redisReader* reader) const { redisReaderFree(reader); }

ReplyReader::ReplyReader(int64_t reply_bytes_max, int64_t reply_elements_max)
    : reply_bytes_max_(reply_bytes_max),
      reply_elements_max_(reply_elements_max),
      elements_left_(reply_elements_max),
      reader_(redisReaderCreateWithFunctions(&functions)) {
  CLIENTELE_CHECK(reader_ != nullptr);  // else: out of memory
  reader_->privdata = &elements_left_;
}

ReplyReader::~ReplyReader() = default;

void ReplyReader::Feed(absl::string_view bytes) {
  bytes_since_reply_ += static_cast<int64_t>(bytes.size());
  // What goes wrong here stays in the reader and is told by Next.
  redisReaderFeed(reader_.get(), bytes.data(), bytes.size());
}

absl::StatusOr<std::optional<Reply>> ReplyReader::Next() {
  void* found = nullptr;
  if (redisReaderGetReply(reader_.get(), &found) != REDIS_OK) {
    return absl::DataLossError(absl::StrCat("the answer cannot be read: ", reader_->errstr));
  }
  if (found == nullptr) {
    if (bytes_since_reply_ > reply_bytes_max_) {
      return absl::DataLossError("the answer is too large");
    }
    return std::nullopt;
  }
  bytes_since_reply_ = 0;
  elements_left_ = reply_elements_max_;
  const std::unique_ptr<Reply> reply(static_cast<Reply*>(found));
  return std::move(*reply);
}

}  // namespace clientele::redis
