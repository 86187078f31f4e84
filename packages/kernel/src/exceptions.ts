/** The root of every error that tsjango throws on purpose. `code` is stable; the message may change. */
export class TsjangoError extends Error {
  static readonly code: string = "tsjango";
  /** Stable, for programs: `"improperly_configured"`. */
  get code(): string {
    return (this.constructor as typeof TsjangoError).code;
  }
  override get name(): string {
    return this.constructor.name;
  }
}

/** The settings, an app or the environment is wrong; the message says where and what to write instead. */
export class ImproperlyConfigured extends TsjangoError {
  static override readonly code: string = "improperly_configured";
}

/** `settings.ts` has a key that does not exist, or a value that is not right; each is named in the message. */
export class InvalidSettings extends ImproperlyConfigured {
  static override readonly code: string = "invalid_settings";
  /** A command that meets it exits as on a wrong option. */
  readonly exitCode = 2;
}

/** Models or apps were used before `setup()` loaded them. */
export class AppRegistryNotReady extends TsjangoError {
  static override readonly code: string = "app_registry_not_ready";
}

/** Sync-only work was attempted where the event loop must not be blocked. The message says what to do instead. */
export class SynchronousOnlyOperation extends TsjangoError {
  static override readonly code: string = "synchronous_only_operation";
}

/** `syncToAsync`, `asyncToSync` or `asyncUnsafe` was applied to something it cannot be applied to. As in Django, a TypeError. */
export class SyncToAsyncError extends TypeError {
  static readonly code: string = "sync_to_async_error";
  readonly code: string = SyncToAsyncError.code;
  override get name(): string {
    return this.constructor.name;
  }
}

/** An async function was called synchronously on the main thread, whose event loop has to go on. In Django a RuntimeError. */
export class AsyncToSyncError extends TsjangoError {
  static override readonly code: string = "async_to_sync_error";
}

/** A function cannot be run in a worker thread, or its arguments or result cannot be sent; the message says why. */
export class WorkerFunctionError extends TsjangoError {
  static override readonly code: string = "worker_function_error";
}

/** The base of every model's `DoesNotExist`. */
export class ObjectDoesNotExist extends TsjangoError {
  static override readonly code: string = "object_does_not_exist";
}

/** The base of every model's `MultipleObjectsReturned`. */
export class MultipleObjectsReturned extends TsjangoError {
  static override readonly code: string = "multiple_objects_returned";
}

/** A command cannot go on. It is printed without a stack, and the process exits with `exitCode`. */
export class CommandError extends TsjangoError {
  static override readonly code: string = "command_error";
  readonly exitCode: number;
  constructor(message: string, options: ErrorOptions & { exitCode?: number } = {}) {
    super(message, options);
    this.exitCode = options.exitCode ?? 1;
  }
}

/** A command was called with words it does not know; exits with 2. */
export class UsageError extends CommandError {
  static override readonly code: string = "usage_error";
  constructor(message: string, options: ErrorOptions = {}) {
    super(message, { ...options, exitCode: 2 });
  }
}

/** One thing that is wrong with a value. */
export interface ValidationIssue {
  readonly message: string;
  /** Stable, for programs: `"max_length"`. */
  readonly code: string;
  /** What the message speaks of: `{ limit: 5 }`. */
  readonly params?: Readonly<Record<string, unknown>>;
}

/** The key of what is wrong with the whole, not with one field of it. */
const NON_FIELD_ERRORS = "";

type Invalid = string | ValidationIssue | ValidationError;

/**
 * Values that are not valid: messages with codes, by field. Validators and `clean()` throw it.
 * Source: https://docs.djangoproject.com/en/5.2/ref/exceptions/#validationerror
 * @example
 * throw new ValidationError("Enter an even number.", { code: "odd" });
 * throw new ValidationError({ title: "Too dull.", "": ["Nothing fits."] });
 */
export class ValidationError extends TsjangoError {
  static override readonly code: string = "validation_error";
  /** What is wrong, by field; with the whole under `""`. */
  readonly errors: Readonly<Record<string, readonly ValidationIssue[]>>;

  constructor(
    given: Invalid | readonly Invalid[] | Readonly<Record<string, Invalid | readonly Invalid[]>>,
    options: { readonly code?: string; readonly params?: Readonly<Record<string, unknown>> } = {},
  ) {
    const errors: Record<string, ValidationIssue[]> = Object.create(null);
    for (const [field, invalid] of isByField(given) ? Object.entries(given) : [[NON_FIELD_ERRORS, given] as const]) {
      for (const each of Array.isArray(invalid) ? (invalid as Invalid[]) : [invalid as Invalid]) {
        if (each instanceof ValidationError) addIssues(errors, field, each);
        else add(errors, field, [typeof each === "string" ? { code: "invalid", message: each, ...options } : each]);
      }
    }
    const lines = Object.entries(errors).map(([field, issues]) => {
      const text = issues.map((issue) => issue.message).join(" ");
      return field === NON_FIELD_ERRORS ? text : `${field}: ${text}`;
    });
    super(lines.join("; "));
    this.errors = errors;
  }

  /** The messages of all fields. */
  get messages(): string[] {
    return Object.values(this.errors).flatMap((issues) => issues.map((issue) => issue.message));
  }

  /** The messages by field, as JSON has them. */
  toJSON(): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries(
      Object.entries(this.errors).map(([field, issues]) => [field, issues.map((issue) => issue.message)]),
    );
  }
}

function isByField(given: unknown): given is Readonly<Record<string, Invalid | readonly Invalid[]>> {
  const plain = typeof given === "object" && given !== null && !Array.isArray(given) && !(given instanceof Error);
  return (
    plain &&
    !(typeof (given as ValidationIssue).message === "string" && typeof (given as ValidationIssue).code === "string")
  );
}

/** What an error says of the whole becomes what is said of the field it is under. */
function addIssues(errors: Record<string, ValidationIssue[]>, field: string, from: ValidationError): void {
  for (const [name, issues] of Object.entries(from.errors))
    add(errors, name === NON_FIELD_ERRORS ? field : name, issues);
}

function add(errors: Record<string, ValidationIssue[]>, field: string, issues: readonly ValidationIssue[]): void {
  errors[field] = [...(errors[field] ?? []), ...issues];
}
