/** Whether the application is told of start and end: `auto` goes on without where it does not take part. */
export type LifespanMode = "auto" | "on" | "off";

/** How an application is served. */
export interface ServerConfig {
  /** Default "127.0.0.1". */
  readonly host?: string | undefined;
  /** 0 takes a free port. Default 8000. */
  readonly port?: number | undefined;
  readonly lifespan?: LifespanMode | undefined;
  /** Milliseconds that requests in flight get to finish when the server closes. Default 10,000. */
  readonly gracePeriod?: number | undefined;
  /** Whether a connection takes further requests after its first. Default true. */
  readonly keepAlive?: boolean | undefined;
  /** Receives one line for each answered request. Default: none. */
  readonly accessLog?: ((line: string) => void) | undefined;
  /** Receives what the application throws. Default: standard error. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** The limits on every connection, in milliseconds and bytes. Source: OWASP on slow HTTP attacks; Node's `http.createServer`. */
export const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 5_000,
  maxHeaderSize: 16_384,
  insecureHTTPParser: false,
  requireHostHeader: true,
} as const;

/** Only this machine. */
export const DEFAULT_HOST = "127.0.0.1";
/** As Django's. */
export const DEFAULT_PORT = 8000;
/** In milliseconds; containers are killed after 10 s or more. */
export const DEFAULT_GRACE_PERIOD = 10_000;

/** `http://127.0.0.1:8000/`, with IPv6 hosts in brackets. */
export function urlOf(host: string, port: number): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}/`;
}
