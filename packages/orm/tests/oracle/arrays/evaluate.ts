import {
  type Condition,
  isColumn,
  type List,
  type Lookup,
  type Operand,
  type Part,
  pathOf,
  type Question,
  type Row,
  type Scalar,
} from "./spec.ts";

type Truth = boolean | null;
/** Lists that are null in a row itself. */
const NULLABLE: ReadonlySet<string> = new Set(["words", "nums"]);
type Value = Scalar | List;

/** What a question means, without SQL. */
export function evaluate(table: readonly Row[], { condition, shown, order, groups }: Question): unknown {
  const rows = table.filter((row) => condition === undefined || truth(row, condition) === true);
  if (groups !== undefined) {
    const keys = [...new Set(rows.map((row) => JSON.stringify(valueAt(row, groups.by))))];
    return keys.map((key) => {
      const own = rows.filter((row) => JSON.stringify(valueAt(row, groups.by)) === key);
      const met = own.filter((row) => groups.filter === undefined || truth(row, groups.filter) === true);
      const names = met.map(({ name }) => name).sort(byText);
      const listed = groups.distinct ? [...new Set(names)] : names;
      // Of no row there is no list.
      return { by: JSON.parse(key) as Value, names: listed.length === 0 ? null : listed };
    });
  }
  const sorted = order === undefined ? rows : [...rows].sort((a, b) => inOrder(a, b, order) || a.id - b.id);
  return sorted.map((row) => ({
    id: row.id,
    ...Object.fromEntries(shown.map((part) => [pathOf(part), valueAt(row, part)])),
  }));
}

function listOf(row: Row, path: Part["of"]): List | null {
  return path === "shelf__marks" ? row.marks : row[path];
}

function valueAt(row: Row, part: Part): Value {
  const list = listOf(row, part.of);
  if (list === null) return null;
  if (part.kind === "list") return list;
  if (part.kind === "len") return list.length;
  return part.kind === "at" ? (list[part.index] ?? null) : list.slice(part.from, part.to);
}

/** Null is greater than any value. */
function inOrder(a: Row, b: Row, { by, descending }: NonNullable<Question["order"]>): number {
  const compared = order(valueAt(a, by), valueAt(b, by));
  return descending ? -compared : compared;
}

/** Lists by their first elements that differ, then by their lengths. */
function order(a: Value, b: Value): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (Array.isArray(a) && Array.isArray(b)) {
    const at = a.findIndex((each, index) => index >= b.length || order(each, b[index] as Scalar) !== 0);
    if (at < 0) return a.length - b.length;
    return at >= b.length ? 1 : order(a[at] as Scalar, b[at] as Scalar);
  }
  if (typeof a === "string" && typeof b === "string") return byText(a, b);
  return (a as number) - (b as number);
}

/** By code points; no text here has one beyond the first 65,536. */
function byText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function truth(row: Row, condition: Condition, negated = false): Truth {
  if (condition.kind === "not") {
    const inner = truth(row, condition.child, !negated);
    return inner === null ? null : !inner;
  }
  if (condition.kind !== "lookup") {
    const truths = condition.children.map((child) => truth(row, child, negated));
    const decisive = condition.kind === "or";
    return truths.includes(decisive) ? decisive : truths.includes(null) ? null : !decisive;
  }
  const { of, lookup, value } = condition;
  const left = valueAt(row, of);
  if (lookup === "isnull") return (left === null) === value;
  const right = isColumn(value) ? valueAt(row, value.column) : value;
  // Under a not a column that is missing is no match; what is read of a list is unknown where there is none.
  const missing = listOf(row, of.of) === null;
  const missingRight = isColumn(value) && NULLABLE.has(value.column.of) && right === null;
  if (negated && (missing || missingRight)) return false;
  return compare(left, lookup, right);
}

function compare(left: Value, lookup: Lookup, right: Exclude<Operand, { readonly column: Part }>): Truth {
  if (lookup === "in") {
    const values = (right as readonly Value[]).filter((each) => each !== null);
    if (left === null) return values.length === 0 ? false : null;
    return values.some((each) => order(left, each) === 0);
  }
  if (left === null || right === null) return null;
  const [list, other] = [left as List, right as List];
  const has = (whole: List, each: Scalar) => each !== null && whole.includes(each);
  switch (lookup) {
    case "exact":
      return order(left, right as Value) === 0;
    case "gt":
      return order(left, right as Value) > 0;
    case "gte":
      return order(left, right as Value) >= 0;
    case "lt":
      return order(left, right as Value) < 0;
    case "lte":
      return order(left, right as Value) <= 0;
    case "contains":
      return other.every((each) => has(list, each));
    case "containedBy":
      return list.every((each) => has(other, each));
    case "overlap":
      return list.some((each) => has(other, each));
    case "icontains":
      return String(left).toUpperCase().includes(String(right).toUpperCase());
    default:
      return String(left).startsWith(String(right));
  }
}
