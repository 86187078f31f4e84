import { path, urls } from "tsjango/urls";
import * as views from "../shop/views.ts";

export const urlpatterns = urls(
  path("hello/", views.hello),
  path("old/", views.old),
  path("round/", views.round),
  path("page/", views.page),
  path("debug/", views.debug),
  path("now/", views.now),
  path("authors/", views.authors),
  path("unawaited/", views.unawaited),
  path("crash/", views.crash),
  path("loop/", views.loop),
);
