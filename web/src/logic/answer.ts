// Answering an offer: one tap is one intent, whatever the line does.

import { signal } from "@preact/signals";
import { words } from "../words/words";
import { worthRepeating } from "./api";
import { bookings, clock, offers, reread, want } from "./market";
import { attempts, explain, write } from "./net";
import { toast } from "./toast";
import { path } from "./router";
import type { Booking, Offer } from "./types";

export interface Answering {
  doing: "accept" | "decline";
  /** Whether an answer is still awaited. */
  busy: boolean;
  /** Whether the line failed and the request is being sent again. */
  waiting?: boolean;
  error?: string;
  booking?: string;
}

/** What was answered on this page, by offer. */
export const answers = signal<ReadonlyMap<string, Answering>>(new Map());

function note(offer: string, answering: Answering): void {
  answers.value = new Map(answers.peek()).set(offer, answering);
}

// An answer is of use until the offer's clock has run out, and a little longer: the
// server may have booked before the line broke.
const afterthought = 60_000;

/** Accepts the version of the offer that the person sees. */
export async function accept(offer: Pick<Offer, "id" | "version"> & { expires_at?: string }): Promise<void> {
  const booking = await answer<Booking>("accept", offer, { version: offer.version });
  if (!booking) return;
  bookings.put(booking);
  note(offer.id, { doing: "accept", busy: false, booking: booking.id });
  if (path.peek()[0] !== "offers") toast(words().offer.accepted, "good", `/bookings/${booking.id}`);
}

/** Declines the version of the offer that the person sees. */
export async function decline(offer: Offer): Promise<void> {
  const declined = await answer<Offer>("decline", offer, { version: offer.version });
  if (!declined) return;
  offers.put(declined);
  note(offer.id, { doing: "decline", busy: false });
}

async function answer<T>(
  doing: "accept" | "decline",
  offer: { id: string; expires_at?: string },
  body: { version: number },
): Promise<T | undefined> {
  const until = offer.expires_at ? Date.parse(offer.expires_at) + afterthought : clock.now() + afterthought;
  note(offer.id, { doing, busy: true });
  try {
    return await write<T>(`${doing}:${offer.id}`, `/v1/offers/${encodeURIComponent(offer.id)}/${doing}`, body, {}, {
      repeats: 100,
      onWait: () => note(offer.id, { doing, busy: true, waiting: true }),
      goOn: () => clock.now() < until,
    });
  } catch (error) {
    note(offer.id, { doing, busy: false, error: explain(error) });
    if (!worthRepeating(error)) reread(`offers/${offer.id}`);
    return undefined;
  }
}

/** Goes on with acceptances that a reload or a closed page left without an answer. */
export function resume(): void {
  for (const [name, { body }] of attempts.pending("accept:")) {
    const id = /^accept:([^@]+)/.exec(name)?.[1];
    const version = (body as { version?: number }).version;
    if (!id || version === undefined || answers.peek().get(id)?.busy) continue;
    want("offers", id);
    void accept({ id, version });
  }
}
