import {
  DatabaseError,
  DataError,
  IntegrityError,
  OperationalError,
  ProgrammingError,
  type StatementDetails,
} from "../../exceptions.ts";

const OPERATIONAL = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|CORRUPT|NOTADB|NOMEM|PERM|PROTOCOL)/;

/** better-sqlite3's error as one of ours. */
export function translateSqliteError(error: unknown, statement: StatementDetails): Error {
  if (!(error instanceof Error)) return new DatabaseError(String(error), { cause: error, ...statement });
  const code = (error as { code?: unknown }).code;
  const options = { cause: error, ...statement };
  if (typeof code !== "string" || !code.startsWith("SQLITE_")) return new ProgrammingError(error.message, options);
  if (code.startsWith("SQLITE_CONSTRAINT")) return new IntegrityError(error.message, options);
  if (OPERATIONAL.test(code)) {
    const hint = code.startsWith("SQLITE_BUSY") ? " Another process is writing to the database; try again." : "";
    return new OperationalError(error.message + hint, options);
  }
  if (/^SQLITE_(TOOBIG|MISMATCH|RANGE)/.test(code)) return new DataError(error.message, options);
  if (/no such (table|column)/.test(error.message)) {
    return new ProgrammingError(`${error.message}. Have all migrations been applied? Run "tsjango migrate".`, options);
  }
  return new ProgrammingError(error.message, options);
}
