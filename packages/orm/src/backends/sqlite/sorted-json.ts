/** JSON in the one form that equal values have: the keys of objects in order. */
export function sortedJson(text: string): string {
  return JSON.stringify(JSON.parse(text), (_key, value: unknown) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Whether JSON has an object of several keys in it, whose order may differ. */
export function hasOrder(text: string): boolean {
  let found = false;
  JSON.parse(text, (_key, value: unknown) => {
    found ||= typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 1;
    return value;
  });
  return found;
}
