export { EDITOR_NAMES } from "./editor.ts";
export { ACTIONS_EXTENSION, technicalErrorPage } from "./error-page.ts";
export { technicalNotFoundPage } from "./not-found-page.ts";
export { recordQueries } from "./queries.ts";
