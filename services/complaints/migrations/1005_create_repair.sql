-- Customers about whom another service could not be asked yet.
CREATE TABLE repair (
  customer_id TEXT NOT NULL PRIMARY KEY
) /* sqlite: WITHOUT ROWID */;
