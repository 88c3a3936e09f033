#include "cli/client/purchase_import.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "cli/client/import_batches.h"
#include "cli/client/purchase_batches.h"
#include "cli/client/testing/purchase_files.h"
#include "cli/import/purchase_file_reader.h"
#include "cli/import/test_files.h"
#include "cli/testing/fake_server.h"
#include "common/rpc/client.h"
#include "common/rpc/status_mapping.h"
#include "common/status/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

namespace pb = clientele::profile::v1;

// Orders of one batch each; of one and a fifth of a second; and of two and two fifths of a third.
constexpr int kBatch = static_cast<int>(kBatchItemsMax);
constexpr int kBatchAndSome = kBatch * 6 / 5;
constexpr int kTwoBatchesAndSome = kBatch * 12 / 5;

// Of the order so many after the first of FileOfRefundedOrders.
std::string OrderNumber(int i) { return absl::StrCat(500'000 + i); }

void AddConflict(int item_index, pb::ImportPurchasesResponse& response) {
  auto& refusal = *response.add_refusals();
  refusal.set_item_index(item_index);
  const grpc::Status error =
      NamedError(absl::StatusCode::kAlreadyExists, "PURCHASE_CONFLICT", "other content");
  refusal.mutable_status()->ParseFromString(error.error_details());
}

using ImportServerStream =
    grpc::ServerReaderWriter<pb::ImportPurchasesResponse, pb::ImportPurchasesRequest>;

// Records orders by number as profile does, one batch at a time; `on_batch` may end the stream
// before a batch counts (`before`) or after it counts but before its checkpoint is sent.
class FakePurchases final : public pb::PurchaseService::Service {
 public:
  enum class Then { kAcknowledge, kBreakBefore, kBreakAfter };
  std::function<Then(int stream, int64_t sequence_number)> on_batch = [](int, int64_t) {
    return Then::kAcknowledge;
  };
  std::function<void(pb::ImportPurchasesResponse&)> edit = [](pb::ImportPurchasesResponse&) {};
  grpc::Status break_status = grpc::Status(grpc::StatusCode::UNAVAILABLE, "gone");

  grpc::Status ImportPurchases(grpc::ServerContext*, ImportServerStream* stream) override {
    pb::ImportPurchasesRequest request;
    stream->Read(&request);
    const int number = Begin(request.config());
    int64_t expected = 1;
    while (stream->Read(&request)) {
      if (request.batch().sequence_number() != expected++) {
        return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "out of sequence");
      }
      const std::optional<pb::ImportPurchasesResponse> response = Take(number, request.batch());
      if (!response.has_value()) {
        return break_status;
      }
      stream->Write(*response);
    }
    return grpc::Status::OK;
  }

  std::set<std::string> refused;  // of the keys in `items`
  int stream_count = 0;
  int batch_count = 0;
  pb::ImportPurchasesConfig config;
  std::vector<std::string> items;  // in the order they came, once each
  // The streams over which items of each customer came.
  std::map<std::string, std::set<int>> streams_of_customers;

 private:
  int Begin(const pb::ImportPurchasesConfig& first) {
    const std::lock_guard<std::mutex> lock(mutex_);
    config = first;
    return ++stream_count;
  }

  // nullopt: the stream breaks.
  std::optional<pb::ImportPurchasesResponse> Take(int stream,
                                                  const pb::ImportPurchasesBatch& batch) {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++batch_count;
    const Then then = on_batch(stream, batch.sequence_number());
    if (then == Then::kBreakBefore) {
      return std::nullopt;
    }
    for (const pb::ImportItem& item : batch.items()) {
      streams_of_customers[item.has_order() ? item.order().purchase().customer_id()
                                            : item.refund().customer_id()]
          .insert(stream);
    }
    pb::ImportPurchasesResponse response = Commit(batch);
    edit(response);
    return then == Then::kBreakAfter ? std::nullopt : std::optional(response);
  }

  pb::ImportPurchasesResponse Commit(const pb::ImportPurchasesBatch& batch) {
    pb::ImportPurchasesResponse response;
    response.set_sequence_number(batch.sequence_number());
    for (int i = 0; i < batch.items_size(); ++i) {
      const std::string key = KeyOf(batch.items(i));
      if (refused.count(key) > 0) {
        AddConflict(i, response);
      } else {
        Record(batch.items(i), key, response);
      }
    }
    return response;
  }

  static std::string KeyOf(const pb::ImportItem& item) {
    return item.has_order() ? item.order().purchase().order_number()
                            : absl::StrCat("refund ", item.refund().refund().refund_number());
  }

  void Record(const pb::ImportItem& item, const std::string& key,
              pb::ImportPurchasesResponse& response) {
    const bool known = std::find(items.begin(), items.end(), key) != items.end();
    if (!known) {
      items.push_back(key);
    }
    if (item.has_refund()) {
      response.set_refunds_recorded_count(response.refunds_recorded_count() + (known ? 0 : 1));
    } else if (known) {
      response.set_orders_already_recorded_count(response.orders_already_recorded_count() + 1);
    } else {
      response.set_orders_recorded_count(response.orders_recorded_count() + 1);
      response.set_lines_recorded_count(response.lines_recorded_count() +
                                        item.order().purchase().lines_size());
    }
  }

  std::mutex mutex_;  // of all while streams are open
};

class PurchaseImportTest : public testing::Test {
 protected:
  absl::Status Import(const PurchaseFile& file) {
    return ImportPurchases(*stub_, file, options_, result_);
  }

  FakePurchases purchases_;
  std::atomic<bool> restarted_ = false;
  std::unique_ptr<FakeServer> server_ =
      std::make_unique<FakeServer>(std::vector<grpc::Service*>{&purchases_});
  std::unique_ptr<pb::PurchaseService::Stub> stub_ =
      pb::PurchaseService::NewStub(rpc::Connect(server_->address()));
  // One stream, where a test does not ask for more: it then knows what comes next.
  PurchaseImportOptions options_{.streams_max = 1, .backoff_min = absl::Milliseconds(1)};
  PurchaseImportResult result_;
};

TEST_F(PurchaseImportTest, SendsEveryOrderInBatchesAndCountsTheCheckpoints) {
  std::vector<int64_t> progress;
  options_.on_progress = [&](int64_t done, int64_t total) {
    EXPECT_EQ(total, kTwoBatchesAndSome);
    progress.push_back(done);
  };
  ASSERT_EQ(Import(FileOf(kTwoBatchesAndSome)), absl::OkStatus());
  EXPECT_EQ(purchases_.batch_count, 3);
  EXPECT_EQ(purchases_.config.source_system(), "csv");
  EXPECT_TRUE(purchases_.config.create_missing_customers());
  EXPECT_EQ(result_.orders_recorded_count, kTwoBatchesAndSome);
  EXPECT_EQ(result_.lines_recorded_count, kTwoBatchesAndSome);
  EXPECT_THAT(progress, ElementsAre(kBatch, 2 * kBatch, kTwoBatchesAndSome));
}

TEST_F(PurchaseImportTest, SendsAllOfACustomerInOrderOverOneOfTwoStreams) {
  options_.streams_max = 2;
  int64_t done_count = 0;
  options_.on_progress = [&](int64_t done, int64_t) {
    EXPECT_GT(done, done_count);
    done_count = done;
  };
  const PurchaseFile file = FileOf(kTwoBatchesAndSome);
  ASSERT_EQ(Import(file), absl::OkStatus());
  EXPECT_EQ(purchases_.stream_count, 2);
  EXPECT_EQ(result_.orders_recorded_count, kTwoBatchesAndSome);
  EXPECT_EQ(done_count, kTwoBatchesAndSome);
  EXPECT_THAT(purchases_.streams_of_customers, testing::SizeIs(7));
  EXPECT_THAT(purchases_.streams_of_customers,
              testing::Each(testing::Field(&std::pair<const std::string, std::set<int>>::second,
                                           testing::SizeIs(1))));
  std::map<int, std::vector<size_t>> places_by_customer;  // of c0: o0, o7, o14, …
  for (size_t i = 0; i < file.orders.size(); ++i) {
    const auto found = std::find(purchases_.items.begin(), purchases_.items.end(),
                                 std::string(file.orders[i].order_number));
    places_by_customer[file.orders[i].customer_index].push_back(found - purchases_.items.begin());
  }
  for (const auto& [customer, places] : places_by_customer) {
    EXPECT_TRUE(std::is_sorted(places.begin(), places.end())) << customer;
  }
}

TEST_F(PurchaseImportTest, SendsOneBatchOverOneStream) {
  options_.streams_max = 2;
  ASSERT_EQ(Import(FileOf(kBatch)), absl::OkStatus());
  EXPECT_EQ(purchases_.stream_count, 1);
  EXPECT_EQ(purchases_.batch_count, 1);
}

TEST_F(PurchaseImportTest, SendsMoreThanOneBatchOverTwoStreams) {
  options_.streams_max = 2;
  ASSERT_EQ(Import(FileOf(kBatch + 1)), absl::OkStatus());
  EXPECT_EQ(purchases_.stream_count, 2);
}

TEST_F(PurchaseImportTest, TakesUpTheOneOfTwoStreamsThatBroke) {
  options_.streams_max = 2;
  bool broke = false;
  purchases_.on_batch = [&broke](int, int64_t sequence_number) {
    const bool breaks = sequence_number == 2 && !broke;
    broke = broke || breaks;
    return breaks ? FakePurchases::Then::kBreakAfter : FakePurchases::Then::kAcknowledge;
  };
  ASSERT_EQ(Import(FileOf(2 * kTwoBatchesAndSome)), absl::OkStatus());
  EXPECT_EQ(purchases_.stream_count, 3);
  EXPECT_EQ(purchases_.items.size(), 2 * kTwoBatchesAndSome);
  EXPECT_EQ(result_.orders_recorded_count + result_.orders_already_recorded_count,
            2 * kTwoBatchesAndSome);
  EXPECT_EQ(result_.orders_already_recorded_count, kBatch);
}

TEST_F(PurchaseImportTest, AnswersTheErrorOfEitherOfTwoStreams) {
  options_.streams_max = 2;
  purchases_.break_status =
      NamedError(absl::StatusCode::kResourceExhausted, "DISK_FULL", "the disk is full");
  int second_count = 0;
  purchases_.on_batch = [&second_count](int, int64_t sequence_number) {
    second_count += sequence_number == 2 ? 1 : 0;
    return second_count == 2 && sequence_number == 2 ? FakePurchases::Then::kBreakBefore
                                                     : FakePurchases::Then::kAcknowledge;
  };
  EXPECT_TRUE(absl::IsResourceExhausted(Import(FileOf(2 * kTwoBatchesAndSome))));
  EXPECT_EQ(purchases_.stream_count, 2);
  EXPECT_GE(result_.orders_recorded_count, 3 * kBatch) << "the other stream comes to its end";
}

TEST_F(PurchaseImportTest, SendsNoRefundBeforeBothStreamsOfOrdersAreAnswered) {
  options_.streams_max = 2;
  purchases_.refused = {"500007", OrderNumber(kTwoBatchesAndSome - 1)};  // one of each stream
  size_t orders_before_refunds = 0;
  purchases_.on_batch = [&](int stream, int64_t sequence_number) {
    if (stream == 3 && sequence_number == 1) {
      orders_before_refunds = purchases_.items.size();
    }
    return FakePurchases::Then::kAcknowledge;
  };
  ASSERT_EQ(Import(FileOfRefundedOrders(kTwoBatchesAndSome, /*customers=*/4)), absl::OkStatus());
  EXPECT_EQ(purchases_.stream_count, 4);
  EXPECT_GE(orders_before_refunds, static_cast<size_t>(kTwoBatchesAndSome - 2));
  EXPECT_EQ(result_.refunds_recorded_count, kTwoBatchesAndSome - 2);
  EXPECT_THAT(result_.rejections.RowCounts(),
              ElementsAre(Pair("ORDER_REFUSED", 2), Pair("PURCHASE_CONFLICT", 2)));
}

TEST_F(PurchaseImportTest, ASecondImportRecordsNothing) {
  const PurchaseFile file = FileOf(kBatchAndSome);
  ASSERT_EQ(Import(file), absl::OkStatus());
  result_ = {};
  ASSERT_EQ(Import(file), absl::OkStatus());
  EXPECT_EQ(result_.orders_recorded_count, 0);
  EXPECT_EQ(result_.orders_already_recorded_count, kBatchAndSome);
}

TEST_F(PurchaseImportTest, AFileWithoutOrdersNeedsNoStream) {
  ASSERT_EQ(Import(FileOf(0)), absl::OkStatus());
  EXPECT_EQ(purchases_.stream_count, 0);
}

TEST_F(PurchaseImportTest, GoesOnAfterTheLastCheckpointOfABrokenStream) {
  purchases_.on_batch = [](int stream, int64_t sequence_number) {
    return stream == 1 && sequence_number == 2 ? FakePurchases::Then::kBreakBefore
                                               : FakePurchases::Then::kAcknowledge;
  };
  ASSERT_EQ(Import(FileOf(kTwoBatchesAndSome)), absl::OkStatus());
  EXPECT_EQ(purchases_.stream_count, 2);
  EXPECT_EQ(result_.orders_recorded_count, kTwoBatchesAndSome);
  EXPECT_EQ(result_.orders_already_recorded_count, 0);
}

TEST_F(PurchaseImportTest, SendsABatchAgainWhoseCheckpointWasLost) {
  purchases_.on_batch = [](int stream, int64_t sequence_number) {
    return stream == 1 && sequence_number == 2 ? FakePurchases::Then::kBreakAfter
                                               : FakePurchases::Then::kAcknowledge;
  };
  ASSERT_EQ(Import(FileOf(kTwoBatchesAndSome)), absl::OkStatus());
  EXPECT_EQ(purchases_.items.size(), kTwoBatchesAndSome);
  EXPECT_EQ(result_.orders_recorded_count, kTwoBatchesAndSome - kBatch);
  EXPECT_EQ(result_.orders_already_recorded_count, kBatch);
}

TEST_F(PurchaseImportTest, GivesUpAfterTheResumesMakeNoHeadway) {
  purchases_.on_batch = [](int stream, int64_t sequence_number) {
    return stream > 1 || sequence_number == 2 ? FakePurchases::Then::kBreakBefore
                                              : FakePurchases::Then::kAcknowledge;
  };
  EXPECT_TRUE(absl::IsUnavailable(Import(FileOf(kTwoBatchesAndSome))));
  EXPECT_EQ(purchases_.stream_count, 1 + kResumesMax);
  EXPECT_EQ(result_.orders_recorded_count, kBatch);
}

TEST_F(PurchaseImportTest, FailsAtOnceWhenNoCheckpointEverCame) {
  purchases_.on_batch = [](int, int64_t) { return FakePurchases::Then::kBreakBefore; };
  EXPECT_TRUE(absl::IsUnavailable(Import(FileOf(10))));
  EXPECT_EQ(purchases_.stream_count, 1);
}

TEST_F(PurchaseImportTest, DoesNotRepeatWhatTheServerRefuses) {
  purchases_.break_status =
      NamedError(absl::StatusCode::kResourceExhausted, "DISK_FULL", "the disk is full");
  purchases_.on_batch = [](int, int64_t sequence_number) {
    return sequence_number == 2 ? FakePurchases::Then::kBreakBefore
                                : FakePurchases::Then::kAcknowledge;
  };
  EXPECT_TRUE(absl::IsResourceExhausted(Import(FileOf(kTwoBatchesAndSome))));
  EXPECT_EQ(purchases_.stream_count, 1);
}

TEST_F(PurchaseImportTest, CountsEveryLineOfARefusedOrder) {
  const std::string content =
      "order_number,customer,occur_time,currency,sku,category,quantity,unit_price\n"
      "a,c1,2024-05-01,EUR,tea,,1,2.50\n"
      "b,c1,2024-05-01,EUR,tea,,1,2.50\n"
      "a,c1,2024-05-01,EUR,cup,,1,2.50\n"
      "c,,2024-05-01,EUR,cup,,1,2.50\n";
  const PurchaseFile file = *ReadPurchaseFile(TestFile(content).path(), PurchaseFormat::kCsv, {});
  purchases_.refused = {"a"};
  ASSERT_EQ(Import(file), absl::OkStatus());
  EXPECT_THAT(result_.rejections.RowCounts(),
              ElementsAre(Pair("MISSING_CUSTOMER", 1), Pair("PURCHASE_CONFLICT", 2)));
  EXPECT_THAT(result_.rejections.ToText(), HasSubstr("PURCHASE_CONFLICT, 2 rows\n"
                                                     "  other content: line 2, 4\n"));
}

TEST_F(PurchaseImportTest, DoesNotSendTheRefundsOfARefusedOrder) {
  const PurchaseFile file = FileOfRefundedOrders(3);
  purchases_.refused = {"500001"};
  ASSERT_EQ(Import(file), absl::OkStatus());
  EXPECT_THAT(purchases_.items,
              ElementsAre("500000", "500002", "refund C600000-3", "refund C600002-7"));
  EXPECT_THAT(result_.rejections.RowCounts(),
              ElementsAre(Pair("ORDER_REFUSED", 1), Pair("PURCHASE_CONFLICT", 1)));
  EXPECT_THAT(result_.rejections.ToText(), HasSubstr("ORDER_REFUSED, 1 row\n"
                                                     "  the server refused the order: line 5\n"));
  EXPECT_EQ(result_.lines_recorded_count + result_.refunds_recorded_count + 2, file.rows_read);
}

TEST_F(PurchaseImportTest, SendsNoRefundBeforeEveryOrderIsAnswered) {
  purchases_.refused = {OrderNumber(kBatchAndSome - 1)};  // in the last batch of orders
  int64_t refunds_first_batch = 0;
  purchases_.on_batch = [&](int stream, int64_t) {
    // All of the stream before was answered, or the client would not have ended it.
    refunds_first_batch += stream == 2 && purchases_.items.size() == kBatchAndSome - 1 ? 1 : 0;
    return FakePurchases::Then::kAcknowledge;
  };
  ASSERT_EQ(Import(FileOfRefundedOrders(kBatchAndSome)), absl::OkStatus());
  EXPECT_EQ(refunds_first_batch, 1);
  EXPECT_EQ(purchases_.batch_count, 4);
  EXPECT_EQ(result_.orders_recorded_count, kBatchAndSome - 1);
  EXPECT_EQ(result_.refunds_recorded_count, kBatchAndSome - 1);
}

TEST_F(PurchaseImportTest, RemembersRefusedOrdersOverBrokenStreams) {
  purchases_.refused = {OrderNumber(0), OrderNumber(kBatchAndSome),
                        OrderNumber(kTwoBatchesAndSome - 1)};  // one of each batch
  purchases_.on_batch = [](int stream, int64_t sequence_number) {
    if (stream == 1 && sequence_number == 2) {
      return FakePurchases::Then::kBreakAfter;  // its order is refused twice, heard once
    }
    return stream == 3 ? FakePurchases::Then::kBreakBefore : FakePurchases::Then::kAcknowledge;
  };
  int64_t done_count = 0;
  options_.on_progress = [&](int64_t done, int64_t) { done_count = done; };
  ASSERT_EQ(Import(FileOfRefundedOrders(kTwoBatchesAndSome)), absl::OkStatus());
  EXPECT_EQ(purchases_.stream_count, 4);  // two for the orders, two for the refunds
  EXPECT_EQ(purchases_.items.size(), 2 * (kTwoBatchesAndSome - 3));
  EXPECT_EQ(result_.refunds_recorded_count, kTwoBatchesAndSome - 3);
  EXPECT_THAT(result_.rejections.RowCounts(),
              ElementsAre(Pair("ORDER_REFUSED", 3), Pair("PURCHASE_CONFLICT", 3)));
  EXPECT_EQ(done_count, 2 * kTwoBatchesAndSome);
}

TEST_F(PurchaseImportTest, NamesTheLineOfARefusedRefundBehindOneThatWasNotSent) {
  purchases_.refused = {"500000", "refund C600002-7"};
  ASSERT_EQ(Import(FileOfRefundedOrders(3)), absl::OkStatus());
  EXPECT_THAT(result_.rejections.ToText(), HasSubstr("PURCHASE_CONFLICT, 2 rows\n"
                                                     "  other content: line 2, 7\n"));
}

TEST_F(PurchaseImportTest, NamesATimeInTheFutureAsTheReaderNamesABrokenTime) {
  purchases_.edit = [](pb::ImportPurchasesResponse& response) {
    auto& refusal = *response.add_refusals();
    refusal.set_item_index(1);
    const grpc::Status error = rpc::ToGrpcStatus(
        ErrorBuilder(absl::StatusCode::kInvalidArgument, "INVALID_ARGUMENT", "a field is malformed")
            .Field("batch.items[1].order.purchase.occur_time", "must not be ahead of the server")
            .Build(),
        "profile.clientele");
    refusal.mutable_status()->ParseFromString(error.error_details());
  };
  ASSERT_EQ(Import(FileOf(3)), absl::OkStatus());
  EXPECT_EQ(
      result_.rejections.ToText(),
      "rejected: INVALID_TIME, 1 row\n  occur_time must not be ahead of the server: line 3\n");
}

TEST_F(PurchaseImportTest, RefusesACheckpointOutOfOrder) {
  purchases_.edit = [](pb::ImportPurchasesResponse& response) { response.set_sequence_number(7); };
  EXPECT_TRUE(absl::IsDataLoss(Import(FileOf(10))));
}

TEST_F(PurchaseImportTest, FindsAServerAgainThatWasRestarted) {
  absl::Notification stop;
  purchases_.on_batch = [&](int stream, int64_t sequence_number) {
    if (stream == 1 && sequence_number == 2) {
      stop.Notify();
      return FakePurchases::Then::kBreakBefore;
    }
    // Until the first server is gone, whatever comes to it gets nowhere.
    return stream > 1 && !restarted_ ? FakePurchases::Then::kBreakBefore
                                     : FakePurchases::Then::kAcknowledge;
  };
  std::thread restart([&] {
    stop.WaitForNotification();
    const std::string address = server_->address();
    server_.reset();
    restarted_ = true;
    server_ = std::make_unique<FakeServer>(std::vector<grpc::Service*>{&purchases_}, address);
  });
  options_.backoff_min = absl::Milliseconds(100);
  EXPECT_EQ(Import(FileOf(kTwoBatchesAndSome)), absl::OkStatus());
  restart.join();
  EXPECT_EQ(result_.orders_recorded_count, kTwoBatchesAndSome);
}

}  // namespace
}  // namespace clientele::cli
