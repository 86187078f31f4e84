import type { HttpRequest } from "../../http/request.ts";
import type { BaseResponse } from "../../http/response.ts";
import { TemplateResponse } from "../../template/template-response.ts";
import type { ViewFunction } from "../../urls/types.ts";
import { type ViewMarks, wrapView } from "../../urls/view-marks.ts";
import { refuseUnawaited, toResponse } from "../view-result.ts";

/** What a decorator does with a call of a view; `proceed` calls the view. */
type Around<P> = (
  request: HttpRequest,
  params: P,
  proceed: () => Promise<BaseResponse>,
) => BaseResponse | Promise<BaseResponse>;

/** A view with something done around each call; it keeps its name and what other decorators said of it. */
export function aroundView<P>(view: ViewFunction<P>, around: Around<P>, marks?: ViewMarks): ViewFunction<P> {
  const name = view.name || "anonymous";
  async function decorated(request: HttpRequest, params: P): Promise<BaseResponse> {
    return around(request, params, async () => {
      const result: unknown = view(request, params);
      refuseUnawaited(result, name);
      return toResponse(await result, name);
    });
  }
  return wrapView(view, decorated, marks);
}

/** A view whose response is changed; one with a template when that is rendered. */
export function changingResponse<P>(
  view: ViewFunction<P>,
  change: (request: HttpRequest, response: BaseResponse) => BaseResponse | void | Promise<BaseResponse | void>,
): ViewFunction<P> {
  return aroundView(view, async (request, _params, proceed) => {
    const response = await proceed();
    if (response instanceof TemplateResponse && !response.isRendered) {
      await response.addPostRenderCallback(async (rendered) => (await change(request, rendered)) as TemplateResponse);
      return response;
    }
    return (await change(request, response)) ?? response;
  });
}
