import { getAsgiApplication } from "tsjango/asgi";
import settings from "../site/settings.ts";

/** As a project's asgi.ts has it: made of the project's own settings, which tests may import, too. */
export const application = await getAsgiApplication(settings);
