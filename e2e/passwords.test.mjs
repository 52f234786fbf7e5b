// Somebody who forgot their password gets a link by mail and chooses another one.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { Api } from "./lib/api.mjs";
import { launchBrowser, newPage } from "./lib/browser.mjs";
import { Galley } from "./lib/server.mjs";

describe("passwords", { timeout: 120_000 }, () => {
  let server, browser;
  before(async () => {
    server = await Galley.start();
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await server?.remove();
  });

  test("a forgotten password is replaced by the link in the mail, once", async () => {
    const page = await newPage(browser);
    await page.goto(`${server.url}/login`);
    await page.getByTestId("login-forgotten").click();
    await page.getByTestId("login-email").fill("manager@demo.test");
    await page.getByTestId("login-submit").click();
    await page.getByTestId("forgotten-sent").waitFor();

    const admin = await Api.logIn(server, "admin@demo.test");
    const link = async () => {
      const { items } = await admin.get("/admin/mails");
      const mail = items.find((one) => one.kind === "password_forgotten");
      return mail && (await admin.get(`/admin/mails/${mail.id}`)).text.match(/https?:\S+\/password\/\w+/)[0];
    };
    let url;
    for (let n = 0; n < 50 && !(url = await link()); n++) await new Promise((resolve) => setTimeout(resolve, 100));

    await page.goto(url);
    await page.getByTestId("new-password").fill("short");
    await page.getByTestId("password-save").click();
    assert.match(await page.getByTestId("password-error").innerText(), /at least 6 characters/);
    page.problems.length = 0; // the refusal
    await page.getByTestId("new-password").fill("a good long one");
    await page.getByTestId("password-save").click();
    await page.getByTestId("proof-card").first().waitFor();
    assert.deepEqual(page.problems, []);
    await assert.rejects(Api.logIn(server, "manager@demo.test"), "the old one is no good");
    await Api.logIn(server, "manager@demo.test", "a good long one");

    await page.goto(url);
    await page.getByTestId("password-gone").waitFor();
  });
});
