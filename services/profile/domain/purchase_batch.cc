#include "services/profile/domain/purchase_batch.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "common/status/macros.h"

namespace clientele::profile {
namespace {

std::vector<PurchaseLine>::iterator LineAt(std::vector<PurchaseLine>& lines, int32_t line_number) {
  return std::lower_bound(
      lines.begin(), lines.end(), line_number,
      [](const PurchaseLine& line, int32_t number) { return line.line_number < number; });
}

template <typename T, typename Key>
void SortByKey(std::vector<T>& items, Key key) {
  std::sort(items.begin(), items.end(),
            [&key](const T& left, const T& right) { return key(left) < key(right); });
}

void Sort(BatchWrites& writes) {
  SortByKey(writes.made_customers,
            [](const MadeCustomer& made) -> const CustomerId& { return made.root.id; });
  SortByKey(writes.changed_customers,
            [](const CustomerRoot& root) -> const CustomerId& { return root.id; });
  const auto purchase_key = [](const PurchaseHeader& header) {
    return std::tie(header.customer_id, header.id);
  };
  SortByKey(writes.made_purchases,
            [&](const Purchase& purchase) { return purchase_key(purchase.header); });
  SortByKey(writes.changed_purchases, purchase_key);
  SortByKey(writes.changed_lines, [](const ChangedLine& changed) {
    return std::tie(changed.customer_id, changed.purchase_id, changed.line.line_number);
  });
  SortByKey(writes.made_refunds, [](const MadeRefund& made) {
    return std::tie(made.customer_id, made.purchase_id, made.refund.refund_number);
  });
}

}  // namespace

Purchase PurchaseAfter(Purchase before, const BatchWrites& writes) {
  for (const PurchaseHeader& header : writes.changed_purchases) before.header = header;
  for (const ChangedLine& changed : writes.changed_lines) {
    *LineAt(before.lines, changed.line.line_number) = changed.line;
  }
  for (const MadeRefund& made : writes.made_refunds) {
    // Behind those of its time: it has the highest ordinal.
    const auto later = std::upper_bound(
        before.refunds.begin(), before.refunds.end(), made.refund.occur_time,
        [](absl::Time time, const Refund& refund) { return time < refund.occur_time; });
    before.refunds.insert(later, made.refund);
  }
  return before;
}

void PurchaseBatch::LoadCustomer(CustomerRoot root) {
  const CustomerId id = root.id;
  customers_[id].root = std::move(root);
}

void PurchaseBatch::LoadHolder(IdentifierHolder holder) {
  holders_.insert_or_assign(std::move(holder.hash), std::move(holder.customer_id));
}

void PurchaseBatch::LoadIdentifiers(const CustomerId& customer_id,
                                    std::vector<Identifier> identifiers) {
  customers_.at(customer_id).identifiers = std::move(identifiers);
}

void PurchaseBatch::LoadOrder(const PurchaseId& purchase_id, std::string content_hash) {
  order_hashes_.insert_or_assign(purchase_id, std::move(content_hash));
}

void PurchaseBatch::LoadPurchase(PurchaseHeader header) {
  const PurchaseId id = header.id;
  purchases_.try_emplace(id, PurchaseEntry{.purchase = {.header = std::move(header)}});
}

void PurchaseBatch::LoadLine(const PurchaseId& purchase_id, PurchaseLine line) {
  std::vector<PurchaseLine>& lines = purchases_.at(purchase_id).purchase.lines;
  const auto at = LineAt(lines, line.line_number);
  if (at != lines.end() && at->line_number == line.line_number) return;  // asked for twice
  lines.insert(at, std::move(line));
}

void PurchaseBatch::LoadRefund(const PurchaseId& purchase_id, absl::string_view refund_number,
                               std::string content_hash) {
  purchases_.at(purchase_id)
      .refund_hashes.insert_or_assign(std::string(refund_number), std::move(content_hash));
}

absl::StatusOr<PurchaseBatch::RecordOutcome> PurchaseBatch::Record(Purchase purchase,
                                                                   const ImportedBuyer* buyer) {
  // 1. Decide on what is known so far.
  const std::vector<IdentifierHolder> holders = HoldersOf(buyer);
  PurchaseContext context{.buyer = buyer, .holders = holders};
  const auto customer = customers_.find(purchase.header.customer_id);
  if (customer != customers_.end()) {
    context.customer = customer->second.root;
    context.customer_identifiers = customer->second.identifiers;
  }
  const auto recorded = order_hashes_.find(purchase.header.id);
  if (recorded != order_hashes_.end()) context.recorded_hash = recorded->second;
  purchase.header.record_time = record_time_;
  CLIENTELE_ASSIGN_OR_RETURN(RecordPlan plan, PlanRecordPurchase(context, purchase, record_time_));
  if (plan.already_recorded) return RecordOutcome{.already_recorded = true};

  // 2. Let the items after it see it.
  CustomerEntry& entry = customers_[purchase.header.customer_id];
  entry.root = std::move(plan.customer);
  entry.changed = true;
  if (plan.makes_customer) {
    entry.made = true;
    entry.identifiers = buyer->identifiers;
    for (const Identifier& identifier : entry.identifiers) {
      holders_.insert_or_assign(identifier.hash, entry.root.id);
    }
  }
  purchase.header.feed_seq = plan.feed_seq;
  std::move(plan.events.begin(), plan.events.end(), std::back_inserter(events_));
  const PurchaseId id = purchase.header.id;
  order_hashes_.emplace(id, purchase.header.content_hash);
  purchases_.insert_or_assign(id, PurchaseEntry{.purchase = std::move(purchase), .made = true});
  return RecordOutcome{.made_customer = plan.makes_customer};
}

absl::StatusOr<PurchaseBatch::RefundOutcome> PurchaseBatch::GiveBack(const RefundCommand& command) {
  PurchaseEntry* entry = FindPurchase(command.customer_id, command.purchase_id);
  if (entry == nullptr) {
    return PlanRefund(std::nullopt, {}, std::nullopt, command, record_time_).status();
  }
  std::optional<std::string> recorded_hash;
  const auto recorded = entry->refund_hashes.find(command.refund.refund_number);
  if (recorded != entry->refund_hashes.end()) recorded_hash = recorded->second;
  CLIENTELE_ASSIGN_OR_RETURN(
      RefundPlan plan, PlanRefund(entry->purchase.header, entry->purchase.lines, recorded_hash,
                                  command, record_time_));
  if (plan.already_recorded) return RefundOutcome{.already_recorded = true};
  ApplyRefund(*entry, std::move(plan));
  return RefundOutcome{};
}

absl::Status PurchaseBatch::Cancel(const CancelCommand& command) {
  PurchaseEntry* entry = FindPurchase(command.customer_id, command.purchase_id);
  if (entry == nullptr) return PlanCancel(std::nullopt, command).status();
  CLIENTELE_ASSIGN_OR_RETURN(CancelPlan plan, PlanCancel(entry->purchase.header, command));
  entry->purchase.header = std::move(plan.header);
  entry->changed = true;
  entry->purchase.header.cancel_record_time = record_time_;
  entry->purchase.header.cancel_feed_seq = Tell(*entry, command.occur_time, std::move(plan.event));
  return absl::OkStatus();
}

void PurchaseBatch::ApplyRefund(PurchaseEntry& entry, RefundPlan plan) {
  entry.purchase.header = std::move(plan.header);
  entry.changed = true;
  for (PurchaseLine& line : plan.changed_lines) {
    entry.changed_line_numbers.push_back(line.line_number);
    *LineAt(entry.purchase.lines, line.line_number) = std::move(line);
  }
  entry.refund_hashes.emplace(plan.refund.refund_number, plan.refund.content_hash);
  plan.refund.feed_seq = Tell(entry, plan.refund.occur_time, std::move(plan.event));
  entry.made_refunds.push_back(std::move(plan.refund));
}

std::vector<IdentifierHolder> PurchaseBatch::HoldersOf(const ImportedBuyer* buyer) const {
  std::vector<IdentifierHolder> holders;
  if (buyer == nullptr) return holders;
  for (const Identifier& identifier : buyer->identifiers) {
    const auto holder = holders_.find(identifier.hash);
    if (holder != holders_.end()) holders.push_back({holder->first, holder->second});
  }
  return holders;
}

PurchaseBatch::PurchaseEntry* PurchaseBatch::FindPurchase(const CustomerId& customer_id,
                                                          const PurchaseId& purchase_id) {
  const auto found = purchases_.find(purchase_id);
  if (found == purchases_.end()) return nullptr;
  return found->second.purchase.header.customer_id == customer_id ? &found->second : nullptr;
}

PurchaseBatch::CustomerEntry& PurchaseBatch::BuyerOf(const PurchaseEntry& entry) {
  return customers_.at(entry.purchase.header.customer_id);
}

int64_t PurchaseBatch::Tell(const PurchaseEntry& entry, absl::Time occur_time, EventBody body) {
  CustomerEntry& buyer = BuyerOf(entry);
  buyer.changed = true;
  events_.push_back(NumberEvent(buyer.root, occur_time, std::move(body)));
  return buyer.root.feed_seq;
}

BatchWrites PurchaseBatch::Finish() && {
  BatchWrites writes;
  FinishCustomers(writes);
  for (auto& [id, entry] : purchases_) {
    FinishPurchase(entry, writes);
  }
  writes.events = std::move(events_);
  Sort(writes);
  return writes;
}

void PurchaseBatch::FinishCustomers(BatchWrites& writes) {
  for (auto& [id, entry] : customers_) {
    if (entry.made) {
      writes.made_customers.push_back({std::move(entry.root), std::move(entry.identifiers)});
    } else if (entry.changed) {
      writes.changed_customers.push_back(std::move(entry.root));
    }
  }
}

void PurchaseBatch::FinishPurchase(PurchaseEntry& entry, BatchWrites& writes) {
  const CustomerId customer_id = entry.purchase.header.customer_id;
  const PurchaseId purchase_id = entry.purchase.header.id;
  for (Refund& refund : entry.made_refunds) {
    writes.made_refunds.push_back({customer_id, purchase_id, std::move(refund)});
  }
  if (entry.made) {
    writes.made_purchases.push_back(std::move(entry.purchase));
    return;
  }
  if (!entry.changed) return;
  std::sort(entry.changed_line_numbers.begin(), entry.changed_line_numbers.end());
  entry.changed_line_numbers.erase(
      std::unique(entry.changed_line_numbers.begin(), entry.changed_line_numbers.end()),
      entry.changed_line_numbers.end());
  for (int32_t line_number : entry.changed_line_numbers) {
    writes.changed_lines.push_back(
        {customer_id, purchase_id, *LineAt(entry.purchase.lines, line_number)});
  }
  writes.changed_purchases.push_back(std::move(entry.purchase.header));
}

}  // namespace clientele::profile
