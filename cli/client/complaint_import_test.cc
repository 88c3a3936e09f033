#include "cli/client/complaint_import.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/import/test_files.h"
#include "cli/testing/fake_server.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

namespace pb = clientele::complaints::v1;

// Files complaints of everybody but "shop-nobody"; fails with `status` when that is an error.
class FakeComplaints final : public pb::ComplaintService::Service {
 public:
  grpc::Status FileComplaint(grpc::ServerContext*, const pb::FileComplaintRequest* request,
                             pb::Complaint* complaint) override {
    if (!status.ok()) return status;
    if (request->complaint().customer_id() == "shop-nobody") {
      return NamedError(absl::StatusCode::kNotFound, "CUSTOMER_NOT_FOUND", "no such customer");
    }
    if (!ids.insert(request->complaint().complaint_id()).second) {
      return NamedError(absl::StatusCode::kAlreadyExists, "COMPLAINT_ALREADY_EXISTS", "there");
    }
    last = request->complaint();
    *complaint = last;
    return grpc::Status::OK;
  }

  grpc::Status status;
  std::set<std::string> ids;
  pb::Complaint last;
};

constexpr char kHeader[] =
    "complaint,customer,occur_time,channel,type,severity,safety,language_code,subject,description,"
    "desired_remedy\n";
constexpr char kRow[] =
    "x-7,c-1,2024-05-03T09:00:00Z,in-person,safety,1,true,en,Hot plug,It smokes.,A new one\n";

class ComplaintImportTest : public testing::Test {
 protected:
  absl::Status Import(const std::string& rows) {
    result_ = ComplaintImportResult();
    const TestFile content(absl::StrCat(kHeader, rows));
    CsvFileOptions reading;
    reading.source = "shop";
    auto file = ComplaintFile::Open(content.path(), reading);
    if (!file.ok()) return file.status();
    RecordImportOptions options;
    options.new_call = [] { return std::make_unique<grpc::ClientContext>(); };
    return ImportComplaints(*stub_, *file, options, result_);
  }

  FakeComplaints complaints_;
  FakeServer server_{{&complaints_}};
  std::unique_ptr<pb::ComplaintService::Stub> stub_ = pb::ComplaintService::NewStub(
      grpc::CreateChannel(server_.address(), grpc::InsecureChannelCredentials()));
  ComplaintImportResult result_;
};

TEST_F(ComplaintImportTest, FilesWhatTheRowSays) {
  ASSERT_TRUE(Import(kRow).ok());
  EXPECT_EQ(result_.filed_count, 1);
  std::string text;
  google::protobuf::TextFormat::PrintToString(complaints_.last, &text);
  EXPECT_EQ(text, R"(customer_id: "shop-c-1"
complaint_id: "shop-x-7"
channel: COMPLAINT_CHANNEL_IN_PERSON
type: COMPLAINT_TYPE_SAFETY
severity: 1
safety: true
language_code: "en"
subject: "Hot plug"
description: "It smokes."
desired_remedy: "A new one"
occur_time {
  seconds: 1714726800
}
)");
}

TEST_F(ComplaintImportTest, ASecondRunChangesNothing) {
  ASSERT_TRUE(Import(kRow).ok());
  ASSERT_TRUE(Import(kRow).ok());
  EXPECT_EQ(result_.filed_count, 0);
  EXPECT_EQ(result_.already_filed_count, 1);
  EXPECT_THAT(result_.rejections.RowCounts(), IsEmpty());
}

TEST_F(ComplaintImportTest, RejectsRowsByLineAndTakesTheRest) {
  ASSERT_TRUE(Import(absl::StrCat("x-1,c-1,,pigeon,other,3,,,s,,\n",  // 2
                                  "x-2,c-1,,web,weather,3,,,s,,\n",   // 3
                                  "x-3,nobody,,web,other,3,,,s,,\n",  // 4
                                  "x-4,c-1,,web,other,9,,,s,,\n",     // 5
                                  kRow))
                  .ok());
  EXPECT_EQ(result_.filed_count, 1);
  EXPECT_THAT(result_.rejections.RowCounts(),
              UnorderedElementsAre(Pair("INVALID_CHANNEL", 1), Pair("INVALID_TYPE", 1),
                                   Pair("CUSTOMER_NOT_FOUND", 1), Pair("INVALID_SEVERITY", 1)));
  EXPECT_THAT(result_.rejections.ToText(), HasSubstr("no such customer: line 4"));
}

TEST_F(ComplaintImportTest, StopsWhenTheServerTakesNothing) {
  for (const absl::StatusCode code :
       {absl::StatusCode::kUnavailable, absl::StatusCode::kResourceExhausted}) {
    complaints_.status = NamedError(code, "SOMETHING", "not now");
    EXPECT_EQ(Import(kRow).code(), code);
    EXPECT_THAT(result_.rejections.RowCounts(), IsEmpty());
  }
}

}  // namespace
}  // namespace clientele::cli
