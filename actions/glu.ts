import { UserError } from "@glu/core";

// Stands in for packages/cli, until it is there.
const [command] = process.argv.slice(2);
if (command === "version") {
  process.stdout.write("glu 1.0.0-alpha.1\n");
} else {
  const error = new UserError("cli/unknown-command", `No command ${JSON.stringify(command)}.`, {
    fix: "Try glu version.",
  });
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
