// Branding: an administrator uploads a logo and picks a colour; reviewers and the sign-in page wear them.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { Api } from "./lib/api.mjs";
import { launchBrowser, newPage, openProof } from "./lib/browser.mjs";
import { Galley, root } from "./lib/server.mjs";

describe("branding", { timeout: 300_000 }, () => {
  let server, browser;
  before(async () => {
    server = await Galley.start();
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await server?.remove();
  });

  const accent = (page) => page.evaluate(() => document.documentElement.style.getPropertyValue("--accent"));

  test("what an administrator sets is seen by reviewers and before signing in, and can be undone", async () => {
    const page = await newPage(browser);
    await page.goto(`${server.url}/login`);
    await page.getByTestId("login-email").fill("admin@demo.test");
    await page.getByTestId("login-password").fill("galley-demo");
    await page.getByTestId("login-submit").click();
    await page.getByTestId("user-menu").click();
    await page.getByTestId("branding").click();

    const input = page.getByTestId("brand-logo-input");
    await input.setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>") });
    await page.getByTestId("brand-logo-error").waitFor();
    assert.match(await page.getByTestId("brand-logo-error").innerText(), /PNG, JPEG or GIF/);
    page.problems.length = 0; // the refusal

    await input.setInputFiles(join(root, "demo/files/autumn-square.png"));
    await page.getByTestId("brand-logo").waitFor();
    await page.getByTestId("brand-accent").fill("#ffd400");
    await page.getByTestId("brand-contrast").waitFor();
    assert.match(await page.getByTestId("brand-contrast").innerText(), /dark text/);
    await page.getByTestId("brand-name").fill("Tidewick");
    await page.getByTestId("brand-save").click();
    await page.getByTestId("brand-home").locator("img").waitFor();
    assert.equal(await accent(page), "#ffd400");

    const api = await Api.logIn(server, "manager@demo.test");
    const proof = await api.createProof(join(root, "demo/files/business-cards.pdf"), {
      name: "In our colours", reviewers: [{ email: "ida@example.com", role: "reviewer_approver" }],
    });
    await api.settled(proof.id);
    const guest = await newPage(browser);
    await openProof(guest, proof.reviewers.find((one) => one.email === "ida@example.com").link);
    const logo = guest.getByTestId("brand-home").locator("img");
    await logo.waitFor();
    assert.equal(await logo.getAttribute("alt"), "Tidewick");
    assert.ok(await logo.evaluate((image) => image.complete && image.naturalWidth > 0));
    assert.equal(await accent(guest), "#ffd400");
    await guest.goto(`${server.url}/login`);
    await guest.getByRole("heading", { name: /Sign in\s+to Tidewick/ }).waitFor();
    assert.deepEqual(guest.problems, []);
    await guest.context().close();

    await page.getByTestId("brand-reset").click();
    await page.getByTestId("brand-home").waitFor({ state: "detached" });
    assert.equal(await accent(page), "");
    await page.getByRole("button", { name: "Undo" }).last().click();
    await page.getByTestId("brand-home").locator("img").waitFor();
    assert.equal(await accent(page), "#ffd400");
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });
});
