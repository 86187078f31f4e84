/** How editors are told of a place; `{file}` and `{line}` stand for it. */
const EDITORS: Readonly<Record<string, string>> = {
  cursor: "cursor://file{file}:{line}",
  idea: "idea://open?file={file}&line={line}",
  sublime: "subl://open?url=file://{file}&line={line}",
  vscode: "vscode://file{file}:{line}",
  vscodium: "vscodium://file{file}:{line}",
  webstorm: "webstorm://open?file={file}&line={line}",
  windsurf: "windsurf://file{file}:{line}",
  zed: "zed://file{file}:{line}",
};

/** The names that the setting `editor` knows. */
export const EDITOR_NAMES: readonly string[] = Object.keys(EDITORS);

/** An address that opens a file in the editor of the setting: one of the names, or an address with `{file}` and `{line}`. */
export function editorUrl(editor: string, file: string, line: number): string {
  const path = (file.startsWith("/") ? file : `/${file}`).split("/").map(encodeURIComponent).join("/");
  return (EDITORS[editor] ?? editor).replace("{file}", path).replace("{line}", String(line));
}
