// The clients in interop/ that call any operation: processes that read a call a line and print an answer a line.
import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

import { flatten, generate } from "../../interop/gsoap/generate.mjs";
import { root } from "./server.mjs";

const run = promisify(execFile);
const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
const JSON_LINE = ({ name }, parts) => JSON.stringify({ call: name, parts });

/** Starts a client for a WSDL: `{url, text, wsdl}`. */
export const drivers = {
  zeep: async ({ url }) => new Driver([join(root, ".venv/bin/python"), join(root, "interop/zeep/calls.py"), url], JSON_LINE),
  php: async ({ url }) => {
    const folder = mkdtempSync(join(tmpdir(), "galley-php-"));
    const classes = join(folder, "classes.php");
    await run("php", [join(root, "interop/php/generate.php"), url, classes]);
    return new Driver(["php", join(root, "interop/php/calls.php"), url, classes], JSON_LINE, () => rmSync(folder, { recursive: true }));
  },
  node: async ({ url }) => Object.assign(new Driver(["node", join(root, "interop/node/calls.mjs"), url], JSON_LINE), { textual: true }),
  gsoap: async ({ text, wsdl }) => {
    const lines = ({ name }, parts) => [name, ...parts.flatMap((part) => flatten(wsdl.types, part.type, part.value))].join("\n");
    return new Driver([await compiled(text, wsdl), wsdl.address], lines);
  },
};

class Driver {
  /** Whether the client leaves numbers and booleans as text. */
  textual = false;
  #child;
  #lines;
  #encode;
  #errors = "";
  #done;

  constructor([program, ...args], encode, done = () => {}) {
    this.#child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
    this.#child.stdin.on("error", () => {}); // told by the missing answer
    this.#child.on("error", (error) => { this.#errors += error.message; });
    this.#child.stderr.on("data", (text) => { this.#errors += text; });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    this.#encode = encode;
    this.#done = done;
  }

  async call(operation, parts) {
    this.#child.stdin.write(`${this.#encode(operation, parts)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) return { broken: `it ended: ${this.#errors.slice(-2000)}` };
    return JSON.parse(value);
  }

  async close() {
    this.#child.stdin.end();
    await this.#lines.next();
    this.#child.kill();
    this.#done();
  }
}

/** The path of a gSOAP client for a WSDL. It is compiled once for every WSDL, wherever that is served. */
async function compiled(text, wsdl) {
  const source = join(root, "interop/gsoap");
  const files = ["generate.mjs", "calls.hpp", "calls_templates.hpp", "main.cpp"];
  const hash = createHash("sha256").update(text.replace(/location="[^"]*"/, ""));
  for (const file of files) hash.update(readFileSync(join(source, file)));
  const program = join(target, "xtask/gsoap", hash.digest("hex").slice(0, 16), "calls");
  if (existsSync(program)) return program;

  const folder = mkdtempSync(join(tmpdir(), "galley-gsoap-"));
  const tool = (name, ...args) => run(name, args, { cwd: folder, maxBuffer: 16 << 20 });
  const compile = (from, to) => tool("g++", "-std=c++11", "-O0", "-w", "-I.", `-I${source}`, "-c", from, "-o", to);
  try {
    writeFileSync(join(folder, "api.wsdl"), text);
    writeFileSync(join(folder, "calls.cpp"), generate(wsdl));
    await tool("wsdl2h", "-c++11", "-W", "-P", "-x", "-L", "-O4", "-o", "api.h", "api.wsdl");
    // -s: messages that lack a declared element are refused.
    await tool("soapcpp2", "-1", "-C", "-L", "-x", "-w", "-s", "-c++11", "-I/usr/share/gsoap/import", "api.h");
    await Promise.all([compile("soapC.cpp", "1.o"), compile("soapClient.cpp", "2.o").then(() => compile("calls.cpp", "3.o")).then(() => compile(join(source, "main.cpp"), "4.o"))]);
    await tool("g++", "1.o", "2.o", "3.o", "4.o", "-lgsoap++", "-o", "calls");
    mkdirSync(dirname(program), { recursive: true });
    await run("cp", [join(folder, "calls"), `${program}.new`]);
    renameSync(`${program}.new`, program);
    return program;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
