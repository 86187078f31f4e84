import { defineApp } from "tsjango/apps";

export default defineApp({
  name: "blog",
  models: () => import("./models.ts"),
});
