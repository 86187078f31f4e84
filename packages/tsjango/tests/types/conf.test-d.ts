import { defineApp } from "tsjango/apps";
import { defineSettings, env, type SettingsInput, settings } from "tsjango/conf";
import { common, security } from "tsjango/middleware";
import { path, reverse, urls } from "tsjango/urls";

const blog = defineApp({ name: "blog" });

// The keys of core and orm are there for a reader of tsjango/conf alone.
const project = defineSettings({
  baseDir: new URL("..", import.meta.url),
  secretKey: env.string("SECRET_KEY"),
  allowedHosts: env.list("ALLOWED_HOSTS", []),
  installedApps: [blog],
  middleware: [security(), common()],
  rootUrlconf: async () => ({ urlpatterns }),
  databases: { default: env.database("DATABASE_URL", "sqlite:db.sqlite3") },
  templates: { dirs: ["templates"] },
  custom: { perPage: 20 },
});
const input: SettingsInput = { baseDir: "/srv", secretKey: "s", databases: { default: { url: "sqlite::memory:" } } };
void input;
// @ts-expect-error no such setting
defineSettings({ baseDir: "/srv", secretKey: "s", instaledApps: [] });
// @ts-expect-error hosts are texts
defineSettings({ baseDir: "/srv", secretKey: "s", allowedHosts: [3] });

// The project's own types reach what it imports, through the door of the one package it knows.
declare module "tsjango/conf" {
  interface Register {
    settings: typeof project;
  }
}
const perPage: number = settings.custom.perPage;
const hosts: readonly string[] = settings.allowedHosts;
void [perPage, hosts];
// @ts-expect-error no such setting of one's own
settings.custom.pages;

const urlpatterns = urls(
  path("archive/<int:year>/", (_request: unknown, _params: { year: number }) => null, { name: "archive" }),
);
declare module "tsjango/urls" {
  interface Register {
    urlconf: typeof urlpatterns;
  }
}
const address: string = reverse("archive", { year: 2026 });
void address;
// @ts-expect-error no such name
reverse("archiv", { year: 2026 });
// @ts-expect-error a year is a number
reverse("archive", { year: "soon" });
