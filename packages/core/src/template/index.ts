export { templateMethod } from "@tsjango/kernel/utils";
export { ContentNotRenderedError, TemplateDoesNotExist, TemplateError } from "../exceptions.ts";
export type { ContextProcessor, TemplateBackend } from "../settings.ts";
export {
  createTemplateEngine,
  getTemplateEngine,
  setTemplateEngine,
  type TemplateEngine,
  type TemplateEngineParts,
  type TemplateEngineSettings,
} from "./engine.ts";
export { type FilterContext, type FilterFunction, type FilterOptions, filter, type TemplateFilter } from "./filter.ts";
export { type LoadedLibrary, loadLibraries } from "./libraries.ts";
export {
  type BlockTagCall,
  inclusionTag,
  library,
  simpleBlockTag,
  simpleTag,
  type TagCall,
  type TemplateLibrary,
  type TemplateTag,
} from "./library.ts";
export { markSafe, SafeString } from "./safe-string.ts";
export { type PostRenderCallback, TemplateResponse } from "./template-response.ts";
