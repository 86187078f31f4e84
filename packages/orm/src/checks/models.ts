import type { Check, CheckMessage } from "@tsjango/kernel/checks";
import type { Options } from "../models/options.ts";
import { allModels, modelProblems } from "../models/prepare.ts";
import { resolveColumn } from "../sql/path.ts";

/** What is wrong with the models: names, relations, tables, orders. */
export const modelChecks: Check = {
  tags: ["models"],
  run() {
    return [...modelProblems(), ...sameTables(allModels()), ...allModels().flatMap(wrongPaths)];
  },
};

function sameTables(models: readonly Options[]): CheckMessage[] {
  const tables = new Map<string, Options>();
  const messages: CheckMessage[] = [];
  for (const options of models) {
    if (options.proxy) continue;
    const twin = tables.get(options.dbTable);
    if (twin !== undefined) {
      messages.push({
        level: "error",
        id: "models.E010",
        subject: options.label,
        message: `${twin.label} and ${options.label} have one table, ${options.dbTable}.`,
        hint: "Give one of them another with meta: { dbTable }.",
      });
    }
    tables.set(options.dbTable, options);
  }
  return messages;
}

/** Orders, indexes and constraints that name fields which do not exist. */
function wrongPaths(options: Options): CheckMessage[] {
  const bare = (path: string) => path.replace(/^-/, "");
  const named = [
    ...options.indexes.flatMap((index) => index.fields.map(bare)),
    ...options.constraints.flatMap((constraint) => ("unique" in constraint ? constraint.unique : [])),
  ].filter((name) => options.findField(name) === undefined);
  const messages = named.map(
    (name): CheckMessage => ({
      level: "error",
      id: "models.E012",
      subject: options.label,
      message: `An index or constraint names "${name}", which is no field of ${options.modelName}.`,
    }),
  );
  for (const path of options.ordering) {
    if (path === "?") continue;
    try {
      resolveColumn(options, bare(path));
    } catch (error) {
      messages.push({
        level: "error",
        id: "models.E011",
        subject: options.label,
        message: `Its ordering names "${path}": ${(error as Error).message}`,
      });
    }
  }
  return messages;
}
