/** Percent-decodes to UTF-8; what is not UTF-8 becomes U+FFFD, a "%" without two digits stays. Never throws. */
export function percentDecode(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    const from = Buffer.from(text);
    const bytes = Buffer.allocUnsafe(from.byteLength);
    let length = 0;
    for (let index = 0; index < from.byteLength; index++) {
      const byte = from[index] as number;
      const value = byte === 37 ? hexPair(from[index + 1], from[index + 2]) : -1;
      bytes[length++] = value < 0 ? byte : value;
      if (value >= 0) index += 2;
    }
    return bytes.toString("utf8", 0, length);
  }
}

/** The value of two hexadecimal digits, given as bytes; negative for others. */
function hexPair(high: number | undefined, low: number | undefined): number {
  const [first, second] = [hexDigit(high), hexDigit(low)];
  return first < 0 || second < 0 ? -1 : first * 16 + second;
}

function hexDigit(byte = 0): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
