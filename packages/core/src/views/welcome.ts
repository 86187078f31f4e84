import { HttpResponse } from "../http/response.ts";
import { exemptFromCsp } from "../security/csp.ts";

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The install worked successfully! Congratulations!</title>
<style>
body { font: 16px/1.6 system-ui, sans-serif; color: #1b2b34; background: #f6f9f7; margin: 0; display: grid; min-height: 100vh; place-items: center; }
main { max-width: 38rem; padding: 2rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; color: #0c4b33; }
code { background: #e3ece6; border-radius: 4px; padding: .1em .35em; }
</style>
</head>
<body>
<main>
<h1>The install worked successfully! Congratulations!</h1>
<p>You see this page because <code>debug</code> is on in the settings and the project has no URLs yet.</p>
<ol>
<li>Make an app: <code>npx tsjango startapp blog</code></li>
<li>Write a view in <code>blog/views.ts</code></li>
<li>Map it in the project's <code>urls.ts</code>: <code>path("", views.index, { name: "index" })</code></li>
</ol>
</main>
</body>
</html>
`;

/** The page at "/" of a new project, shown in development while there are no URL patterns. */
export function welcome(): HttpResponse {
  return exemptFromCsp(new HttpResponse(PAGE));
}
