import { defaultOptions, type LiquidOptions } from "liquidjs";
import { prepareSource } from "./source.ts";

/** The directory that stands for the setting `templates.strings`. */
export const STRINGS = "templates.strings";
const PREFIX = `${STRINGS}/`;

/** How LiquidJS finds and reads templates: those of the settings by name, others as files. */
export function templateFiles(strings: Readonly<Record<string, string>>): NonNullable<LiquidOptions["fs"]> {
  const { fs } = defaultOptions;
  const own = (path: string) => (path.startsWith(PREFIX) ? strings[path.slice(PREFIX.length)] : undefined);
  return {
    ...fs,
    resolve: (directory, file, extension) =>
      directory === STRINGS ? PREFIX + file : fs.resolve(directory, file, extension),
    contains: async (root, file) => {
      if (root === STRINGS || file.startsWith(PREFIX)) return root === STRINGS && file.startsWith(PREFIX);
      return fs.contains?.(root, file) ?? true;
    },
    exists: async (path) => own(path) !== undefined || (!path.startsWith(PREFIX) && (await fs.exists(path))),
    readFile: async (path) => prepareSource(own(path) ?? (await fs.readFile(path))),
  };
}
