import { expect, test } from "vitest";
import postgresRestarts from "../../../e2e/reliability/s17-postgres-restarts.ts";
import poolExhaustion from "../../../e2e/reliability/s21-pool-exhaustion.ts";
import manyWriters from "../../../e2e/reliability/s27-many-writers.ts";

// The short forms of what `npm run reliability` runs at length; each throws where its promise is broken.
test("PostgreSQL crashes under load and comes back", { timeout: 90_000 }, async () => {
  expect((await postgresRestarts("short")).figure).toContain("0 lost");
});

test("many more requests than connections", { timeout: 90_000 }, async () => {
  expect((await poolExhaustion("short")).figure).toContain("served in order");
});

test("four processes write to one SQLite file", { timeout: 90_000 }, async () => {
  expect((await manyWriters("short")).figure).toContain("1000 rows, 0 errors");
});
