import {
  DatabaseError,
  DataError,
  IntegrityError,
  InterfaceError,
  InternalError,
  NotSupportedError,
  OperationalError,
  ProgrammingError,
  type StatementDetails,
  TransactionConflictError,
} from "../../exceptions.ts";

/** What a function of ours throws for a value that it cannot read, or whose result has no room. */
export class UnreadableValue extends RangeError {}

/** By the code. Source: https://sqlite.org/rescode.html */
const CODES: readonly (readonly [RegExp, typeof DatabaseError])[] = [
  [/^CONSTRAINT/, IntegrityError],
  [/^(BUSY|LOCKED)/, TransactionConflictError],
  [/^(FULL|IOERR|CANTOPEN|READONLY|CORRUPT|NOTADB|NOMEM|PERM|PROTOCOL|INTERRUPT|ABORT|AUTH|SCHEMA)/, OperationalError],
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

/** better-sqlite3's error as one of ours. */
export function translateSqliteError(error: unknown, statement: StatementDetails): DatabaseError {
  const options = { cause: error, ...statement };
  if (!(error instanceof Error)) return new DatabaseError(String(error), options);
  const { message } = error;
  if (error instanceof UnreadableValue) return new DataError(message, options);
  const code = (error as { code?: unknown }).code;
  // Its own checks of what it is given have no code.
  if (typeof code !== "string" || !code.startsWith("SQLITE_")) return new InterfaceError(message, options);
  const name = code.slice("SQLITE_".length);
  const hint = name.startsWith("BUSY")
    ? " Another process is writing to the database; try again."
    : /no such (table|column)/.test(message)
      ? '. Have all migrations been applied? Run "tsjango migrate".'
      : "";
  const ErrorClass =
    CODES.find(([pattern]) => pattern.test(name))?.[1] ??
    TEXTS.find(([pattern]) => pattern.test(message))?.[1] ??
    ProgrammingError;
  return new ErrorClass(message + hint, options);
}
