import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { posix } from "node:path";
import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { didYouMean } from "@tsjango/kernel/utils";
import type { FoundFile } from "./finders.ts";
import { type Reference, referencesOf } from "./references.ts";

/** A file that is collected: its content with the hashed names of what it refers to. */
export interface HashedFile {
  readonly name: string;
  /** "blog/style.3f2a9c1b0d4e.css". */
  readonly hashedName: string;
  readonly content: Uint8Array;
}

interface Source {
  readonly content: Buffer;
  readonly references: readonly (Reference & { readonly name: string; readonly rest: string })[];
}

/**
 * Gives all files their hashed names. A file's hash is of its own content and of all that it refers to, so its name
 * changes with any of them, and files may refer to each other in a circle.
 * @throws ImproperlyConfigured for a reference to a file that is not there.
 */
export async function hashFiles(files: ReadonlyMap<string, FoundFile>, staticUrl: string): Promise<HashedFile[]> {
  const sources = new Map<string, Source>();
  for (const file of files.values()) sources.set(file.name, await readSource(file, files, staticUrl));
  const digests = new Map([...sources].map(([name, { content }]) => [name, digest(content)]));
  const names = new Map([...sources.keys()].map((name) => [name, hashedName(name, combined(name, sources, digests))]));
  return [...sources].map(([name, source]) => ({
    name,
    hashedName: names.get(name) as string,
    content: rewritten(name, source, names, staticUrl),
  }));
}

async function readSource(
  { name, path }: FoundFile,
  files: ReadonlyMap<string, FoundFile>,
  staticUrl: string,
): Promise<Source> {
  const content = await readFile(path);
  const all = await referencesOf(name, content.toString("utf8"));
  const references = all.flatMap((reference) => {
    const [, target = "", rest = ""] = /^([^?#]*)(.*)$/s.exec(reference.target) ?? [];
    const referred = nameOf(decode(target), name, staticUrl);
    if (referred === undefined) return [];
    if (!files.has(referred)) {
      // A map of sources is for developers, and often left out of a package.
      if (referred.endsWith(".map")) return [];
      throw new ImproperlyConfigured(
        `The static file ${name} (${path}) refers to ${JSON.stringify(reference.target)}, and there is no static file ${JSON.stringify(referred)}.` +
          didYouMean(referred, [...files.keys()]),
      );
    }
    return [{ ...reference, name: referred, rest }];
  });
  return { content, references };
}

function decode(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}

/** The name of the file that a reference means; undefined for what is none of the static files. */
function nameOf(target: string, from: string, staticUrl: string): string | undefined {
  if (target === "") return undefined;
  if (target.startsWith("/"))
    return target.startsWith(staticUrl) ? posix.normalize(target.slice(staticUrl.length)) : undefined;
  return posix.join(posix.dirname(from), target);
}

function digest(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** A digest over a file and all that it refers to, directly or not. */
function combined(name: string, sources: ReadonlyMap<string, Source>, digests: ReadonlyMap<string, string>): string {
  const reached = new Set([name]);
  for (const at of reached) for (const { name: other } of sources.get(at)?.references ?? []) reached.add(other);
  if (reached.size === 1) return digests.get(name) as string;
  const others = [...reached].sort().map((other) => `${other} ${digests.get(other)}`);
  return digest([digests.get(name), ...others].join("\n"));
}

function hashedName(name: string, hash: string): string {
  const { dir, name: stem, ext } = posix.parse(name);
  return posix.join(dir, `${stem}.${hash.slice(0, 12)}${ext}`);
}

function rewritten(
  name: string,
  { content, references }: Source,
  names: ReadonlyMap<string, string>,
  staticUrl: string,
): Uint8Array {
  if (references.length === 0) return content;
  const text = content.toString("utf8");
  let result = "";
  let at = 0;
  for (const { start, end, target, name: referred, rest } of references) {
    const hashed = names.get(referred) as string;
    const path = target.startsWith("/") ? staticUrl + hashed : relativePath(name, hashed);
    result += text.slice(at, start) + encodeURI(path) + rest;
    at = end;
  }
  return Buffer.from(result + text.slice(at));
}

/** From one file to another; with "./" before it, as modules need. */
function relativePath(from: string, to: string): string {
  const path = posix.relative(posix.dirname(from), to);
  return path.startsWith("../") ? path : `./${path}`;
}
