// What a booking comes to for whoever reads it: the shipper's share or the carrier's price.

import type { Booking, OrgKind } from "./types";

/**
 * How firm an amount is: agreed with the carrier, never to change; least, of a held
 * booking, which joins the others only when its shipper says yes; now, until somebody
 * joins; final, once the truck has set out; ended, with the booking.
 */
export type Standing = "agreed" | "least" | "now" | "final" | "ended";

export interface Fare {
  fen: number;
  standing: Standing;
  /** Less than going alone; only where the shipper's share is known and owed. */
  saved?: number;
  /** What the share never exceeds, while it may still move; told to the shipper alone. */
  most?: number;
}

type Priced = Pick<Booking, "state" | "price_fen" | "share_fen" | "saved_fen" | "most_fen" | "final_at">;

/** Whether a booking is no more. */
export const isOver = ({ state }: Pick<Booking, "state">): boolean => state === "released" || state === "returned";

/** The money of a booking as an organization of the kind reads it; the desk reads the shipper's. */
export function fareOf(booking: Priced, kind: OrgKind | undefined): Fare {
  if (kind === "carrier") return { fen: booking.price_fen, standing: "agreed" };
  const { share_fen: fen, saved_fen: saved } = booking;
  const most = booking.most_fen === undefined ? {} : { most: booking.most_fen };
  if (isOver(booking)) return { fen, standing: "ended" };
  if (booking.state === "held") return { fen, standing: "least", ...most };
  if (booking.final_at) return { fen, standing: "final", saved };
  return { fen, standing: "now", saved, ...most };
}
