import { describeValue } from "@tsjango/kernel/utils";
import { Field, type FieldProblem } from "./field.ts";

const LIMITS = { small: 32_767, normal: 2_147_483_647, safe: Number.MAX_SAFE_INTEGER } as const;

/** A whole number of 32 bits. */
export class IntegerField extends Field {
  readonly kind: string = "integer";
  readonly storage = "integer" as const;
  #bounds: readonly [number, number] | undefined;

  /** The least and greatest value. */
  get bounds(): readonly [number, number] {
    return [-LIMITS.normal - 1, LIMITS.normal];
  }

  /** How many bytes the column needs. */
  get bytes(): 2 | 4 | 8 {
    return 4;
  }

  protected override normalize(value: unknown): number {
    this.#bounds ??= this.bounds;
    const [least, greatest] = this.#bounds;
    // Plus zero: there is one zero in a database.
    if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= greatest) return value + 0;
    throw this.refuse(value, `a whole number from ${least} to ${greatest}`);
  }
}

/** A whole number of 16 bits. */
export class SmallIntegerField extends IntegerField {
  override readonly kind = "smallInteger";
  override get bounds(): readonly [number, number] {
    return [-LIMITS.small - 1, LIMITS.small];
  }
  override get bytes(): 2 {
    return 2;
  }
}

/** A whole number of 32 bits, not below zero. */
export class PositiveIntegerField extends IntegerField {
  override readonly kind = "positiveInteger";
  override get bounds(): readonly [number, number] {
    return [0, LIMITS.normal];
  }
}

/** A whole number of 16 bits, not below zero. */
export class PositiveSmallIntegerField extends IntegerField {
  override readonly kind = "positiveSmallInteger";
  override get bounds(): readonly [number, number] {
    return [0, LIMITS.small];
  }
  override get bytes(): 2 {
    return 2;
  }
}

/** A key that the database numbers: a 64-bit column, read as a number that JavaScript holds exactly. */
export class AutoField extends IntegerField {
  override readonly kind = "auto";
  override get bounds(): readonly [number, number] {
    return [-LIMITS.safe, LIMITS.safe];
  }
  override get bytes(): 8 {
    return 8;
  }
  override get auto(): boolean {
    return true;
  }
  override get blank(): boolean {
    return true;
  }

  override checks(): FieldProblem[] {
    const message = "A field that the database numbers is a primary key.";
    const found = this.primaryKey ? [] : [{ id: "fields.E100", message, hint: "Add primaryKey: true." }];
    return [...found, ...super.checks()];
  }
}

/** A whole number of 64 bits, as a bigint. */
export class BigIntegerField extends Field {
  readonly kind: string = "bigInteger";
  readonly storage = "bigint" as const;

  /** The least and greatest value. */
  get bounds(): readonly [bigint, bigint] {
    return [-(2n ** 63n), 2n ** 63n - 1n];
  }

  protected override normalize(value: unknown): bigint {
    const [least, greatest] = this.bounds;
    const number = typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : value;
    if (typeof number === "bigint" && number >= least && number <= greatest) return number;
    throw this.refuse(value, `a bigint from ${least} to ${greatest}`);
  }
}

/** A whole number of 64 bits, not below zero, as a bigint. */
export class PositiveBigIntegerField extends BigIntegerField {
  override readonly kind = "positiveBigInteger";
  override get bounds(): readonly [bigint, bigint] {
    return [0n, 2n ** 63n - 1n];
  }
}

/** A floating-point number of 64 bits. */
export class FloatField extends Field {
  readonly kind = "float";
  readonly storage = "real" as const;

  protected override normalize(value: unknown): number {
    if (typeof value === "number" && Number.isFinite(value)) return value + 0;
    throw this.refuse(value, "a finite number");
  }
}

/** `true` or `false`. */
export class BooleanField extends Field {
  readonly kind = "boolean";
  readonly storage = "boolean" as const;

  protected override normalize(value: unknown): boolean {
    if (typeof value === "boolean") return value;
    throw this.refuse(value, "true or false");
  }
}

/** As many as a 64-bit integer always holds, which is how SQLite keeps them. */
const MOST_DIGITS = 18;

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?$/;

/** An exact decimal number, as a string with all its decimal places: `"9.50"`. */
export class DecimalField extends Field {
  readonly kind = "decimal";
  readonly storage = "decimal" as const;

  get maxDigits(): number {
    return this.options["maxDigits"] as number;
  }
  get decimalPlaces(): number {
    return this.options["decimalPlaces"] as number;
  }

  override checks(): FieldProblem[] {
    const { maxDigits, decimalPlaces } = this;
    const whole = (value: unknown, least: number) => Number.isInteger(value) && (value as number) >= least;
    if (!whole(decimalPlaces, 0)) {
      return [
        { id: "fields.E131", message: `decimalPlaces must be a whole number; found ${describeValue(decimalPlaces)}.` },
      ];
    }
    if (!whole(maxDigits, 1)) {
      return [
        {
          id: "fields.E133",
          message: `maxDigits must be a whole number above zero; found ${describeValue(maxDigits)}.`,
        },
      ];
    }
    if (maxDigits < decimalPlaces) {
      return [
        {
          id: "fields.E134",
          message: `maxDigits (${maxDigits}) must not be less than decimalPlaces (${decimalPlaces}).`,
        },
      ];
    }
    const message = `maxDigits is ${maxDigits}, and decimals of more than ${MOST_DIGITS} digits are not exact on SQLite.`;
    const tooMany = maxDigits > MOST_DIGITS ? [{ id: "fields.E906", message, hint: "Use at most 18, or a text." }] : [];
    return [...tooMany, ...super.checks()];
  }

  protected override normalize(value: unknown): string {
    const match = typeof value === "string" || typeof value === "bigint" ? DECIMAL.exec(String(value)) : null;
    const [, sign = "", whole = "", fraction = ""] = match ?? [];
    if (match === null || whole + fraction === "") {
      throw this.refuse(value, 'a decimal as a string, such as "9.50"');
    }
    const digits = whole.replace(/^0+/, "");
    const places = fraction.replace(/0+$/, "");
    if (places.length > this.decimalPlaces || digits.length > this.maxDigits - this.decimalPlaces) {
      throw this.refuse(value, `at most ${this.maxDigits} digits, ${this.decimalPlaces} of them after the point`);
    }
    const text =
      this.decimalPlaces === 0 ? digits || "0" : `${digits || "0"}.${places.padEnd(this.decimalPlaces, "0")}`;
    return sign === "-" && /[1-9]/.test(text) ? `-${text}` : text;
  }
}
