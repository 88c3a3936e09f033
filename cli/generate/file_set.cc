#include "cli/generate/file_set.h"

#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <memory>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/generate/customer_life.h"
#include "cli/generate/output_file.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

constexpr absl::string_view kCurrency = "EUR";

// Customers between two calls of the progress callback.
constexpr int64_t kProgressCustomers = 1'000;

absl::Status MakeFolder(const std::string& dir) {
  if (mkdir(dir.c_str(), 0777) == 0 || errno == EEXIST) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat("cannot make the folder '", dir, "': ", std::generic_category().message(errno)));
}

std::string TimeText(absl::CivilSecond time) {
  return absl::StrCat(absl::FormatCivilTime(time), "Z");
}

std::string MajorText(int64_t minor) {
  return absl::StrCat(minor / 100, ".", absl::Dec(minor % 100, absl::kZeroPad2));
}

// The four files and what is in them.
class FileSet {
 public:
  // Makes the files, with their headers.
  absl::Status Create(const std::string& dir);

  absl::Status Write(int64_t number, const CustomerLife& life);

  // Closes all of them and then gives all of them their names.
  absl::Status Publish();

  const GeneratedCounts& counts() const { return counts_; }

 private:
  enum File : size_t { kCustomers, kPurchases, kRefunds, kComplaints, kFileCount };

  absl::Status WriteCustomer(absl::string_view customer, const CustomerLife& life);
  absl::Status WriteOrder(absl::string_view customer, absl::string_view order_number,
                          const CustomerLife& life, const GeneratedOrder& order);
  absl::Status WriteRefund(absl::string_view customer, absl::string_view order_number,
                           int64_t first_line_number, const GeneratedRefund& refund);
  absl::Status WriteComplaint(absl::string_view customer, const GeneratedComplaint& complaint);

  std::array<std::unique_ptr<OutputFile>, kFileCount> files_;
  GeneratedCounts counts_;
};

absl::Status FileSet::Create(const std::string& dir) {
  struct NameAndHeader {
    absl::string_view name;
    absl::string_view header;
  };
  constexpr std::array<NameAndHeader, kFileCount> kFiles = {{{"customers", kCustomersHeader},
                                                             {"purchases", kPurchasesHeader},
                                                             {"refunds", kRefundsHeader},
                                                             {"complaints", kComplaintsHeader}}};
  for (size_t i = 0; i < kFileCount; ++i) {
    CLIENTELE_ASSIGN_OR_RETURN(files_[i],
                               OutputFile::Create(absl::StrCat(dir, "/", kFiles[i].name, ".csv")));
    const std::vector<absl::string_view> columns = absl::StrSplit(kFiles[i].header, ',');
    CLIENTELE_RETURN_IF_ERROR(files_[i]->WriteRow(columns));
  }
  return absl::OkStatus();
}

absl::Status FileSet::Write(int64_t number, const CustomerLife& life) {
  const std::string customer = absl::StrCat("C", absl::Dec(number, absl::kZeroPad7));
  CLIENTELE_RETURN_IF_ERROR(WriteCustomer(customer, life));
  for (size_t i = 0; i < life.orders.size(); ++i) {
    const std::string order_number = absl::StrCat(customer, "-", i + 1);
    CLIENTELE_RETURN_IF_ERROR(WriteOrder(customer, order_number, life, life.orders[i]));
  }
  return life.complaint.has_value() ? WriteComplaint(customer, *life.complaint) : absl::OkStatus();
}

absl::Status FileSet::WriteCustomer(absl::string_view customer, const CustomerLife& life) {
  const GeneratedPerson& person = life.person;
  return files_[kCustomers]->WriteRow({customer, person.organization ? "organization" : "person",
                                       person.display_name, person.given_name, person.family_name,
                                       person.birth_date, person.gender, life.market->language_code,
                                       life.market->region_code, person.locality, person.email,
                                       person.phone, TimeText(life.orders.front().time)});
}

absl::Status FileSet::WriteOrder(absl::string_view customer, absl::string_view order_number,
                                 const CustomerLife& life, const GeneratedOrder& order) {
  const std::string time = TimeText(order.time);
  const absl::string_view store =
      order.channel == "store" ? life.person.locality : absl::string_view();
  const int64_t first_line_number = files_[kPurchases]->row_count() + 1;
  for (const BasketLine& line : order.lines) {
    CLIENTELE_RETURN_IF_ERROR(files_[kPurchases]->WriteRow(
        {order_number, customer, time, kCurrency, line.product->sku, line.product->category,
         absl::StrCat(line.quantity), MajorText(line.product->price_minor), order.channel, store,
         life.market->region_code}));
  }
  ++counts_.orders;
  counts_.lines += static_cast<int64_t>(order.lines.size());
  if (!order.refund.has_value()) return absl::OkStatus();
  return WriteRefund(customer, order_number, first_line_number, *order.refund);
}

absl::Status FileSet::WriteRefund(absl::string_view customer, absl::string_view order_number,
                                  int64_t first_line_number, const GeneratedRefund& refund) {
  const std::string refund_number = absl::StrCat(order_number, "-R");
  for (const GeneratedRefund::Line& line : refund.lines) {
    CLIENTELE_RETURN_IF_ERROR(files_[kRefunds]->WriteRow(
        {order_number, refund_number, customer, TimeText(refund.time),
         absl::StrCat(first_line_number + static_cast<int64_t>(line.line_index)),
         absl::StrCat(line.quantity), refund.reason}));
  }
  ++counts_.refunds;
  return absl::OkStatus();
}

absl::Status FileSet::WriteComplaint(absl::string_view customer,
                                     const GeneratedComplaint& complaint) {
  const ComplaintPhrase& phrase = *complaint.phrase;
  ++counts_.complaints;
  return files_[kComplaints]->WriteRow(
      {absl::StrCat(customer, "-X"), customer, TimeText(complaint.time), complaint.channel,
       phrase.type, absl::StrCat(complaint.severity), complaint.safety ? "true" : "false",
       phrase.language_code, phrase.subject, phrase.description, phrase.desired_remedy});
}

absl::Status FileSet::Publish() {
  for (const auto& file : files_) {
    CLIENTELE_RETURN_IF_ERROR(file->Close());
  }
  for (const auto& file : files_) {
    CLIENTELE_RETURN_IF_ERROR(file->Publish());
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<GeneratedCounts> GenerateFiles(const GenerateOptions& options) {
  CLIENTELE_RETURN_IF_ERROR(MakeFolder(options.dir));
  FileSet files;
  CLIENTELE_RETURN_IF_ERROR(files.Create(options.dir));
  for (int64_t number = 1; number <= options.customers; ++number) {
    CLIENTELE_RETURN_IF_ERROR(
        files.Write(number, LiveCustomer(options.parameters, options.until, options.seed, number)));
    if (options.on_progress != nullptr && number % kProgressCustomers == 0) {
      options.on_progress(number, options.customers);
    }
  }
  CLIENTELE_RETURN_IF_ERROR(files.Publish());
  return files.counts();
}

}  // namespace clientele::cli
