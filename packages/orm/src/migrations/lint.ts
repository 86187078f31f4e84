import type { Backend, Vendor } from "../backends/base/backend.ts";
import type { TableChange } from "../backends/base/schema-editor.ts";
import { migrationKey, type NamedMigration } from "./migration.ts";
import { type RecordedOperation, recordedSteps } from "./recorded-steps.ts";
import type { ProjectState } from "./state.ts";

/** Something in a migration that can hurt where the site is running, and the way that does not. */
export interface Finding {
  /** Stable: `migrations.W001`. */
  readonly id: string;
  /** `blog.0002_pages: Add field pages to Book`. */
  readonly subject: string;
  readonly message: string;
  readonly hint: string;
}

type Rule = (recorded: RecordedOperation, place: Place) => Pick<Finding, "id" | "message" | "hint">[];

interface Place {
  readonly migration: NamedMigration;
  readonly vendor: Vendor;
  /** Tables that the migration makes: nobody uses them yet. */
  readonly fresh: ReadonlySet<string>;
}

/** Names the dangerous operations of a migration. New tables are not: they have no rows and no users. */
export async function lint(migration: NamedMigration, before: ProjectState, backend: Backend): Promise<Finding[]> {
  const fresh = new Set<string>();
  const found: Finding[] = [];
  const all = await recordedSteps({ migration, direction: "forwards" }, before, backend);
  const schema = all.some(({ steps }) => steps.length > 0);
  for (const recorded of all) {
    for (const step of recorded.steps) if (step.kind === "create") fresh.add(step.table.name);
    const subject = `${migrationKey(migration)}: ${recorded.operation.description}`;
    const place = { migration, vendor: backend.vendor, fresh };
    for (const rule of RULES) found.push(...rule(recorded, place).map((finding) => ({ ...finding, subject })));
    if (recorded.opaque && schema && migration.atomic && backend.vendor === "postgres") {
      found.push({
        id: "migrations.W011",
        subject,
        message: "rows are changed in the transaction that changes tables, which stay locked until it ends.",
        hint: "Put it into a migration of its own.",
      });
    }
    for (const { change } of recorded.steps.filter((step) => step.kind === "alter")) {
      fresh.add(fresh.has(change.from.name) ? change.to.name : "");
    }
  }
  return found;
}

/** The changes of tables that others may be using. */
function changes({ steps }: RecordedOperation, { fresh }: Place): TableChange[] {
  return steps.flatMap((step) => (step.kind === "alter" && !fresh.has(step.change.from.name) ? [step.change] : []));
}

function added({ to, sources }: TableChange) {
  return to.columns.filter((column) => !sources.has(column.name));
}

function kept({ from, to, sources }: TableChange) {
  return to.columns.flatMap((after) => {
    const before = from.columns.find((column) => column.name === sources.get(after.name));
    return before === undefined ? [] : [{ before, after }];
  });
}

/** A rule of changes on a database where they lock tables for others. */
function locking(id: string, rule: (change: TableChange) => string[], hint: string): Rule {
  return (recorded, place) =>
    place.vendor !== "postgres" || !place.migration.atomic
      ? []
      : changes(recorded, place).flatMap((change) => rule(change).map((message) => ({ id, message, hint })));
}

/** A rule of sites whose old processes go on while new ones start; a database in a file has no such. */
function rolling(rule: Rule): Rule {
  return (recorded, place) => (place.vendor === "postgres" ? rule(recorded, place) : []);
}

const ONLINE = "Make it with makemigrations --online, or write atomic: false in a migration of its own.";

const RULES: readonly Rule[] = [
  (recorded, place) => {
    const dropped = recorded.steps.some((step) => step.kind === "drop");
    const gone = changes(recorded, place).flatMap((change) => {
      const sources = new Set(change.sources.values());
      return change.from.columns.filter((column) => !sources.has(column.name));
    });
    if (!dropped && gone.length === 0) return [];
    return [
      {
        id: "migrations.W001",
        message: "deletes what is stored there, and code that still runs fails on it.",
        hint: "First release the code without it; drop it with a migration of the release after.",
      },
    ];
  },
  rolling((recorded, place) =>
    changes(recorded, place).some(
      ({ from, to, sources }) => from.name !== to.name || [...sources].some(([now, before]) => now !== before),
    )
      ? [
          {
            id: "migrations.W002",
            message: "code that still runs while you deploy knows only the old name.",
            hint: "Rename in the code alone, with dbTable or dbColumn for the old name; or deploy while nothing runs.",
          },
        ]
      : [],
  ),
  rolling((recorded, place) =>
    changes(recorded, place).flatMap((change) =>
      added(change)
        .filter((column) => !column.null && column.default === undefined && !column.auto && !column.generated)
        .map((column) => ({
          id: "migrations.W003",
          message: `code that still runs while you deploy cannot insert rows: it gives no ${column.name}.`,
          hint: "Add it with null: true, or with a dbDefault; make it required with the release after.",
        })),
    ),
  ),
  locking(
    "migrations.W004",
    ({ from, to }) =>
      to.indexes
        .filter((index) => !from.indexes.some((each) => JSON.stringify(each.columns) === JSON.stringify(index.columns)))
        .map((index) => `nobody can write to ${to.name} while the index ${index.name} is built.`),
    ONLINE,
  ),
  locking(
    "migrations.W005",
    (change) =>
      [...added(change), ...kept(change).flatMap(({ before, after }) => (before.references ? [] : [after]))].flatMap(
        ({ references }) =>
          references
            ? [
                `nobody can write to ${change.to.name} and ${references.table} while all rows are checked for ${references.name}.`,
              ]
            : [],
      ),
    ONLINE,
  ),
  locking(
    "migrations.W006",
    ({ from, to }) =>
      to.checks
        .filter((check) => !from.checks.some((each) => each.sql === check.sql))
        .map((check) => `nobody can use ${to.name} while all rows are looked at for ${check.name}.`),
    ONLINE,
  ),
  locking(
    "migrations.W007",
    (change) =>
      kept(change)
        .filter(({ before, after }) => before.null && !after.null)
        .map(
          ({ after }) => `nobody can use ${change.to.name} while all rows are looked at for nulls in ${after.name}.`,
        ),
    ONLINE,
  ),
  locking(
    "migrations.W008",
    (change) =>
      kept(change)
        .filter(({ before, after }) => rewrites(before.type, after.type))
        .map(
          ({ before, after }) =>
            `nobody can use ${change.to.name} while it is written anew: ${after.name} changes from ${before.type} to ${after.type}.`,
        ),
    "Add a new field, copy the values in batches, change the code, then remove the old one.",
  ),
  (recorded, place) =>
    changes(recorded, place).flatMap((change) =>
      added(change)
        .filter((column) => change.fills.has(column.name) && isUnique(change, column.name))
        .map((column) => ({
          id: "migrations.W009",
          message: `every row gets the same ${column.name}, which is unique: it fails from the second row on.`,
          hint: "Add it with null: true, give each row a value with runCode, then make it required.",
        })),
    ),
  ({ operation }) =>
    operation.backwards === undefined
      ? [
          {
            id: "migrations.W010",
            message: "it cannot be taken back.",
            hint: 'Give it "backwards", if only an empty one.',
          },
        ]
      : [],
];

function isUnique({ to }: TableChange, column: string): boolean {
  return to.indexes.some((index) => index.unique && index.columns.length === 1 && index.columns[0]?.name === column);
}

/** Longer texts and no limit at all are the same bytes; anything else is written anew. */
function rewrites(before: string, after: string): boolean {
  if (before === after) return false;
  const [, from] = /^varchar\((\d+)\)/.exec(before) ?? [];
  const [, to] = /^varchar\((\d+)\)/.exec(after) ?? [];
  if (from !== undefined && (/^text/.test(after) || Number(to) >= Number(from))) return false;
  return true;
}

/** A finding in one line. */
export function findingLine({ subject, message, hint }: Finding): string {
  return `${subject}: ${message} ${hint}`;
}
