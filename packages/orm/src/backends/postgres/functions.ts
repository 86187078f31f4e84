import { type OperationNode, ValueNode } from "kysely";
import { QueryError } from "../../exceptions.ts";
import type { Dated, DatePart, SpreadName, SqlFunctions, TruncName, Typed } from "../base/functions.ts";
import { escapeLike, likePattern } from "../base/like.ts";
import type { Storage } from "../base/operations.ts";
import { call, listed, raw } from "../base/raw.ts";
import { cast, jsonOf, rounded, toJson } from "./casts.ts";
import { BINARY, postgresOperations, TYPES } from "./operations.ts";
import { plainFunction } from "./plain.ts";

/** The collation whose upper case knows all of Unicode, whatever the database's locale is. */
const UNICODE = ' collate "und-x-icu"';

const PARTS: Readonly<Record<DatePart, string>> = {
  year: "year",
  isoYear: "isoyear",
  quarter: "quarter",
  month: "month",
  week: "week",
  day: "day",
  weekDay: "dow",
  isoWeekDay: "isodow",
  hour: "hour",
  minute: "minute",
  second: "second",
};

/** The type of a value that stands alone, where no column says it: whole numbers are computed with 64 bits. */
const CASTS: Readonly<Record<Storage, string>> = { ...TYPES, integer: "bigint" };

/** Knows the case of all of Unicode; what comes of it is ordered as every other text. */
function inCase(which: "lower" | "upper", node: OperationNode): OperationNode {
  return raw("(", which, "(", node, `${UNICODE})${BINARY})`);
}

/** The SQL functions of PostgreSQL. */
export const postgresFunctions: SqlFunctions = {
  nullsLast: true,

  typed(value, output) {
    const order = output.storage === "text" ? BINARY : "";
    return raw("cast(", ValueNode.create(value), ` as ${CASTS[output.storage]})${order}`);
  },

  match(left, kind, text, ignoreCase) {
    if (kind === "exact") {
      const value = text((given) => given);
      return ignoreCase
        ? raw("upper(", left, `${UNICODE}) = upper(`, value, `::text${UNICODE})`)
        : raw(left, " = ", value);
    }
    const pattern = text((given) => likePattern(kind, escapeLike(given)));
    return ignoreCase
      ? raw("upper(", left, `${UNICODE}) like upper(`, pattern, `::text${UNICODE}) escape '\\'`)
      : raw(left, " like ", pattern, " escape '\\'");
  },

  matchExpression(left, kind, right, ignoreCase) {
    const [whole, part] = ignoreCase ? [inCase("upper", left), inCase("upper", right)] : [left, right];
    switch (kind) {
      case "exact":
        return raw(whole, " = ", part);
      case "contains":
        return raw("strpos(", whole, ", ", part, ") > 0");
      case "startswith":
        return raw("starts_with(", whole, ", ", part, ")");
      case "endswith":
        return raw("right(", whole, ", length(", part, ")) = ", part);
    }
  },

  regex: (left, pattern, ignoreCase) => raw(left, ignoreCase ? " ~* " : " ~ ", pattern),
  regexError: () => undefined,

  datePart(dated, part) {
    const local = dated.storage === "dateTime" ? localTime(dated) : dated.node;
    const number = raw(part === "second" ? "floor(extract(second from " : `extract(${PARTS[part]} from `, local);
    const closed = raw(number, part === "second" ? "))" : ")");
    // Sunday is 1, as in Django.
    return part === "weekDay" ? raw("(", closed, "::integer + 1)") : raw(closed, "::integer");
  },

  truncated({ node, storage, timeZone }, to) {
    const unit = to.slice("trunc".length).toLowerCase();
    if (storage === "date") return raw(`date_trunc('${unit}', `, node, "::timestamp)::date");
    if (storage === "time") return raw(`date_trunc('${unit}', `, node, "::interval)::time");
    const zone = ValueNode.createImmediate(timeZone);
    // What is shorter than a day keeps its distance from UTC where clocks show an hour twice.
    if (timeZone !== "UTC" && CLOCK.has(to)) return raw(`date_trunc('${unit}', `, node, ", ", zone, ")");
    return raw(`(date_trunc('${unit}', `, localTime({ node, timeZone }), ") at time zone ", zone, ")");
  },

  plain: plainFunction,
  rounded,
  cast,
  toJson,
  jsonOf,

  ofDateTime: (dated, part) => raw("(", localTime(dated), `)::${part}`),

  inMany: (left, values, output) =>
    raw(
      left,
      " = any(",
      ValueNode.create(values),
      `::${postgresOperations.columnType(output).replace(/ collate.*/i, "")}[])`,
    ),

  jsonAt: (node, keys) => raw("(", node, " #> ", ValueNode.create(keys), "::text[])"),
  jsonText: (node) => raw("(", node, " #>> '{}')"),
  jsonValue: (json) => raw(ValueNode.create(json), "::jsonb"),
  jsonIsOneOf: (node, values) => raw(node, " in (", ...listed(values.map(postgresFunctions.jsonValue)), ")"),
  jsonOrder(node, operator, value) {
    const type = typeof value === "number" ? "number" : "string";
    const compared = raw(node, ` ${operator} `, ValueNode.create(JSON.stringify(value)), "::jsonb");
    return raw("(jsonb_typeof(", node, `) = '${type}' and `, compared, ")");
  },

  jsonHasKeys: (node, keys, which) =>
    raw("(", node, which === "all" ? " ?& " : " ?| ", ValueNode.create(keys), "::text[])"),
  jsonContains: (whole, part) => raw("(", whole, " @> ", part, ")"),
  lower: (node) => inCase("lower", node),
  upper: (node) => inCase("upper", node),
  extreme: (which, nodes) => call(which, ...nodes),
  now: () => raw("statement_timestamp()"),

  arithmetic(operator, left, right, output) {
    if (operator === "^") return raw("power(", toFloat(left), ", ", toFloat(right), ")");
    if (operator === "<<" || operator === ">>") {
      return raw("(", wide(left), ` ${operator} `, right.node, "::integer)");
    }
    if (output.storage === "real") {
      if (operator !== "%") return raw("(", toFloat(left), ` ${operator} `, toFloat(right), ")");
      return raw("mod(", left.node, "::numeric, ", right.node, "::numeric)::double precision");
    }
    const [a, b] = [left, right].map((each) => (each.output.storage === "integer" ? wide(each) : each.node));
    const result = raw("(", a as OperationNode, ` ${operator} `, b as OperationNode, ")");
    if (output.storage !== "decimal" || operator !== "/") return result;
    const quotient = raw("(", left.node, "::numeric / ", right.node, ")");
    return raw("round(", quotient, `, ${placesOf(output)})`);
  },
  decimalPlaces: (node, from, to) =>
    to < from ? raw("round(", node, `, ${to})`) : raw("round(", node, `::numeric, ${to})`),
  toFloat,

  difference(left, right) {
    if (left.output.storage === "date" && right.output.storage === "date") {
      return raw("((", left.node, " - ", right.node, ") * interval '24 hours')");
    }
    return raw("(", moment(left), " - ", moment(right), ")");
  },
  shift: (operator, typed, duration) => raw("(", moment(typed), ` ${operator} `, duration, ")"),

  explain({ format = "text", analyze = false }) {
    if (/^(text|json|yaml|xml)$/i.test(format)) return `explain (format ${format}${analyze ? ", analyze" : ""})`;
    throw new QueryError(`explain(): PostgreSQL has the formats text, json, yaml and xml; found "${format}".`);
  },

  // Inside: FILTER must follow the call.
  average: (typed, distinct) => raw(distinct ? "avg(distinct " : "avg(", toFloat(typed), ")"),
  spread: (which, typed, distinct) =>
    raw(distinct ? `${SPREADS[which]}(distinct ` : `${SPREADS[which]}(`, toFloat(typed), ")"),
  // any_value came with version 16. Null is greater than any value.
  anyValue: ({ node }) => ({
    call: raw("array_agg(", node, " order by ", node, ")"),
    around: (all) => raw("(", all, ")[1]"),
  }),
  stringAgg(node, { delimiter, distinct, order }) {
    const ordered = order === undefined ? [] : [" ", order];
    return { call: raw(distinct ? "string_agg(distinct " : "string_agg(", node, ", ", delimiter, ...ordered, ")") };
  },
  extremeOf(which, { node, output }, distinct) {
    const of = distinct ? "distinct " : "";
    if (output.storage === "boolean") return raw(which === "max" ? "bool_or(" : "bool_and(", node, ")");
    if (output.storage === "uuid") return raw(`${which}(${of}`, node, "::text)::uuid");
    return raw(`${which}(${of}`, node, ")");
  },
};

const CLOCK: ReadonlySet<TruncName> = new Set(["truncHour", "truncMinute", "truncSecond"]);

/** What the clocks of its time zone show at a moment. The name is a literal: what is grouped must be written alike. */
function localTime({ node, timeZone }: Pick<Dated, "node" | "timeZone">): OperationNode {
  return raw(node, " at time zone ", ValueNode.createImmediate(timeZone));
}

const SPREADS: Readonly<Record<SpreadName, string>> = {
  stdDev: "stddev_pop",
  stdDevSample: "stddev_samp",
  variance: "var_pop",
  varianceSample: "var_samp",
};

/** Whole numbers are computed with 64 bits, as on SQLite. */
function wide({ node }: Typed): OperationNode {
  return raw(node, "::bigint");
}

function toFloat({ node, output }: Typed): OperationNode {
  return output.storage === "real" ? node : raw(node, "::double precision");
}

/** A date is its first moment in UTC. */
function moment({ node, output }: Typed): OperationNode {
  return output.storage === "date" ? raw("(", node, "::timestamp at time zone 'UTC')") : node;
}

function placesOf(output: Typed["output"]): number {
  return (output as unknown as { decimalPlaces: number }).decimalPlaces;
}
