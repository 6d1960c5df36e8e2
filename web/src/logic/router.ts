import { computed, signal } from "@preact/signals";

/** Where the page is: the parts of the path and the query. */
export const place = signal(read());

export const path = computed(() => place.value.path);

function read() {
  return {
    path: location.pathname.split("/").filter(Boolean),
    query: new URLSearchParams(location.search),
  };
}

/** Goes to an address of this page; replace leaves no trace in the history. */
export function go(to: string, replace = false): void {
  if (to === location.pathname + location.search) return;
  if (replace) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  place.value = read();
}

/** Lets the browser's buttons and plain links of this page work without loading it anew. */
export function listen(): void {
  addEventListener("popstate", () => (place.value = read()));
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.("a[href]");
    if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute("download") || link.origin !== location.origin || link.hash) return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
}
