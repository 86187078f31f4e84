import { path, urls } from "tsjango/urls";
import { index } from "./views.ts";

export const urlpatterns = urls(path("", index, { name: "index" }));
