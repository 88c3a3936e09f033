#include "services/profile/api/purchase_service.h"

#include <memory>

#include "services/profile/api/handlers/import_session.h"

namespace clientele::profile {
namespace {

using ImportStream = rpc::BidiSession<v1::ImportPurchasesRequest, v1::ImportPurchasesResponse>;

}  // namespace

PurchaseGrpcService::PurchaseGrpcService(rpc::CallPipeline& pipeline, const ApiContext& api)
    : GrpcService(pipeline, "clientele.profile.v1.PurchaseService"),
      api_(api),
      reads_(api),
      writes_(api) {
  AddUnary("RecordPurchases", writes_, &PurchaseWrites::Record);
  AddUnary("GetPurchase", reads_, &PurchaseReads::Get);
  AddUnary("ListPurchases", reads_, &PurchaseReads::List);
  AddUnary("RefundPurchase", writes_, &PurchaseWrites::Refund);
  AddUnary("CancelPurchase", writes_, &PurchaseWrites::Cancel);
  AddBidi<v1::ImportPurchasesRequest, v1::ImportPurchasesResponse>(
      "ImportPurchases",
      [this](rpc::CallContext& call) -> absl::StatusOr<std::unique_ptr<ImportStream>> {
        return std::make_unique<ImportSession>(api_, call);
      });
}

}  // namespace clientele::profile
