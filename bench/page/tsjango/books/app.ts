import { defineApp } from "tsjango/apps";

export default defineApp({ name: "books", models: () => import("./models.ts") });
