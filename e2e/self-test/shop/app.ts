import { defineApp } from "tsjango/apps";

export default defineApp({ name: "shop", models: () => import("./models.ts") });
