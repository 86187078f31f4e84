import { openDatabase } from "../../packages/orm/src/connections.ts";
import { alone } from "./support/alone.ts";
import { DatabaseSite } from "./support/database-site.ts";
import { PostgresServer } from "./support/postgres-server.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";

/** Several processes want more connections than the server has: they wait and try again, and all queries are answered. */
export default function tooManyConnections(form: "long" | "short"): Promise<Measured> {
  return within(PostgresServer.start("max_connections=8", "superuser_reserved_connections=0"), (server) =>
    within(DatabaseSite.make(server.url, { maxConnections: 1 }), async () => {
      const pools = [0, 1, 2].map((number) =>
        openDatabase(`pool ${number}`, {
          url: server.url,
          maxConnections: 5,
          options: { idleTimeout: 50, poolTimeout: 20_000 },
        }),
      );
      const queries = pools.flatMap((pool) =>
        Array.from({ length: form === "long" ? 200 : 20 }, () => pool.execute("select pg_sleep(0.05)")),
      );
      const results = await Promise.allSettled(queries);
      await Promise.all(pools.map((pool) => pool.close()));
      const failed = results.filter(({ status }) => status === "rejected");
      expectThat(failed.length === 0, `${failed.length} of ${queries.length} failed: ${JSON.stringify(failed[0])}`);
      return { figure: `3 pools of 5 on a server with 8 connections: ${queries.length} queries answered` };
    }),
  );
}

await alone(import.meta.filename, tooManyConnections);
