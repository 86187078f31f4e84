import { type CommonOptions, Field } from "./field.ts";

/** Options of text fields. */
export interface TextOptions extends CommonOptions {
  /** The most characters. */
  readonly maxLength?: number;
}

/** A text. */
export class TextField extends Field {
  readonly kind: string = "text";
  readonly storage = "text" as const;

  /** The most characters; undefined for any number. */
  get maxLength(): number | undefined {
    return this.options["maxLength"] as number | undefined;
  }

  protected override normalize(value: unknown): string {
    if (typeof value === "string") return value;
    throw this.refuse(value, "a string");
  }
}

/** A text of limited length; 255 characters where `maxLength` is not given. */
export class CharField extends TextField {
  override readonly kind: string = "char";

  override get maxLength(): number {
    return super.maxLength ?? 255;
  }
}

/** Letters, digits, `-` and `_`, for URLs. At most 50 characters unless `maxLength` says more; indexed. */
export class SlugField extends TextField {
  override readonly kind = "slug";

  constructor(options: TextOptions = {}) {
    super({ maxLength: 50, dbIndex: true, ...options });
  }

  protected override defaultOptions(): Readonly<Record<string, unknown>> {
    return { ...super.defaultOptions(), maxLength: 50, dbIndex: true };
  }
}

/** An e-mail address, at most 254 characters. */
export class EmailField extends TextField {
  override readonly kind = "email";

  constructor(options: TextOptions = {}) {
    super({ maxLength: 254, ...options });
  }

  protected override defaultOptions(): Readonly<Record<string, unknown>> {
    return { ...super.defaultOptions(), maxLength: 254 };
  }
}

/** A URL, at most 200 characters unless `maxLength` says more. */
export class UrlField extends TextField {
  override readonly kind = "url";

  constructor(options: TextOptions = {}) {
    super({ maxLength: 200, ...options });
  }

  protected override defaultOptions(): Readonly<Record<string, unknown>> {
    return { ...super.defaultOptions(), maxLength: 200 };
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A UUID, as a string in lower case. */
export class UuidField extends Field {
  readonly kind = "uuid";
  readonly storage = "uuid" as const;

  protected override normalize(value: unknown): string {
    if (typeof value === "string" && UUID.test(value)) return value.toLowerCase();
    throw this.refuse(value, "a UUID such as 0189b7ea-6c0e-7c1e-9b3f-1f2d3c4b5a69");
  }
}
