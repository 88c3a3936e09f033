#include "cli/import/csv_reader.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "cli/import/limits.h"
#include "cli/import/test_files.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

std::string FaultName(CsvFault fault) {
  switch (fault) {
    case CsvFault::kStrayQuote:
      return "stray quote";
    case CsvFault::kUnterminatedQuote:
      return "unterminated";
    case CsvFault::kWrongFieldCount:
      return "field count";
    case CsvFault::kInvalidUtf8:
      return "utf-8";
    case CsvFault::kLineTooLong:
      return "too long";
  }
  return "";
}

// Each record as "<line>: field|field" or "<line>! fault", LF within fields shown as "\n".
std::vector<std::string> ReadRecords(absl::string_view content, size_t field_count) {
  const absl::StatusOr<std::unique_ptr<InputFile>> file = InputFile::Open(TestFile(content).path());
  EXPECT_TRUE(file.ok()) << file.status();
  CsvReader reader(**file);
  if (field_count > 0) reader.RequireFieldCount(field_count);
  std::vector<std::string> records;
  for (;;) {
    const absl::StatusOr<const CsvRecord*> record = reader.Next();
    EXPECT_TRUE(record.ok()) << record.status();
    if (!record.ok() || *record == nullptr) return records;
    const std::string fields =
        absl::StrReplaceAll(absl::StrJoin((*record)->fields, "|"), {{"\n", "\\n"}});
    records.push_back((*record)->fault.has_value()
                          ? absl::StrCat((*record)->line_number, "! ", FaultName(*(*record)->fault))
                          : absl::StrCat((*record)->line_number, ": ", fields));
  }
}

TEST(CsvReader, SplitsPlainAndQuotedFields) {
  EXPECT_THAT(ReadRecords("a,b,c\n\"x,y\",\"say \"\"hi\"\"\",\"\"\n,,\n", 3),
              ElementsAre("1: a|b|c", "2: x,y|say \"hi\"|", "3: ||"));
  EXPECT_THAT(ReadRecords("\"a\",b,\n", 3), ElementsAre("1: a|b|"));
}

TEST(CsvReader, JoinsTheLinesOfAQuotedFieldAndNumbersByTheFirst) {
  EXPECT_THAT(ReadRecords("a,b\n\"one\r\ntwo\n\nfour\",x\r\nc,d", 2),
              ElementsAre("1: a|b", "2: one\\ntwo\\n\\nfour|x", "6: c|d"));
}

TEST(CsvReader, SkipsEmptyLines) {
  EXPECT_THAT(ReadRecords("\na,b\n\r\n\nc,d\n", 2), ElementsAre("2: a|b", "5: c|d"));
}

TEST(CsvReader, RejectsAWrongNumberOfFields) {
  EXPECT_THAT(ReadRecords("a,b\na\na,b,c\n\"a\"\n\"a\",b,c\na,b\n", 2),
              ElementsAre("1: a|b", "2! field count", "3! field count", "4! field count",
                          "5! field count", "6: a|b"));
}

TEST(CsvReader, RejectsAStrayQuoteAndGoesOnAtTheNextLine) {
  EXPECT_THAT(ReadRecords("a\"b,c\n\"a\"b,c\na,b\n", 2),
              ElementsAre("1! stray quote", "2! stray quote", "3: a|b"));
}

TEST(CsvReader, LosesOnlyOneRowToAQuoteThatIsNeverClosed) {
  EXPECT_THAT(ReadRecords("a,\"b\nc,d\ne,f\n", 2),
              ElementsAre("1! unterminated", "2: c|d", "3: e|f"));
  // The next quoted field "closes" the stray quote: what follows it gives that away.
  EXPECT_THAT(ReadRecords("a,\"b\nc,d\n\"x\",y\n", 2),
              ElementsAre("1! stray quote", "2: c|d", "3: x|y"));
}

TEST(CsvReader, GivesUpOnAnOpenQuoteAfterTheLineLimit) {
  std::string content = "a,\"b\n";
  for (size_t i = 0; i < 2 * kRecordLinesMax; ++i) content += "c,d\n";
  const std::vector<std::string> records = ReadRecords(content, 2);
  ASSERT_THAT(records, SizeIs(2 * kRecordLinesMax + 1));
  EXPECT_EQ(records[0], "1! unterminated");
  EXPECT_EQ(records[1], "2: c|d");
  EXPECT_EQ(records.back(), absl::StrCat(2 * kRecordLinesMax + 1, ": c|d"));
}

TEST(CsvReader, GivesUpOnAnOpenQuoteAfterTheByteLimit) {
  const std::string wide(kRecordBytesMax / 2, 'x');
  std::string content = "a,\"b\n";
  for (int i = 0; i < 5; ++i) absl::StrAppend(&content, wide, ",d\n");
  absl::StrAppend(&content, "z\",y\n");
  const std::vector<std::string> records = ReadRecords(content, 2);
  ASSERT_THAT(records, SizeIs(7));
  EXPECT_EQ(records[0], "1! unterminated");
  EXPECT_EQ(records[6], "7! stray quote");
}

TEST(CsvReader, TakesARecordOfAsManyLinesAsTheLimit) {
  std::string content = "a,\"b";
  for (size_t i = 0; i + 1 < kRecordLinesMax; ++i) content += "\nx";
  const std::vector<std::string> records = ReadRecords(content + "\"\nc,d\n", 2);
  ASSERT_THAT(records, SizeIs(2));
  EXPECT_EQ(records[1], absl::StrCat(kRecordLinesMax + 1, ": c|d"));
}

TEST(CsvReader, RejectsBytesThatAreNotUtf8) {
  EXPECT_THAT(ReadRecords("a,b\xFF\n\"a\xFF\",b\nc\xC3\xA9,d\n", 2),
              ElementsAre("1! utf-8", "2! utf-8", "3: c\xC3\xA9|d"));
}

TEST(CsvReader, RejectsALineThatIsTooLong) {
  EXPECT_THAT(ReadRecords(absl::StrCat("a,b\n", std::string(2 * kLineBytesMax, 'x'), "\nc,d\n"), 2),
              ElementsAre("1: a|b", "2! too long", "3: c|d"));
}

TEST(CsvReader, BoundsTheFieldsOfAHeader) {
  EXPECT_THAT(ReadRecords(std::string(kCsvFieldsMax, ',') + "\na\n", 0),
              ElementsAre("1! field count", "2: a"));
}

}  // namespace
}  // namespace clientele::cli
