// Video and sound: how soon they play, bytes in parts, and comments at a frame, in a real browser.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";

import { Api, codeOf } from "./lib/api.mjs";
import { commentItem, draw, launchBrowser, newPage } from "./lib/browser.mjs";
import { Studio } from "./lib/film.mjs";
import { Galley } from "./lib/server.mjs";

describe("video and sound", { timeout: 600_000 }, () => {
  let server, browser, api, studio;
  before(async () => {
    server = await Galley.start();
    browser = await launchBrowser();
    api = await Api.logIn(server);
    studio = new Studio();
  });
  after(async () => {
    await browser?.close();
    await server?.remove();
    studio?.remove();
  });

  const make = (name, ...args) => studio.make(name, ...args);

  /** Frame n has luma 16 + 2n, so a picture tells which it is. */
  const steps = (name, ...more) =>
    make(name, "color=gray:s=320x180:r=30000/1001:d=3.3,format=yuv420p,geq=lum='16+2*N':cb=128:cr=128",
      "-f", "lavfi", "-i", "sine=440:d=3.3", "-c:v", "libx264", "-g", "30", "-pix_fmt", "yuv420p",
      "-timecode", "01:00:00;00", ...more);

  const share = async (file, fields = {}) => {
    const proof = await api.createProof(file, fields);
    return { proof, code: codeOf(proof.my_link), link: proof.my_link };
  };

  async function ready(code) {
    for (let tries = 0; tries < 600; tries++) {
      const now = await api.get(`/links/${code}/recording`).catch(() => null);
      if (now && now.state !== "waiting") return now;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error("it never became playable");
  }

  test("a minute of full HD plays from the original", async () => {
    const path = make("hd.mp4", "testsrc2=s=1920x1080:r=30000/1001:d=60", "-f", "lavfi", "-i", "sine=440:d=60",
      "-c:v", "libx264", "-preset", "ultrafast", "-b:v", "8M", "-c:a", "aac", "-pix_fmt", "yuv420p", "-movflags", "+faststart");
    const bytes = readFileSync(path);
    const { upload_id } = await api.upload(bytes, "hd.mp4");
    const proof = await api.json("POST", "/proofs", { upload_id });
    const code = codeOf(proof.my_link);
    const now = await ready(code);
    const answer = await fetch(server.url + now.media_url, { headers: { range: "bytes=0-65535" } });
    assert.equal(answer.status, 206);
    assert.ok(bytes.subarray(0, 65536).equals(Buffer.from(await answer.arrayBuffer())), "the original, untouched");
    await api.settled(proof.id);
    const done = await api.get(`/links/${code}/recording`);
    assert.deepEqual([done.recording.rate, done.storyboard.count], [[30000, 1001], 100]);
  });

  test("bytes come in parts", async () => {
    const path = steps("parts.mp4", "-movflags", "+faststart");
    const { proof, code } = await share(path);
    const { media_url } = await ready(code);
    await api.settled(proof.id);
    const bytes = readFileSync(path);
    const ask = (headers, method = "GET") => fetch(server.url + media_url, { method, headers });
    const whole = await ask({});
    assert.equal(whole.status, 200);
    assert.equal(whole.headers.get("accept-ranges"), "bytes");
    assert.equal(whole.headers.get("content-type"), "video/mp4");
    assert.ok(bytes.equals(Buffer.from(await whole.arrayBuffer())));
    const tag = whole.headers.get("etag");
    const cases = [
      ["bytes=0-99", {}, 206, [0, 100]],
      ["bytes=100-", {}, 206, [100, bytes.length]],
      ["bytes=-50", {}, 206, [bytes.length - 50, bytes.length]],
      ["bytes=5-9", { "if-range": tag }, 206, [5, 10]],
      ["bytes=5-9", { "if-range": '"other"' }, 200, [0, bytes.length]],
      ["bytes=0-1,4-5", {}, 200, [0, bytes.length]],
    ];
    for (const [range, more, status, [from, to]] of cases) {
      const answer = await ask({ range, ...more });
      assert.equal(answer.status, status, range);
      if (status === 206) assert.equal(answer.headers.get("content-range"), `bytes ${from}-${to - 1}/${bytes.length}`);
      assert.ok(bytes.subarray(from, to).equals(Buffer.from(await answer.arrayBuffer())), range);
    }
    const beyond = await ask({ range: `bytes=${bytes.length}-` });
    assert.equal(beyond.status, 416);
    assert.equal(beyond.headers.get("content-range"), `bytes */${bytes.length}`);
    const head = await ask({}, "HEAD");
    assert.deepEqual([head.status, head.headers.get("content-length"), await head.text()], [200, String(bytes.length), ""]);
    const stranger = await fetch(`${server.url}/api/v1/links/nobody/recording/media`);
    assert.equal(stranger.status, 404);
  });

  const frame = async (page) => Number(await page.getByTestId("player-clock").getAttribute("data-frame"));

  /** The frame that the browser shows, read from its colour. */
  const shown = (page) => page.evaluate(() => {
    const film = document.querySelector("[data-testid=film]");
    const canvas = new OffscreenCanvas(8, 8);
    const pen = canvas.getContext("2d");
    pen.drawImage(film, 0, 0, 8, 8);
    const [red] = pen.getImageData(4, 4, 1, 1).data;
    return (red * 219) / 255 / 2;
  });

  async function opened(page, link) {
    await page.goto(link);
    await page.locator("[data-testid=player][data-state=whole]").waitFor();
    await page.waitForFunction(() => document.querySelector("[data-testid=film]").readyState >= 2);
  }

  /** The picture is that of the frame that the clock names, once the browser has got there. */
  async function standsExactly(page) {
    await page.waitForFunction(() => {
      const film = document.querySelector("[data-testid=film]");
      return film.paused && !film.seeking;
    });
    // A picture that was on its way may still come.
    await page.waitForTimeout(300);
    const [stood, seen] = [await frame(page), await shown(page)];
    assert.ok(Math.abs(seen - stood) < 0.8, `frame ${stood} shows ${seen}`);
  }

  test("a reviewer steps to a frame, draws, comments, and comes back to it", async () => {
    const { proof, link } = await share(steps("steps.mov"));
    await api.settled(proof.id);
    const page = await newPage(browser);
    await opened(page, link);
    assert.match(await page.getByTestId("player-clock").innerText(), /^01:00:00;00/);

    for (const _ of [1, 2, 3, 4, 5]) await page.keyboard.press(".");
    await page.keyboard.press(",");
    assert.equal(await frame(page), 4);
    await standsExactly(page);

    const track = await page.getByTestId("player-track").boundingBox();
    await page.mouse.click(track.x + track.width * 0.5, track.y + track.height - 11);
    const here = await frame(page);
    assert.ok(here > 40 && here < 60, `${here}`);
    await standsExactly(page);

    await draw(page, "rectangle", [[0.4, 0.3], [0.6, 0.5]]);
    await page.getByTestId("comment-input").fill("Too dark here");
    await page.getByTestId("comment-save").click();
    const item = commentItem(page, "Too dark here");
    await item.waitFor();
    const { comments } = await api.get(`/links/${codeOf(link)}`);
    const made = comments.find((one) => one.text === "Too dark here");
    assert.deepEqual([made.time.from, made.time.to, made.markups.length], [here, null, 1]);
    assert.equal(await item.getByTestId("comment-time").innerText(), made.time.label);

    // Elsewhere the drawing is gone; the comment leads back to it.
    await page.keyboard.press("Home");
    assert.equal(await frame(page), 0);
    const pins = page.locator(".pins button");
    assert.equal(await pins.count(), 0);
    await page.getByTestId("player-mark").first().click();
    assert.equal(await frame(page), here);
    await pins.first().waitFor();

    // Wherever it is stopped: a browser tells late which frame it shows.
    for (const after of [10, 20, 31, 43, 56, 70]) {
      await page.keyboard.press("Home");
      await page.getByTestId("player-play").click();
      await page.waitForFunction((after) => Number(document.querySelector("[data-testid=player-clock]").dataset.frame) > after, after);
      await page.getByTestId("player-play").click();
      await standsExactly(page);
    }
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

  test("what has to be made anew can be watched meanwhile", async () => {
    const path = make("long.avi", "testsrc2=s=1280x720:r=25:d=40", "-c:v", "mpeg4", "-q:v", "4");
    const { proof, link, code } = await share(path);
    const page = await newPage(browser);
    await page.goto(link);
    await page.locator("[data-testid=player][data-state=growing]").waitFor();
    const growing = await api.get(`/links/${code}/recording`);
    assert.equal(growing.state, "growing");
    await page.getByTestId("player-play").click();
    await page.waitForFunction(() => Number(document.querySelector("[data-testid=player-clock]").dataset.frame) > 10);
    await page.locator("[data-testid=player][data-state=whole]").waitFor({ timeout: 90_000 });
    await api.settled(proof.id);
    // It goes on where it was.
    await page.waitForFunction(() => document.querySelector("[data-testid=film]").currentTime > 0.4);
    await page.keyboard.press("End");
    assert.equal(await frame(page), 999);
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

  test("sound is seen as its outline and commented by the millisecond", async () => {
    const { proof, link } = await share(make("voice.mp3", "sine=440:d=4"));
    await api.settled(proof.id);
    const page = await newPage(browser, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await page.goto(link);
    await page.locator("[data-testid=player][data-state=whole]").waitFor();
    await page.getByTestId("sound").waitFor();
    const track = await page.getByTestId("player-track").boundingBox();
    await page.touchscreen.tap(track.x + track.width * 0.25, track.y + track.height - 11);
    await page.getByTestId("comment-new").click();
    await page.getByTestId("comment-input").fill("A breath too long");
    await page.getByTestId("comment-save").click();
    await page.getByTestId("player-mark").first().waitFor();
    const { comments } = await api.get(`/links/${codeOf(link)}`);
    assert.ok(Math.abs(comments[0].time.from - 1000) < 60, JSON.stringify(comments[0].time));
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });
});
