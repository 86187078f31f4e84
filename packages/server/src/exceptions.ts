/**
 * The server cannot start or go on. `exitCode` is what a process should exit with: 1 for a wrong call or a taken port,
 * 3 when the application did not boot. Stands beside TsjangoError: the server knows only the ASGI vocabulary.
 */
export class ServerError extends Error {
  static readonly code: string = "server_error";
  readonly exitCode: number;
  constructor(message: string, options: ErrorOptions & { exitCode?: number } = {}) {
    super(message, options);
    this.exitCode = options.exitCode ?? 1;
  }
  /** Stable, for programs: `"port_in_use"`. */
  get code(): string {
    return (this.constructor as typeof ServerError).code;
  }
  override get name(): string {
    return this.constructor.name;
  }
}

/** The address cannot be listened on. */
export class AddressUnavailable extends ServerError {
  static override readonly code: string = "address_unavailable";
}

/** An address to listen on that cannot be read; exit code 2. */
export class InvalidBind extends ServerError {
  static override readonly code: string = "invalid_bind";
  constructor(message: string, options: ErrorOptions = {}) {
    super(message, { ...options, exitCode: 2 });
  }
}

/** A key or certificate that is missing, unreadable, or does not fit. */
export class InvalidCertificate extends ServerError {
  static override readonly code: string = "invalid_certificate";
}

/** A format of the access log that cannot be read; exit code 2. */
export class InvalidLogFormat extends ServerError {
  static override readonly code: string = "invalid_log_format";
  constructor(message: string, options: ErrorOptions = {}) {
    super(message, { ...options, exitCode: 2 });
  }
}

/** A log that cannot be opened. */
export class LogUnavailable extends ServerError {
  static override readonly code: string = "log_unavailable";
}

/** "module:name" names no ASGI application. */
export class ApplicationNotFound extends ServerError {
  static override readonly code: string = "application_not_found";
}

/** The application threw while it was imported, or its lifespan's startup failed. */
export class BootFailed extends ServerError {
  static override readonly code: string = "boot_failed";
  constructor(message: string, options: ErrorOptions = {}) {
    super(message, { ...options, exitCode: 3 });
  }
}

/** The application sent a lifespan event that may not come now; thrown by `send`. */
export class LifespanError extends ServerError {
  static override readonly code: string = "lifespan";
}
