// Debian's Chromium without a window.
import { chromium } from "playwright-core";

const TIMEOUT = 20_000;

export function launchBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/** A page in a profile of its own; what went wrong in it is collected in `page.problems`. */
export async function newPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  context.setDefaultTimeout(TIMEOUT);
  const page = await context.newPage();
  page.problems = [];
  page.on("pageerror", (error) => page.problems.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") page.problems.push(message.text());
  });
  return page;
}

/** Opens a proof and waits until its first page can be seen. */
export async function openProof(page, url) {
  const tile = page.waitForResponse((answer) => /\/pages\/1\/tiles\//.test(answer.url()) && answer.ok());
  await page.goto(url);
  await page.getByTestId("canvas").first().waitFor();
  await tile;
  // Present as long as nobody reloads.
  await page.evaluate(() => { window.notReloaded = true; });
}

export const wasReloaded = (page) => page.evaluate(() => window.notReloaded !== true);

/** Draws with a tool through points given as fractions of the canvas. */
export async function draw(page, tool, points) {
  await page.getByTestId(`tool-${tool}`).click();
  const box = await page.getByTestId("canvas").first().boundingBox();
  const at = ([x, y]) => [box.x + x * box.width, box.y + y * box.height];
  const [first, ...rest] = points;
  await page.mouse.move(...at(first));
  await page.mouse.down();
  for (const point of rest) await page.mouse.move(...at(point), { steps: 8 });
  await page.mouse.up();
}

export async function comment(page, text) {
  await page.getByTestId("comment-input").fill(text);
  await page.getByTestId("comment-save").click();
  await commentItem(page, text).waitFor();
}

export const commentItem = (page, text) => page.getByTestId("comment-item").filter({ hasText: text });

export async function decide(page, decision) {
  await page.getByTestId("decision-open").click();
  await page.getByTestId(`decision-${decision}`).click();
  const saved = page.waitForResponse((answer) => answer.url().endsWith("/decision") && answer.request().method() === "PUT");
  await page.getByTestId("decision-save").click();
  return (await saved).status();
}
