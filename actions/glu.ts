import { main } from "@glu/cli";

await main(process.argv.slice(2));
