#include "services/loyalty/api/ledger_service.h"

namespace clientele::loyalty {

LedgerGrpcService::LedgerGrpcService(rpc::CallPipeline& pipeline, const ApiContext& api)
    : GrpcService(pipeline, "clientele.loyalty.v1.LedgerService"),
      writes_(api),
      reads_(api),
      checks_(api) {
  AddUnary("Redeem", writes_, &LedgerWrites::Redeem);
  AddUnary("Adjust", writes_, &LedgerWrites::Adjust);
  AddUnary("BatchPost", writes_, &LedgerWrites::BatchPost);
  AddUnary("Reverse", writes_, &LedgerWrites::Reverse);
  AddUnary("GetBalance", reads_, &LedgerReads::GetBalance);
  AddUnary("ListEntries", reads_, &LedgerReads::ListEntries);
  AddUnary("ListLots", reads_, &LedgerReads::ListLots);
  AddUnary("ExplainEarning", reads_, &LedgerReads::ExplainEarning);
  AddUnary("VerifyLedger", checks_, &LedgerChecks::VerifyLedger);
  AddUnary("VerifyLedgerHeads", checks_, &LedgerChecks::VerifyLedgerHeads);
}

}  // namespace clientele::loyalty
