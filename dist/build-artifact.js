import { run } from "./index.js"; await run("build-artifact");
