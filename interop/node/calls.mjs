// Calls operations with the npm package `soap`, one after the other, as they come in.
//
// `calls.mjs WSDL-ADDRESS` reads JSON lines `{"call": name, "parts": [{"name": …, "value": …}]}` from standard input and
// prints a line for each: `{"answer": …}`, `{"fault": {"code": …, "text": …}}`, or `{"broken": …}` when the package itself
// cannot send the call or read the answer.
import { createInterface } from "node:readline";

import soap from "soap";

const client = await soap.createClientAsync(process.argv[2], { disableCache: true });

async function call({ call, parts }) {
  const given = parts.filter((part) => part.value !== null);
  try {
    const [{ result }] = await client[`${call}Async`](Object.fromEntries(given.map(({ name, value }) => [name, value])), { timeout: 30_000 });
    return { answer: result ?? null };
  } catch (error) {
    const fault = error.root?.Envelope?.Body?.Fault;
    if (!fault) return { broken: String(error.stack) };
    return { fault: { code: String(fault.faultcode), text: String(fault.faultstring) } };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await call(JSON.parse(line))));
}
