import { run } from "./index.js"; await run("preview-up");
