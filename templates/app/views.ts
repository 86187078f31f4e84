import type { HttpRequest, HttpResponse } from "tsjango/http";
import { render } from "tsjango/shortcuts";

export function index(request: HttpRequest): Promise<HttpResponse> {
  return render(request, "blog/index.html", { title: "blog" });
}
