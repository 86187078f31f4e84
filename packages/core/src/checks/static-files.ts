import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Check } from "@tsjango/kernel/checks";
import type {} from "../settings.ts";
import { listStaticFiles } from "../staticfiles/finders.ts";
import { readManifest, staticRootOf } from "../staticfiles/manifest.ts";

/** Static files that cannot be found, now or once they are deployed. */
export const staticFilesChecks: readonly Check[] = [
  {
    tags: ["staticfiles"],
    run: ({ baseDir, staticDirs }) =>
      staticDirs
        .map((directory) => resolve(baseDir, directory))
        .filter((directory) => !existsSync(directory))
        .map((directory) => ({
          level: "warning",
          id: "staticfiles.W004",
          message: `The directory ${directory} in the setting staticDirs does not exist.`,
        })),
  },
  {
    tags: ["staticfiles"],
    deploy: true,
    async run(settings) {
      if ((await readManifest(settings)) !== undefined || (await listStaticFiles(settings)).size === 0) return [];
      return [
        {
          level: "warning",
          id: "staticfiles.W101",
          message: `No static files were collected in ${staticRootOf(settings)}: without debug none are served.`,
          hint: "Run tsjango collectstatic when the site is built, before it starts.",
        },
      ];
    },
  },
];
