// The scenario of interop/scenario, read for one version of the API and played by one client.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

import { Api, codeOf } from "./api.mjs";
import { root } from "./server.mjs";
import { complete, hasPath, plain } from "./wsdl.mjs";

const folder = join(root, "interop/scenario");
const PATIENCE = 30_000;

/** All steps of all families, in order. */
export function scenario() {
  return readdirSync(folder).filter((name) => name.endsWith(".json")).sort().flatMap((name) => {
    const { steps } = JSON.parse(readFileSync(join(folder, name), "utf8"));
    return steps.map((step, at) => ({ ...step, where: `${name} step ${at + 1}` }));
  });
}

/** What the scenario may refer to from the start. */
function given() {
  const later = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  return {
    admin: "admin@demo.test", billing: "billing@demo.test", manager: "manager@demo.test", observer: "observer@demo.test",
    password: "galley-demo", token: "demo-token", token_owner: "admin@demo.test",
    next_week: `${later(7)} 18:00`, next_month: `${later(30)} 12:00`,
  };
}

/** Plays the scenario. `client.call(operation, parts)` answers `{answer}` or `{fault: {code, text}}`. */
export async function play(client, server, wsdl, newest, base) {
  const run = new Run(client, server, wsdl, newest, base);
  for (const step of scenario()) await run.step(step);
  if (run.problems.length > 0) return run;
  const unproven = (done) => Object.keys(wsdl.operations).filter((name) => !done.has(name));
  for (const name of unproven(run.succeeded)) run.problems.push(`${name} was never called with success`);
  for (const name of unproven(run.refused)) run.problems.push(`${name} was never refused`);
  return run;
}

class NothingSaved extends Error {}

class Run {
  problems = [];
  succeeded = new Set();
  refused = new Set();
  calls = 0;
  #saved = given();

  constructor(client, server, wsdl, newest, base) {
    Object.assign(this, { client, server, wsdl, newest, base });
  }

  async step(step) {
    try {
      if (step.upload) this.#save(step, await this.#upload(step));
      else if (step.comment) this.#save(step, await this.#comment(step));
      else if (step.dropzone) this.#save(step, await this.#dropzone());
      else if (this.wsdl.operations[step.call]) await this.#call(step);
      else if (!this.newest.operations[step.call] && !this.base.operations[step.call]) throw new Error("there is no such operation in any version");
    } catch (error) {
      // What follows from an earlier problem tells nothing new.
      if (!(error instanceof NothingSaved) || this.problems.length === 0) {
        this.problems.push(`${step.where} (${step.call ?? "aside"}): ${error.message}`);
      }
    }
  }

  async #call(step) {
    for (const fault of [step.fault ?? []].flat()) await this.#refusal(step, fault);
    if (step.only_fault) return;
    const end = Date.now() + (step.wait ? PATIENCE : 0);
    let seen;
    do {
      if (seen) await new Promise((resolve) => setTimeout(resolve, 200));
      seen = await this.#send(step.call, step.parts ?? {});
    } while (seen.fault && Date.now() < end);
    if (seen.fault) throw new Error(`fault ${seen.fault.code} ${seen.fault.text}`);
    const { returns } = this.wsdl.operations[step.call];
    const answer = plain(this.wsdl, returns, seen.answer, this.client.textual);
    this.succeeded.add(step.call);
    this.#save(step, answer);
    for (const [path, expected] of Object.entries(step.expect ?? {})) {
      if (!hasPath(this.newest, this.newest.operations[step.call]?.returns ?? returns, path)) throw new Error(`no version has ${path}`);
      if (!hasPath(this.wsdl, returns, path)) continue;
      const found = follow(answer, path);
      const wanted = this.#filled(expected);
      if (!matches(found, wanted)) throw new Error(`${path} is ${JSON.stringify(found)} and not ${JSON.stringify(wanted)}`);
    }
  }

  async #refusal(step, expected) {
    const seen = await this.#send(step.call, { ...step.parts, ...expected.with });
    if (!seen.fault) throw new Error(`no fault but ${JSON.stringify(seen.answer)?.slice(0, 200)}`);
    const code = seen.fault.code.replace(/^.*:(?=\d+$)/, "");
    if (code !== expected.code || !like(expected.text, seen.fault.text)) {
      throw new Error(`fault ${code} ${seen.fault.text} and not ${expected.code} ${expected.text}`);
    }
    this.refused.add(step.call);
  }

  async #send(name, given) {
    const operation = this.wsdl.operations[name];
    const known = [this.newest, this.base].flatMap((wsdl) => wsdl.operations[name]?.parts ?? []).concat(operation.parts);
    for (const part of Object.keys(given)) {
      if (!known.some((one) => one.name === part)) throw new Error(`no version of ${name} has ${part}`);
    }
    const inSession = operation.parts.some((part) => part.name === "SessionID") && !("SessionID" in given);
    const values = this.#filled(inSession ? { SessionID: "{session}", ...given } : given);
    const parts = operation.parts.map((part) => ({ ...part, value: complete(this.wsdl, part.type, values[part.name], part.name) }));
    this.calls += 1;
    const seen = await this.client.call(operation, parts);
    if (seen.broken) throw new Error(`the client gave up: ${seen.broken}`);
    return seen;
  }

  /** A value with everything in braces replaced by what was saved. */
  #filled(value) {
    if (Array.isArray(value)) return value.map((one) => this.#filled(one));
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.#filled(one)]));
    }
    if (typeof value !== "string") return value;
    return value.replace(/\{(\w+)\}/g, (_, name) => {
      if (!(name in this.#saved)) throw new NothingSaved(`nothing was saved as ${name}`);
      return this.#saved[name];
    });
  }

  #save({ save = {} }, answer) {
    for (const [name, path] of Object.entries(save)) {
      const value = follow(answer, path);
      if (value === undefined) throw new Error(`there is no ${path} to save in ${JSON.stringify(answer)}`);
      this.#saved[name] = value;
    }
  }

  async #upload({ upload }) {
    const form = new FormData();
    form.set("file1", new Blob([readFileSync(join(root, "demo/files", upload))]), basename(upload));
    const answer = await fetch(`${this.server.url}/upload.php`, { method: "POST", body: form });
    const text = await answer.text();
    return { filehash: text.match(/<filehash>(.+)<\/filehash>/)[1] };
  }

  /** The dropzone of the account: no operation sets one up. */
  async #dropzone() {
    const api = await Api.logIn(this.server, this.#saved.admin);
    const { user } = await api.get("/session");
    return api.json("PUT", "/dropzone", { enabled: true, owner_id: user.id });
  }

  /** A comment in the viewer: the old versions have no operation for it. */
  async #comment({ comment, link }) {
    const code = codeOf(this.#filled(link));
    return new Api(this.server).json("POST", `/links/${code}/comments`, { text: this.#filled(comment), markups: [] });
  }
}

function follow(value, path) {
  for (const step of path === "" ? [] : path.split(".")) {
    if (step === "*") return value.map((one) => follow(one, path.split("*.")[1]));
    value = step === "last" ? value.at(-1) : value?.[step];
  }
  return value;
}

function matches(found, wanted) {
  if (Array.isArray(wanted)) return Array.isArray(found) && found.length === wanted.length && wanted.every((one, at) => matches(found[at], one));
  return found !== undefined && like(String(wanted), String(found));
}

/** Whether a text is as a pattern says, in which a star stands for anything but nothing. */
function like(pattern, text) {
  return new RegExp(`^${pattern.split("*").map((part) => part.replace(/[\\^$.?()[\]{}|+/]/g, "\\$&")).join("[^]+")}$`).test(text);
}
