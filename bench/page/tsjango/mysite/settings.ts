import { defineSettings, env } from "tsjango/conf";
import { common, csrf, security } from "tsjango/middleware";
import books from "../books/app.ts";

export default defineSettings({
  baseDir: new URL("..", import.meta.url),
  secretKey: env.string("SECRET_KEY"),
  debug: env.boolean("DEBUG", false),
  allowedHosts: env.list("ALLOWED_HOSTS", []),
  installedApps: [books],
  middleware: [security(), common(), csrf()],
  rootUrlconf: () => import("./urls.ts"),
  databases: { default: env.database("DATABASE_URL", "sqlite:db.sqlite3") },
});
