import type { Backend } from "../backends/base/backend.ts";
import type { IntrospectedTable } from "../backends/base/introspection.ts";
import { nameProblem } from "../fields/reserved-names.ts";
import { snakeCase } from "../fields/snake-case.ts";
import { type FieldGuess, guessField } from "./inspected-field.ts";
import { arraySource, list, objectSource, render, type Source, valueSource } from "./source-text.ts";

type Column = IntrospectedTable["columns"][number];

/** Names that a module of models uses itself. */
const TAKEN = [
  "Model",
  "Date",
  "Object",
  "Array",
  "String",
  "Number",
  "Boolean",
  "Symbol",
  "Map",
  "Set",
  "Promise",
  "Error",
];

/** A module of models for tables that exist. They are not managed: migrations leave their tables alone. */
export function modelsSource(tables: readonly IntrospectedTable[], vendor: Backend["vendor"]): string {
  const names = unique(tables.map(({ name }) => className(name)));
  const classes = new Map(tables.map(({ name }, index) => [name, names[index] as string]));
  const models = tables.map((table) => modelSource(table, { classes, tables, vendor }));
  return [
    "// Made from the tables of a database. Look through it: names, the order of models, and what onDelete should do.",
    "// Without managed: false, migrations look after the tables.",
    'import { fields, Model, meta } from "tsjango/db";',
    ...models,
  ]
    .join("\n\n")
    .concat("\n");
}

interface Place {
  readonly classes: ReadonlyMap<string, string>;
  readonly tables: readonly IntrospectedTable[];
  readonly vendor: Backend["vendor"];
}

function modelSource(table: IntrospectedTable, place: Place): string {
  const name = place.classes.get(table.name) as string;
  const keys = keyColumns(table);
  if (keys.length === 0)
    return `// The table ${JSON.stringify(table.name)} has no key, so that no model can be made of it.`;
  const names = new Map(
    unique(table.columns.map((each) => fieldName(each, place))).map((each, index) => [
      table.columns[index] as Column,
      each,
    ]),
  );
  const lines = table.columns.map((column) =>
    fieldLine(column, { table, keys, place, name: names.get(column) as string }),
  );
  if (keys.length > 1) {
    const parts = keys.map((column) => valueSource(attribute(names.get(column) as string, column, place), table.name));
    lines.unshift(`  pk: ${render(arraySource(parts, "fields.compositePrimaryKey(", ")"), 2)},`);
  }
  const constraints = table.indexes
    .filter((index) => index.unique && index.columns.length > 1 && index.where === undefined)
    .map((index) => ({
      name: index.name,
      unique: index.columns.map((part) =>
        names.get(table.columns.find((column) => column.name === part.name) as Column),
      ),
    }))
    .filter(({ unique: parts }) => !parts.includes(undefined));
  const options = { dbTable: table.name, managed: false, ...(constraints.length > 0 && { constraints }) };
  const meta = render(list(`meta<${name}>(`, [valueSource(options, table.name)], ")"), 2);
  return `export class ${name} extends Model<${name}>()({\n${lines.join("\n")}\n}) {\n  static override meta = ${meta};\n}`;
}

/** The primary key's columns; else those of a unique index that can be one. */
function keyColumns({ columns, indexes }: IntrospectedTable): readonly Column[] {
  const keys = columns.filter((column) => column.primaryKey);
  if (keys.length > 0) return keys;
  const usable = indexes.find(
    (index) =>
      index.unique &&
      index.where === undefined &&
      index.columns.every((part) => columns.some((column) => column.name === part.name && !column.null)),
  );
  return usable ? columns.filter((column) => usable.columns.some((part) => part.name === column.name)) : [];
}

interface FieldPlace {
  readonly table: IntrospectedTable;
  readonly keys: readonly Column[];
  readonly place: Place;
  readonly name: string;
}

function fieldLine(column: Column, { table, keys, place, name }: FieldPlace): string {
  const isKey = keys.length === 1 && keys[0] === column;
  const own = table.indexes.some(
    (index) =>
      index.unique && index.where === undefined && index.columns.length === 1 && index.columns[0]?.name === column.name,
  );
  const target = targetOf(column, place);
  const guess = guessField(column.type, place.vendor);
  const auto = isKey && (column.auto || (place.vendor === "sqlite" && /^integer$/i.test(column.type)));
  const spelled = snakeCase(attribute(name, column, place)) === column.name;
  const common = {
    ...(isKey && { primaryKey: true }),
    ...(column.null && !isKey && { null: true }),
    ...(own && !isKey && target === undefined && { unique: true }),
    ...(!spelled && { dbColumn: column.name }),
  };
  if (target !== undefined) {
    const kind = own || isKey ? "oneToOne" : "foreignKey";
    const options = valueSource({ onDelete: "doNothing", ...target.options, ...common }, table.name);
    return `  ${name}: () => ${render(list(`fields.${kind}(`, [target.model, options], ")"), 2)},`;
  }
  const source = auto
    ? fieldSource({ kind: "auto", options: common }, table.name)
    : fieldSource({ ...guess, options: { ...guess.options, ...common } }, table.name);
  const notes = [
    ...(auto || guess.note === undefined ? [] : [guess.note]),
    ...(column.generated ? ["computed by the database: it cannot be written"] : []),
  ];
  return `  ${name}: ${render(source, 2)},${notes.length > 0 ? ` // ${notes.join("; ")}` : ""}`;
}

/** `fields.char({ maxLength: 9 })`, or `fields.array(fields.char({ maxLength: 9 }))`. */
function fieldSource({ kind, base, options }: FieldGuess, table: string): Source {
  const given = Object.entries(options).map(([key, value]): [string, Source] => [key, valueSource(value, table)]);
  const words = [
    ...(base === undefined ? [] : [fieldSource(base, table)]),
    ...(given.length > 0 ? [objectSource(given)] : []),
  ];
  return words.length === 0 ? `fields.${kind}()` : list(`fields.${kind}(`, words, ")");
}

/** The model that a column refers to, where it is among those that are made. */
function targetOf({ references }: Column, { classes, tables }: Place) {
  const model = references && classes.get(references.table);
  const table = tables.find(({ name }) => name === references?.table);
  if (references === undefined || model === undefined || table === undefined) return undefined;
  const keys = keyColumns(table);
  const key = table.columns.find((column) => column.name === references.column) ?? keys[0];
  if (keys.length !== 1) return undefined;
  return { model, options: key === keys[0] ? {} : { toField: camelCase(references.column) } };
}

/** What holds the column's value: `authorId` for the relation `author`. */
function attribute(name: string, column: Column, place: Place): string {
  return targetOf(column, place) === undefined ? name : `${name}Id`;
}

function fieldName(column: Column, place: Place): string {
  const relation = targetOf(column, place) !== undefined;
  const name = camelCase(relation ? column.name.replace(/_id$/i, "") : column.name);
  return nameProblem(name) === undefined && !/^(class|default)$/.test(name) ? name : `${name}Field`;
}

function className(table: string): string {
  const name = camelCase(table).replace(/^./, (first) => first.toUpperCase());
  return TAKEN.includes(name) ? `${name}Row` : name;
}

/** Letters and digits, beginning with a letter. */
function camelCase(text: string): string {
  const words = text
    .replaceAll(/[^A-Za-z0-9]+/g, " ")
    .trim()
    .split(" ");
  const [first = "", ...rest] = words.map((word) => (word === word.toUpperCase() ? word.toLowerCase() : word));
  const name =
    first.replace(/^./, (letter) => letter.toLowerCase()) +
    rest.map((word) => word.replace(/^./, (letter) => letter.toUpperCase())).join("");
  return /^[a-z]/.test(name) ? name : `field${name}`;
}

/** The names, with a number where one comes again. */
function unique(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}${count}`;
  });
}
