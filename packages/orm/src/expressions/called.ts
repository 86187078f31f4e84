const CAPITALS = /^(?:md|sha|uuid|json|a[cst](?=os|in|an)|[lr][pt](?=ad|rim))/;

/** How a function is called where queries are written, for messages: `Lower`, `LPad`, `JSONObject`. */
export function calledOf(name: string): string {
  return name.replace(CAPITALS, (start) => start.toUpperCase()).replace(/^./, (letter) => letter.toUpperCase());
}
