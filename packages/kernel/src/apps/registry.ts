import { AppRegistryNotReady, ImproperlyConfigured } from "../exceptions.ts";
import { didYouMean } from "../utils/index.ts";
import type { AppConfig } from "./app-config.ts";

/** An installed app with its models module, once loaded. */
export interface LoadedApp {
  readonly config: AppConfig;
  /** The exports of the app's models module; empty where it has none. */
  readonly models: Readonly<Record<string, unknown>>;
}

/** The installed apps of the running project. */
export class AppRegistry {
  #apps: ReadonlyMap<string, LoadedApp> | undefined;

  /** Whether all apps and their models are loaded. */
  get ready(): boolean {
    return this.#apps !== undefined;
  }

  /** Loads every app's models module. Throws on two apps of one label. */
  async load(configs: readonly AppConfig[]): Promise<void> {
    const apps = new Map<string, LoadedApp>();
    for (const config of configs) {
      const twin = apps.get(config.label);
      if (twin !== undefined) {
        throw new ImproperlyConfigured(
          `Two installed apps have the label "${config.label}": ${twin.config.path} and ${config.path}. ` +
            `Give one of them another with defineApp({ label: "…" }).`,
        );
      }
      apps.set(config.label, { config, models: { ...(await config.models?.()) } });
    }
    this.#apps = apps;
  }

  /** All installed apps, in order. */
  all(): readonly LoadedApp[] {
    return [...this.#loaded().values()];
  }

  /** The app of this label; throws naming the nearest one. */
  get(label: string): LoadedApp {
    const app = this.#loaded().get(label);
    if (app !== undefined) return app;
    const labels = [...this.#loaded().keys()];
    throw new ImproperlyConfigured(
      `No installed app has the label "${label}".${didYouMean(label, labels)} Installed: ${labels.join(", ")}.`,
    );
  }

  #loaded(): ReadonlyMap<string, LoadedApp> {
    if (this.#apps !== undefined) return this.#apps;
    throw new AppRegistryNotReady(
      'Apps are not loaded yet. Run this through the tsjango command, or call "await setup(settings)" first.',
    );
  }
}

/** The apps of this process. */
export const apps: AppRegistry = new AppRegistry();
