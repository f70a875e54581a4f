// Runs first in the realm of the program, as a script: what is left there is JavaScript itself, without what allocates
// outside of the limited heap, and without what compiles.
const { defineProperty, freeze } = Object;
const ignore = () => undefined;

for (const name of [
  "ArrayBuffer",
  "SharedArrayBuffer",
  "Atomics",
  "DataView",
  "WebAssembly",
  "BigInt64Array",
  "BigUint64Array",
  "Float16Array",
  "Float32Array",
  "Float64Array",
  "Int8Array",
  "Int16Array",
  "Int32Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "Uint16Array",
  "Uint32Array",
]) {
  delete (globalThis as Record<string, unknown>)[name];
}

// What is printed goes nowhere: the answer is the config, and it is untrusted as all the rest.
const names = ["debug", "error", "info", "log", "trace", "warn"];
const console = Object.fromEntries(names.map((name) => [name, ignore]));
defineProperty(globalThis, "console", { value: freeze(console) });

// Whoever awaits a promise of this realm calls what stands here.
freeze(Promise.prototype);
freeze(Promise);
