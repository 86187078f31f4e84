export { startWithMiddleware as start } from "./tsjango.ts";
