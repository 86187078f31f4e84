import { Client, client, freezeTime, loadFixtures, overrideSettings } from "tsjango/test";
import { application } from "./application.ts";
import { failing } from "./failing.ts";

failing("a wrong setting", ["appendSlash: expected boolean, found string 'no'."], () =>
  overrideSettings({ appendSlash: "no" as never }),
);
failing("a setting that stands", ["overrideSettings cannot change databases"], () =>
  overrideSettings({ databases: {} }),
);
failing(
  "no date",
  ["freezeTime takes a Date, or what new Date() takes, such as \"2026-01-01\"; found string 'yesterday'."],
  () => freezeTime("yesterday"),
);
failing("what a view throws", ["broken view", "views.ts:"], () => client.get("/crash/"));
failing("redirects without end", ["GET /round/ was redirected more than 20 times."], () =>
  client.get("/round/", { follow: true }),
);
failing("JSON that is none", ["is not valid JSON"], async () => (await client.get("/hello/")).json());
failing("a WebSocket that is refused", ["/chat/"], () => client.websocket("/chat/"));
failing("a form without its token", ["the form was answered with 403"], async () => {
  const response = await new Client(application, { enforceCsrf: true }).post("/hello/");
  if (response.status !== 200) throw new Error(`the form was answered with ${response.status}`);
});
failing("a fixture that does not exist", ['There is no fixture "nowhere.json"', "shop/fixtures"], () =>
  loadFixtures(["nowhere.json"]),
);
failing(
  "a fixture with a wrong field",
  ['shop/fixtures/wrong.json[1] (shop.Author 2): shop.Author has no field "nmae". Did you mean "name"?'],
  () => loadFixtures(["wrong.json"]),
);
failing(
  "a fixture that refers to nothing",
  ["shop/fixtures/books.ts[0] (shop.Book 1): Book.author is 1, and there is no shop.Author of this key."],
  () => loadFixtures(["books"]),
);
