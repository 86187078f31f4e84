import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { translatePostgresError } from "../../src/backends/postgres/errors.ts";
import { translateSqliteError } from "../../src/backends/sqlite/errors.ts";
import { DatabaseError } from "../../src/index.ts";
import { runStatement } from "../../src/transaction.ts";
import { describeDatabases, openProject, type TestProject } from "../support/project.ts";

type Case = readonly [error: string, sql: string, ...parameters: unknown[]];

const CASES: Readonly<Record<"sqlite" | "postgres", readonly Case[]>> = {
  sqlite: [
    ["IntegrityError", "insert into shop_author (id, name) values (1, ?)", null],
    ["IntegrityError", "insert into shop_review (book_id, text) values (99, '')"],
    ["ProgrammingError", "selec 1"],
    ["ProgrammingError", "select * from nowhere"],
    ["DataError", "select abs(-9223372036854775807 - 1)"],
    ["DataError", "select json_extract('{', '$.a')"],
    ["InterfaceError", "select ?"],
    ["InterfaceError", "select ?", new Date(0)],
    ["OperationalError", "attach database '/nowhere/at/all.sqlite3' as other"],
    ["InternalError", "commit"],
  ],
  postgres: [
    ["IntegrityError", "insert into shop_author (name) values ($1)", null],
    ["IntegrityError", "insert into shop_review (book_id, text) values (99, '')"],
    ["ProgrammingError", "selec 1"],
    ["ProgrammingError", "select * from nowhere"],
    ["ProgrammingError", "select (select 1 union select 2)"],
    ["DataError", "select 1 / 0"],
    ["DataError", "select $1::integer", "x"],
    ["NotSupportedError", "select count(*) from shop_author for update"],
    ["DatabaseUnavailable", "select pg_terminate_backend(pg_backend_pid())"],
    ["InternalError", "do $$ begin raise exception 'own'; end $$"],
  ],
};

describeDatabases("errors of the driver", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor);
  });
  afterAll(() => project[Symbol.asyncDispose]());

  test.for(CASES[vendor])("%s for: %s", async ([name, sql, ...parameters]) => {
    const error = await runStatement("default", { sql, parameters }).then(
      () => expect.unreachable(),
      (caught: DatabaseError) => caught,
    );
    expect(error).toBeInstanceOf(DatabaseError);
    expect([error.name, error.sql, error.parameters]).toEqual([name, sql, parameters]);
    expect(error.cause).toBeInstanceOf(Error);
    expect(Object.keys(error)).not.toContain("sql");
    expect(JSON.stringify(error)).not.toContain("select");
  });

  test("the next query of the pool works", async () => {
    expect((await runStatement("default", { sql: "select 1", parameters: [] })).rows).toHaveLength(1);
  });
});

describe("what may be done is said of", () => {
  test.for([
    ["42P01", 'relation "shop_book" does not exist', 'Run "tsjango migrate", with --database for another database'],
    ["42883", "operator does not exist: character varying % text", "pg_trgm: add trigramExtension() to a migration."],
    ["42883", "operator does not exist: text <<% text", "add trigramExtension()"],
    ["42883", "function word_similarity(text, text) does not exist", "add trigramExtension()"],
    ["42704", 'operator class "gin_trgm_ops" does not exist for access method "gin"', "add trigramExtension()"],
    ["42883", "function unaccent(character varying) does not exist", "unaccent: add unaccentExtension()"],
    ["42883", "function digest(bytea, unknown) does not exist", "pgcrypto: add cryptoExtension()"],
    ["57014", "canceling statement due to statement timeout", "longer than the option statementTimeout allows"],
    ["55P03", "canceling statement due to lock timeout", "another transaction holds what it waited for"],
    ["ECONNRESET", "read ECONNRESET", "The connection broke: read ECONNRESET"],
  ])("%s: %s", ([code, message, hint]) => {
    expect(translatePostgresError(Object.assign(new Error(message), { code }), {}).message).toContain(hint);
  });
  test.for([
    ["SQLITE_CONSTRAINT_FOREIGNKEY", "FOREIGN KEY constraint failed", "a row refers to one that is not there"],
    [
      "SQLITE_READONLY",
      "attempt to write a readonly database",
      "was begun as readOnly, or the file may not be written",
    ],
    ["SQLITE_ERROR", "no such table: shop_book", 'Run "tsjango migrate"'],
    ["SQLITE_BUSY", "database is locked", "raise the option timeout"],
  ])("%s: %s", ([code, message, hint]) => {
    expect(translateSqliteError(Object.assign(new Error(message), { code }), {}).message).toContain(hint);
  });

  test("nothing else", () => {
    const told = (code: string, message: string) =>
      translatePostgresError(Object.assign(new Error(message), { code }), {}).message;
    for (const message of ["operator does not exist: integer % text", "function nosuch(integer) does not exist"]) {
      expect(told("42883", message)).toBe(message);
    }
    expect(told("57014", "canceling statement due to user request")).toBe("canceling statement due to user request");
  });
});

describe("codes that no test can bring about", () => {
  test.for([
    ["SQLITE_BUSY", "TransactionConflictError"],
    ["SQLITE_BUSY_SNAPSHOT", "TransactionConflictError"],
    ["SQLITE_LOCKED_SHAREDCACHE", "TransactionConflictError"],
    ["SQLITE_FULL", "OperationalError"],
    ["SQLITE_READONLY", "ReadOnlyError"],
    ["SQLITE_IOERR_WRITE", "OperationalError"],
    ["SQLITE_CORRUPT", "OperationalError"],
    ["SQLITE_TOOBIG", "DataError"],
    ["SQLITE_MISUSE", "InterfaceError"],
    ["SQLITE_INTERNAL", "InternalError"],
    ["SQLITE_NOLFS", "NotSupportedError"],
    ["SQLITE_CONSTRAINT_CHECK", "IntegrityError"],
  ])("SQLite's %s is %s", ([code, name]) => {
    expect(translateSqliteError(Object.assign(new Error("x"), { code }), {}).name).toBe(name);
  });

  test.for([
    ["40001", "TransactionConflictError"],
    ["40P01", "TransactionConflictError"],
    ["25006", "ReadOnlyError"],
    ["25P02", "InternalError"],
    ["53300", "DatabaseUnavailable"],
    ["57P01", "DatabaseUnavailable"],
    ["57P03", "DatabaseUnavailable"],
    ["08006", "DatabaseUnavailable"],
    ["53100", "OperationalError"],
    ["55P03", "LockTimeout"],
    ["57014", "QueryCanceled"],
    ["XX001", "InternalError"],
    ["3F000", "ProgrammingError"],
    ["ECONNREFUSED", "DatabaseUnavailable"],
    ["EPIPE", "DatabaseUnavailable"],
    ["99999", "DatabaseError"],
  ])("PostgreSQL's %s is %s", ([code, name]) => {
    expect(translatePostgresError(Object.assign(new Error("x"), { code }), {}).name).toBe(name);
  });
});
