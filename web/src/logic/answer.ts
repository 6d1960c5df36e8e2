// Answering an offer: one tap is one intent, whatever the line does.

import { signal } from "@preact/signals";
import { words } from "../words/words";
import { ApiError, worthRepeating } from "./api";
import { linesRefused, type LineFault } from "./bundle";
import { bookings, clock, face, offers, reread, takeBundle, want } from "./market";
import { attempts, explain, write } from "./net";
import { toast } from "./toast";
import { path } from "./router";
import type { Booking, Bundle, Offer } from "./types";

type Doing = "accept" | "decline" | "counter";

export interface Answering {
  doing: Doing;
  /** Whether an answer is still awaited. */
  busy: boolean;
  /** Whether the line failed and the request is being sent again. */
  waiting?: boolean;
  error?: string;
  /** What exactly the server refused it for. */
  problem?: string | undefined;
  booking?: string;
  /** What was refused of a bundle, line by line. */
  faults?: LineFault[];
}

type Answered = Pick<Offer, "id" | "version"> & { expires_at?: string };

/** What the server is told besides the version. */
interface Said {
  price_fen?: number;
  sure?: boolean;
  over_ceiling?: boolean;
  reason?: string;
  lines?: string[];
}

/** What was answered on this page, by offer. */
export const answers = signal<ReadonlyMap<string, Answering>>(new Map());

function note(offer: string, answering: Answering): void {
  answers.value = new Map(answers.peek()).set(offer, answering);
}

/** Puts away what is said of an answer that was refused. */
export function forgive(offer: string): void {
  const left = new Map(answers.peek());
  left.delete(offer);
  answers.value = left;
}

// An answer is of use until the offer's clock has run out, and a little longer: the
// server may have booked before the line broke.
const afterthought = 60_000;

/** Accepts the version of the offer that the person sees; over says that a shipper means to pay more than its ceiling. */
export async function accept(offer: Answered, over = false): Promise<void> {
  const booking = await answer<Booking>("accept", offer, over ? { over_ceiling: true } : {});
  if (!booking) return;
  bookings.put(booking);
  note(offer.id, { doing: "accept", busy: false, booking: booking.id });
  reread(`offers/${offer.id}`);
  if (face.peek() === "carrier" && path.peek()[0] !== "offers") toast(words().offer.accepted, "good", `/bookings/${booking.id}`);
}

/** Declines the version of the offer that the person sees, with the reason. */
export const decline = (offer: Answered, reason?: string): Promise<boolean> => change("decline", offer, reason ? { reason } : {});

/** Names another price for the version of the offer that the person sees; whether it stands now. */
export const counter = (offer: Answered, said: Said): Promise<boolean> => change("counter", offer, said);

async function change(doing: "decline" | "counter", offer: Answered, said: Said): Promise<boolean> {
  const changed = await answer<Offer>(doing, offer, said);
  if (!changed) return false;
  offers.put(changed);
  note(offer.id, { doing, busy: false });
  return true;
}

/** Accepts or declines the version of the bundle that the person sees, whole or the lines named; seen are the prices shown, by line. Whether that was done. */
export async function answerBundle(doing: "accept" | "decline", bundle: Answered, said: Said, seen?: ReadonlyMap<string, number>): Promise<boolean> {
  const changed = await answer<Bundle>(doing, bundle, said, "bundles", seen);
  if (!changed) return false;
  takeBundle(changed);
  for (const { booking_id } of changed.lines) if (booking_id) want("bookings", booking_id);
  note(bundle.id, { doing, busy: false });
  if (doing === "accept" && face.peek() === "carrier" && path.peek()[0] !== "offers") toast(words().offer.accepted, "good", "/bookings");
  return true;
}

async function answer<T>(doing: Doing, offer: Answered, said: Said, rows: "offers" | "bundles" = "offers", seen?: ReadonlyMap<string, number>): Promise<T | undefined> {
  const until = offer.expires_at ? Date.parse(offer.expires_at) + afterthought : clock.now() + afterthought;
  note(offer.id, { doing, busy: true });
  try {
    const name = rows === "offers" ? `${doing}:${offer.id}` : `bundle-${doing}:${offer.id}`;
    return await write<T>(name, `/v1/${rows}/${encodeURIComponent(offer.id)}/${doing}`, { version: offer.version, ...said }, {}, {
      repeats: 100,
      onWait: () => note(offer.id, { doing, busy: true, waiting: true }),
      goOn: () => clock.now() < until,
    });
  } catch (error) {
    const refused = error instanceof ApiError ? error : undefined;
    note(offer.id, { doing, busy: false, error: explain(error), problem: refused?.problem.problem, ...(seen && { faults: linesRefused(refused?.faults ?? [], seen) }) });
    if (!worthRepeating(error)) reread(`${rows}/${offer.id}`);
    return undefined;
  }
}

/** Goes on with answers that a reload or a closed page left without a reply. */
export function resume(): void {
  for (const doing of ["accept", "decline", "counter"] as const) {
    for (const { id, version, said } of unanswered(doing)) {
      want("offers", id);
      if (doing === "accept") void accept({ id, version }, said.over_ceiling);
      else void change(doing, { id, version }, said);
    }
  }
  for (const doing of ["accept", "decline"] as const) {
    for (const { id, version, said } of unanswered(`bundle-${doing}`)) void answerBundle(doing, { id, version }, said);
  }
}

function unanswered(name: string): { id: string; version: number; said: Said }[] {
  return attempts.pending(`${name}:`).flatMap(([name, { body }]) => {
    const id = /^[\w-]+:([^@]+)/.exec(name)?.[1];
    const { version, ...said } = body as { version?: number } & Said;
    return !id || version === undefined || answers.peek().get(id)?.busy ? [] : [{ id, version, said }];
  });
}
