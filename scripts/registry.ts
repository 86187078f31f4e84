import { once } from "node:events";
import { build, publishPackages } from "./publish.ts";
import { startRegistryServer } from "./registry-server.ts";

/** `npm run registry`: the product as a user would install it, from a registry that lasts until Ctrl-C. */
build();
await using registry = await startRegistryServer();
const published = await publishPackages(registry);
console.log(`
${registry.url} has ${published.join(", ")}.

In an empty directory:

    export npm_config_registry=${registry.url}
    npx tsjango startproject mysite

Ctrl-C ends the registry and forgets what it holds.`);
await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
