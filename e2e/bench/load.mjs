// A plain HTTP/1.1 load: a few keep-alive connections, each asking again as soon as it is answered.
import { Agent, request } from "node:http";

import { cpuSeconds } from "./process.mjs";

const CONNECTIONS = 4;

/** One GET; answers the body. */
export const get = (agent, url) => send(agent, url, "GET", "", { accept: "*/*" });

/** One POST; answers the body. */
export const post = (agent, url, body, headers = {}) => send(agent, url, "POST", body, { "content-length": Buffer.byteLength(body), ...headers });

function send(agent, url, method, body, headers) {
  return new Promise((resolve, reject) => {
    const ask = request(url, { method, agent, timeout: 30_000, headers }, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk));
      answer.on("end", () => {
        const text = Buffer.concat(chunks);
        if (answer.statusCode === 200) resolve(text);
        else reject(new Error(`${url}: ${answer.statusCode} ${text.toString().slice(0, 300)}`));
      });
      answer.on("error", reject);
    });
    ask.on("timeout", () => ask.destroy(new Error(`${url}: no answer`)));
    ask.on("error", reject);
    ask.end(body);
  });
}

/** Microseconds of CPU that process `pid` uses per request, and requests per second, over `count` requests. */
export const cpuPerRequest = (pid, url, body, headers, count) => measured(pid, count, (agent) => post(agent, url, body, headers));

/** The same for asking with GET. */
export const cpuPerGet = (pid, url, count) => measured(pid, count, (agent) => get(agent, url));

async function measured(pid, count, one) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const run = async (requests) => {
    let left = requests;
    await Promise.all(Array.from({ length: CONNECTIONS }, async () => {
      while (left-- > 0) await one(agent);
    }));
  };
  try {
    await run(Math.ceil(count / 20)); // caches, connections
    const [cpu, start] = [cpuSeconds(pid), performance.now()];
    await run(count);
    const seconds = (performance.now() - start) / 1000;
    return { micros: ((cpuSeconds(pid) - cpu) / count) * 1e6, perSecond: count / seconds };
  } finally {
    agent.destroy();
  }
}
