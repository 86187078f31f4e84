import { defineApp } from "@tsjango/kernel/apps";
import { z } from "zod";
import { securityChecks } from "./checks/security.ts";
import { staticFilesChecks } from "./checks/static-files.ts";
import { urlChecks } from "./checks/urls.ts";
import { EDITOR_NAMES } from "./debug/editor.ts";
import { isAddressRange } from "./http/proxies.ts";
import type { Middleware } from "./middleware/middleware.ts";
import type { ContextProcessor, CsrfFailureView, TemplatesInput, UrlconfModule } from "./settings.ts";

export type { UrlconfModule } from "./settings.ts";

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

function functions<F>(example: string) {
  return z.array(z.custom<F>(isFunction, { error: `expected a function: ${example}` })).default([]);
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
    templates: z
      .strictObject({
        dirs: z.array(z.string()).default([]),
        strings: z.record(z.string(), z.string()).default({}),
        contextProcessors: functions<ContextProcessor>("(request) => ({ … })"),
        backends: functions<NonNullable<TemplatesInput["backends"]>[number]>("({ directories }) => engine"),
      })
      .prefault({}),
    editor: z
      .string()
      .refine((value) => EDITOR_NAMES.includes(value) || value.includes("{file}"), {
        error: `expected ${EDITOR_NAMES.join(", ")}, or an address with {file} and {line}`,
      })
      .default("vscode"),
    staticUrl: z.string().endsWith("/", { error: 'expected a URL that ends with "/"' }).default("/static/"),
    staticRoot: z.string().min(1).default("staticfiles"),
    staticDirs: z.array(z.string().min(1)).default([]),
    appendSlash: z.boolean().default(true),
    prependWww: z.boolean().default(false),
    disallowedUserAgents: z.array(z.instanceof(RegExp)).default([]),
    dataUploadMaxMemorySize: z.int().positive().default(2_621_440),
    dataUploadMaxNumberFields: z.int().positive().default(1000),
    dataUploadMaxNumberFiles: z.int().nonnegative().default(100),
    fileUploadMaxMemorySize: z.int().nonnegative().default(2_621_440),
    fileUploadTempDir: z.string().optional(),
    requestEncodings: z.array(z.enum(["gzip", "deflate", "br"])).default([]),
    trustedProxies: z
      .array(
        z
          .string()
          .refine(isAddressRange, { error: 'expected an address or a range: "127.0.0.1", "10.0.0.0/8", "unix"' }),
      )
      .default([]),
    proxyHeaders: z.enum(["x-forwarded", "forwarded"]).default("x-forwarded"),
    blockedLoopThreshold: z.number().nonnegative().default(50),
    csrfCookieName: z.string().min(1).default("csrftoken"),
    csrfCookieAge: z.int().positive().nullable().default(31_449_600),
    csrfCookieDomain: z.string().optional(),
    csrfCookiePath: z.string().default("/"),
    csrfCookieSecure: z.boolean().default(false),
    csrfCookieHttpOnly: z.boolean().default(false),
    csrfCookieSameSite: z.enum(["lax", "strict", "none"]).default("lax"),
    csrfHeaderName: z.string().min(1).default("X-CSRFToken"),
    csrfTrustedOrigins: z
      .array(
        z.string().regex(/^[a-z][a-z0-9+.-]*:\/\/[^/\s]+$/i, {
          error: 'expected an origin with its scheme: "https://example.com" or "https://*.example.com"',
        }),
      )
      .default([]),
    csrfFailureView: z
      .custom<CsrfFailureView>(isFunction, { error: "expected a function: (request, reason) => response" })
      .optional(),
  },
  commands: {
    collectstatic: {
      description: "Puts all static files, hashed and compressed, where production serves them from.",
      load: () => import("./commands/collectstatic.ts"),
    },
    findstatic: {
      description: "Shows where a static file is found.",
      load: () => import("./commands/findstatic.ts"),
    },
    urls: {
      description: "Lists the URL patterns with their views and names.",
      load: () => import("./commands/urls.ts"),
    },
  },
  checks: [...securityChecks, ...urlChecks, ...staticFilesChecks],
  about: async () => (await import("./commands/about.ts")).about(),
});
