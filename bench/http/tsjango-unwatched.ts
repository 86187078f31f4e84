export { startUnwatched as start } from "./tsjango.ts";
