// Words and links of the page with their places in CSS pixels from its top left corner. Runs in a world of its
// own, where the page has changed nothing.
(() => {
  const MOST_WORDS = 50000, MOST_LINKS = 2000, LONGEST = 200;
  const words = [], links = [];
  const dx = window.scrollX, dy = window.scrollY;
  const place = (rect) => [rect.left + dx, rect.top + dy, rect.width, rect.height].map((n) => Math.round(n * 100) / 100);
  const add = (text, rect) => {
    if (rect.width >= 1 && rect.height >= 1 && words.length < MOST_WORDS) words.push([text, ...place(rect)]);
  };
  const range = document.createRange();
  const word = (node, from, to) => {
    range.setStart(node, from);
    range.setEnd(node, to);
    const rects = range.getClientRects();
    const text = node.data.slice(from, to);
    if (rects.length === 1) return add(text, rects[0]);
    if (rects.length === 0) return;
    // Parted between lines: one piece for each.
    let piece = "", box = null;
    for (let at = from; at < to; ) {
      const char = String.fromCodePoint(node.data.codePointAt(at));
      range.setStart(node, at);
      range.setEnd(node, at + char.length);
      const rect = range.getBoundingClientRect();
      if (box && Math.abs(rect.top - box.top) > box.height / 2) {
        add(piece, box);
        piece = "";
        box = null;
      }
      piece += char;
      if (!box) box = rect;
      else {
        const left = Math.min(box.left, rect.left), right = Math.max(box.right, rect.right);
        box = new DOMRect(left, box.top, right - left, box.height);
      }
      at += char.length;
    }
    if (box) add(piece, box);
  };
  const seen = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: false });
  const large = (rect) => rect.width >= 1 && rect.height >= 1;
  const inline = (element) => /^(inline|contents|none)/.test(getComputedStyle(element).display);
  // Where a link is. The box of one within a line that holds a block, such as a picture, is as wide as the line, but
  // only the block leads anywhere.
  const boxes = (link) => {
    const parts = inline(link) && [...link.children].some((child) => !inline(child)) ? [...link.children] : [link];
    return parts.flatMap((part) => [...part.getClientRects()]).filter(large);
  };
  const walk = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node && words.length < MOST_WORDS; node = walker.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) {
        const parent = node.parentElement;
        if (!/\S/.test(node.data) || (parent && (/^(script|style|noscript|template)$/i.test(parent.tagName) || !seen(parent)))) continue;
        for (const match of node.data.matchAll(/\S+/g)) {
          for (let at = 0; at < match[0].length; at += LONGEST) {
            word(node, match.index + at, match.index + Math.min(at + LONGEST, match[0].length));
          }
        }
      } else {
        if (node.tagName === "A" && /^(https?|mailto):/.test(node.href) && node.href.length <= 2000 && seen(node)) {
          for (const rect of boxes(node)) {
            if (links.length < MOST_LINKS) links.push([node.href, ...place(rect)]);
          }
        }
        if (node.shadowRoot) walk(node.shadowRoot);
      }
    }
  };
  walk(document);
  return JSON.stringify({ title: document.title.slice(0, 200), words, links });
})()
