import type { Rect } from '../../shared/types.ts';

/** A look at a page: what is in the middle, in page coordinates, and screen px per page px. */
export interface View {
  x: number;
  y: number;
  scale: number;
}

/** A page and where the sheet lies on it on which both pages are compared. */
export interface OnSheet {
  width: number;
  sheet: Rect;
}

/** The look at the other page that shows the same part of the sheet, as large. */
export function across(view: View, from: OnSheet, to: OnSheet): View {
  return {
    x: to.sheet.x + ((view.x - from.sheet.x) / from.sheet.w) * to.sheet.w,
    y: to.sheet.y + ((view.y - from.sheet.y) / from.sheet.h) * to.sheet.h,
    scale: (view.scale * from.width * from.sheet.w) / (to.width * to.sheet.w),
  };
}

/** Whether two looks are the same but for less than a pixel of a page this wide. */
export function same(a: View, b: View, width: number): boolean {
  const px = Math.max(a.scale * width, 1);
  return (
    Math.abs(a.x - b.x) * px < 0.5 &&
    Math.abs(a.y - b.y) * px < 0.5 &&
    Math.abs(a.scale / b.scale - 1) < 0.0005
  );
}

/** Where on a page something is, in words. */
export function whereabouts(rect: Rect): string {
  const third = (middle: number, names: [string, string, string]) =>
    names[Math.min(2, Math.max(0, Math.floor(middle * 3))) as 0 | 1 | 2];
  const down = third(rect.y + rect.h / 2, ['top', 'middle', 'bottom']);
  const along = third(rect.x + rect.w / 2, ['left', 'centre', 'right']);
  if (rect.w > 0.8 && rect.h > 0.8) return 'whole page';
  if (rect.w > 0.7) return `${down}, full width`;
  return `${down} ${along}`;
}
