// Links on pages and tables of contents, with the mouse, the keyboard and the finger.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { Api } from "./lib/api.mjs";
import { launchBrowser, newPage, openProof } from "./lib/browser.mjs";
import { pdfOf, streamOf } from "./lib/pdf.mjs";
import { Galley } from "./lib/server.mjs";

/** Three pages: the first links to the third and to a website, the table of contents has a chapter with a section. */
function guide(website) {
  const page = (content, more = "") =>
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 600] /Contents ${content} 0 R /Resources << /Font << /F1 3 0 R >> >> ${more} >>`;
  const title = (text) => streamOf(`BT /F1 30 Tf 40 500 Td (${text}) Tj ET`);
  return pdfOf([
    "<< /Type /Catalog /Pages 2 0 R /Outlines << /First 10 0 R >> >>",
    "<< /Type /Pages /Count 3 /Kids [4 0 R 5 0 R 6 0 R] >>",
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    page(7, `/Annots [<< /Subtype /Link /Rect [40 490 200 530] /Dest [6 0 R /Fit] >>
      << /Subtype /Link /Rect [40 390 200 430] /A << /S /URI /URI (${website}) >> >>]`),
    page(8), page(9), title("To the end"), title("The middle"), title("The end"),
    "<< /Title (Chapter) /Dest [5 0 R /Fit] /First 11 0 R >>",
    "<< /Title (Section) /Dest [6 0 R /Fit] >>",
  ]);
}

describe("links and contents", { timeout: 300_000 }, () => {
  let server, browser, folder, link, website;
  before(async () => {
    server = await Galley.start();
    browser = await launchBrowser();
    folder = mkdtempSync(join(tmpdir(), "galley-links-"));
    website = `${server.url}/login?from=guide`;
    const file = join(folder, "guide.pdf");
    writeFileSync(file, guide(website), "latin1");
    const api = await Api.logIn(server);
    const proof = await api.createProof(file);
    assert.equal((await api.settled(proof.id)).processing, "ready");
    link = proof.my_link;
  });
  after(async () => {
    await browser?.close();
    await server?.remove();
    if (folder) rmSync(folder, { recursive: true });
  });

  const middle = async (locator) => {
    const box = await locator.boundingBox();
    return [box.x + box.width / 2, box.y + box.height / 2];
  };
  const onPage = (page, number) =>
    page.waitForFunction((n) => document.querySelector("[data-testid=page-number]")?.value === String(n), number);

  test("a link is named, and leads there; with a tool in the hand it is drawn over", async () => {
    const page = await newPage(browser);
    await openProof(page, link);
    const links = page.getByTestId("links").locator("a");
    await links.nth(1).waitFor({ state: "attached" });
    const inner = await middle(links.first());
    await page.mouse.move(...inner);
    assert.equal(await page.getByTestId("link-name").innerText(), "Goes to page 3");

    const outer = await middle(links.nth(1));
    await page.mouse.move(...outer);
    assert.match(await page.getByTestId("link-name").innerText(), /^Opens 127\.0\.0\.1:\d+\/login\?from=guide$/);
    const opened = page.waitForEvent("popup");
    await page.mouse.click(...outer);
    const popup = await opened;
    await popup.waitForURL(/from=guide/);
    assert.equal(await popup.evaluate(() => window.opener), null);
    await popup.close();

    await page.getByTestId("tool-rectangle").click();
    await page.mouse.move(inner[0] - 20, inner[1] - 5);
    await page.mouse.down();
    await page.mouse.move(inner[0] + 20, inner[1] + 5, { steps: 4 });
    await page.mouse.up();
    await page.getByTestId("tool-select").click();
    await onPage(page, 1);
    assert.equal(await page.getByTestId("link-name").count(), 0);

    // A drag that begins on a link moves the page.
    const at = await links.nth(1).boundingBox();
    await page.mouse.move(...outer);
    await page.mouse.down();
    await page.mouse.move(outer[0] + 80, outer[1] + 40, { steps: 6 });
    await page.mouse.up();
    await page.waitForFunction(
      (left) => document.querySelectorAll("[data-testid=links] a")[1].getBoundingClientRect().left > left + 40, at.x,
    );

    await links.first().focus();
    await page.keyboard.press("Enter");
    await onPage(page, 3);
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

  test("the table of contents is beside the pages, and says where one is", async () => {
    const page = await newPage(browser);
    await openProof(page, link);
    await page.getByTestId("panel-contents").click();
    const entries = page.getByTestId("contents-entry");
    assert.deepEqual(await entries.allInnerTexts(), ["Chapter\n2", "Section\n3"]);
    await entries.nth(1).click();
    await onPage(page, 3);
    assert.equal(await entries.nth(1).getAttribute("aria-current"), "true");
    await page.getByRole("button", { name: "What is below Chapter" }).click();
    assert.equal(await entries.count(), 1);
    // It is remembered how one finds one's way.
    await page.reload();
    await page.getByTestId("contents").waitFor();
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

  test("on a phone they are in the sheet of the pages", async () => {
    const page = await newPage(browser, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await openProof(page, link);
    await page.getByTestId("links").locator("a").nth(1).waitFor({ state: "attached" });
    await page.getByLabel("All pages").click();
    await page.getByTestId("panel-contents").tap();
    await page.getByTestId("contents-entry").first().tap();
    await page.getByTestId("contents").waitFor({ state: "detached" });
    await page.getByTestId("canvas").first().waitFor();
    await page.getByRole("button", { name: "Previous page" }).tap();
    await page.getByTestId("links").locator("a").nth(1).waitFor({ state: "attached" });
    await page.touchscreen.tap(...(await middle(page.getByTestId("links").locator("a").first())));
    await page.getByTestId("links").locator("a").first().waitFor({ state: "detached" });
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });
});
