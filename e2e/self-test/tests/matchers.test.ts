import { client, expect } from "tsjango/test";
import { failing } from "./failing.ts";

const get = (path: string) => client.get(path);

failing("status", ["Expected a response of status 201; it has 200.", "hello hello"], async () => {
  expect(await get("/hello/")).toHaveStatus(201);
});
failing("status, negated", ["The response has status 200, which was not expected."], async () => {
  expect(await get("/hello/")).not.toHaveStatus(200);
});
failing(
  "redirect elsewhere",
  ["Expected a redirect to http://localhost/new/ (302); it goes to http://localhost/hello/ (302)."],
  async () => {
    expect(await get("/old/")).toRedirectTo("/new/");
  },
);
failing("no redirect", ["Expected a redirect to /new/; the response has status 200."], async () => {
  expect(await get("/hello/")).toRedirectTo("/new/");
});
failing("text", ['Expected the body to contain "tea"; it does not.', "hello hello"], async () => {
  expect(await get("/hello/")).toContainText("tea");
});
failing("count of a text", ['Expected the body to contain "hello" once; it does 2 times.'], async () => {
  expect(await get("/hello/")).toContainText("hello", { count: 1 });
});
failing("text of another page", ["Expected a response of status 200; it has 404."], async () => {
  expect(await get("/nowhere/")).not.toContainText("hello");
});
failing(
  "HTML within",
  ["Expected the HTML to contain this; it does not:", "<li>Charlotte</li>", "The nearest to it is:", "<li>Emma</li>"],
  async () => {
    expect(await get("/page/")).toContainHtml("<li>Charlotte</li>");
  },
);
failing("count of HTML", ["Expected the HTML to contain this 2 times; it does once:"], async () => {
  expect(await get("/page/")).toContainHtml("<li>Emma</li>", { count: 2 });
});
failing(
  "equal HTML",
  ['Expected the same HTML; it differs in ul > li (2): expected the text "Charlotte", found the text "Anne".'],
  async () => {
    expect(await get("/page/")).toEqualHtml('<ul class="names"><li>Emma</li><li>Charlotte</li></ul>');
  },
);
failing("template", ["Expected the template other.html to be rendered; used were page.html."], async () => {
  expect(await get("/page/")).toUseTemplate("other.html");
});
failing("no template", ["Expected the template page.html to be rendered; no template was."], async () => {
  expect(await get("/hello/")).toUseTemplate("page.html");
});
failing(
  "blocked event loop",
  ["Expected the event loop to be held up for less than 50 ms; it was for ", "Move the work to a worker thread"],
  async () => {
    const spin = () => {
      const end = performance.now() + 60;
      while (performance.now() < end);
    };
    await expect(spin).toBlockEventLoopLessThan(50);
  },
);
failing("a matcher for what is no response", ["toHaveStatus needs a response; found undefined."], () => {
  expect(undefined).toHaveStatus(200);
});
