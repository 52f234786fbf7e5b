export type Route =
  | { name: 'login' }
  | { name: 'password'; code: string }
  | { name: 'proofs'; creating: boolean }
  | { name: 'details'; id: number }
  | { name: 'messages' }
  | { name: 'branding' }
  | { name: 'missing' };

function parse(path: string): Route {
  if (path === '/login') return { name: 'login' };
  if (path === '/') return { name: 'proofs', creating: false };
  if (path === '/new') return { name: 'proofs', creating: true };
  if (path === '/messages') return { name: 'messages' };
  if (path === '/branding') return { name: 'branding' };
  const password = /^\/password\/([0-9A-Za-z]{8,64})\/?$/.exec(path);
  if (password) return { name: 'password', code: password[1] ?? '' };
  const details = /^\/proofs\/(\d{1,15})\/?$/.exec(path);
  return details ? { name: 'details', id: Number(details[1]) } : { name: 'missing' };
}

class Router {
  route = $state.raw<Route>(parse(location.pathname));

  constructor() {
    window.addEventListener('popstate', () => (this.route = parse(location.pathname)));
    // Plain left clicks on links to the app's own pages stay in the app.
    document.addEventListener('click', (event) => {
      const link = (event.target as Element | null)?.closest?.('a');
      if (!link || event.defaultPrevented || event.button !== 0) return;
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      if (link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
      if (parse(link.pathname).name === 'missing') return;
      event.preventDefault();
      this.go(link.pathname);
    });
  }

  go(path: string, replace = false): void {
    if (replace) history.replaceState(null, '', path);
    else history.pushState(null, '', path);
    this.route = parse(location.pathname);
    window.scrollTo(0, 0);
  }
}

export const router = new Router();
