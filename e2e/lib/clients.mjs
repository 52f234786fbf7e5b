// The SOAP clients in interop/, each run as a process of its own: JSON in, JSON out.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { root } from "./server.mjs";

const TIMEOUT = 60_000;

export const clients = {
  zeep: [join(root, ".venv/bin/python"), join(root, "interop/zeep/client.py")],
  php: ["php", join(root, "interop/php/client.php")],
};

/** Runs a client against a server and answers what it printed. */
export async function soap(client, server, verb, job) {
  const [program, script] = clients[client];
  const child = spawn(program, [script], { stdio: ["pipe", "pipe", "pipe"], timeout: TIMEOUT, killSignal: "SIGKILL" });
  child.stdin.on("error", () => {}); // a client that ends early is reported below
  child.stdin.end(JSON.stringify({ base: server.url, verb, ...job }));
  const [out, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  if (code !== 0) throw new Error(`${client} ${verb} ended with ${code}:\n${errors}${out}`);
  return JSON.parse(out);
}
