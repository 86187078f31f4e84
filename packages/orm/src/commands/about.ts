import type { AboutSections } from "@tsjango/kernel/apps";
import { isSecretName, MASK } from "@tsjango/kernel/utils";
import { connections } from "../connections.ts";
import { pendingMigrations } from "../migrations/index.ts";

/** What `tsjango about` says of each database of the settings; of one that cannot be reached, why. */
export async function about(): Promise<AboutSections> {
  const sections = connections.aliases().map(async (alias) => {
    const backend = connections.get(alias);
    const facts = { vendor: backend.vendor, url: withoutSecrets(connections.options(alias).url) };
    try {
      const [version, pending] = [await backend.version(), await pendingMigrations(alias)];
      return [`database ${alias}`, { ...facts, version, "pending migrations": pending }] as const;
    } catch (error) {
      return [`database ${alias}`, { ...facts, error: (error as Error).message }] as const;
    }
  });
  return Object.fromEntries(await Promise.all(sections));
}

/** A database's address with neither the password nor parameters that are secret. */
function withoutSecrets(address: string): string {
  if (address.startsWith("sqlite:") || !URL.canParse(address)) return address;
  const url = new URL(address);
  if (url.password !== "") url.password = MASK;
  for (const name of url.searchParams.keys()) if (isSecretName(name)) url.searchParams.set(name, MASK);
  return url.href;
}
