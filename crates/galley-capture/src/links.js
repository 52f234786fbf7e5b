// Title of the page, and where its links lead with what they say. Runs in a world of its own, where the page has
// changed nothing.
(() => {
  const MOST = 2000;
  const links = [];
  const walk = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node && links.length < MOST; node = walker.nextNode()) {
      if (/^(a|area)$/i.test(node.tagName) && /^https?:/.test(node.href) && node.href.length < 2000) {
        const image = node.querySelector("img[alt]");
        const says = node.getAttribute("aria-label") || node.textContent || node.title || image?.alt || node.alt || "";
        links.push([node.href, says.slice(0, 400)]);
      }
      if (node.shadowRoot) walk(node.shadowRoot);
    }
  };
  walk(document);
  return JSON.stringify({ title: document.title.slice(0, 400), links });
})()
