import { Ignitor } from "@adonisjs/core";
import { defineConfig } from "@adonisjs/core/app";

/** An application as `create-adonisjs` makes it, without what a page of books has no use for: sessions, shield, auth. */
const root = new URL("./", import.meta.url);
await new Ignitor(root, { importer: (path) => import(new URL(path, root).href) })
  .tap((app) => {
    app.rcContents(
      defineConfig({
        typescript: true,
        providers: [
          () => import("@adonisjs/core/providers/app_provider"),
          () => import("@adonisjs/core/providers/edge_provider"),
          () => import("@adonisjs/lucid/database_provider"),
        ],
        preloads: [() => import("./routes.ts")],
      }),
    );
    app.listen("SIGTERM", () => app.terminate());
  })
  .httpServer()
  .start();
