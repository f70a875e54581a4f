// Loaded before a stub of dist/ (`node --import`): notes which scripts Node has loaded when the first connection is
// opened, or at the end of a run that opens none, one URL a line, in the file that NOTED_SCRIPTS names.
import { writeFileSync } from "node:fs";
import { Session } from "node:inspector";
import { Socket } from "node:net";

const scripts = [];
const session = new Session();
session.connect();
session.on("Debugger.scriptParsed", ({ params }) => scripts.push(params.url));
session.post("Debugger.enable");

let noted = false;
function note() {
  if (!noted) writeFileSync(process.env.NOTED_SCRIPTS, `${scripts.join("\n")}\n`);
  noted = true;
}

const { connect } = Socket.prototype;
Socket.prototype.connect = function (...args) {
  note();
  return connect.apply(this, args);
};
process.on("exit", note);
