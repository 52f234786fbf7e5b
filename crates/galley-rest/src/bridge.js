// Runs before everything else in a page of a bundle. A bundle has no origin of its own, so that it reaches nothing of
// Galley; what pages expect to be there all the same is made up here, and the viewer is told where it is.
(() => {
  const memory = () => {
    const kept = new Map();
    const api = {
      getItem: (key) => (kept.has(String(key)) ? kept.get(String(key)) : null),
      setItem: (key, value) => void kept.set(String(key), String(value)),
      removeItem: (key) => void kept.delete(String(key)),
      clear: () => kept.clear(),
      key: (at) => [...kept.keys()][at] ?? null,
    };
    return new Proxy(api, {
      get: (_, key) => (key === 'length' ? kept.size : key in api ? api[key] : kept.get(String(key))),
      set: (_, key, value) => (kept.set(String(key), String(value)), true),
      has: (_, key) => key in api || kept.has(String(key)),
      deleteProperty: (_, key) => (kept.delete(String(key)), true),
      ownKeys: () => [...kept.keys()],
      getOwnPropertyDescriptor: (_, key) =>
        kept.has(key)
          ? { value: kept.get(key), writable: true, enumerable: true, configurable: true }
          : undefined,
    });
  };
  for (const name of ['localStorage', 'sessionStorage']) {
    try {
      void window[name];
    } catch {
      const made = memory();
      Object.defineProperty(window, name, { configurable: true, get: () => made });
    }
  }
  let cookies = '';
  Object.defineProperty(document, 'cookie', {
    configurable: true,
    get: () => cookies,
    set: (text) => {
      const [pair] = String(text).split(';');
      const name = pair.split('=')[0].trim();
      const others = cookies.split('; ').filter((each) => each && each.split('=')[0] !== name);
      cookies = [...others, pair.trim()].join('; ');
    },
  });

  if (window.parent === window || window.parent !== window.top) return;
  const root = new URL('../', document.currentScript.src).href;
  const tell = (what) => {
    if (!location.href.startsWith(root)) return;
    const path = location.href.slice(root.length);
    window.parent.postMessage(
      { galley: what, path, left: Math.round(scrollX), top: Math.round(scrollY) },
      '*',
    );
  };
  let waiting = false;
  addEventListener('scroll', () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      tell('place');
    }, 80);
  });
  addEventListener('load', () => tell('loaded'));
  addEventListener('DOMContentLoaded', () => tell('place'));
  addEventListener('pageshow', () => tell('place'));
  addEventListener('hashchange', () => tell('place'));
  addEventListener('popstate', () => tell('place'));
  for (const name of ['pushState', 'replaceState']) {
    const was = history[name].bind(history);
    history[name] = (...all) => {
      was(...all);
      tell('place');
    };
  }
  addEventListener('message', (event) => {
    if (event.source !== window.parent || event.data?.galley !== 'scroll') return;
    scrollTo({ left: Number(event.data.left) || 0, top: Number(event.data.top) || 0, behavior: 'instant' });
  });
})();
