import { type CommonOptions, Field } from "./field.ts";

/** What zod, valibot and arktype schemas have in common. Source: https://standardschema.dev */
export interface StandardSchema<T> {
  readonly "~standard": {
    readonly validate: (value: unknown) => unknown;
    readonly types?: { readonly output: T } | undefined;
  };
}

/** Any value that JSON has. */
export class JsonField extends Field {
  readonly kind = "json";
  readonly storage = "json" as const;

  constructor(options: CommonOptions = {}) {
    super(options);
  }

  protected override normalize(value: unknown): string {
    const text = JSON.stringify(value);
    if (text === undefined) throw this.refuse(value, "a value that JSON has");
    return text;
  }

  protected override changedOptions(): Record<string, unknown> {
    // A schema checks values in the program; the column is the same with any.
    const { schema: _schema, ...options } = super.changedOptions();
    return options;
  }
}
