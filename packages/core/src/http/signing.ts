import { createHmac, timingSafeEqual } from "node:crypto";
import { settings } from "@tsjango/kernel/conf";
import { BadSignature, SignatureExpired } from "../exceptions.ts";

/** Parts joined so that no two lists of parts give the same text. */
function joined(parts: readonly string[]): string {
  return parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join("");
}

/**
 * Signs texts with the setting `secretKey`, for one purpose: what another signer signed is refused. Former keys, in
 * `secretKeyFallbacks`, still verify. Source: https://docs.djangoproject.com/en/5.2/topics/signing/
 * @example
 * const links = new Signer("unsubscribe");
 * const token = links.sign("jane@example.com");
 * links.unsign(token, { maxAge: 3600 }); // "jane@example.com"
 */
export class Signer {
  readonly #purpose: string;

  /** @param purpose What is signed and for what, in one or more words. */
  constructor(...purpose: readonly [string, ...string[]]) {
    this.#purpose = joined(["tsjango.signing", ...purpose]);
  }

  /** The text with the time and a signature. */
  sign(text: string): string {
    const dated = `${text}:${Math.floor(Date.now() / 1000).toString(36)}`;
    return `${dated}:${this.#signature(dated, settings.secretKey)}`;
  }

  /**
   * The text that was signed.
   * @param options `maxAge`: how old it may be, in seconds.
   * @throws BadSignature for one that was changed; SignatureExpired for one that is too old.
   */
  unsign(signed: string, options: { readonly maxAge?: number | undefined } = {}): string {
    const last = signed.lastIndexOf(":");
    const dated = signed.slice(0, Math.max(last, 0));
    const given = Buffer.from(signed.slice(last + 1));
    const keys = [settings.secretKey, ...settings.secretKeyFallbacks];
    // All keys are tried, so that the time tells nothing of which one it was.
    const held = keys.filter((key) => {
      // As text: several texts decode to the same bytes.
      const signature = Buffer.from(this.#signature(dated, key));
      return signature.byteLength === given.byteLength && timingSafeEqual(signature, given);
    });
    const colon = dated.lastIndexOf(":");
    if (held.length === 0 || colon === -1) throw new BadSignature("The signature does not match.");
    const age = Math.floor(Date.now() / 1000) - Number.parseInt(dated.slice(colon + 1), 36);
    if (options.maxAge !== undefined && age > options.maxAge) {
      throw new SignatureExpired(`The signature is ${age} seconds old; it holds for ${options.maxAge}.`);
    }
    return dated.slice(0, colon);
  }

  #signature(text: string, secret: string): string {
    const key = createHmac("sha256", secret).update(this.#purpose).digest();
    return createHmac("sha256", key).update(text).digest("base64url");
  }
}

/** The signer of a cookie. */
export function cookieSigner(name: string, salt: string): Signer {
  return new Signer("cookie", name, salt);
}
