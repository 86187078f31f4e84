import type { Check, CheckMessage } from "@tsjango/kernel/checks";
import { didYouMean } from "@tsjango/kernel/utils";
import { INDEX_METHODS } from "../backends/base/schema-editor.ts";
import { META_KEYS } from "../models/meta.ts";
import type { Options } from "../models/options.ts";
import { allModels, modelProblems } from "../models/prepare.ts";
import { resolveOrderPath } from "../sql/path.ts";
import { fieldProblems } from "./fields.ts";

/** What is wrong with the models: names, fields, relations, tables, orders. Source: django.core.checks.model_checks */
export const modelChecks: Check = {
  tags: ["models"],
  run() {
    const models = allModels();
    const own = models.filter(({ autoCreated }) => autoCreated === undefined);
    return [
      ...modelProblems(),
      ...sameTables(models),
      ...sameNames(models),
      ...own.flatMap((options) => [
        ...fieldProblems(options),
        ...wrongModelName(options),
        ...wrongMeta(options),
        ...wrongPaths(options),
        ...wrongIndexes(options),
      ]),
    ];
  },
};

function problem(id: string, { label }: Options, message: string, hint?: string): CheckMessage {
  return { level: "error", id, subject: label, message, ...(hint !== undefined && { hint }) };
}

function sameTables(models: readonly Options[]): CheckMessage[] {
  const tables = new Map<string, Options>();
  const messages: CheckMessage[] = [];
  for (const options of models) {
    if (options.proxy) continue;
    const twin = tables.get(options.dbTable);
    if (twin !== undefined) {
      const message = `${twin.label} and ${options.label} have one table, ${options.dbTable}.`;
      const relation = options.autoCreated ?? twin.autoCreated;
      messages.push(
        relation === undefined
          ? problem("models.E028", options, message, "Give one of them another with meta: { dbTable }.")
          : problem("fields.E340", options, message, `Give ${relation.label} another with dbTable.`),
      );
    }
    tables.set(options.dbTable, options);
  }
  return messages;
}

/** Names of indexes and constraints: a database has each but once. */
function sameNames(models: readonly Options[]): CheckMessage[] {
  const owners = new Map<string, Options>();
  const messages: CheckMessage[] = [];
  for (const options of models) {
    if (options.proxy) continue;
    for (const { name } of [...options.indexes, ...options.constraints]) {
      if (name === undefined) continue;
      const twin = owners.get(name);
      owners.set(name, options);
      if (twin === undefined) continue;
      const where = twin === options ? `twice in ${options.label}` : `in ${twin.label} and in ${options.label}`;
      const hint = 'In an abstract model write "%(app_label)s_%(class)s" into the name.';
      messages.push(problem("models.E030", options, `An index or constraint is called "${name}" ${where}.`, hint));
    }
  }
  return messages;
}

function wrongModelName(options: Options): CheckMessage[] {
  const { modelName } = options;
  if (/^_|_$/.test(modelName)) {
    return [problem("models.E023", options, `"${modelName}" begins or ends with an underscore.`, "Rename it.")];
  }
  if (!modelName.includes("__")) return [];
  return [
    problem("models.E024", options, `"${modelName}" contains "__", which separates the parts of a path.`, "Rename it."),
  ];
}

function wrongMeta(options: Options): CheckMessage[] {
  const { model } = options as unknown as { model: { meta?: object; fields?: object } };
  const known: readonly string[] = META_KEYS;
  const unknown = Object.hasOwn(model, "meta")
    ? Object.keys(model.meta ?? {}).filter((key) => !known.includes(key))
    : [];
  return [
    ...unknown.map((key) =>
      problem(
        "models.E902",
        options,
        `Its meta says "${key}", which is no option of a model.${didYouMean(key, known)}`,
      ),
    ),
    ...(options.proxy && Object.hasOwn(model, "fields")
      ? [problem("models.E017", options, "A proxy has the table of its model, and no fields of its own.")]
      : []),
  ];
}

/** Indexes that PostgreSQL could not build. */
function wrongIndexes(options: Options): CheckMessage[] {
  return options.indexes.flatMap(({ fields, using = "btree", opclasses = [] }) => {
    const [what, hint] = !INDEX_METHODS.includes(using)
      ? [`is built by "${using}", which there is not`, `Choices: ${INDEX_METHODS.join(", ")}.`]
      : using !== "btree" && fields.some((name) => name.startsWith("-"))
        ? [`is built by "${using}", which keeps no order`, 'Take the "-" out.']
        : opclasses.length > fields.length
          ? [`has ${opclasses.length} opclasses for ${fields.length} fields`, "Name one for each field."]
          : [];
    return what === undefined
      ? []
      : [problem("postgres.E902", options, `An index of ${fields.join(", ")} ${what}.`, hint)];
  });
}

/** Orders, indexes and constraints that name what does not exist or has no column. */
function wrongPaths(options: Options): CheckMessage[] {
  const bare = (path: string) => path.replace(/^-/, "");
  const messages: CheckMessage[] = [];
  const named = [
    ...options.indexes.flatMap((index) => index.fields.map(bare)),
    ...options.constraints.flatMap((constraint) => ("unique" in constraint ? constraint.unique : [])),
  ];
  for (const name of named) {
    if (options.findField(name) !== undefined) continue;
    const many = options.manyToMany.some((relation) => relation.name === name);
    messages.push(
      many
        ? problem(
            "models.E013",
            options,
            `An index or constraint names "${name}", which is manyToMany and has no column.`,
          )
        : problem(
            "models.E012",
            options,
            `An index or constraint names "${name}", which is no field of ${options.modelName}.`,
          ),
    );
  }
  for (const path of [...options.ordering, ...options.getLatestBy]) {
    if (typeof path !== "string" || path === "?") continue;
    try {
      resolveOrderPath(options, bare(path));
    } catch (error) {
      messages.push(problem("models.E015", options, `Its order names "${path}": ${(error as Error).message}`));
    }
  }
  return messages;
}
