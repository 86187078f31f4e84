/**
 * A decimal number rounded to `places` after its point, half away from zero: `roundDecimal("2.675", 2)` is "2.68".
 * Undefined for what is no number or has more than 1,000 digits before its point.
 */
export function roundDecimal(text: string, places: number): string | undefined {
  const match = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  const shift = Number(exponent);
  if (whole.length + shift > 1000) return undefined;
  const point = whole.length + shift;
  const digits = whole + fraction;
  // The digits that stay, and the one that decides.
  const kept = point + places;
  const padded = digits.padEnd(Math.max(kept, 0) + 1, "0");
  const up = kept >= 0 && padded.charAt(kept) >= "5" ? 1n : 0n;
  const scaled = (kept > 0 ? BigInt(padded.slice(0, kept) || "0") : 0n) + up;
  const shown = scaled.toString().padStart(places + 1, "0");
  const cut = shown.length - places;
  const number = places === 0 ? shown : `${shown.slice(0, cut)}.${shown.slice(cut)}`;
  return sign === "-" && scaled !== 0n ? `-${number}` : number;
}
