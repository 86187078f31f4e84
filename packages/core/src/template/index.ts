export { ContentNotRenderedError, TemplateDoesNotExist, TemplateError } from "../exceptions.ts";
export { createTemplateEngine, getTemplateEngine, setTemplateEngine, type TemplateEngine } from "./engine.ts";
export { markSafe, SafeString } from "./safe-string.ts";
export { type PostRenderCallback, TemplateResponse } from "./template-response.ts";
