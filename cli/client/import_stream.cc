#include "cli/client/import_stream.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "cli/client/server_status.h"

namespace clientele::cli {
namespace {

using clientele::profile::v1::PurchaseService;

// What a tag of the completion queue stands for.
enum class Operation : intptr_t { kStart = 1, kWrite, kRead, kFinish };

void* Tag(Operation operation) { return reinterpret_cast<void*>(static_cast<intptr_t>(operation)); }

}  // namespace

ImportStream::ImportStream(PurchaseService::StubInterface& stub, const ImportBatches& batches,
                           CheckpointHandler on_checkpoint)
    : stub_(stub), batches_(batches), on_checkpoint_(std::move(on_checkpoint)) {}

ImportStream::~ImportStream() {
  context_.TryCancel();
  queue_.Shutdown();
  void* tag = nullptr;
  bool ok = false;
  while (queue_.Next(&tag, &ok)) {
  }
}

absl::Status ImportStream::Run(const std::string& source_system, size_t first_item,
                               const ImportStreamTimeouts& timeouts) {
  next_item_ = first_item;
  timeouts_ = timeouts;
  // A call that waits is also what makes gRPC try to connect again: without one, nothing polls.
  const bool wait = timeouts.connect > absl::ZeroDuration();
  context_.set_wait_for_ready(wait);
  deadline_ = absl::Now() + (wait ? timeouts.connect : timeouts.checkpoint);
  request_.mutable_config()->set_source_system(source_system);
  request_.mutable_config()->set_create_missing_customers(true);
  stream_ = stub_.AsyncImportPurchases(&context_, &queue_, Tag(Operation::kStart));
  while (!finished_) {
    void* tag = nullptr;
    bool ok = false;
    switch (queue_.AsyncNext(&tag, &ok, absl::ToChronoTime(deadline_))) {
      case grpc::CompletionQueue::GOT_EVENT:
        OnEvent(tag, ok);
        break;
      case grpc::CompletionQueue::TIMEOUT:
        OnTimeout();
        break;
      case grpc::CompletionQueue::SHUTDOWN:
        finished_ = true;
        break;
    }
  }
  return Result();
}

void ImportStream::OnEvent(void* tag, bool ok) {
  if (tag == Tag(Operation::kFinish)) {
    finished_ = true;
    return;
  }
  if (tag == Tag(Operation::kStart)) {
    started_ = ok;
    reads_ended_ = !ok;
    if (ok) {
      deadline_ = absl::Now() + timeouts_.checkpoint;
      writing_ = true;
      stream_->Write(request_, Tag(Operation::kWrite));  // the config
      stream_->Read(&response_, Tag(Operation::kRead));
    }
  } else if (tag == Tag(Operation::kRead)) {
    OnRead(ok);
  } else {
    writing_ = false;
    writes_ended_ = writes_ended_ || !ok;
  }
  if (started_ && !reads_ended_ && !writing_ && !writes_ended_) {
    WriteNext();
  }
  if (reads_ended_ && !writing_ && !finishing_) {
    finishing_ = true;
    stream_->Finish(&status_, Tag(Operation::kFinish));
  }
}

void ImportStream::WriteNext() {
  if (next_item_ == batches_.item_count()) {
    writing_ = true;
    writes_ended_ = true;
    stream_->WritesDone(Tag(Operation::kWrite));
    return;
  }
  if (unacknowledged_.size() >= kUnacknowledgedBatchesMax) {
    return;
  }
  request_.Clear();
  auto& batch = *request_.mutable_batch();
  batch.set_sequence_number(++last_sequence_number_);
  const size_t end_item = batches_.Fill(next_item_, batch);
  unacknowledged_.push_back({last_sequence_number_, next_item_, end_item});
  next_item_ = end_item;
  writing_ = true;
  stream_->Write(request_, Tag(Operation::kWrite));
}

void ImportStream::OnRead(bool ok) {
  if (!ok) {
    reads_ended_ = true;
    return;
  }
  if (unacknowledged_.empty() ||
      unacknowledged_.front().sequence_number != response_.sequence_number()) {
    Cancel(absl::DataLossError(absl::StrCat("the server acknowledged batch ",
                                            response_.sequence_number(),
                                            " where another one was due")));
  } else {
    const SentBatch batch = unacknowledged_.front();
    unacknowledged_.pop_front();
    deadline_ = absl::Now() + timeouts_.checkpoint;
    on_checkpoint_(batch.first_item, batch.end_item, response_);
  }
  stream_->Read(&response_, Tag(Operation::kRead));
}

void ImportStream::OnTimeout() {
  if (started_) {
    Cancel(absl::DeadlineExceededError(absl::StrCat("the server acknowledged nothing for ",
                                                    absl::FormatDuration(timeouts_.checkpoint))));
  } else {
    Cancel(absl::UnavailableError("the server did not come back in time"));
  }
}

void ImportStream::Cancel(absl::Status why) {
  if (own_error_.ok()) {
    own_error_ = std::move(why);
  }
  writes_ended_ = true;
  deadline_ = absl::InfiniteFuture();  // what follows are the ends of the operations
  context_.TryCancel();
}

absl::Status ImportStream::Result() const {
  if (!own_error_.ok()) {
    return own_error_;
  }
  if (!status_.ok()) {
    return FromServer(status_);
  }
  if (next_item_ < batches_.item_count() || !unacknowledged_.empty()) {
    return absl::UnavailableError("the server ended the stream before everything was in");
  }
  return absl::OkStatus();
}

}  // namespace clientele::cli
