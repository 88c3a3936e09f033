#include "services/loyalty/store/program_store.h"

#include <string>

#include "common/sql/columns.h"
#include "common/status/macros.h"
#include "common/time/civil.h"
#include "services/loyalty/store/sql_member.h"

namespace clientele::loyalty {

absl::StatusOr<Program> LoadProgram(sql::Tx& tx, const Program& configured) {
  Program program = configured;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(kSelectProgram, {{absl::string_view(configured.id)}},
               [&](const sql::Row& row) -> absl::Status {
                 const absl::StatusOr<CurrencyCode> currency = CurrencyCode::Parse(row.Text(1));
                 const absl::StatusOr<absl::TimeZone> zone = LoadTimeZone(row.Text(2));
                 if (!currency.ok() || !zone.ok()) {
                   return absl::InternalError("the published program cannot be read");
                 }
                 program = DefaultProgram(*currency, *zone);
                 program.version = row.Int64(0);
                 return absl::OkStatus();
               }));
  return program;
}

absl::Status PublishProgram(sql::Tx& tx, const Program& configured, absl::Time record_time) {
  bool is_published = false;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(
      kSelectPublished,
      {{absl::string_view(configured.id), configured.version, sql::TimeParam(record_time)}},
      [&](const sql::Row&) {
        is_published = true;
        return absl::OkStatus();
      }));
  if (is_published) {
    return absl::OkStatus();
  }
  const std::string currency_code = configured.currency.ToString();
  const std::string zone = configured.zone.name();
  return tx
      .Execute(kPublishProgram, {{absl::string_view(configured.id), configured.version,
                                  absl::string_view(currency_code), absl::string_view(zone),
                                  sql::TimeParam(record_time)}})
      .status();
}

}  // namespace clientele::loyalty
