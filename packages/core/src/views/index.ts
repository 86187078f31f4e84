export { noAppendSlash } from "./decorators/slash.ts";
export { View, type ViewResult } from "./view.ts";
