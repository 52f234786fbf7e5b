// The file check: what a printer would look at, in the viewer, with pages to jump to.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { makePdf } from "./bench/pdf.mjs";
import { Api } from "./lib/api.mjs";
import { launchBrowser, newPage, openProof } from "./lib/browser.mjs";
import { Galley } from "./lib/server.mjs";

describe("the file check", { timeout: 200_000 }, () => {
  let server, browser, link;
  before(async () => {
    server = await Galley.start();
    browser = await launchBrowser();
    const api = await Api.logIn(server);
    const { upload_id } = await api.upload(makePdf(3), "fonts.pdf");
    const made = await api.json("POST", "/proofs", { upload_id, reviewers: [{ email: "print@example.com", role: "reviewer" }] });
    const { reviewers } = await api.settled(made.id);
    link = reviewers.find((one) => one.email === "print@example.com").link;
  });
  after(async () => {
    await browser?.close();
    await server?.remove();
  });

  test("names the fonts that are missing and leads to their pages", async () => {
    const page = await newPage(browser);
    await openProof(page, link);
    await page.getByTestId("preflight-open").click();
    const fonts = page.getByTestId("finding-warning").filter({ hasText: "fonts are not embedded" });
    await fonts.waitFor();
    assert.match(await fonts.innerText(), /Helvetica-Bold · Times-Roman/);
    await fonts.getByRole("button", { name: "Go to page 3" }).click();
    assert.equal(await page.getByTestId("page-number").inputValue(), "3");
    await page.keyboard.press("c");
    await page.getByTestId("comment-input").waitFor();
    assert.equal(await page.getByTestId("preflight").count(), 0, "whoever writes a comment sees comments");
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

  test("is in the menu on a phone", async () => {
    const page = await newPage(browser, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await openProof(page, link);
    await page.getByRole("button", { name: "More" }).click();
    await page.getByTestId("preflight-open").click();
    await page.getByTestId("preflight-sum").getByText("before print").waitFor();
    await page.getByTestId("preflight").getByRole("button", { name: "Go to page 2" }).first().click();
    await page.getByTestId("preflight").waitFor({ state: "detached" });
    assert.equal(await page.getByTestId("page-number").inputValue(), "2");
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });
});
