// Every operation of a version, with success and with a fault, through clients that others wrote.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { drivers } from "./lib/drivers.mjs";
import { play } from "./lib/scenario.mjs";
import { Galley } from "./lib/server.mjs";
import { readWsdl } from "./lib/wsdl.mjs";

const BASE = "";
const NEWEST = "18_3_0";
const RUNS = [
  ...Object.keys(drivers).flatMap((client) => [[client, BASE], [client, NEWEST]]),
  ["zeep", "16_24_0"],
  ["php", "16_24_0"],
];

describe("every operation", { timeout: 600_000 }, () => {
  let template;
  before(async () => {
    template = await Galley.start();
    await template.stop();
  });
  after(() => template?.remove());

  const fetched = async (server, version) => {
    const url = version === BASE ? `${server.url}/soap?wsdl` : `${server.url}/${version}/soap.wsdl`;
    const text = await (await fetch(url)).text();
    return { url, text, wsdl: readWsdl(text) };
  };

  for (const [client, version] of RUNS) {
    test(`${client} calls every operation of ${version || "the base version"}`, async () => {
      const server = await Galley.startLike(template, "--sample-proofs");
      let driver;
      try {
        const document = await fetched(server, version);
        const [newest, base] = [await fetched(server, NEWEST), await fetched(server, BASE)];
        driver = await drivers[client](document);
        const run = await play(driver, server, document.wsdl, newest.wsdl, base.wsdl);
        if (run.problems.length) assert.fail(run.problems.join("\n"));
        assert.ok(run.succeeded.size >= 33, "the WSDL was read");
      } finally {
        await driver?.close();
        await server.remove();
      }
    });
  }
});
