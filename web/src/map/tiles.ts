import type { Tiles } from "./map";

/** The operator's tiles, which the server writes into the page. */
export function tiles(): Tiles | undefined {
  const said = document.querySelector<HTMLMetaElement>('meta[name="pinhuo-tiles"]');
  if (!said?.content) return undefined;
  return { url: said.content, attribution: said.dataset["attribution"] ?? "", gcj02: said.dataset["datum"] === "gcj02" };
}
