import {
  DatabaseError,
  DatabaseUnavailable,
  DataError,
  IntegrityError,
  InterfaceError,
  InternalError,
  LockTimeout,
  NotSupportedError,
  OperationalError,
  ProgrammingError,
  QueryCanceled,
  ReadOnlyError,
  type StatementDetails,
  TransactionConflictError,
} from "../../exceptions.ts";
import { NOT_MIGRATED } from "../base/hints.ts";

/** By the class of the SQLSTATE. Source: https://www.postgresql.org/docs/18/errcodes-appendix.html */
const CLASSES: Readonly<Record<string, typeof DatabaseError>> = {
  "08": DatabaseUnavailable,
  "0A": NotSupportedError,
  "20": ProgrammingError,
  "21": ProgrammingError,
  "22": DataError,
  "23": IntegrityError,
  "24": InternalError,
  "25": InternalError,
  "26": ProgrammingError,
  "28": OperationalError,
  "2B": InternalError,
  "2D": InternalError,
  "2F": InternalError,
  "34": OperationalError,
  "38": InternalError,
  "39": InternalError,
  "3B": InternalError,
  "3D": OperationalError,
  "3F": ProgrammingError,
  "40": OperationalError,
  "42": ProgrammingError,
  "44": ProgrammingError,
  "53": OperationalError,
  "54": OperationalError,
  "55": OperationalError,
  "57": OperationalError,
  "58": OperationalError,
  F0: InternalError,
  HV: OperationalError,
  P0: InternalError,
  XX: InternalError,
};

/** Single codes that say more than their class. */
const CODES: Readonly<Record<string, typeof DatabaseError>> = {
  "25006": ReadOnlyError,
  "25P03": DatabaseUnavailable,
  "25P04": DatabaseUnavailable,
  "40001": TransactionConflictError,
  "40P01": TransactionConflictError,
  "53300": DatabaseUnavailable,
  "55P03": LockTimeout,
  "57014": QueryCanceled,
  "57P01": DatabaseUnavailable,
  "57P02": DatabaseUnavailable,
  "57P03": DatabaseUnavailable,
  "57P05": DatabaseUnavailable,
};

const SQLSTATE = /^[0-9A-Z]{5}$/;
const SYSTEM_CODE = /^E[A-Z]+$/;

/** The SQLSTATE of node-postgres' error; undefined where the server said nothing. */
export function sqlState(error: unknown): string | undefined {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === "string" && SQLSTATE.test(code) && !SYSTEM_CODE.test(code) ? code : undefined;
}

/** Whether a statement that is kept at the server no longer fits its tables. */
export function isStalePlan(error: unknown): boolean {
  // The server has one code for all that it does not support.
  return sqlState(error) === "0A000" && (error as Error).message.includes("cached plan must not change result type");
}

/** Whether the server no longer has a statement: somebody dropped all of them, or a pooler gave another server. */
export function isUnknownStatement(error: unknown): boolean {
  return sqlState(error) === "26000";
}

/** Whether the server is there and will take connections in a while: it starts, or has too many of them. */
export function isFull(error: unknown): boolean {
  const state = sqlState(error);
  return state === "53300" || state === "57P03";
}

/** node-postgres' error as one of ours. */
export function translatePostgresError(error: unknown, statement: StatementDetails): DatabaseError {
  const { code, message = String(error) } = error as { code?: unknown; message?: string };
  const options = { cause: error, ...statement };
  const state = sqlState(error);
  if (state === undefined) {
    // What node-postgres refuses to send is a TypeError; anything else is the connection's.
    const ErrorClass =
      error instanceof TypeError || code === "ERR_INVALID_ARG_TYPE" ? InterfaceError : DatabaseUnavailable;
    const told = message || String(code);
    return new ErrorClass(ErrorClass === DatabaseUnavailable ? `The connection broke: ${told}` : told, options);
  }
  if (isStalePlan(error)) {
    const hint = "The table was changed while the transaction ran. Run it again: atomic(…, { retries: 1 }).";
    return new TransactionConflictError(`${message}. ${hint}`, options);
  }
  const ErrorClass = CODES[state] ?? CLASSES[state.slice(0, 2)] ?? DatabaseError;
  // A row's values stand in the detail of the driver's error, not here.
  return new ErrorClass(message + hintOf(state, message), options);
}

/** What may be done about an error. */
function hintOf(state: string, message: string): string {
  switch (state) {
    case "42P01":
    case "42703":
      return `. ${NOT_MIGRATED}`;
    case "42883":
    case "42704": {
      const missing = EXTENSIONS.find(([pattern]) => pattern.test(message));
      return missing === undefined ? "" : `. It is of the extension ${missing[1]}: add ${missing[2]}() to a migration.`;
    }
    case "25P03":
      return ": the transaction ran no statement for longer than the option idleInTransactionTimeout allows";
    case "26000":
      return (
        ". Where it was dropped by DEALLOCATE or DISCARD, leave that out; where a pooler stands before the server, set the " +
        "option preparedStatements to false"
      );
    case "57014":
      return message.endsWith("statement timeout") ? ": it took longer than the option statementTimeout allows" : "";
    case "55P03":
      return message.endsWith("lock timeout") ? ": another transaction holds what it waited for" : "";
    default:
      return "";
  }
}

/** What the extensions bring along that queries use, and the migrations' operation that installs each. */
const EXTENSIONS: readonly (readonly [what: RegExp, extension: string, operation: string])[] = [
  [/similarity\(|(varying|text) (<?<?%|%>>?|<->) |gin_trgm_ops|gist_trgm_ops/, "pg_trgm", "trigramExtension"],
  [/function unaccent\(/, "unaccent", "unaccentExtension"],
  [/function (digest|gen_random_bytes|crypt)\(/, "pgcrypto", "cryptoExtension"],
];
