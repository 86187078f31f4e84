import core from "@tsjango/core/app";
import type { AppConfig } from "@tsjango/kernel/apps";
import orm from "@tsjango/orm/app";

/** The apps that every project has, first in its `installedApps`. */
export const builtinApps: readonly AppConfig[] = [core, orm];
