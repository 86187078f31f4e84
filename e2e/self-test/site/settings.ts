import { defineSettings, env } from "tsjango/conf";
import { common, csrf, security } from "tsjango/middleware";
import shop from "../shop/app.ts";

export default defineSettings({
  baseDir: new URL("..", import.meta.url),
  secretKey: env.string("SECRET_KEY", "a key that protects nothing, and is long enough for every check"),
  installedApps: [shop],
  middleware: [security(), common(), csrf()],
  rootUrlconf: () => import("./urls.ts"),
  databases: { default: env.database("DATABASE_URL", "sqlite:db.sqlite3") },
});
