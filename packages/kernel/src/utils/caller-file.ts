import { fileURLToPath } from "node:url";
import { getCallSites } from "node:util";

/**
 * The absolute path of the file that called into one of `ownFiles` (file URLs, as `import.meta.url` gives them);
 * undefined where the stack names no file. It lets `defineApp` and `env` find what lies beside a user's file.
 */
export function callerFile(ownFiles: readonly string[]): string | undefined {
  for (const site of getCallSites(16)) {
    const script = site.scriptName;
    if (!script.startsWith("file:") || script === import.meta.url || ownFiles.includes(script)) continue;
    return fileURLToPath(script);
  }
  return undefined;
}
