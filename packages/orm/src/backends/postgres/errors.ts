import {
  DatabaseError,
  DataError,
  IntegrityError,
  NotSupportedError,
  OperationalError,
  ProgrammingError,
  type StatementDetails,
} from "../../exceptions.ts";

/** By the class of the SQLSTATE. Source: https://www.postgresql.org/docs/18/errcodes-appendix.html */
const CLASSES: Readonly<Record<string, typeof DatabaseError>> = {
  "08": OperationalError,
  "0A": NotSupportedError,
  "22": DataError,
  "23": IntegrityError,
  "25": ProgrammingError,
  "28": OperationalError,
  "3D": OperationalError,
  "40": OperationalError,
  "42": ProgrammingError,
  "53": OperationalError,
  "55": OperationalError,
  "57": OperationalError,
  "58": OperationalError,
};

/** node-postgres' error as one of ours. */
export function translatePostgresError(error: unknown, statement: StatementDetails): DatabaseError {
  const { code, message = String(error) } = error as { code?: unknown; message?: string };
  const options = { cause: error, ...statement };
  if (typeof code !== "string" || !/^[0-9A-Z]{5}$/.test(code))
    return new OperationalError(message || String(code), options);
  // A row's values stand in the detail of the driver's error, not here.
  const hint = code === "42P01" || code === "42703" ? '. Have all migrations been applied? Run "tsjango migrate".' : "";
  return new (CLASSES[code.slice(0, 2)] ?? DatabaseError)(message + hint, options);
}
