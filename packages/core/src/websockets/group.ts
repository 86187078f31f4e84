import type { WebSocketConnection } from "./connection.ts";

/**
 * WebSockets of this process that are told the same, such as the members of a room. A connection leaves when it ends.
 * Workers of `serve` are processes of their own: a group has the connections of one of them.
 */
export class WebSocketGroup implements Iterable<WebSocketConnection> {
  readonly name: string;
  readonly #members = new Set<WebSocketConnection>();
  readonly #onEmpty: () => void;

  constructor(name: string, onEmpty: () => void = () => undefined) {
    this.name = name;
    this.#onEmpty = onEmpty;
  }

  get size(): number {
    return this.#members.size;
  }

  [Symbol.iterator](): SetIterator<WebSocketConnection> {
    return this.#members.values();
  }

  /** Adds a connection, until it ends. */
  add(socket: WebSocketConnection): void {
    if (this.#members.has(socket) || socket.end !== undefined) return;
    this.#members.add(socket);
    socket.onEnd(() => this.delete(socket));
  }

  delete(socket: WebSocketConnection): void {
    if (this.#members.delete(socket) && this.#members.size === 0) this.#onEmpty();
  }

  /**
   * Sends a message to all members, without waiting for any: one that reads too slowly is dropped by the server, and does
   * not hold up the others.
   */
  send(data: string | Uint8Array, options: { readonly except?: WebSocketConnection } = {}): void {
    // Whoever has gone leaves by itself.
    for (const socket of this.#members) if (socket !== options.except) socket.send(data).catch(() => undefined);
  }

  /** Sends a value as JSON text. */
  sendJson(value: unknown, options: { readonly except?: WebSocketConnection } = {}): void {
    this.send(JSON.stringify(value), options);
  }
}

const groups = new Map<string, WebSocketGroup>();

/** The group of this name in this process. It is made when it is asked for, and forgotten when its last member leaves. */
export function group(name: string): WebSocketGroup {
  let found = groups.get(name);
  if (found === undefined) {
    const made = new WebSocketGroup(name, () => {
      if (groups.get(name) === made) groups.delete(name);
    });
    found = made;
  }
  groups.set(name, found);
  return found;
}
