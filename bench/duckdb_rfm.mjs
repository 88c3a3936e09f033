// RFM over a CSV of orders (customer,occur_us,gross_minor) in DuckDB: exact type-7 quintiles, equal
// values get equal scores. Loading is not timed; scoring writes a table, as ours writes a snapshot.
// Usage: node duckdb_rfm.mjs ORDERS.csv AS_OF_DATE THREADS DATABASE_FILE
// Prints {"seconds":…, "cells":{"rfm":count}}.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(pathToFileURL(process.cwd() + '/build/bench/package.json'));
const { DuckDBInstance } = require('@duckdb/node-api');

const [, , ordersFile, asOf, threads, databaseFile] = process.argv;
const instance = await DuckDBInstance.create(databaseFile, { threads });
const db = await instance.connect();
await db.run(`create table orders as
  select customer, make_timestamp(occur_us) as occur_time, gross_minor
  from read_csv('${ordersFile}', header = true, columns = {
    customer: 'VARCHAR', occur_us: 'BIGINT', gross_minor: 'BIGINT'})`);
await db.run('checkpoint');

const started = process.hrtime.bigint();
await db.run(`create table scores as
  with stats as (
    select customer, date_diff('day', max(occur_time)::date, date '${asOf}') as days,
           count(*) as orders, sum(gross_minor)::bigint as amount
    from orders where occur_time < timestamp '${asOf} 00:00:00' group by customer),
  edges as (
    select quantile_cont(days, [0.2, 0.4, 0.6, 0.8]) as d,
           quantile_cont(orders, [0.2, 0.4, 0.6, 0.8]) as o,
           quantile_cont(amount, [0.2, 0.4, 0.6, 0.8]) as a from stats)
  select customer, days, orders, amount,
    5 - (d[1] < days)::int - (d[2] < days)::int - (d[3] < days)::int - (d[4] < days)::int as r,
    1 + (o[1] < orders)::int + (o[2] < orders)::int + (o[3] < orders)::int
      + (o[4] < orders)::int as f,
    1 + (a[1] < amount)::int + (a[2] < amount)::int + (a[3] < amount)::int
      + (a[4] < amount)::int as m
  from stats, edges`);
await db.run('checkpoint');
const seconds = Number(process.hrtime.bigint() - started) / 1e9;

const rows = await db.runAndReadAll(
  'select r * 100 + f * 10 + m as cell, count(*)::int as n from scores group by 1 order by 1');
const cells = Object.fromEntries(rows.getRows().map(([cell, n]) => [String(cell), Number(n)]));
console.log(JSON.stringify({ seconds, cells }));
