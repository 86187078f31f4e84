import type { AsgiApplication } from "@tsjango/core/asgi";
import type { Project } from "@tsjango/kernel/conf";
import { withActions } from "./actions.ts";
import type { BootError } from "./boot-error.ts";
import { withBrowserRefresh } from "./browser-refresh.ts";
import { errorPage } from "./error-page.ts";
import type { LoadedSite } from "./load-site.ts";
import { openAnswers } from "./open-answers.ts";
import { requestLog } from "./request-log.ts";

/** The application of a site with what development adds to it. */
export interface DevelopmentApplication {
  readonly application: AsgiApplication;
  /** Answers the requests that nobody has answered yet with an error that ends the process. */
  answerAll(error: BootError): Promise<void>;
}

/** Adds a line for each request, and to HTML pages what refreshes them; `build` is undefined where they shall not. */
export function developmentApplication(
  { application, settings }: Pick<LoadedSite, "application" | "settings">,
  { project, entry, build }: { readonly project: Project; readonly entry: string; build(): string | undefined },
): DevelopmentApplication {
  const helpful = settings.debug ? withActions(application, { cwd: project.directory, entry }) : application;
  const open = openAnswers(helpful);
  const refreshed = settings.debug ? withBrowserRefresh(open.application, build) : open.application;
  return {
    application: requestLog(refreshed, settings.installedApps, project.directory),
    answerAll: (error) => open.answerAll(settings.debug ? errorPage(error, build()) : undefined),
  };
}
