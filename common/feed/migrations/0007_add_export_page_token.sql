-- readable from: 0006
-- Where a consumer that bootstraps from an export has come, in the transaction of the effect as the
-- position is: the page token behind the last events it has applied; '' = it follows the feed.
ALTER TABLE consumer_position ADD COLUMN export_page_token TEXT NOT NULL DEFAULT '';
