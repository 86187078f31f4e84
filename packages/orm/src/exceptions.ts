import { CommandError, TsjangoError } from "@tsjango/kernel/exceptions";

/** A path in a query names a field or lookup that does not exist, or that cannot be used there. */
export class FieldError extends TsjangoError {
  static override readonly code: string = "field_error";
}

/** A value does not fit its field, such as a text for a number. */
export class FieldValueError extends TsjangoError {
  static override readonly code: string = "field_value_error";
  /** What the field takes: `a whole number from 0 to 32767`. */
  readonly expected: string | undefined;

  constructor(message: string, options: ErrorOptions & { readonly expected?: string } = {}) {
    super(message, options);
    this.expected = options.expected;
  }
}

/** A relation was awaited that the query should have loaded: its `fetchMode` is "raise". */
export class FieldFetchBlocked extends TsjangoError {
  static override readonly code: string = "field_fetch_blocked";
}

/** A query set cannot do what was asked of it, such as filtering after slicing. */
export class QueryError extends TsjangoError {
  static override readonly code: string = "query_error";
}

/** What a user sent cannot be a filter; its message may be shown to them. */
export class UntrustedInputError extends QueryError {
  static override readonly code: string = "untrusted_input";
  /** The status of an answer to it. */
  readonly status = 400;
}

/** A model is declared in a way that cannot work. */
export class ModelError extends TsjangoError {
  static override readonly code: string = "model_error";
  /** What the system checks call this mistake: `"models.E026"`. */
  readonly checkId: string | undefined;

  constructor(message: string, options: ErrorOptions & { readonly checkId?: string } = {}) {
    super(message, options);
    this.checkId = options.checkId;
  }
}

/** What a statement was, when the database refused it. */
export interface StatementDetails {
  readonly sql?: string | undefined;
  readonly parameters?: readonly unknown[] | undefined;
}

/** The root of what a database refuses. The driver's error is the `cause`; the statement stands beside the message. */
export class DatabaseError extends TsjangoError {
  static override readonly code: string = "database_error";
  declare readonly sql: string | undefined;
  declare readonly parameters: readonly unknown[] | undefined;

  constructor(message: string, options: ErrorOptions & StatementDetails = {}) {
    super(message, options);
    // Not enumerable: a printed or serialised error must not show the values.
    Object.defineProperty(this, "sql", { value: options.sql });
    Object.defineProperty(this, "parameters", { value: options.parameters });
  }
}

/** A value that the database cannot take: too long, out of range. */
export class DataError extends DatabaseError {
  static override readonly code: string = "data_error";
}

/** A constraint was violated: unique, foreign key, check, not null. */
export class IntegrityError extends DatabaseError {
  static override readonly code: string = "integrity_error";
}

/** The database cannot work now: locked, full, unreachable. */
export class OperationalError extends DatabaseError {
  static override readonly code: string = "operational_error";
}

/** The database cannot be reached, starts or shuts down, or the connection broke. A request that it ends is answered with 503. */
export class DatabaseUnavailable extends OperationalError {
  static override readonly code: string = "database_unavailable";
  /** The status of an answer to it. */
  readonly status = 503;
  /** Seconds after which it is worth trying again; the answer's `Retry-After`. */
  readonly retryAfter: number = 1;
}

/** No connection of the pool became free in the time that the option `poolTimeout` gives. */
export class PoolTimeout extends DatabaseUnavailable {
  static override readonly code: string = "pool_timeout";
}

/** The database ended a statement: it took longer than the option `statementTimeout`, or somebody cancelled it. */
export class QueryCanceled extends OperationalError {
  static override readonly code: string = "query_canceled";
}

/** A statement was ended because nobody waits for it any more: the client of its request has gone. */
export class QueryAborted extends QueryCanceled {
  static override readonly code: string = "query_aborted";
  /** What such errors are called everywhere, so that programs can tell them from failures. */
  override get name(): string {
    return "AbortError";
  }
}

/** Others held a lock for longer than the option `lockTimeout`, or at all where a statement says `nowait`. */
export class LockTimeout extends OperationalError {
  static override readonly code: string = "lock_timeout";
}

/** A transaction or a database that may only be read was told to write. */
export class ReadOnlyError extends OperationalError {
  static override readonly code: string = "read_only";
}

/** The transaction lost against another one: a serialization failure, a deadlock, a locked file. Run it again. */
export class TransactionConflictError extends OperationalError {
  static override readonly code: string = "transaction_conflict";
}

/** The database found itself in a state that it does not allow, such as a transaction that has failed before. */
export class InternalError extends DatabaseError {
  static override readonly code: string = "internal_error";
}

/** The driver was used in a way that it does not allow: parameters too few or of no known type. */
export class InterfaceError extends DatabaseError {
  static override readonly code: string = "interface_error";
}

/** The statement is wrong, or names a table or column that does not exist. */
export class ProgrammingError extends DatabaseError {
  static override readonly code: string = "programming_error";
}

/** The database does not offer what was asked. */
export class NotSupportedError extends DatabaseError {
  static override readonly code: string = "not_supported_error";
}

/** The base of every model's `NotUpdated`: a row that should have been updated is not there. */
export class ObjectNotUpdated extends DatabaseError {
  static override readonly code: string = "not_updated";
}

/** A transaction was used after its end, or in a way that would break it. */
export class TransactionManagementError extends TsjangoError {
  static override readonly code: string = "transaction_management_error";
}

/** Rows could not be deleted, because others that are to stay refer to them. */
export class RowsReferredError extends IntegrityError {
  static override readonly code: string = "rows_referred";
  /** The rows that refer to them. */
  declare readonly objects: readonly unknown[];

  constructor(message: string, options: ErrorOptions & { readonly objects?: readonly unknown[] } = {}) {
    super(message, options);
    Object.defineProperty(this, "objects", { value: options.objects ?? [] });
  }
}

/** Rows could not be deleted, because others that refer to them with `onDelete: "protect"` exist. */
export class ProtectedError extends RowsReferredError {
  static override readonly code: string = "protected_error";
}

/** As `ProtectedError`, for `onDelete: "restrict"`: those would not go with something else that goes. */
export class RestrictedError extends RowsReferredError {
  static override readonly code: string = "restricted_error";
}

/** A fixture cannot be loaded; the message names its file, the row and the field. A command prints it without a stack. */
export class FixtureError extends CommandError {
  static override readonly code: string = "fixture_error";
}

/** Something is wrong with migrations; a command prints it without a stack. */
export class MigrationError extends CommandError {
  static override readonly code: string = "migration_error";
}

/** A migration file cannot be read, or says what cannot be. */
export class BadMigrationError extends MigrationError {
  static override readonly code: string = "bad_migration";
}

/** Two migrations of one app both come last. */
export class ConflictingMigrations extends MigrationError {
  static override readonly code: string = "conflicting_migrations";
}

/** Migrations, or changes, wait for each other. */
export class CircularDependencyError extends MigrationError {
  static override readonly code: string = "circular_dependency";
}

/** A migration depends on one that does not exist. */
export class NodeNotFoundError extends MigrationError {
  static override readonly code: string = "migration_not_found";
}

/** What a database has applied does not fit the migration files. */
export class InconsistentMigrationHistory extends MigrationError {
  static override readonly code: string = "inconsistent_migration_history";
}

/** A migration has an operation that cannot be taken back. */
export class IrreversibleError extends MigrationError {
  static override readonly code: string = "irreversible_migration";
}

/** A migration failed in the database; nothing of it is left there. */
export class MigrationFailed extends MigrationError {
  static override readonly code: string = "migration_failed";
}

/** A signal was used in a way that it cannot work, such as an async receiver where nothing can wait. */
export class SignalError extends TsjangoError {
  static override readonly code: string = "signal_error";
}
