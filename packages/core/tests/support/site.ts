import core from "@tsjango/core/app";
import { getAsgiApplication } from "@tsjango/core/application";
import type { AsgiApplication } from "@tsjango/core/asgi";
import type { UrlList } from "@tsjango/core/urls";
import { type SettingsInput, settingsDefiner } from "@tsjango/kernel/conf";
import { redirectLogs } from "@tsjango/kernel/logging";

export const defineSettings = settingsDefiner([core]);

export interface Site {
  readonly application: AsgiApplication;
  /** What the handler logged. */
  readonly logged: string[];
}

/** The application of a made-up project. */
export async function makeSite(urlpatterns: UrlList, input: Partial<SettingsInput> = {}): Promise<Site> {
  const logged: string[] = [];
  redirectLogs(({ message, error }) => logged.push(error === undefined ? message : `${message} ${String(error)}`));
  const settings = defineSettings({
    baseDir: import.meta.dirname,
    secretKey: "for tests",
    allowedHosts: ["localhost", "127.0.0.1"],
    rootUrlconf: async () => ({ urlpatterns }),
    ...input,
  });
  return { application: await getAsgiApplication(settings), logged };
}
