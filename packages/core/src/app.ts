import { defineApp } from "@tsjango/kernel/apps";
import { z } from "zod";
import { securityChecks } from "./checks/security.ts";
import { urlChecks } from "./checks/urls.ts";
import type { Middleware } from "./middleware/middleware.ts";
import type { UrlList } from "./urls/types.ts";

/** What a project's `urls.ts` exports. */
export interface UrlconfModule {
  readonly urlpatterns: UrlList;
}

declare module "@tsjango/kernel/conf" {
  interface SettingsInput {
    /** Host names this site answers to: "example.com", ".example.com" for all below it, "*" for any. */
    allowedHosts?: readonly string[];
    /** The rings around every view, outermost first: `[security(), common()]`. */
    middleware?: readonly Middleware[];
    /** Loads the module that exports `urlpatterns`: `() => import("./urls.ts")`. */
    rootUrlconf?: () => Promise<UrlconfModule>;
    /** `dirs`: template directories before those of the apps, relative to `baseDir`. */
    templates?: { dirs?: readonly string[] };
    /** Where static files are found by browsers. Default "/static/". */
    staticUrl?: string;
    /** Whether `common()` redirects a path that only matches with "/" at its end. Default true. */
    appendSlash?: boolean;
    /** The most bytes of a request's body. Default 2.5 MiB. */
    dataUploadMaxMemorySize?: number;
    /** The most fields of a query string or form. Default 1000. */
    dataUploadMaxNumberFields?: number;
  }
  interface Settings {
    readonly allowedHosts: readonly string[];
    readonly middleware: readonly Middleware[];
    readonly rootUrlconf: (() => Promise<UrlconfModule>) | undefined;
    readonly templates: { readonly dirs: readonly string[] };
    readonly staticUrl: string;
    readonly appendSlash: boolean;
    readonly dataUploadMaxMemorySize: number;
    readonly dataUploadMaxNumberFields: number;
  }
}

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

/** The app of the HTTP part; always installed. */
export default defineApp({
  name: "@tsjango/core",
  label: "core",
  settings: {
    allowedHosts: z.array(z.string()).default([]),
    middleware: z
      .array(z.custom<Middleware>(isFunction, { error: "expected a middleware: security(), common()" }))
      .default([]),
    rootUrlconf: z
      .custom<() => Promise<UrlconfModule>>(isFunction, { error: 'expected a function: () => import("./urls.ts")' })
      .optional(),
    templates: z.strictObject({ dirs: z.array(z.string()).default([]) }).default({ dirs: [] }),
    staticUrl: z.string().endsWith("/", { error: 'expected a URL that ends with "/"' }).default("/static/"),
    appendSlash: z.boolean().default(true),
    dataUploadMaxMemorySize: z.int().positive().default(2_621_440),
    dataUploadMaxNumberFields: z.int().positive().default(1000),
  },
  checks: [...securityChecks, ...urlChecks],
});
