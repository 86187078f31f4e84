import { realpath } from "node:fs/promises";
import { join, sep } from "node:path";

/**
 * The real path of the file `name` below `root`, or undefined where there is none or it lies elsewhere. `name` is a
 * decoded, "/"-separated relative path; "..", backslashes, NUL, colons and links that lead out are refused.
 */
export async function resolveInside(root: string, name: string): Promise<string | undefined> {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a NUL is what is refused
  if (name === "" || name.startsWith("/") || /[\x00\\:]/.test(name)) return undefined;
  if (name.split("/").some((part) => part === ".." || part === "." || part === "")) return undefined;
  try {
    const [base, file] = await Promise.all([realpath(root), realpath(join(root, name))]);
    return file.startsWith(base.endsWith(sep) ? base : base + sep) ? file : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "ENAMETOOLONG" || code === "ELOOP") return undefined;
    throw error;
  }
}
