import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Settings } from "@tsjango/kernel/conf";
import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { filesBelow, listStaticFiles, staticDirectories } from "./finders.ts";
import { hashFiles } from "./hashed-files.ts";
import { MANIFEST, manifestText, staticRootOf } from "./manifest.ts";

/** What `collectStatic` may be told. */
export interface CollectOptions {
  /** Takes away what an earlier run left and this one does not need. */
  readonly clear?: boolean | undefined;
  /** Writes nothing. */
  readonly dryRun?: boolean | undefined;
}

/** What was done: names of files. */
export interface Collected {
  readonly root: string;
  readonly written: readonly string[];
  readonly unmodified: number;
  readonly deleted: readonly string[];
}

const COMPRESSIBLE = /\.(?:css|csv|html?|ico|js|json|map|md|mjs|otf|svg|ttf|txt|wasm|webmanifest|xml)$/i;
/** Less is not worth another file. */
const LEAST = 512;

const compressions = {
  ".br": (content: Uint8Array) =>
    promisify(brotliCompress)(content, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.byteLength,
      },
    }),
  ".gz": (content: Uint8Array) => promisify(gzip)(content, { level: 9 }),
};

/**
 * Puts all static files into the setting `staticRoot`, under their names and under hashed ones, with what they refer to
 * rewritten, and each compressed; then the manifest, so that a server that starts meanwhile sees all or nothing. Running
 * it again writes nothing. Source: https://docs.djangoproject.com/en/5.2/ref/contrib/staticfiles/#collectstatic
 */
export async function collectStatic(
  settings: Pick<Settings, "baseDir" | "installedApps" | "staticDirs" | "staticRoot" | "staticUrl">,
  { clear = false, dryRun = false }: CollectOptions = {},
): Promise<Collected> {
  const root = staticRootOf(settings);
  if (staticDirectories(settings).some((directory) => directory === root)) {
    throw new ImproperlyConfigured(
      `The setting staticRoot (${root}) is one of the directories that static files come from. Name another one.`,
    );
  }
  const files = await hashFiles(await listStaticFiles(settings), settings.staticUrl);
  const wanted = new Set<string>([MANIFEST]);
  const written: string[] = [];
  let unmodified = 0;
  const put = async (name: string, content: Uint8Array) => {
    wanted.add(name);
    const path = join(root, name);
    if (await holds(path, content)) unmodified++;
    else {
      written.push(name);
      if (!dryRun) await replace(path, content);
    }
  };
  for (const { name, hashedName, content } of files) {
    const compressed =
      COMPRESSIBLE.test(name) && content.byteLength >= LEAST ? await compress(join(root, hashedName), content) : [];
    for (const target of [name, hashedName]) {
      await put(target, content);
      for (const [extension, bytes] of compressed) await put(target + extension, bytes);
    }
  }
  const manifest = new Map(files.map(({ name, hashedName }) => [name, hashedName]));
  await put(MANIFEST, Buffer.from(manifestText(manifest)));
  const deleted = clear ? await clearOthers(root, wanted, dryRun) : [];
  return { root, written, unmodified, deleted };
}

async function holds(path: string, content: Uint8Array): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  return stats?.isFile() === true && stats.size === content.byteLength && (await readFile(path)).equals(content);
}

/** Never half a file, whoever reads it now. */
async function replace(path: string, content: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, content);
  await rename(temporary, path);
}

/** The content in each encoding that makes it at least a twentieth smaller; what lies there already is not made again. */
async function compress(path: string, content: Uint8Array): Promise<[extension: string, bytes: Uint8Array][]> {
  const isKept = await holds(path, content);
  const made = await Promise.all(
    Object.entries(compressions).map(async ([extension, encode]): Promise<[string, Uint8Array]> => {
      const kept = isKept ? await readFile(path + extension).catch(() => undefined) : undefined;
      return [extension, kept ?? (await encode(content))];
    }),
  );
  return made.filter(([, bytes]) => bytes.byteLength < content.byteLength * 0.95);
}

async function clearOthers(root: string, wanted: ReadonlySet<string>, dryRun: boolean): Promise<string[]> {
  const others = (await filesBelow(root)).filter(({ name }) => !wanted.has(name));
  if (!dryRun) for (const { path } of others) await rm(path);
  return others.map(({ name }) => name);
}
