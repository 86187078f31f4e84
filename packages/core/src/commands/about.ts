import { resolve } from "node:path";
import { type AboutSections, appDirectory } from "@tsjango/kernel/apps";
import { settings } from "@tsjango/kernel/conf";
import type {} from "../settings.ts";
import { readManifest, staticRootOf } from "../staticfiles/manifest.ts";

/** What `tsjango about` says of the HTTP part. */
export async function about(): Promise<AboutSections> {
  const { baseDir, installedApps, templates } = settings;
  const manifest = await readManifest(settings);
  return {
    http: {
      "allowed hosts": settings.allowedHosts,
      middleware: settings.middleware.map(({ name }) => name.replace(/Middleware$/, "") || "(without a name)"),
    },
    templates: {
      directories: [
        ...templates.dirs.map((directory) => resolve(baseDir, directory)),
        ...installedApps.flatMap((app) => appDirectory(app, "templates") ?? []),
      ],
    },
    "static files": {
      url: settings.staticUrl,
      root: staticRootOf(settings),
      collected: manifest === undefined ? false : manifest.size,
    },
  };
}
