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
      const hex = from[index] === 37 ? from.toString("latin1", index + 1, index + 3) : "";
      const encoded = /^[0-9a-f]{2}$/i.test(hex);
      bytes[length++] = encoded ? Number.parseInt(hex, 16) : (from[index] as number);
      if (encoded) index += 2;
    }
    return bytes.toString("utf8", 0, length);
  }
}
