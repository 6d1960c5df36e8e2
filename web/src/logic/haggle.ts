// Bargaining over an offer: whose turn it is, what is on the table and what may be named.

import { decimal } from "./decimal";
import type { Offer, OrgKind } from "./types";

export type Side = "shipper" | "carrier";

/** How often the two sides may name another price. */
export const maxRounds = 4;

type Terms = Pick<Offer, "state" | "price_fen" | "alone_fen" | "counter_fen" | "countered_by" | "rounds">;

/** Whether an offer can still be answered. */
export const isOpen = ({ state }: Pick<Offer, "state">): boolean => state === "sent" || state === "seen" || state === "countered";

/** The side whose answer an open offer waits for. */
export const asked = ({ state, countered_by }: Pick<Offer, "state" | "countered_by">): Side =>
  state === "countered" && countered_by === "carrier" ? "shipper" : "carrier";

/** The side that an organization of the kind is; the desk is none. */
export const sideOf = (kind: OrgKind | undefined): Side | undefined =>
  kind === "enterprise" ? "shipper" : kind === "carrier" ? "carrier" : undefined;

/** What a yes now agrees to. */
export const priceNow = ({ price_fen, counter_fen }: Pick<Offer, "price_fen" | "counter_fen">): number => counter_fen ?? price_fen;

/** What a person who reads an offer weighs: while it is the same, so is the question. */
export const question = (offer: Terms & Pick<Offer, "pickup_eta" | "drop_eta">): string =>
  [asked(offer), isOpen(offer), priceNow(offer), offer.pickup_eta, offer.drop_eta].join(" ");

/** How many more prices may be named. */
export const roundsLeft = ({ rounds }: Pick<Offer, "rounds">): number => Math.max(0, maxRounds - (rounds ?? 0));

/** The prices that the side which is asked may name; undefined where none is left to name. */
export function bounds(offer: Terms): { least: number; most: number } | undefined {
  if (roundsLeft(offer) === 0 || offer.alone_fen === undefined) return undefined;
  const now = priceNow(offer);
  const [least, most] = asked(offer) === "carrier" ? [Math.max(now, offer.price_fen) + 1, offer.alone_fen] : [offer.price_fen, now - 1];
  return least <= most ? { least, most } : undefined;
}

/** Three round prices at most to choose from, in the order of their size. */
export function handy(offer: Terms): number[] {
  const range = bounds(offer);
  if (!range) return [];
  const now = priceNow(offer);
  const wished = asked(offer) === "carrier" ? [now * 1.05, now * 1.1, now * 1.2] : [offer.price_fen, (offer.price_fen + now) / 2, now * 0.95];
  const step = now >= 20_000 ? 1000 : 100;
  const round = wished.map((fen) => (fen === offer.price_fen ? fen : Math.ceil(fen / step) * step));
  return [...new Set(round)].filter((fen) => fen >= range.least && fen <= range.most).sort((a, b) => a - b);
}

/** Reads yuan as people type them: fen, undefined for nothing, NaN for what is no amount. */
export function fenOf(text: string): number | undefined {
  const yuan = decimal(text.replace(/[¥￥元]/g, ""));
  return yuan === undefined ? undefined : Math.round(yuan * 100);
}
