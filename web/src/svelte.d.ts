// Plain tsc, which checks the modules beside svelte-check, knows no components.
declare module '*.svelte' {
  import type { Component } from 'svelte';
  const component: Component<Record<string, unknown>>;
  export default component;
}
