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
