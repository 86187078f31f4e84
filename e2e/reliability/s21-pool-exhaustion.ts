import { alone } from "./support/alone.ts";
import { DatabaseSite } from "./support/database-site.ts";
import { PostgresServer } from "./support/postgres-server.ts";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";

/** Many more requests than connections: they queue in order, then get 503 with Retry-After, and the pool recovers. */
export default function poolExhaustion(form: "long" | "short"): Promise<Measured> {
  const [requests, sleeps, poolTimeout] = form === "long" ? [200, 1000, 5000] : [60, 200, 500];
  return within(PostgresServer.start(), (server) =>
    within(DatabaseSite.make(server.url, { maxConnections: 5, poolTimeout }), async ({ client }) => {
      const answered: number[] = [];
      const responses = await Promise.all(
        Array.from({ length: requests }, async (_, number) => {
          const response = await client.get(`/sleep/${sleeps}/`);
          if (response.status === 200) answered.push(number);
          return response;
        }),
      );
      const refused = responses.filter(({ status }) => status === 503);
      expectThat(refused.length + answered.length === requests, "an answer that is neither 200 nor 503");
      expectThat(
        refused.length > 0 && refused.every(({ headers }) => headers.get("retry-after") === "1"),
        "no Retry-After",
      );
      // Those that are served at once may end in any order among themselves.
      const rounds = answered.map((number) => Math.floor(number / 5));
      expectThat(
        rounds.every((round, index) => index === 0 || round >= (rounds[index - 1] as number) - 1),
        "not in order",
      );
      const after = await client.get("/entries/");
      expectThat(after.status === 200, `${after.status} afterwards`);
      return {
        figure: `${requests} requests for 5 connections: ${answered.length} served in order, ${refused.length} × 503`,
      };
    }),
  );
}

await alone(import.meta.filename, poolExhaustion);
