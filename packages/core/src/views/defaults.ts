import { STATUS_CODES } from "node:http";
import type { HttpRequest } from "../http/request.ts";
import { HttpResponse } from "../http/response.ts";
import type { TemplateEngine } from "../template/engine.ts";

const EXPLANATIONS: Readonly<Record<number, string>> = {
  403: "",
  404: "The requested resource was not found on this server.",
};

/**
 * The page of an error status: the project's template `404.html`, `500.html` … where there is one, else a plain page.
 * Neither shows anything of the request or the error.
 * Source: https://docs.djangoproject.com/en/5.2/ref/views/#error-views
 */
export async function errorPage(
  templates: TemplateEngine,
  status: number,
  request: HttpRequest,
): Promise<HttpResponse> {
  const name = `${status}.html`;
  if (await templates.has(name)) {
    return new HttpResponse(await templates.render(name, { request }), { status });
  }
  return new HttpResponse(plainPage(status), { status });
}

function plainPage(status: number): string {
  const reason = status === 500 ? "Server Error" : (STATUS_CODES[status] ?? "Error");
  const heading = status === 500 ? "Server Error (500)" : status === 400 ? "Bad Request (400)" : `${status} ${reason}`;
  return (
    `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>${reason}</title>\n</head>\n<body>\n` +
    `<h1>${heading}</h1><p>${EXPLANATIONS[status] ?? ""}</p>\n</body>\n</html>\n`
  );
}
