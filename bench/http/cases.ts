/** What a contender is asked, and what it is to answer. */
export interface Case {
  readonly title: string;
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: string;
  readonly answer: string;
}

/** A JSON text of about 1 KB. */
export const BODY: string = JSON.stringify({
  title: "Emma",
  tags: Array.from({ length: 20 }, (_, index) => `tag ${index}`),
  text: "x".repeat(760),
});

/** Routes beside those that are asked for: 47 of them, half before and half after. */
export const OTHER_ROUTES: readonly string[] = Array.from({ length: 47 }, (_, index) => `section${index}`);

export const CASES: readonly Case[] = [
  { title: "plaintext", method: "GET", path: "/plaintext", answer: "Hello, world!" },
  { title: "JSON", method: "GET", path: "/json", answer: '{"message":"Hello, world!"}' },
  {
    title: "two parameters, among 50 routes",
    method: "GET",
    path: "/users/42/posts/hello-world",
    answer: '{"id":42,"slug":"hello-world"}',
  },
  { title: "JSON of 1 KB in and out", method: "POST", path: "/echo", body: BODY, answer: BODY },
];
