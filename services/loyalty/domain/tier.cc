#include "services/loyalty/domain/tier.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/numeric/int128.h"
#include "common/money/money.h"
#include "common/time/civil.h"

namespace clientele::loyalty {
namespace {

// The net spend of a window of civil days that only moves forward.
class SpendWindow {
 public:
  explicit SpendWindow(int64_t days) : days_(days) {}

  void Add(const SpendEntry& entry) {
    by_day_[entry.purchase_day] += entry.amount_minor;
    if (entry.purchase_day >= first_day_) {
      sum_ += entry.amount_minor;
    }
  }

  // Lets the window end with `last_day`; not before the last one.
  void MoveTo(int64_t last_day) {
    const int64_t first_day = last_day - days_ + 1;
    for (auto day = by_day_.lower_bound(first_day_); day != by_day_.end() && day->first < first_day;
         ++day) {
      sum_ -= day->second;
    }
    first_day_ = std::max(first_day_, first_day);
  }

  int64_t net_minor() const { return Clamped(sum_); }

  // Of the days in the window, the net of those a window ending with `last_day` has too.
  int64_t NetStillIn(int64_t last_day) const {
    absl::int128 sum = 0;
    for (auto day = by_day_.lower_bound(std::max(first_day_, last_day - days_ + 1));
         day != by_day_.end(); ++day) {
      sum += day->second;
    }
    return Clamped(sum);
  }

 private:
  static int64_t Clamped(absl::int128 sum) {
    return static_cast<int64_t>(std::clamp<absl::int128>(sum, -kAmountMinorMax, kAmountMinorMax));
  }

  const int64_t days_;
  int64_t first_day_ = INT64_MIN / 2;
  absl::int128 sum_ = 0;  // of the days from first_day_ on
  absl::btree_map<int64_t, absl::int128> by_day_;
};

// Walks the instants at which a tier can change, in order of time.
class TierWalk {
 public:
  TierWalk(const Program& program, absl::Time enroll_time)
      : program_(program), window_(program.spend_window_days) {
    standing_.reach_time = enroll_time;
  }

  void Add(const SpendEntry& entry) { window_.Add(entry); }

  // Every end of validity before `time`, and at it too when `including`.
  void PassValidityEnds(absl::Time time, bool including) {
    while (standing_.valid_until.has_value() &&
           (*standing_.valid_until < time || (including && *standing_.valid_until == time))) {
      Decide(*standing_.valid_until);
    }
  }

  // Sets the tier at an instant whose entries have all been added.
  void Decide(absl::Time time) {
    const int64_t day = DayNumber(DayOf(time, program_.zone));
    window_.MoveTo(day);
    const TierRank reached = program_.RankOf(window_.net_minor());
    const bool ended = standing_.valid_until.has_value() && *standing_.valid_until <= time;
    if (reached > standing_.rank) {
      Step(time, day, TierChangeReason::kUpgraded, reached);
    } else if (ended) {
      Step(time, day,
           reached == standing_.rank ? TierChangeReason::kRenewed : TierChangeReason::kDowngraded,
           reached);
    }
  }

  TierStanding FinishAt(absl::Time now, absl::Time next_entry_time) {
    window_.MoveTo(DayNumber(DayOf(now, program_.zone)));
    standing_.net_spend_minor = window_.net_minor();
    standing_.next_change_time = next_entry_time;
    if (standing_.valid_until.has_value()) {
      standing_.next_change_time = std::min(next_entry_time, *standing_.valid_until);
      standing_.kept_spend_minor =
          window_.NetStillIn(DayNumber(DayOf(*standing_.valid_until, program_.zone)));
    }
    return std::move(standing_);
  }

 private:
  void Step(absl::Time time, int64_t day, TierChangeReason reason, TierRank rank) {
    const TierRank previous = standing_.rank;
    standing_.rank = rank;
    standing_.valid_until =
        rank == 0 ? std::nullopt
                  : std::optional<absl::Time>(StartOfDay(
                        DayFromNumber(day + program_.tier_validity_days), program_.zone));
    if (rank != previous) {
      standing_.reach_time = time;
    }
    standing_.steps.push_back(
        {time, reason, previous, rank, standing_.valid_until, window_.net_minor()});
  }

  const Program& program_;
  SpendWindow window_;
  TierStanding standing_;
};

}  // namespace

TierStanding ComputeTier(const Program& program, absl::Time enroll_time,
                         std::vector<SpendEntry> entries, absl::Time now) {
  std::sort(entries.begin(), entries.end(), [](const SpendEntry& left, const SpendEntry& right) {
    return left.effective_time < right.effective_time;
  });
  TierWalk walk(program, enroll_time);
  size_t next = 0;
  while (next < entries.size() && entries[next].effective_time <= now) {
    // What happens at one instant happens at once: a purchase refunded in its own instant lifts
    // nobody.
    const absl::Time time = entries[next].effective_time;
    walk.PassValidityEnds(time, /*including=*/false);
    for (; next < entries.size() && entries[next].effective_time == time; ++next) {
      walk.Add(entries[next]);
    }
    walk.Decide(time);
  }
  walk.PassValidityEnds(now, /*including=*/true);
  return walk.FinishAt(
      now, next < entries.size() ? entries[next].effective_time : absl::InfiniteFuture());
}

}  // namespace clientele::loyalty
