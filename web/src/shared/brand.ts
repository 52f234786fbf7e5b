import type { Brand, Palette } from './types.ts';

/** Colours of the page, and the shade that each is. */
const SHADES: [property: string, shade: keyof Palette][] = [
  ['--accent', 'accent'],
  ['--accent-hover', 'hover'],
  ['--accent-ink', 'ink'],
  ['--accent-text', 'text'],
  ['--accent-soft', 'soft'],
];

const dark = matchMedia('(prefers-color-scheme: dark)');
let worn: Brand | null = null;

function paint(): void {
  const style = document.documentElement.style;
  const palette = worn?.palettes?.[dark.matches ? 'dark' : 'light'];
  for (const [property, shade] of SHADES) {
    if (palette) style.setProperty(property, palette[shade]);
    else style.removeProperty(property);
  }
}

dark.addEventListener('change', paint);

/** Gives the page the colours of an account; null takes them off. */
export function wear(brand: Brand | null): void {
  worn = brand;
  paint();
}
