"""What callers are told that are not served."""


def says_try_again(error):
    """Whether an error, of a call or of an item, is what is promised of a database that is away."""
    reasons = [detail.get("reason") for detail in error["details"]]
    delays = [detail["retry_delay"] for detail in error["details"] if "retry_delay" in detail]
    return (error["code"] in ("UNAVAILABLE", 14) and "DATABASE_UNAVAILABLE" in reasons
            and len(delays) == 1 and float(delays[0].removesuffix("s")) > 0)
