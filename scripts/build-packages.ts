// Before tests that need the packages as they are published: quick when nothing changed.
export { build as setup } from "./publish.ts";
