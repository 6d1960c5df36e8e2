// The change that would win a trip a load: said in words, and made in the form.

import { amount } from "./format";
import type { TripDraft } from "./tripdraft";
import type { Trip, TripRemedyKind } from "./types";
import type { Words } from "../words/words";
import { fromLocal, toLocal } from "./zone";

/** A change of a trip's own terms. */
export interface TripChange {
  kind: TripRemedyKind;
  by?: number;
  unit?: string;
}

/** What is to be changed, as part of a sentence. */
export function tripRemedyText({ kind, by = 0, unit }: TripChange, { outlook: say }: Words): string {
  if (kind === "none") return "";
  return kind === "detour" ? say.detour(amount(by, "s"), amount((by / 60) * 1000, "m")) : say[kind](amount(by, unit));
}

/** The form of the trip with the change made: windows are widened, never moved. */
export function withTripRemedy(draft: TripDraft, { kind, by = 0 }: TripChange, zone: string): TripDraft {
  const moved = (local: string, ms: number) => {
    const at = fromLocal(local, zone);
    return at === undefined ? local : toLocal(at + ms, zone);
  };
  const wider = String(Math.ceil((Number(draft.slackH) + by / 3600) * 10_000) / 10_000);
  const more = (text: string, n: number) => String(Math.ceil((Number(text) + n) * 1000) / 1000);
  switch (kind) {
    case "depart_earlier":
      return { ...draft, depart: moved(draft.depart, -by * 1000), slackH: wider };
    case "arrive_later":
      return {
        ...draft, slackH: wider, arrive: moved(draft.arrive, by * 1000),
        vias: draft.vias.map((via) => ({ ...via, by: via.by && moved(via.by, by * 1000) })),
      };
    case "detour_time":
      return { ...draft, detourMin: more(draft.detourMin, by / 60) };
    case "detour_distance":
      return { ...draft, detourKm: more(draft.detourKm, by / 1000) };
    case "detour":
      return { ...draft, detourMin: more(draft.detourMin, by / 60), detourKm: more(draft.detourKm, by / 60) };
    case "extra_stops":
      return { ...draft, extraStops: more(draft.extraStops, by) };
    case "least":
      return { ...draft, least: String(Math.max(0, Math.round(Number(draft.least || "0") * 100 - by) / 100) || "") };
    default:
      return draft;
  }
}

/** Where the form stands that makes the change; none where the trip can no longer be stated anew. */
export function tripChangeAt(trip: Trip): string | undefined {
  if ((trip.plan ?? []).some((call) => call.load_id)) return undefined;
  if (trip.state === "open") return `/trips/${trip.id}/edit?remedy=1`;
  return trip.state === "lapsed" ? `/trips/${trip.id}/renew?remedy=1` : undefined;
}
