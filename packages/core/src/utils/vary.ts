/** The part of a response's headers that is used here. */
interface Headers {
  get(name: string): string | null;
  set(name: string, value: string): void;
}

/** Adds names to the `Vary` header, each once; `*` swallows all others. Source: `patch_vary_headers`. */
export function patchVary(headers: Headers, ...names: readonly string[]): void {
  const present = (headers.get("vary") ?? "").split(",").flatMap((name) => name.trim() || []);
  const known = new Set(present.map((name) => name.toLowerCase()));
  for (const name of names) if (!known.has(name.toLowerCase())) present.push(name);
  headers.set("vary", present.includes("*") ? "*" : present.join(", "));
}
