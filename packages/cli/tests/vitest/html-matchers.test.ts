import { HttpResponse } from "@tsjango/core/http";
import { describe, expect, test } from "vitest";
import { toContainHtml, toEqualHtml } from "../../src/vitest/matchers.ts";

const message = (result: { readonly pass: boolean; readonly message: () => string }) => {
  expect(result.pass).toBe(false);
  return result.message();
};

describe("toEqualHtml", () => {
  test.for([
    ["space around tags and its kind", "<p>Hello  <b>you</b>!</p>", "\n<p>\n\tHello<b> you </b> !</p> "],
    ["the order of attributes", '<input type="text" id="a" />', "<input id=a type='text'>"],
    ["boolean attributes", '<input checked disabled="">', '<input disabled="disabled" checked="CHECKED">'],
    ["the order of classes", '<p class="b  a">x</p>', '<p class="a\nb">x</p>'],
    ["the writing of characters", "<p>caf&eacute; &#x26; tea &quot;</p>", '<p>café &amp; tea "</p>'],
    ["open tags at the end", "<ul><li>a<li>b", "<ul><li>a</li><li>b</li></ul>"],
    ["comments and the document type", "<!DOCTYPE html><!-- a --><html><body>x<!-- b --></body></html>", "<html>x"],
    ["parts of tables", "<tr><td>1", "<tr><td>1</td></tr>"],
    ["case of tags and of attribute names", '<P ID="a">x</P>', '<p id="a">x</p>'],
    ["templates", "<template><p>a</template>", "<template><p>a</p></template>"],
  ] as const)("does not see %s", ([, first, second]) => {
    expect(toEqualHtml(first, second)).toMatchObject({ pass: true });
    expect(toEqualHtml(second, first)).toMatchObject({ pass: true });
  });

  test.for([
    ["text", "<p>a</p>", "<p>b</p>"],
    ["space between words", "<p>ab</p>", "<p>a b</p>"],
    ["a space that does not break", "<p>a&nbsp;</p>", "<p>a</p>"],
    ["a value", '<a href="/a/">x</a>', '<a href="/b/">x</a>'],
    ["the value of an attribute that is not boolean", '<input value="">', '<input value="value">'],
    ["an attribute", "<input>", "<input required>"],
    ["nesting", "<b><i>x</i></b>", "<i><b>x</b></i>"],
    ["the order of elements", "<i></i><b></b>", "<b></b><i></i>"],
    ["a text that looks like a tag", "<p>&lt;b></p>", "<p><b></b></p>"],
    ["elements in or after another", "<p><b></b></p>", "<p></p><b></b>"],
  ] as const)("sees %s", ([, first, second]) => {
    expect(toEqualHtml(first, second)).toMatchObject({ pass: false });
    expect(toEqualHtml(second, first)).toMatchObject({ pass: false });
  });

  test("says where the first difference is, and gives both to be compared line by line", () => {
    const result = toEqualHtml("<ul><li>a<li class='x'>b", "<ul><li>a</li><li>b</li></ul>");
    expect(message(result)).toBe('Expected the same HTML; it differs in ul: expected <li>, found <li class="x">.');
    expect([result.actual, result.expected]).toEqual([
      '<ul>\n  <li>a</li>\n  <li class="x">b</li>\n</ul>',
      "<ul>\n  <li>a</li>\n  <li>b</li>\n</ul>",
    ]);
    expect(message(toEqualHtml("<ul><li>a<li>b", "<ul><li>a<li>c"))).toMatch(
      /differs in ul > li \(2\): expected the text "c", found the text "b"\.$/,
    );
    expect(message(toEqualHtml("<p>a", ""))).toMatch(/differs at the top: expected nothing, found <p>\.$/);
  });

  test("takes the body of a response that has the right status", () => {
    expect(toEqualHtml(new HttpResponse("<p>a"), "<p>a</p>").pass).toBe(true);
    const missing = new HttpResponse("<p>a", { status: 404 });
    expect(() => toEqualHtml(missing, "<p>b</p>")).toThrow("Expected a response of status 200; it has 404.");
    expect(toEqualHtml(missing, "<p>a</p>", { status: 404 }).pass).toBe(true);
    expect(() => toEqualHtml(new Response("<p>a"), "")).toThrow("toEqualHtml needs a body that has been read;");
    expect(message(toEqualHtml(7, ""))).toBe("toEqualHtml needs HTML as a text, or a response; found number 7.");
    expect(() => toEqualHtml("", 7 as never)).toThrow("toEqualHtml takes HTML as a text; found number 7.");
  });
});

describe("toContainHtml", () => {
  const page =
    '<html><body><ul><li class="a b">Emma</li><li>Persuasion</li><li>Emma</li></ul><p>Emma, again</p></body></html>';

  test.for([
    ["<li>Emma</li>", 1],
    ["<li class='b a'> Emma </li>", 1],
    ["<li>Persuasion</li><li>Emma</li>", 1],
    ["Emma", 3],
    ["<li>Em</li>", 0],
    ["<li>Emma</li><li>Persuasion</li>", 0],
    ["<ul></ul>", 0],
  ] as const)("finds %s so often: %i", ([part, count]) => {
    expect(toContainHtml(page, part).pass).toBe(count > 0);
    expect(toContainHtml(page, part, { count }).pass).toBe(true);
    expect(toContainHtml(page, part, { count: count + 1 }).pass).toBe(false);
  });

  test("finds parts of tables, bodies and heads", () => {
    const table = "<head><title>T</title></head><body class=x><table><tr><td>1</td></tr></table></body>";
    for (const part of ["<td>1</td>", "<tr><td>1</td></tr>", "<head><title>T</title></head>", table]) {
      expect(toContainHtml(table, part, { count: 1 })).toMatchObject({ pass: true });
    }
    expect(toContainHtml(table, "<body class=x><table><tr><td>1").pass).toBe(true);
    expect(toContainHtml("<b></b><b></b><b></b>", "<b></b><b></b>", { count: 1 }).pass).toBe(true);
  });

  test("shows the element that comes nearest", () => {
    const result = toContainHtml(page, '<li class="a">Emma</li>');
    expect(message(result)).toBe(
      'Expected the HTML to contain this; it does not:\n\n<li class="a">Emma</li>\n\n' +
        'The nearest to it is:\n\n<li class="a b">Emma</li>',
    );
    expect([result.actual, result.expected]).toEqual(['<li class="a b">Emma</li>', '<li class="a">Emma</li>']);
  });

  test("shows the whole where nothing is near, or the count is another", () => {
    expect(message(toContainHtml("<p>a</p>", "<b>a</b>"))).toMatch(
      /it does not:\n\n<b>a<\/b>\n\nThe HTML is:\n\n<p>a<\/p>$/,
    );
    expect(message(toContainHtml("<b>a</b>", "<b>a</b>", { count: 2 }))).toMatch(/contain this 2 times; it does once:/);
    expect(message(toContainHtml("", "a"))).toMatch(/The HTML is:\n\n\(empty\)$/);
    expect(toContainHtml("<b>a</b>", "<b>a</b>").message()).toBe(
      "The HTML contains this once, which was not expected:\n\n<b>a</b>",
    );
  });

  test("never passes for nothing, or a page of another status", () => {
    expect(() => toContainHtml("a", " <!-- b --> ")).toThrow("toContainHtml needs HTML with a tag or a text in it");
    const missing = new HttpResponse("a", { status: 404 });
    expect(() => toContainHtml(missing, "b")).toThrow("Expected a response of status 200; it has 404.");
    expect(toContainHtml(missing, "a", { status: 404, count: 1 }).pass).toBe(true);
  });
});
