import { type CommonOptions, Field } from "./field.ts";
import { type Validator, validators } from "./validators.ts";

/** Options of bytes. */
export interface BinaryOptions extends CommonOptions {
  /** The most bytes. */
  readonly maxLength?: number;
}

/** Bytes, as a `Uint8Array`. */
export class BinaryField extends Field {
  readonly kind = "binary";
  readonly storage = "binary" as const;

  constructor(options: BinaryOptions = {}) {
    super({ editable: false, ...options });
  }

  get maxLength(): number | undefined {
    return this.options["maxLength"] as number | undefined;
  }

  override get validators(): readonly Validator<never>[] {
    const { maxLength } = this;
    const limit = maxLength === undefined ? [] : [validators.maxLength(maxLength) as unknown as Validator<never>];
    return [...limit, ...super.validators];
  }

  protected override normalize(value: unknown): Uint8Array {
    if (value instanceof Uint8Array) return value;
    throw this.refuse(value, "bytes as a Uint8Array");
  }

  protected override checkSize(value: unknown): void {
    const { maxLength } = this;
    const { length } = value as Uint8Array;
    if (maxLength === undefined || length <= maxLength) return;
    throw this.refuse(value, `at most ${maxLength} bytes, and these are ${length}`);
  }

  protected override defaultOptions(): Readonly<Record<string, unknown>> {
    return { ...super.defaultOptions(), editable: false };
  }
}
