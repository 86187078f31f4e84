import { include, path, urls } from "tsjango/urls";
import { urlpatterns as bookUrls } from "../books/urls.ts";

export const urlpatterns = urls(path("", include(bookUrls, { namespace: "books" })));
