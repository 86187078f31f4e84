import { SearchVector } from "../../../src/postgres/index.ts";
import { loose } from "../../support/loose.ts";
import { type DoorsOf, doorsOf, fill } from "../doors.ts";
import * as common from "../models.ts";
import * as own from "./models.ts";

/** The models of all golden queries, and those of what PostgreSQL alone has. */
export const models = { ...common, ...own };

/** The managers of the models. */
export type PostgresDoors = DoorsOf<typeof models>;

/** A golden query of what PostgreSQL alone has; rows, or a value. */
export type PostgresQuery = (m: PostgresDoors) => PromiseLike<unknown>;

export function doors(): PostgresDoors {
  return doorsOf(models);
}

/** Fills the tables with the rows that Django had. */
export async function load(): Promise<void> {
  await fill("data.json", common);
  await fill("postgres-data.json", own);
  await loose(own.Poem).update({ words: SearchVector("title", "text", { config: "english" }) });
}
