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
