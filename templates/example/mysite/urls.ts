import { include, path, urls } from "tsjango/urls";
import { urlpatterns as bookUrls } from "../books/urls.ts";

export const urlpatterns = urls(path("", include(bookUrls, { namespace: "books" })));

// Lets reverse() know the names and their parameters.
declare module "tsjango/urls" {
  interface Register {
    urlconf: typeof urlpatterns;
  }
}
