// Taking from the board: what is shown before the yes is what the yes names.

import type { Quote, Quotes } from "./types";

/** Which side takes: an operator a load, a firm a truck. */
export type Taker = "carrier" | "enterprise";

/** Where what is on a row of the board is quoted and booked. */
export function boardPath(taker: Taker, id: string, verb: "quote" | "book"): string {
  return `/v1/board/${taker === "carrier" ? "loads" : "trips"}/${id}/${verb}`;
}

/** What the yes to a quote sends: its versions, its price and its detour, and no more. */
export function takeBody(taker: Taker, quote: Quote): Record<string, unknown> {
  return {
    ...(taker === "carrier" ? { trip_id: quote.trip_id } : { load_id: quote.load_id }),
    load_version: quote.load_version,
    trip_version: quote.trip_version,
    price_fen: quote.price_fen ?? 0,
    detour: quote.detour ?? { metres: 0, seconds: 0 },
  };
}

/** The quote to put before the person: the first that may be taken. */
export function bestQuote(quotes: Quotes): Quote | undefined {
  return quotes.items.find((quote) => quote.ok);
}

/** Why nothing may be taken: each refusal once, with how many it is of. */
export function whyNot(quotes: Quotes): { text: string; count: number }[] {
  const list: { text: string; count: number }[] = [];
  for (const { refusal } of quotes.items) {
    const text = refusal?.detail;
    if (!text) continue;
    const known = list.find((one) => one.text === text);
    if (known) known.count++;
    else list.push({ text, count: 1 });
  }
  return list;
}
