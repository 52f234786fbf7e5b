// Marks the page with the version asked for (?v=2) and fills every <i data-logo> with the brand mark.
if (new URLSearchParams(location.search).get("v") === "2") document.documentElement.classList.add("v2");
const mark = `<svg viewBox="0 0 64 64" width="100%" height="100%" aria-hidden="true"><g fill="none" stroke="currentColor" stroke-width="4.4" stroke-linecap="round">
<path d="M32 5a27 27 0 1 0 0 54a27 27 0 1 0 0-54"/><path d="M9 42q7.5-7 15.300 0t15.300 0t15.300 0"/><path d="M13 51.500q6.300-5 12.700 0t12.700 0t12.700 0" stroke-width="3"/></g>
<path d="M32 12c6.500 6.800 8.600 10.800 8.600 15.200a8.600 8.600 0 0 1-17.200 0C23.400 22.800 25.500 18.800 32 12z" fill="currentColor"/></svg>`;
addEventListener("DOMContentLoaded", () => {
  for (const slot of document.querySelectorAll("[data-logo]")) slot.innerHTML = mark;
});
