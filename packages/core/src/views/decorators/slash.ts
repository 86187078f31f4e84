import type { ViewFunction } from "../../urls/types.ts";
import { wrapView } from "../../urls/view-marks.ts";

/** Keeps `common()` from sending a path without "/" at its end on to this view. Source: `no_append_slash`. */
export function noAppendSlash<P>(view: ViewFunction<P>): ViewFunction<P> {
  return wrapView(view, (request, params) => view(request, params), { appendSlash: false });
}
