export { View, type ViewResult } from "./view.ts";
