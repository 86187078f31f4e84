import {
  DatabaseError,
  DataError,
  IntegrityError,
  InterfaceError,
  InternalError,
  NotSupportedError,
  OperationalError,
  ProgrammingError,
  ReadOnlyError,
  type StatementDetails,
  TransactionConflictError,
} from "../../exceptions.ts";
import { NOT_MIGRATED } from "../base/hints.ts";

/** What a function of ours throws for a value that it cannot read, or whose result has no room. */
export class UnreadableValue extends RangeError {}

/** By the code. Source: https://sqlite.org/rescode.html */
const CODES: readonly (readonly [RegExp, typeof DatabaseError])[] = [
  [/^CONSTRAINT/, IntegrityError],
  [/^(BUSY|LOCKED)/, TransactionConflictError],
  [/^READONLY/, ReadOnlyError],
  [/^(FULL|IOERR|CANTOPEN|CORRUPT|NOTADB|NOMEM|PERM|PROTOCOL|INTERRUPT|ABORT|AUTH|SCHEMA)/, OperationalError],
  [/^(TOOBIG|MISMATCH)/, DataError],
  [/^(MISUSE|RANGE)/, InterfaceError],
  [/^(INTERNAL|NOTFOUND|EMPTY)/, InternalError],
  [/^NOLFS/, NotSupportedError],
];

/** `SQLITE_ERROR` says no more than its text. */
const TEXTS: readonly (readonly [RegExp, typeof DatabaseError])[] = [
  [/integer overflow|malformed JSON|string or blob too big/, DataError],
  [/cannot (start|commit|rollback)|no such savepoint/, InternalError],
];

/** Whether another process, or another connection of this one, holds the file. */
export function isBusy(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  // A transaction that read before another one wrote is lost for good: its snapshot is.
  return typeof code === "string" && /^SQLITE_(BUSY|LOCKED)/.test(code) && code !== "SQLITE_BUSY_SNAPSHOT";
}

/** better-sqlite3's error as one of ours. */
export function translateSqliteError(error: unknown, statement: StatementDetails): DatabaseError {
  const options = { cause: error, ...statement };
  if (error instanceof DatabaseError) return error;
  if (!(error instanceof Error)) return new DatabaseError(String(error), options);
  const { message } = error;
  if (error instanceof UnreadableValue) return new DataError(message, options);
  const code = (error as { code?: unknown }).code;
  // Its own checks of what it is given have no code.
  if (typeof code !== "string" || !code.startsWith("SQLITE_")) return new InterfaceError(message, options);
  const name = code.slice("SQLITE_".length);
  const ErrorClass =
    CODES.find(([pattern]) => pattern.test(name))?.[1] ??
    TEXTS.find(([pattern]) => pattern.test(message))?.[1] ??
    ProgrammingError;
  return new ErrorClass(message + hintOf(name, message), options);
}

/** What SQLite leaves unsaid. */
function hintOf(name: string, message: string): string {
  if (name.startsWith("BUSY")) {
    return ". Another process has been writing to the database for too long: try again, or raise the option timeout.";
  }
  if (name === "CONSTRAINT_FOREIGNKEY") return ": a row refers to one that is not there";
  if (name.startsWith("READONLY")) return ": the transaction was begun as readOnly, or the file may not be written";
  return /no such (table|column)/.test(message) ? `. ${NOT_MIGRATED}` : "";
}
