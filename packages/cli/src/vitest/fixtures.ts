import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { projectUnderTest } from "./project-under-test.ts";
import { shareData } from "./shared-data.ts";

/** What `fixtures` and `loadFixtures` may be told. */
export interface FixtureOptions {
  /** The alias of the database. Default `"default"`. */
  readonly using?: string;
}

/**
 * Loads fixtures for all tests of the file or of the `describe` that it stands in; their rows go after the last of them.
 * A name is a file in the directory `fixtures` of an app, or a path from the project's directory: JSON, or a module whose
 * default export is rows or a function. Source: `TestCase.fixtures`.
 * @throws FixtureError naming file, row and field.
 * @example
 * describe("the shop", () => {
 *   fixtures(["authors.json", "books.json"]);
 * });
 */
export function fixtures(names: readonly string[], options: FixtureOptions = {}): void {
  shareData("fixtures", "Call loadFixtures in beforeEach", () => loadFixtures(names, options));
}

/**
 * Loads fixtures into the database now, in a test or in `beforeEach`; gives how many rows there were.
 * @throws FixtureError naming file, row and field.
 * @example
 * await loadFixtures(["authors.json"]);
 */
export async function loadFixtures(names: readonly string[], options: FixtureOptions = {}): Promise<number> {
  const { hooks } = await projectUnderTest();
  for (const { loadFixtures: load } of hooks) if (load !== undefined) return load(names, options);
  throw new ImproperlyConfigured("No installed app loads fixtures: the project has no database.");
}
