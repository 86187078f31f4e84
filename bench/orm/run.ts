import { compare } from "../harness.ts";

await compare({
  title: "one row by primary key, SQLite",
  count: 5000,
  contenders: {
    "better-sqlite3": new URL("bare-get.ts", import.meta.url),
    tsjango: new URL("tsjango-get.ts", import.meta.url),
  },
});

await compare({
  title: "20 rows by foreign key, SQLite",
  count: 1000,
  contenders: {
    "better-sqlite3": new URL("bare-related.ts", import.meta.url),
    tsjango: new URL("tsjango-related.ts", import.meta.url),
  },
});
