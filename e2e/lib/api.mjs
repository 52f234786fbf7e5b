// The JSON API as the tests use it: one logged-in person, or a link without login.
import { readFileSync } from "node:fs";
import { basename } from "node:path";

const TIMEOUT = 30_000;

export class ApiError extends Error {
  constructor(method, path, status, body) {
    super(`${method} ${path}: ${status} ${body?.error?.code ?? ""} ${body?.error?.message ?? ""}`);
    this.status = status;
    this.code = body?.error?.code;
  }
}

export class Api {
  constructor(server, cookie = null) {
    this.base = `${server.url}/api/v1`;
    this.cookie = cookie;
  }

  static async logIn(server, email = "manager@demo.test", password = "galley-demo") {
    const api = new Api(server);
    const answer = await api.send("POST", "/session", { email, password });
    return new Api(server, answer.headers.getSetCookie().map((cookie) => cookie.split(";")[0]).join("; "));
  }

  async send(method, path, body) {
    const headers = { "x-galley": "1" };
    if (this.cookie) headers.cookie = this.cookie;
    const raw = body instanceof Uint8Array;
    if (body !== undefined) headers["content-type"] = raw ? "application/octet-stream" : "application/json";
    const answer = await fetch(this.base + path, {
      method, headers, body: body === undefined || raw ? body : JSON.stringify(body), signal: AbortSignal.timeout(TIMEOUT),
    });
    if (!answer.ok) throw new ApiError(method, path, answer.status, await answer.json().catch(() => null));
    return answer;
  }

  async json(method, path, body) {
    return (await this.send(method, path, body)).json();
  }

  get(path) {
    return this.json("GET", path);
  }

  upload(bytes, filename) {
    return this.json("POST", `/uploads?filename=${encodeURIComponent(filename)}`, bytes);
  }

  /** Uploads a file from disk and makes a proof of it. */
  async createProof(file, fields) {
    const { upload_id } = await this.upload(readFileSync(file), basename(file));
    return this.json("POST", "/proofs", { upload_id, ...fields });
  }

  /** Waits until a proof is rendered, or has failed. */
  async settled(id, within = 60_000) {
    const end = Date.now() + within;
    for (;;) {
      const proof = await this.get(`/proofs/${id}`);
      if (proof.processing === "ready" || proof.processing === "failed") return proof;
      if (Date.now() > end) throw new Error(`proof ${id} is still ${proof.processing}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** The code at the end of a personal or team URL. */
export function codeOf(url) {
  const code = new URL(url).pathname.match(/^\/proof\/([^/]+)$/)?.[1];
  if (!code) throw new Error(`not the address of a proof: ${url}`);
  return code;
}
