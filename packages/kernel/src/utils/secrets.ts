const SECRET =
  /secret|passw(or)?d|passphrase|token$|api_?-?key|private_?-?key|credential|^(proxy-)?authorization$|^(set-)?cookies?$|^session_?-?(id|key)$/i;

/** What stands in place of a secret. */
export const MASK = "********";

/** Whether a setting, header or field of this name holds what nobody but its owner may read: `secretKey`, `cookie`. */
export function isSecretName(name: string): boolean {
  return SECRET.test(name);
}

/**
 * Whether the value at a path such as `databases.default.password`, or of an environment variable, may be a secret. Wider
 * than `isSecretName`: a message about a wrong value loses little where it keeps it to itself.
 */
export function mayBeSecret(path: string): boolean {
  return /token|key/i.test(path) || path.split(".").some(isSecretName);
}

/** A copy with secrets masked: by the names of keys, and the passwords in addresses. Instances stay as they are. */
export function maskSecrets(value: unknown, name = ""): unknown {
  return mask(value, name, new Set());
}

/** Masks passwords before a host, and parameters with secret names: `?sslpassword=…`. */
function maskInAddresses(text: string): string {
  const masked = text.includes("://") ? text.replace(/(:\/\/[^:@/\s]*:)[^/\s]+@/g, `$1${MASK}@`) : text;
  if (!masked.includes("=")) return masked;
  return masked.replace(/([?&][\w.-]+)=[^&#\s]+/g, (all, name: string) =>
    isSecretName(name.slice(1)) ? `${name}=${MASK}` : all,
  );
}

function mask(value: unknown, name: string, above: Set<object>): unknown {
  if (isSecretName(name) && value !== undefined && value !== null && value !== "") return MASK;
  if (typeof value === "string") return maskInAddresses(value);
  if (typeof value !== "object" || value === null) return value;
  const isPlain = [Object.prototype, null].includes(Object.getPrototypeOf(value));
  if (!Array.isArray(value) && !isPlain) return value;
  if (above.has(value)) return "[circular]";
  above.add(value);
  const masked = Array.isArray(value)
    ? value.map((item) => mask(item, "", above))
    : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mask(inner, key, above)]));
  above.delete(value);
  return masked;
}
