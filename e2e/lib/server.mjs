// The real server on a free port with a data folder of its own.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));

const binary = process.env.GALLEY_BIN ?? join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "debug/galley");
const READY_WITHIN = 60_000;
const STOPPED_WITHIN = 15_000;

const running = new Set();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

const temporary = () => mkdtempSync(join(tmpdir(), "galley-e2e-"));

export class Galley {
  #child = null;
  #log;

  /** A running server with demo data; more options for `galley serve` may follow. */
  static start(...options) {
    return Galley.#start(temporary(), null, options);
  }

  /** The same in a folder of the caller's, which goes away with the server. */
  static startIn(folder, ...options) {
    return Galley.#start(folder, null, options);
  }

  /** A running server on a copy of the data of one that has been stopped. */
  static startLike(stopped, ...options) {
    return Galley.#start(temporary(), stopped.data, options);
  }

  /** A running server on a large database, without demo data; `size` are options for `galley make-load`. */
  static async startLoaded(...size) {
    const folder = temporary();
    const server = new Galley();
    Object.assign(server, { folder, data: join(folder, "data"), port: await freePort(), options: [] });
    server.url = `http://127.0.0.1:${server.port}`;
    server.#log = `${folder}.log`;
    try {
      execFileSync(binary, ["make-load", "--data", server.data, ...size], { stdio: ["ignore", "ignore", "inherit"] });
      await server.launch();
    } catch (error) {
      await server.remove();
      throw error;
    }
    return server;
  }

  static async #start(folder, template, options) {
    const server = new Galley();
    server.folder = folder;
    mkdirSync(folder, { recursive: true });
    server.data = join(server.folder, "data");
    if (template) cpSync(template, server.data, { recursive: true });
    server.port = await freePort();
    server.url = `http://127.0.0.1:${server.port}`;
    server.options = ["--demo", ...options];
    server.#log = `${server.folder}.log`;
    try {
      await server.launch();
    } catch (error) {
      await server.remove();
      throw error;
    }
    return server;
  }

  /** Starts the process on the same data and port and waits until it is ready. */
  async launch() {
    const child = spawn(
      binary,
      ["serve", "--data", this.data, "--http", `127.0.0.1:${this.port}`, "--public-url", this.url, ...this.options],
      { stdio: ["ignore", "pipe", "pipe"], cwd: this.folder },
    );
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => appendFileSync(this.#log, text));
    running.add(child);
    child.once("exit", () => running.delete(child));
    const failed = new Promise((_, reject) => child.once("error", (error) => reject(new Error(`${binary}: ${error.message}`))));
    this.#child = child;
    const started = Date.now();
    for (;;) {
      const ready = await Promise.race([
        fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(2000) }).then((answer) => answer.ok, () => false),
        failed,
      ]);
      if (ready) return Date.now() - started;
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the server ended while starting:\n${this.tail()}`);
      if (Date.now() - started > READY_WITHIN) throw new Error(`the server was not ready in time:\n${this.tail()}`);
      await sleep(50);
    }
  }

  /** The process id of the running server. */
  get pid() {
    return this.#child.pid;
  }

  /** Asks the process to end and answers its exit code. */
  async stop() {
    return this.#end("SIGTERM");
  }

  /** Ends the process at once, as a power cut would. */
  async kill() {
    return this.#end("SIGKILL");
  }

  /** Stops the process and removes everything it wrote. */
  async remove() {
    await this.#end("SIGTERM");
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(this.#log, { force: true });
  }

  /** The last lines the server printed. */
  tail(lines = 30) {
    try {
      return readFileSync(this.#log, "utf8").split("\n").slice(-lines).join("\n");
    } catch {
      return "";
    }
  }

  async #end(signal) {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = once(child, "exit");
    child.kill(signal);
    const timer = setTimeout(() => child.kill("SIGKILL"), STOPPED_WITHIN);
    const [code] = await ended;
    clearTimeout(timer);
    return code;
  }
}

/** A worker process beside a running server. */
export async function startWorker(server, ...options) {
  const worker = spawn(binary, ["worker", "--data", server.data, ...options], { stdio: ["ignore", "pipe", "inherit"] });
  running.add(worker);
  worker.once("exit", () => running.delete(worker));
  await once(worker.stdout, "data");
  return worker;
}
