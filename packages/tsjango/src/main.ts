import { main } from "@tsjango/cli";

/** Runs the `tsjango` command with the words after its name. */
export function run(words: readonly string[]): Promise<void> {
  // The commands alone: loading whole apps would make every start, even `--help`, wait for the database layer.
  return main(words, { builtinApps: async () => [await import("@tsjango/orm/commands")] });
}
