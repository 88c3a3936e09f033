#include "services/loyalty/testing/api_fixture.h"

#include <utility>

#include "common/sql/testing/test_sqlite.h"
#include "common/status/macros.h"
#include "services/loyalty/api/handlers/ledger_reads.h"
#include "services/loyalty/jobs/ledger_check.h"
#include "services/loyalty/jobs/purchase_consumer.h"
#include "services/loyalty/store/schema.h"

namespace clientele::loyalty {

Program TestProgram() { return DefaultProgram(*CurrencyCode::Parse("GBP"), absl::UTCTimeZone()); }

ApiFixture::ApiFixture() : ApiFixture(sql::OpenTestSqlite(SchemaMigrations())) {}

ApiFixture::ApiFixture(std::unique_ptr<sql::Database> database)
    : HandlerFixture(std::move(database)), api_(Parts(), TestProgram()) {}

absl::Status ApiFixture::Deliver(const std::vector<common::v1::Event>& events) {
  PurchaseConsumer consumer(api_);
  CLIENTELE_RETURN_IF_ERROR(
      database().RunInTransaction({}, [&](sql::Tx& tx) { return consumer.Apply(tx, events); }));
  consumer.OnCommitted();
  return absl::OkStatus();
}

void ApiFixture::AddMember(const std::string& customer_id, int64_t points, int day) {
  CLIENTELE_CHECK(Deliver({PurchaseRecorded({.customer_id = customer_id,
                                             .number = ++purchase_count_,
                                             .occur_time = NoonOf(day),
                                             .gross_minor = points * 100})})
                      .ok());
}

v1::Balance ApiFixture::Balance(const std::string& customer_id) {
  v1::GetBalanceRequest request;
  request.set_customer_id(customer_id);
  rpc::CallContext call = Call();
  return LedgerReads(api_).GetBalance(call, request).value();
}

std::vector<v1::LedgerEntry> ApiFixture::Entries(const std::string& customer_id) {
  v1::ListEntriesRequest request;
  request.set_customer_id(customer_id);
  request.set_page_size(500);
  rpc::CallContext call = Call();
  const v1::ListEntriesResponse page = LedgerReads(api_).ListEntries(call, request).value();
  return {page.entries().begin(), page.entries().end()};
}

std::vector<v1::Lot> ApiFixture::Lots(const std::string& customer_id) {
  v1::ListLotsRequest request;
  request.set_customer_id(customer_id);
  request.set_page_size(500);
  rpc::CallContext call = Call();
  const v1::ListLotsResponse page = LedgerReads(api_).ListLots(call, request).value();
  return {page.lots().begin(), page.lots().end()};
}

int64_t ApiFixture::Imbalance() {
  LedgerCheck check(database(), "local", record_clock());
  CLIENTELE_CHECK(check.Run().ok());
  return check.imbalance_count().value();
}

v1::RedeemRequest MakeRedeem(int request, const std::string& customer_id, int64_t points) {
  v1::RedeemRequest redeem;
  redeem.set_request_id(MakeRequestId(request));
  redeem.set_customer_id(customer_id);
  redeem.set_points(points);
  return redeem;
}

v1::AdjustRequest MakeAdjust(int request, const std::string& customer_id, int64_t points) {
  v1::AdjustRequest adjust;
  adjust.set_request_id(MakeRequestId(request));
  adjust.set_customer_id(customer_id);
  adjust.set_points(points);
  adjust.set_reason("GOODWILL");
  return adjust;
}

v1::ReverseRequest MakeReverse(int request, const std::string& customer_id, int original) {
  v1::ReverseRequest reverse;
  reverse.set_request_id(MakeRequestId(request));
  reverse.set_customer_id(customer_id);
  reverse.set_original_request_id(MakeRequestId(original));
  return reverse;
}

}  // namespace clientele::loyalty
