import type { BootError } from "./boot-error.ts";

/** What a child of the development server tells its supervisor. */
export type ChildMessage =
  | { readonly type: "ready" }
  /** Lines for the terminal. */
  | { readonly type: "news"; readonly lines: readonly string[] }
  | { readonly type: "failed"; readonly error: BootError }
  | { readonly type: "accepted"; readonly id: number };

/** What the supervisor tells a child; a connection comes with its socket. */
export type SupervisorMessage = { readonly type: "connection"; readonly id: number } | { readonly type: "drain" };
