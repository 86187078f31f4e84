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

/** By the class of the SQLSTATE. Source: https://www.postgresql.org/docs/18/errcodes-appendix.html */
const CLASSES: Readonly<Record<string, typeof DatabaseError>> = {
  "08": OperationalError,
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
  // As on SQLite: a transaction that may only read was told to write.
  "25006": OperationalError,
  "40001": TransactionConflictError,
  "40P01": TransactionConflictError,
};

const SYSTEM_CODE = /^E[A-Z]+$/;

/** node-postgres' error as one of ours. */
export function translatePostgresError(error: unknown, statement: StatementDetails): DatabaseError {
  const { code, message = String(error) } = error as { code?: unknown; message?: string };
  const options = { cause: error, ...statement };
  if (typeof code !== "string" || !/^[0-9A-Z]{5}$/.test(code) || SYSTEM_CODE.test(code)) {
    // What node-postgres refuses to send is a TypeError; anything else is the connection's.
    const ErrorClass =
      error instanceof TypeError || code === "ERR_INVALID_ARG_TYPE" ? InterfaceError : OperationalError;
    return new ErrorClass(message || String(code), options);
  }
  // A row's values stand in the detail of the driver's error, not here.
  const hint = code === "42P01" || code === "42703" ? '. Have all migrations been applied? Run "tsjango migrate".' : "";
  const ErrorClass = CODES[code] ?? CLASSES[code.slice(0, 2)] ?? DatabaseError;
  return new ErrorClass(message + hint, options);
}
