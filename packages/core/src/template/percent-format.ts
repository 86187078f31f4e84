import { toText } from "./output.ts";

const SPEC = /^([-+ 0#]*)(\d*)(?:\.(\d+))?([%a-zA-Z])/;

/**
 * A value by a format of C's printf without its "%": `"05.1f"`, `"x"`, `"10s"`. A format that does not fit the value gives
 * an empty text. Source: https://docs.python.org/3/library/stdtypes.html#printf-style-string-formatting
 */
export function formatPercent(format: string, value: unknown): string {
  const match = SPEC.exec(format);
  if (match === null || match[4] === "%") return "";
  const [whole, flags = "", width = "", precision, letter = ""] = match;
  const rest = format.slice(whole.length);
  // Another "%" would take another value.
  if (rest.replaceAll("%%", "").includes("%")) return "";
  const digits = precision === undefined ? undefined : Number(precision);
  const text = convert(letter, value, flags, digits);
  if (text === undefined) return "";
  return pad(text, flags, Math.min(Number(width), 10_000), "srac".includes(letter)) + rest.replaceAll("%%", "%");
}

function convert(letter: string, value: unknown, flags: string, digits: number | undefined): string | undefined {
  if (letter === "s" || letter === "r" || letter === "a") {
    const text = letter !== "s" && typeof value === "string" ? `'${value}'` : toText(value);
    return digits === undefined ? text : [...text].slice(0, digits).join("");
  }
  if (letter === "c") {
    if (typeof value === "number") return isCodePoint(value) ? String.fromCodePoint(value) : undefined;
    return [...toText(value)].length === 1 ? toText(value) : undefined;
  }
  if (typeof value !== "number" && typeof value !== "bigint") return undefined;
  const size = value < 0 ? -value : value;
  const sign = value < 0 ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  const shown = unsigned(letter, size, flags, Math.min(digits ?? 6, 100), digits);
  return shown === undefined ? undefined : sign + shown;
}

function isCodePoint(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0x10ffff;
}

function unsigned(
  letter: string,
  size: number | bigint,
  flags: string,
  places: number,
  digits: number | undefined,
): string | undefined {
  const whole = () => (typeof size === "bigint" ? size : BigInt(Math.trunc(size)));
  const based = (base: number, prefix: string) => {
    if (typeof size === "number" && !Number.isInteger(size)) return undefined;
    return (
      (flags.includes("#") ? prefix : "") +
      whole()
        .toString(base)
        .padStart(digits ?? 0, "0")
    );
  };
  switch (letter) {
    case "d":
    case "i":
    case "u":
      return Number.isFinite(Number(size))
        ? whole()
            .toString()
            .padStart(digits ?? 0, "0")
        : undefined;
    case "x":
      return based(16, "0x");
    case "X":
      return based(16, "0X")?.toUpperCase();
    case "o":
      return based(8, "0o");
    case "f":
    case "F":
      return Number(size).toFixed(places);
    case "e":
    case "E": {
      const text = Number(size)
        .toExponential(places)
        .replace(/e([+-])(\d)$/, "e$10$2");
      return letter === "E" ? text.toUpperCase() : text;
    }
    case "g":
    case "G":
      return general(Number(size), Math.max(places, 1), flags.includes("#"));
    default:
      return undefined;
  }
}

/** The shorter of fixed and exponential notation, without zeros at its end. */
function general(size: number, places: number, alternate: boolean): string {
  const exponent = size === 0 ? 0 : Number(size.toExponential(places - 1).split("e")[1]);
  const fixed = exponent >= -4 && exponent < places;
  const text = fixed ? size.toFixed(places - 1 - exponent) : size.toExponential(places - 1);
  const [mantissa = "", power] = text.split("e");
  const short = alternate || !mantissa.includes(".") ? mantissa : mantissa.replace(/\.?0+$/, "");
  return power === undefined ? short : `${short}e${power.replace(/^([+-])(\d)$/, "$10$2")}`;
}

function pad(text: string, flags: string, width: number, isText: boolean): string {
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  if (flags.includes("-")) return text + " ".repeat(missing);
  if (!flags.includes("0") || isText) return " ".repeat(missing) + text;
  return text.replace(/^[+ -]?(?:0[xXo])?/, (sign) => sign + "0".repeat(missing));
}
