// AuditService behind the real wrapper, whose own calls are audited.

#include "common/audit/audit_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "clientele/common/v1/audit_service.grpc.pb.h"
#include "common/audit/audit_store.h"
#include "common/audit/audit_writer.h"
#include "common/audit/call_recorder.h"
#include "common/audit/limits.h"
#include "common/audit/migrations.h"
#include "common/audit/testing/test_records.h"
#include "common/crypto/secret_key.h"
#include "common/feed/migrations.h"
#include "common/ids/stable_hash.h"
#include "common/rpc/client.h"
#include "common/rpc/method.h"
#include "common/rpc/testing/in_process_server.h"
#include "common/rpc/testing/test_pipeline.h"
#include "common/sql/migration.h"
#include "common/sql/testing/test_sqlite.h"
#include "common/status/error.h"

namespace clientele::audit {
namespace {

namespace v1 = clientele::common::v1;
using ::testing::SizeIs;

class AuditServiceTest : public ::testing::Test {
 protected:
  // Stores and chains the records of so many calls.
  void Append(int count) {
    const std::vector<StoredRecord> records = TestRecords(count, ids_);
    ASSERT_EQ(database_->RunInTransaction(
                  {}, [&](sql::Tx& tx) { return AppendToAuditOutbox(tx, records); }),
              absl::OkStatus());
    ASSERT_EQ(writer_.Write(), absl::OkStatus());
  }

  absl::StatusOr<v1::ListAuditEntriesResponse> List(int partition, int page_size = 0,
                                                    const std::string& page_token = "") {
    v1::ListAuditEntriesRequest request;
    request.set_partition(partition);
    request.set_page_size(page_size);
    request.set_page_token(page_token);
    return rpc::CallUnary<v1::ListAuditEntriesResponse>(
        rpc::NewCall(absl::Minutes(1)),
        [&](grpc::ClientContext* context, v1::ListAuditEntriesResponse* response) {
          return stub_->ListAuditEntries(context, request, response);
        });
  }

  absl::StatusOr<v1::VerifyAuditLogResponse> Verify(const v1::VerifyAuditLogRequest& request) {
    return rpc::CallUnary<v1::VerifyAuditLogResponse>(
        rpc::NewCall(absl::Minutes(1)),
        [&](grpc::ClientContext* context, v1::VerifyAuditLogResponse* response) {
          return stub_->VerifyAuditLog(context, request, response);
        });
  }

  SystemClock clock_;
  UuidV7Generator ids_;
  const std::unique_ptr<sql::Database> database_ =
      sql::OpenTestSqlite(sql::MergeMigrations({feed::Migrations(), Migrations()}));
  AuditWriter writer_{*database_, clock_, ids_, "local"};
  CallRecorder recorder_{writer_.buffer(), clock_};
  rpc::TestPipeline pipeline_{"test", &recorder_};
  AuditService service_{pipeline_.pipeline(), *database_,
                        *SecretKey::FromBytes(std::string(32, 'k')), /*is_on=*/true};
  rpc::InProcessServer server_{pipeline_.pipeline(), {{service_.full_name(), service_}}};
  const std::unique_ptr<v1::AuditService::Stub> stub_ =
      v1::AuditService::NewStub(server_.Connect());
};

TEST_F(AuditServiceTest, ListsEveryEntryOfAPartitionOnceInPages) {
  Append(200);
  std::vector<int64_t> positions;
  std::string page_token;
  do {
    const auto page = List(3, 2, page_token);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_LE(page->entries_size(), 2);
    for (const v1::AuditEntry& entry : page->entries()) {
      positions.push_back(entry.position());
      EXPECT_EQ(entry.record().principal(), "jwt:ann");
      EXPECT_EQ(entry.record().SerializeAsString(), entry.content());
      EXPECT_EQ(entry.partition(), 3);
      EXPECT_THAT(entry.hash(), SizeIs(32));
    }
    page_token = page->next_page_token();
  } while (!page_token.empty());
  ASSERT_FALSE(positions.empty());
  for (size_t i = 0; i < positions.size(); ++i) {
    EXPECT_EQ(positions[i], static_cast<int64_t>(i) + 1);
  }
}

TEST_F(AuditServiceTest, ShowsWhatStandsFromBeforeItWasSwitchedOffAndSaysSo) {
  Append(200);
  EXPECT_FALSE(List(3)->is_off());
  EXPECT_FALSE(Verify({})->is_off());
  AuditService off{pipeline_.pipeline(), *database_, *SecretKey::FromBytes(std::string(32, 'k')),
                   /*is_on=*/false};
  rpc::InProcessServer server{pipeline_.pipeline(), {{off.full_name(), off}}};
  const auto stub = v1::AuditService::NewStub(server.Connect());
  grpc::ClientContext list;
  v1::ListAuditEntriesResponse page;
  ASSERT_TRUE(stub->ListAuditEntries(&list, {}, &page).ok());
  EXPECT_TRUE(page.is_off());
  EXPECT_GT(page.entries_size(), 0);
  grpc::ClientContext verify;
  v1::VerifyAuditLogResponse verdict;
  ASSERT_TRUE(stub->VerifyAuditLog(&verify, {}, &verdict).ok());
  EXPECT_TRUE(verdict.is_off());
}

TEST_F(AuditServiceTest, RefusesWhatIsNoPartitionAndWhatIsNoPage) {
  EXPECT_EQ(GetErrorReason(List(16).status()), "INVALID_ARGUMENT");
  EXPECT_EQ(GetErrorReason(List(3, -1).status()), "INVALID_ARGUMENT");
  EXPECT_EQ(GetErrorReason(List(3, 0, "x").status()), "INVALID_PAGE_TOKEN");
  v1::VerifyAuditLogRequest request;
  request.mutable_after()->set_position(1);
  EXPECT_EQ(GetErrorReason(Verify(request).status()), "INVALID_ARGUMENT");
}

TEST_F(AuditServiceTest, SaysWhereALogWasTamperedWith) {
  Append(200);
  v1::VerifyAuditLogRequest request;
  request.set_partition(3);
  auto verdict = Verify(request);
  ASSERT_TRUE(verdict.ok()) << verdict.status();
  EXPECT_EQ(verdict->first_bad_position(), 0);
  EXPECT_TRUE(verdict->is_complete());
  EXPECT_EQ(verdict->verified().hash(), verdict->head().hash());
  ASSERT_EQ(database_->RunInTransaction(
                {},
                [](sql::Tx& tx) {
                  return tx.QueryText(
                      "Tamper", "DELETE FROM audit_entry WHERE partition = 3 AND position = 2", {},
                      [](const sql::Row&) { return absl::OkStatus(); });
                }),
            absl::OkStatus());
  verdict = Verify(request);
  ASSERT_TRUE(verdict.ok()) << verdict.status();
  EXPECT_EQ(verdict->first_bad_position(), 2);
  EXPECT_EQ(verdict->verified().position(), 1);
}

TEST_F(AuditServiceTest, ReadingTheLogStandsInTheLog) {
  ASSERT_TRUE(List(3).ok());
  EXPECT_EQ(GetErrorReason(List(3, 0, "x").status()), "INVALID_PAGE_TOKEN");
  ASSERT_EQ(writer_.Write(), absl::OkStatus());
  std::vector<std::string> codes;
  for (int p = 0; p < kPartitionCount; ++p) {
    const v1::ListAuditEntriesResponse page = List(p).value();
    for (const v1::AuditEntry& entry : page.entries()) {
      EXPECT_EQ(entry.record().kind(), v1::AuditRecord::KIND_READ);
      EXPECT_EQ(entry.record().principal(), "local");
      codes.push_back(entry.record().code());
    }
  }
  EXPECT_THAT(codes, ::testing::UnorderedElementsAre("OK", "INVALID_ARGUMENT"));
}

// Else a flood of calls that are turned away would also flood the database.
TEST_F(AuditServiceTest, WhatThereWasNoRoomForIsNotToldOf) {
  const rpc::Method method = *rpc::LoadMethods(service_.full_name()).value().begin();
  for (const absl::StatusCode code :
       {absl::StatusCode::kResourceExhausted, absl::StatusCode::kUnavailable}) {
    ASSERT_TRUE(writer_.buffer().TryReserve());
    recorder_.OnEnded({.method = method,
                       .call_id = "call",
                       .trace_id = "",
                       .principal = "local",
                       .code = code,
                       .reason = "",
                       .hidden_message = "",
                       .duration = absl::ZeroDuration(),
                       .replayed = false,
                       .audit = rpc::AuditState::kDue},
                      {});
  }
  EXPECT_EQ(writer_.buffer().waiting_count(), 0);
  for (int64_t i = 0; i < kBufferWeightMax; ++i) {  // their room is there again
    ASSERT_TRUE(writer_.buffer().TryReserve());
  }
}

TEST_F(AuditServiceTest, ASensitiveReadIsRefusedWhileThereIsNoRoomForItsRecord) {
  for (int64_t i = 0; i < kBufferWeightMax; ++i) {
    ASSERT_TRUE(writer_.buffer().TryReserve());
  }
  const absl::Status refused = List(3).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(GetErrorReason(refused), "AUDIT_BACKLOG");
  EXPECT_TRUE(Verify({}).ok());  // tells nothing of anybody
  writer_.buffer().Release();
  EXPECT_TRUE(List(3).ok());
}

}  // namespace
}  // namespace clientele::audit
