/** What the supervisor answers itself lies below this path. */
export const OWN_PATH = "/__tsjango__/";
/** Where pages find the script that refreshes them. */
export const SCRIPT_PATH = `${OWN_PATH}refresh.js`;
/** Where the script is told of builds. */
export const EVENTS_PATH = `${OWN_PATH}refresh`;

/** Loads the script in a page that shows this build. */
export function refreshTag(build: string, nonce?: string): string {
  const attribute = nonce === undefined ? "" : ` nonce="${nonce.replaceAll('"', "")}"`;
  return `<script src="${SCRIPT_PATH}?build=${build}" defer${attribute}></script>`;
}

/**
 * Loads the page again when the build is another than that of the page: once for each build, as a page that comes from a
 * cache shows an old one for ever. Only pages that can be seen hold a connection, of which browsers have few.
 */
export const REFRESH_SCRIPT = `(() => {
  if (window.__tsjangoRefresh) return;
  window.__tsjangoRefresh = true;
  const shown = new URL(document.currentScript.src).searchParams.get("build");
  const key = "tsjango refresh " + location.pathname + location.search;
  let source;
  const told = ({ data }) => {
    if (data === shown || sessionStorage.getItem(key) === data) return;
    sessionStorage.setItem(key, data);
    location.reload();
  };
  const close = () => {
    source?.close();
    source = undefined;
  };
  const follow = () => {
    if (document.visibilityState === "hidden") return close();
    if (source !== undefined) return;
    source = new EventSource("${EVENTS_PATH}");
    source.addEventListener("build", told);
  };
  document.addEventListener("visibilitychange", follow);
  addEventListener("pagehide", close);
  addEventListener("pageshow", follow);
  follow();
})();
`;
