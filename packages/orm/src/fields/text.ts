import { isIPv4, isIPv6 } from "node:net";
import { describeValue } from "@tsjango/kernel/utils";
import { choiceValues } from "./choices.ts";
import { type CommonOptions, Field, type FieldProblem } from "./field.ts";
import { lengthOf, type Validator, validators } from "./validators.ts";

/** Options of text fields. */
export interface TextOptions extends CommonOptions {
  /** The most characters. */
  readonly maxLength?: number;
}

/** A text. */
export class TextField extends Field {
  readonly kind: string = "text";
  readonly storage = "text" as const;

  /** The most characters; undefined for any number. Those outside Unicode's first plane count once. */
  get maxLength(): number | undefined {
    return this.options["maxLength"] as number | undefined;
  }

  override get validators(): readonly Validator<never>[] {
    const { maxLength } = this;
    return [...(maxLength === undefined ? [] : [validators.maxLength(maxLength)]), ...super.validators];
  }

  override checks(): FieldProblem[] {
    const { maxLength } = this;
    if (maxLength === undefined) return super.checks();
    if (!Number.isInteger(maxLength) || maxLength < 1) {
      return [
        {
          id: "fields.E121",
          message: `maxLength must be a whole number above zero; found ${describeValue(maxLength)}.`,
        },
      ];
    }
    const longest = choiceValues(this.options.choices ?? [])
      .map(String)
      .sort((a, b) => lengthOf(b) - lengthOf(a))[0];
    if (longest === undefined || lengthOf(longest) <= maxLength) return super.checks();
    const message = `maxLength is ${maxLength}, too few for the choice "${longest}" of ${lengthOf(longest)} characters.`;
    return [{ id: "fields.E009", message }, ...super.checks()];
  }

  protected override normalize(value: unknown): string {
    if (typeof value !== "string") throw this.refuse(value, "a string");
    // PostgreSQL keeps neither of them; SQLite would cut or change the text.
    if (value.includes("\0")) throw this.refuse(value, "a string without NUL characters (\\0)");
    if (!value.isWellFormed()) throw this.refuse(value, "a string without halves of surrogate pairs");
    return value;
  }

  protected override checkSize(value: unknown): void {
    const { maxLength } = this;
    if (maxLength === undefined || (value as string).length <= maxLength) return;
    const length = lengthOf(value as string);
    if (length > maxLength) throw this.refuse(value, `at most ${maxLength} characters, and this has ${length}`);
  }
}

/** A text of limited length; 255 characters where `maxLength` is not given. */
export class CharField extends TextField {
  override readonly kind: string = "char";

  override get maxLength(): number {
    return super.maxLength ?? 255;
  }
}

/** A text whose options have other defaults. */
abstract class DefaultedText extends TextField {
  constructor(options: TextOptions, defaults: TextOptions) {
    super({ ...defaults, ...options });
    this.#defaults = defaults;
  }
  readonly #defaults: TextOptions;

  protected override defaultOptions(): Readonly<Record<string, unknown>> {
    return { ...super.defaultOptions(), ...this.#defaults };
  }
}

/** Options of a slug. */
export interface SlugOptions extends TextOptions {
  /** Whether letters of all scripts are accepted. Default false. */
  readonly allowUnicode?: boolean;
}

/** Letters, digits, `-` and `_`, for URLs. At most 50 characters unless `maxLength` says more; indexed. */
export class SlugField extends DefaultedText {
  override readonly kind = "slug";

  constructor(options: SlugOptions = {}) {
    super(options, { maxLength: 50, dbIndex: true });
  }

  override get validators(): readonly Validator<never>[] {
    return [this.options["allowUnicode"] === true ? validators.unicodeSlug() : validators.slug(), ...super.validators];
  }
}

/** An e-mail address, at most 254 characters. */
export class EmailField extends DefaultedText {
  override readonly kind = "email";

  constructor(options: TextOptions = {}) {
    super(options, { maxLength: 254 });
  }

  override get validators(): readonly Validator<never>[] {
    return [validators.email(), ...super.validators];
  }
}

/** A URL, at most 200 characters unless `maxLength` says more. */
export class UrlField extends DefaultedText {
  override readonly kind = "url";

  constructor(options: TextOptions = {}) {
    super(options, { maxLength: 200 });
  }

  override get validators(): readonly Validator<never>[] {
    return [validators.url(), ...super.validators];
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

/** Options of an IP address. */
export interface IpAddressOptions extends CommonOptions {
  /** Which versions it takes. Default both. */
  readonly protocol?: "both" | "ipv4" | "ipv6";
  /** Keeps `::ffff:192.0.2.1` as `192.0.2.1`. Default false. */
  readonly unpackIpv4?: boolean;
}

const PROTOCOLS = { both: "an IPv4 or IPv6 address", ipv4: "an IPv4 address", ipv6: "an IPv6 address" } as const;

/** An IPv4 or IPv6 address as a string in its shortest form: `"2001:db8::1"`. */
export class IpAddressField extends TextField {
  override readonly kind = "ipAddress";

  constructor(options: IpAddressOptions = {}) {
    super(options);
  }

  override get maxLength(): number {
    return 39;
  }

  override checks(): FieldProblem[] {
    const message = "It may be blank and not null, and a blank one is no address.";
    const found = this.blank && !this.null ? [{ id: "fields.E150", message, hint: "Add null: true." }] : [];
    return [...found, ...super.checks()];
  }

  protected override normalize(value: unknown): string {
    const { protocol = "both", unpackIpv4 } = this.options as IpAddressOptions;
    const text = super.normalize(value);
    if (protocol !== "ipv6" && isIPv4(text)) return text;
    if (protocol !== "ipv4" && isIPv6(text) && !text.includes("%")) return shortestIpv6(text, unpackIpv4 === true);
    throw this.refuse(value, PROTOCOLS[protocol]);
  }
}

/** An IPv6 address in the form of RFC 5952; one of an IPv4 address with that in its usual form. */
function shortestIpv6(text: string, unpack: boolean): string {
  const short = new URL(`http://[${text}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(short);
  if (mapped === null) return short;
  const bytes = mapped.slice(1).flatMap((part) => {
    const number = Number.parseInt(part, 16);
    return [number >> 8, number & 255];
  });
  return `${unpack ? "" : "::ffff:"}${bytes.join(".")}`;
}
