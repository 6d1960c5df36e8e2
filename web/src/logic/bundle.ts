// Loads that ride together: which lines can be answered as one, and what a refusal says of each.

import { isOpen } from "./haggle";
import type { Bundle, Fault, Offer } from "./types";

/** What is known of an offer now. */
type Known = (id: string) => Offer | undefined;

/** The offers of a bundle that can be answered, each as the page knows it now. */
export const stillOpen = (bundle: Bundle, known: Known): Offer[] =>
  bundle.lines.map(({ offer }) => known(offer.id) ?? offer).filter((offer) => isOpen(offer) && offer.bundle_id === bundle.id);

/** Those of them about whose price nobody bargains: a bargain has a card of its own. */
export const together = (bundle: Bundle, known: Known): Offer[] => stillOpen(bundle, known).filter((offer) => offer.state !== "countered");

/** What stands in a list of offers. */
export type Item = { bundle: Bundle; lines: Offer[] } | { offer: Offer };

/** Puts each bundle of two lines or more in the place of its first line; the other offers keep theirs. */
export function gather(list: Offer[], bundles: Bundle[], known: Known): Item[] {
  const whole = new Map<string, { bundle: Bundle; lines: Offer[] }>();
  for (const bundle of bundles) {
    const item = { bundle, lines: together(bundle, known) };
    if (item.lines.length > 1) for (const line of item.lines) whole.set(line.id, item);
  }
  const items = list.map((offer): Item => whole.get(offer.id) ?? { offer });
  return items.filter((item, at) => "offer" in item || items.indexOf(item) === at);
}

/** What is wrong with one line of a bundle. */
export interface LineFault {
  line: string;
  problem: string;
  reason?: string | undefined;
  /** What it pays now. */
  fen?: number | undefined;
}

/**
 * The faults of the lines that were shown. A refusal for an old version names every line
 * with its present price, and every line that has ever ended: what is as it was shown,
 * and what was not shown any more, is left out.
 */
export function linesRefused(faults: Fault[], shown: ReadonlyMap<string, number>): LineFault[] {
  return faults.flatMap(({ field, value = "", problem = "", reason, want }) => {
    const price = shown.get(value);
    const fen = /^\d+(?= ?fen$)/.exec(want ?? "");
    if (field !== "lines" || price === undefined || (fen && Number(fen[0]) === price)) return [];
    return [{ line: value, problem, ...(reason && { reason }), ...(fen && { fen: Number(fen[0]) }) }];
  });
}
