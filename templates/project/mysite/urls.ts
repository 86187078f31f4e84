import { urls } from "tsjango/urls";

export const urlpatterns = urls();

// Lets reverse() know the names and their parameters.
declare module "tsjango/urls" {
  interface Register {
    urlconf: typeof urlpatterns;
  }
}
