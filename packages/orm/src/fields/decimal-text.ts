const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)$/;

/** Whether a text is a decimal number: digits with one point or none; no exponent. */
export function isDecimal(text: string): boolean {
  return DECIMAL.test(text);
}

/** Less than zero, zero or more, by the values of two decimals. */
export function compareDecimals(one: string, other: string): number {
  const places = Math.max(fractionOf(one).length, fractionOf(other).length);
  const difference = scaled(one, places) - scaled(other, places);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function fractionOf(text: string): string {
  return text.split(".")[1] ?? "";
}

function scaled(text: string, places: number): bigint {
  const [whole = ""] = text.replace(/^[+-]/, "").split(".");
  const value = BigInt(whole + fractionOf(text).padEnd(places, "0") || "0");
  return text.startsWith("-") ? -value : value;
}
