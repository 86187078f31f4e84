/** A text that is HTML already: templates write it as it is. Made by `markSafe` and by filters that escape themselves. */
export class SafeString {
  readonly #html: string;

  constructor(html: string) {
    this.#html = html;
  }

  get length(): number {
    return this.#html.length;
  }

  toString(): string {
    return this.#html;
  }

  toJSON(): string {
    return this.#html;
  }
}

/** Has templates write `html` without escaping. Never give it what a client sent. */
export function markSafe(html: string): SafeString {
  return new SafeString(html);
}
