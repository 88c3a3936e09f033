#include "cli/commands/rfm_matrix.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "cli/commands/amount_text.h"
#include "cli/commands/command.h"
#include "cli/output/heat_map.h"
#include "cli/output/table.h"
#include "clientele/segmentation/v1/rfm_service.grpc.pb.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

namespace pb = clientele::segmentation::v1;

struct MatrixOptions {
  std::string run_id;
};

// One map with the best recency above and the best frequency to the right.
std::string MapText(const pb::RfmMatrix& matrix,
                    HeatMap::Cell (*cell_of)(const pb::RfmMatrixTotal&, const std::string&),
                    Shading shading) {
  const int count = matrix.score_count();
  std::vector<std::string> titles;
  for (int f = 1; f <= count; ++f) {
    titles.push_back(absl::StrCat("F", f));
  }
  HeatMap map("", std::move(titles));
  for (int r = count; r >= 1; --r) {
    std::vector<HeatMap::Cell> cells(static_cast<size_t>(count));
    for (const pb::RfmMatrixTotal& total : matrix.cells()) {
      if (total.recency_score() == r && 1 <= total.frequency_score() &&
          total.frequency_score() <= count) {
        cells[static_cast<size_t>(total.frequency_score() - 1)] =
            cell_of(total, matrix.currency_code());
      }
    }
    map.Row(absl::StrCat("R", r), std::move(cells));
  }
  return map.ToString(shading);
}

HeatMap::Cell CustomersCell(const pb::RfmMatrixTotal& total, const std::string&) {
  return {total.customer_count(), WithSeparators(total.customer_count())};
}

HeatMap::Cell RevenueCell(const pb::RfmMatrixTotal& total, const std::string& currency_code) {
  return {total.revenue_minor(), AmountText(total.revenue_minor(), currency_code)};
}

HeatMap::Cell MeanCell(const pb::RfmMatrixTotal& total, const std::string& currency_code) {
  return {total.mean_monetary_minor(), AmountText(total.mean_monetary_minor(), currency_code)};
}

std::string MatrixText(const pb::RfmMatrix& matrix, Shading shading) {
  const std::string& currency = matrix.currency_code();
  return absl::StrCat("customers by recency (R) and frequency (F); ", matrix.score_count(),
                      " is best\n", MapText(matrix, CustomersCell, shading), "\n",
                      AmountTitle("revenue", currency), "\n", MapText(matrix, RevenueCell, shading),
                      "\n", AmountTitle("mean value", currency), "\n",
                      MapText(matrix, MeanCell, shading), "\nrun ", matrix.run_id(), " as of ",
                      matrix.as_of_date(), "\n");
}

absl::Status ShowMatrix(const MatrixOptions& options, Environment& environment) {
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub,
                             ConnectTo<pb::RfmService>(environment, kSegmentation));
  pb::GetRfmMatrixRequest request;
  request.set_run_id(options.run_id);
  CLIENTELE_ASSIGN_OR_RETURN(
      const pb::RfmMatrix matrix,
      Call(environment, *stub, &pb::RfmService::Stub::GetRfmMatrix, request));
  if (environment.json) {
    environment.PrintMessage(matrix);
  } else {
    environment.Print(MatrixText(matrix, ShadingFor(environment.out())));
  }
  return absl::OkStatus();
}

}  // namespace

void AddRfmMatrixCommand(CLI::App& app, Environment& environment) {
  CLI::App* command =
      app.add_subcommand("matrix", "Show customers and value by recency and frequency");
  auto options = std::make_shared<MatrixOptions>();
  command->add_option("--run", options->run_id, "The run (default: the latest that succeeded)");
  OnRun(command, options, environment, ShowMatrix);
}

}  // namespace clientele::cli
