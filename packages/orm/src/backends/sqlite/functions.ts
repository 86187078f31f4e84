import { type OperationNode, ValueNode } from "kysely";
import type { Dated, DatePart, SqlFunctions, TruncName, Typed } from "../base/functions.ts";
import { escapeLike, likePattern } from "../base/like.ts";
import { call, listed, raw } from "../base/raw.ts";
import { casefold } from "./casefold.ts";
import { cast, jsonOf, rounded, toJson } from "./casts.ts";
import { plainFunction } from "./plain.ts";
import { hasOrder, sortedJson } from "./sorted-json.ts";
import { tableFunctions } from "./table-functions.ts";

/** Where a part stands in `2026-11-21 07:03:12.345000`: from which character, and how many. */
const PLACES: Partial<Record<DatePart, readonly [number, number]>> = {
  year: [1, 4],
  month: [6, 2],
  day: [9, 2],
  hour: [12, 2],
  minute: [15, 2],
  second: [18, 2],
};

/** Before the part in a text that is a time alone. */
const DATE_LENGTH = "2026-11-21 ".length;

function folded(node: OperationNode): OperationNode {
  return call("tsjango_casefold", node);
}

/** The SQL functions of SQLite. */
export const sqliteFunctions: SqlFunctions = {
  nullsLast: false,

  typed: (value) => ValueNode.create(value),

  match(left, kind, text, ignoreCase) {
    if (ignoreCase) {
      const fold = (given: string) => String(casefold(given));
      if (kind === "exact") return raw(folded(left), " = ", text(fold));
      const pattern = text((given) => likePattern(kind, escapeLike(fold(given))));
      return raw(folded(left), " like ", pattern, " escape '\\'");
    }
    if (kind === "exact") return raw(left, " = ", text(unchanged));
    // LIKE ignores the case of ASCII letters here; GLOB does not, and can use an index.
    const glob = text((given) => {
      const escaped = given.replaceAll(/[[*?]/g, "[$&]");
      return { contains: `*${escaped}*`, startswith: `${escaped}*`, endswith: `*${escaped}` }[kind];
    });
    return raw(left, " glob ", glob);
  },

  matchExpression(left, kind, right, ignoreCase) {
    const [whole, part] = ignoreCase ? [folded(left), folded(right)] : [left, right];
    switch (kind) {
      case "exact":
        return raw(whole, " = ", part);
      case "contains":
        return raw("instr(", whole, ", ", part, ") > 0");
      case "startswith":
        return raw("substr(", whole, ", 1, length(", part, ")) = ", part);
      case "endswith":
        // From the start: an empty text is the end of any, where substr(x, -0) is the whole text.
        return raw("substr(", whole, ", length(", whole, ") - length(", part, ") + 1) = ", part);
    }
  },

  regex: (left, pattern, ignoreCase) => raw("tsjango_regexp(", pattern, ", ", left, ignoreCase ? ", 1)" : ", 0)"),
  regexError(source) {
    try {
      return void new RegExp(source, "u");
    } catch (error) {
      return error;
    }
  },

  datePart(dated, part): OperationNode {
    const place = PLACES[part];
    if (place !== undefined) {
      const [start, length] = place;
      const from = dated.storage === "time" ? start - DATE_LENGTH : start;
      return raw("cast(substr(", localTime(dated), `, ${from}, ${length}) as integer)`);
    }
    return raw(`tsjango_date_part('${part}', `, localTime(dated), ")");
  },

  truncated,

  plain: plainFunction,
  rounded,
  cast,
  toJson,
  jsonOf,

  ofDateTime: (dated, part) => raw("substr(", localTime(dated), part === "date" ? ", 1, 10)" : `, ${DATE_LENGTH + 1})`),

  inMany(left, values) {
    const json = JSON.stringify(values, (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value));
    const whole = values.every((value) => typeof value === "bigint");
    const value = whole ? "cast(value as integer)" : "value";
    return raw(left, ` in (select ${value} from json_each(`, ValueNode.create(json), "))");
  },

  jsonAt: (node, keys) => keys.reduce(inJson, node),
  jsonText: (node) =>
    raw("iif(json_type(", node, ") in ('true', 'false'), ", node, ", cast(", node, " ->> '$' as text))"),
  jsonValue: (json) => call("json", ValueNode.create(json)),
  jsonIsOneOf(node, values) {
    // Texts are compared; SQLite itself knows their one form, but for the order of several keys.
    const ordered = values.some(hasOrder);
    const texts = ordered ? values.map(sortedJson) : values;
    const left = call(ordered ? "tsjango_json_sorted" : "json", node);
    return raw(left, " in (", ...listed(texts.map((text) => ValueNode.create(text))), ")");
  },
  jsonOrder(node, operator, value) {
    const types = typeof value === "number" ? "('integer', 'real')" : "('text')";
    const compared = raw("(", node, ` ->> '$') ${operator} `, ValueNode.create(value));
    return raw("(json_type(", node, `) in ${types} and `, compared, ")");
  },

  jsonHasKeys: (node, keys, which) =>
    raw("tsjango_json_has_keys(", node, ", ", ValueNode.create(JSON.stringify(keys)), `, '${which}')`),
  jsonContains: (whole, part) => call("tsjango_json_contains", whole, part),
  lower: (node) => call("tsjango_lower", node),
  upper: (node) => call("tsjango_upper", node),
  extreme: (which, nodes) => call(`tsjango_${which}`, ...nodes),
  now: () => raw("strftime('%Y-%m-%d %H:%M:%f000', 'now')"),

  arithmetic(operator, left, right, output) {
    // What SQLite lacks: the bits of one of the two alone.
    if (operator === "#") return call("tsjango_bit_xor", left.node, right.node);
    if (operator === "^") return raw("pow(", toFloat(left), ", ", toFloat(right), ")");
    if (output.storage === "real") {
      if (operator === "%") return call("tsjango_mod", toFloat(left), toFloat(right));
      return raw("(", toFloat(left), ` ${operator} `, toFloat(right), ")");
    }
    if (output.storage !== "decimal") return raw("(", left.node, ` ${operator} `, right.node, ")");
    if (operator === "*") return call("tsjango_decimal_multiply", left.node, right.node);
    if (operator !== "/") return raw("(", left.node, ` ${operator} `, right.node, ")");
    const shift = placesOf(output) - placesOf(left.output) + placesOf(right.output);
    return raw("tsjango_decimal_divide(", left.node, ", ", right.node, `, ${shift})`);
  },
  decimalPlaces(node, from, to) {
    if (from === to) return node;
    return raw("tsjango_decimal_shift(", node, `, ${to - from})`);
  },
  toFloat,
  get inTable() {
    return tableFunctions(sqliteFunctions.arithmetic, placesOf);
  },

  difference: (left, right) => call("tsjango_time_between", left.node, right.node),
  shift: (operator, moment, duration) =>
    raw("tsjango_time_shift(", moment.node, operator === "+" ? ", " : ", -", duration, ")"),

  explain: () => "explain query plan",

  average: (typed, distinct) => raw(distinct ? "avg(distinct " : "avg(", toFloat(typed), ")"),
  spread(which, typed, distinct) {
    const name = `tsjango_${which.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
    return raw(distinct ? `${name}(distinct ` : `${name}(`, toFloat(typed), ")");
  },
  anyValue: ({ node }) => ({ call: call("max", node) }),
  stringAgg(node, { delimiter, distinct, order }) {
    const ordered = order === undefined ? [] : [" ", order];
    if (!distinct) return { call: raw("group_concat(", node, ", ", delimiter, ...ordered, ")") };
    // Where equal ones count once, group_concat takes no delimiter.
    return {
      call: raw("json_group_array(distinct ", node, ...ordered, ")"),
      around: (array) => call("tsjango_join", array, delimiter),
    };
  },
  extremeOf: (which, { node }, distinct) => raw(distinct ? `${which}(distinct ` : `${which}(`, node, ")"),
};

function unchanged(text: string): string {
  return text;
}

/** What follows the part behind which a text is cut off; a quarter or week begins in the middle of something. */
const BEGINNINGS: Partial<Record<TruncName, readonly [kept: number, rest: string]>> = {
  truncYear: [4, "-01-01"],
  truncMonth: [7, "-01"],
  truncDay: [10, ""],
  truncHour: [13, ":00:00.000000"],
  truncMinute: [16, ":00.000000"],
  truncSecond: [19, ".000000"],
};

/** What the clocks of its time zone show at a moment. The name is a literal: what is grouped must be written alike. */
function localTime({ node, timeZone }: Pick<Dated, "node" | "timeZone">): OperationNode {
  return timeZone === "UTC" ? node : call("tsjango_local_time", node, ValueNode.createImmediate(timeZone));
}

function truncated({ node, storage, timeZone }: Dated, to: TruncName): OperationNode {
  const place = BEGINNINGS[to];
  const unit = to.slice("trunc".length).toLowerCase();
  if (timeZone !== "UTC")
    return raw(`tsjango_trunc_in('${unit}', `, node, ", ", ValueNode.createImmediate(timeZone), ")");
  if (place === undefined) return raw(`tsjango_trunc('${unit}', `, node, ")");
  const [kept, rest] = place;
  if (storage === "time") return raw("(substr(", node, `, 1, ${kept - DATE_LENGTH}) || '${rest}')`);
  const midnight = storage === "dateTime" && kept <= DATE_LENGTH ? " 00:00:00.000000" : "";
  return raw("(substr(", node, `, 1, ${kept}) || '${rest}${midnight}')`);
}

/** A number is a place in a list, from its end where it is negative, or a key. A key is quoted: a bare `$.a` or `[0]` would be a path. */
function inJson(node: OperationNode, key: string): OperationNode {
  const byKey = raw("(", node, " -> ", ValueNode.create(`$.${JSON.stringify(key)}`), ")");
  if (!/^-?\d{1,15}$/.test(key)) return byKey;
  return raw("coalesce(", node, " -> ", ValueNode.create(BigInt(key)), ", ", byKey, ")");
}

function placesOf(output: Typed["output"]): number {
  return (output as unknown as { decimalPlaces?: number }).decimalPlaces ?? 0;
}

function toFloat({ node, output }: Typed): OperationNode {
  if (output.storage === "real") return node;
  return output.storage === "decimal" ? raw("(", node, ` / 1e${placesOf(output)})`) : raw("cast(", node, " as real)");
}
